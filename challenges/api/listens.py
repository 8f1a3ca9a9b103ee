"""`entries/<id>/listens/`: telling that an entry was heard."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import problems
from challenges.api.common import viewer_of
from challenges.selectors.entries import entry_view
from challenges.selectors.listens import listen_count
from challenges.selectors.visibility import entries_for
from challenges.services.listening import record_listen, visitor_key


class ListenInput(serializers.Serializer[Any]):
    """How much was heard."""

    seconds = serializers.FloatField(
        min_value=0, max_value=86_400, help_text="Time that the piece really played."
    )


class ListenOutput(serializers.Serializer[Any]):
    """What came of it."""

    counted = serializers.BooleanField(help_text="False for your own entry.")
    listens = serializers.IntegerField(help_text="Of this entry, each listener once a day.")


class ListenCollection(APIView):
    """The listens of an entry."""

    permission_classes = (AllowAny,)
    throttle_scope = "listens"

    @extend_schema(
        request=ListenInput,
        responses={200: ListenOutput, **problems(400, 403, 404, 409, 429)},
    )
    def post(self, request: Request, pk: object) -> Response:
        """Tell that you heard an entry. It counts from half of it or 15 s, once a day."""
        serializer = ListenInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        now, viewer = timezone.now(), viewer_of(request)
        entry = entries_for(viewer).filter(pk=str(pk)).first()
        seen = entry and entry_view(entry=entry, viewer=viewer, now=now)
        if not seen:
            raise NotFound
        listen = record_listen(
            entry=seen.entry,
            submission=seen.submission,
            person=viewer if isinstance(viewer, User) else None,
            visitor=visitor_key(
                address=ScopedRateThrottle().get_ident(request),
                browser=request.headers.get("User-Agent", ""),
                now=now,
            ),
            heard=serializer.validated_data["seconds"],
            now=now,
        )
        body = {"counted": listen is not None, "listens": listen_count(seen.entry)}
        return Response(body, status=status.HTTP_200_OK)


class PageListens(ListenCollection):
    """The same for the site's own pages; the API's description names it once."""

    schema = None
