"""What the Studio's resources share: who may use them, and what the caller holds."""

from typing import cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import person_of
from studio.guests import holder_of
from studio.holders import Holder
from studio.models import Composition
from studio.selectors.compositions import compositions_of


class PersonOrGuest(BasePermission):
    """Everybody, for what is their own: without an account one is a guest, known by a cookie."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not request.user.is_authenticated and request.method not in SAFE_METHODS:
            # A session without a person in it is one that the framework would not protect.
            SessionAuthentication().enforce_csrf(request)
        return True


class OwnComposition(serializers.PrimaryKeyRelatedField[Composition]):
    """One of the caller's compositions; another's does not exist for them."""

    def get_queryset(self) -> QuerySet[Composition]:
        return compositions_of(person_of(self.context["request"]))


def actor_of(request: Request) -> User | None:
    """Return the signed-in person, or None for a guest."""
    return request.user if isinstance(request.user, User) else None


class OneComposition(APIView):
    """Anything about one of the caller's compositions; another's is not found."""

    permission_classes = (PersonOrGuest,)

    def composition(self, pk: object) -> Composition:
        """Return the composition in the address, if it is the caller's."""
        return get_object_or_404(compositions_of(holder_of(self.request)), pk=pk)

    def holder(self) -> Holder:
        """Return who asks, once it is known that something is theirs."""
        return cast(Holder, holder_of(self.request))
