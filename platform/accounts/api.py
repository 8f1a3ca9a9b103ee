"""`/api/v1/me/` and `/api/v1/tokens/`."""

from typing import ClassVar, cast

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiToken, User
from accounts.services import create_token, revoke_token


class MeSerializer(serializers.ModelSerializer[User]):
    """The caller's own account."""

    class Meta:
        model = User
        fields: ClassVar = [
            "username",
            "email",
            "display_name",
            "bio",
            "timezone",
            "is_organizer",
            "is_judge",
        ]
        read_only_fields: ClassVar = ["username", "email", "is_organizer", "is_judge"]


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """An API token without its key."""

    class Meta:
        model = ApiToken
        fields: ClassVar = ["id", "name", "prefix", "created_at", "last_used_at"]
        read_only_fields: ClassVar = ["id", "prefix", "created_at", "last_used_at"]


class NewTokenSerializer(TokenSerializer):
    """A token just made, with the key that is shown this once."""

    key = serializers.CharField(read_only=True)

    class Meta(TokenSerializer.Meta):
        fields: ClassVar = [*TokenSerializer.Meta.fields, "key"]


class Me(generics.RetrieveUpdateAPIView[User]):
    """The account that the request is made for."""

    permission_classes = [IsAuthenticated]
    serializer_class = MeSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        return cast(User, self.request.user)


class TokenCollection(APIView):
    """The caller's API tokens. A token cannot make tokens: only a signed-in browser can."""

    permission_classes = [IsAuthenticated]

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Whoever stole a token must not be able to make one that survives its revocation.
        if self.request and self.request.method == "POST":
            return [SessionAuthentication()]
        return super().get_authenticators()

    @extend_schema(responses=TokenSerializer(many=True), operation_id="tokens_list")
    def get(self, request: Request) -> Response:
        """List the caller's tokens."""
        tokens = cast(User, request.user).api_tokens.filter(revoked_at=None)
        return Response(TokenSerializer(tokens, many=True).data)

    @extend_schema(request=TokenSerializer, responses={201: NewTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token; the answer holds its key, which is shown this once."""
        serializer = TokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        token, key = create_token(
            person=cast(User, request.user),
            name=serializer.validated_data["name"],
            now=timezone.now(),
        )
        body = TokenSerializer(token).data | {"key": key}
        return Response(body, status=status.HTTP_201_CREATED)


class TokenDetail(APIView):
    """One of the caller's API tokens."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Revoke the token at once."""
        person = cast(User, request.user)
        token = person.api_tokens.filter(pk=pk, revoked_at=None).first()
        if token is None:
            raise Http404
        revoke_token(token=token, actor=person, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
