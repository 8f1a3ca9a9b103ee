"""`challenges/`: the themes that rounds are made from. For organizers."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import NewestFirst, address, person_of, problems
from accounts.validators import known_zones
from challenges.api.common import IsOrganizer
from challenges.models import Challenge
from challenges.services.rounds import RULE_FIELDS, change_challenge, create_challenge
from ml.music import DEFAULT_LIMITS
from studio.wording import Technique

MOST_SECONDS = int(DEFAULT_LIMITS.max_seconds)
MOST_TRACKS = DEFAULT_LIMITS.max_tracks
MOST_SUBMISSIONS = 1000


class ChallengeInput(serializers.ModelSerializer[Challenge]):
    """A challenge as an organizer writes it."""

    techniques = serializers.ListField(
        child=serializers.ChoiceField(Technique.choices), required=False
    )
    scoring_config = serializers.DictField(required=False, help_text="Weights by part.")
    # Limits of our own: those that the database knows differ from one database to the other.
    min_seconds = serializers.IntegerField(required=False, min_value=0, max_value=MOST_SECONDS)
    max_seconds = serializers.IntegerField(required=False, min_value=1, max_value=MOST_SECONDS)
    min_tracks = serializers.IntegerField(required=False, min_value=1, max_value=MOST_TRACKS)
    max_tracks = serializers.IntegerField(required=False, min_value=1, max_value=MOST_TRACKS)
    quota = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_SUBMISSIONS, help_text="0 for no limit."
    )

    class Meta:
        model = Challenge
        fields: ClassVar[list[str]] = [
            "slug",
            "title",
            "brief",
            "zone",
            "recurrence",
            "is_active",
            *RULE_FIELDS,
        ]

    def validate_zone(self, zone: str) -> str:
        """Refuse zones that the time zone database does not know."""
        if zone not in known_zones():
            raise serializers.ValidationError(_("Give an IANA zone such as Europe/Paris."))
        return zone

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for thing in ("seconds", "tracks"):
            low, high = (self._value(attrs, f"{end}_{thing}") for end in ("min", "max"))
            if low > high:
                raise serializers.ValidationError(
                    {f"min_{thing}": [_("The lower limit is above the upper one.")]}
                )
        return attrs

    def _value(self, attrs: dict[str, Any], name: str) -> int:
        present = self.instance or Challenge()
        value: int = attrs.get(name, getattr(present, name))
        return value


class ChallengeOutput(ChallengeInput):
    """A challenge."""

    url = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username")
    rounds = serializers.SerializerMethodField(help_text="Slugs.")

    class Meta(ChallengeInput.Meta):
        fields: ClassVar[list[str]] = [
            "url",
            *ChallengeInput.Meta.fields,
            "created_by",
            "created_at",
            "rounds",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.SlugField()))
    def get_rounds(self, challenge: Challenge) -> list[str]:
        """Return the slugs of its rounds."""
        return [round_.slug for round_ in challenge.rounds.all()]

    def get_url(self, challenge: Challenge) -> str:
        """Return the challenge's address."""
        return address(self.context["request"], "challenge", slug=challenge.slug)


class ChallengeCollection(generics.ListAPIView[Challenge]):
    """All challenges."""

    permission_classes = (IsOrganizer,)
    serializer_class = ChallengeOutput
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Challenge]:
        return Challenge.objects.select_related("created_by").prefetch_related("rounds")

    @extend_schema(responses={200: ChallengeOutput(many=True), **problems(401, 403, 429)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List challenges, the newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=ChallengeInput,
        responses={201: ChallengeOutput, **problems(400, 401, 403, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Make a challenge."""
        serializer = ChallengeInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        challenge = create_challenge(
            actor=person_of(request), now=timezone.now(), **serializer.validated_data
        )
        body = ChallengeOutput(challenge, context={"request": request}).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": body["url"]})


class ChallengeDetail(generics.GenericAPIView[Challenge]):
    """One challenge."""

    permission_classes = (IsOrganizer,)
    serializer_class = ChallengeOutput

    @extend_schema(responses={200: ChallengeOutput, **problems(401, 403, 404, 429)})
    def get(self, request: Request, slug: str) -> Response:
        """Read a challenge."""
        return Response(self.get_serializer(get_object_or_404(Challenge, slug=slug)).data)

    @extend_schema(
        request=ChallengeInput,
        responses={200: ChallengeOutput, **problems(400, 401, 403, 404, 422, 429)},
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change a challenge for its rounds to come."""
        challenge = get_object_or_404(Challenge, slug=slug)
        serializer = ChallengeInput(challenge, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        changed = change_challenge(
            challenge=challenge,
            actor=person_of(request),
            now=timezone.now(),
            **serializer.validated_data,
        )
        return Response(self.get_serializer(changed).data)
