"""Signing in to the API with a token."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.services import hash_key, touch_token


class TokenAuthentication(BaseAuthentication):
    """Reads `Authorization: Token <key>`; other schemes are left to the next class."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise AuthenticationFailed(_("Write the header as `Authorization: Token <key>`."))
        return self._person_of(parts[1].decode("latin-1"))

    def _person_of(self, key: str) -> tuple[User, ApiToken]:
        token = (
            ApiToken.objects.select_related("person")
            .filter(digest=hash_key(key), revoked_at=None, person__is_active=True)
            .first()
        )
        if token is None:
            raise AuthenticationFailed(_("This API token does not exist or was revoked."))
        touch_token(token=token, now=timezone.now())
        return token.person, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


def _describe_for_openapi() -> None:
    from drf_spectacular.extensions import OpenApiAuthenticationExtension

    class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
        target_class = "accounts.authentication.TokenAuthentication"
        name = "token"

        def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
            return {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Token <key>`; make a key on your account's page.",
            }


_describe_for_openapi()
