"""`entries/` and `people/<name>/`."""

from datetime import date
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.rest import (
    NewestFirst,
    address,
    idempotency_key,
    idempotency_parameter,
    person_of,
    problems,
)
from challenges.api.common import viewer_of
from challenges.api.standings import SubmissionOutput
from challenges.models import Entry, Submission
from challenges.models.entry import Content
from challenges.selectors.boards import RankedRow, public_board, row_of
from challenges.selectors.entries import published_piece
from challenges.selectors.visibility import entries_for, sees_all_of
from challenges.services.remixing import remix
from challenges.services.submitting import pick
from studio.api.common import PersonOrGuest
from studio.api.compositions import created
from studio.api.outputs import CompositionOutput
from studio.guests import holder_who_keeps


class EntrySummary(serializers.ModelSerializer[Entry]):
    """An entry in a list: its place on the public board."""

    url = serializers.SerializerMethodField()
    round = serializers.CharField(source="round.slug")
    participant = serializers.CharField(source="participant.username")
    rank = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    submission = serializers.SerializerMethodField(help_text="The submission on the board.")

    class Meta:
        model = Entry
        fields: ClassVar[list[str]] = [
            "id",
            "url",
            "round",
            "participant",
            "created_at",
            "rank",
            "score",
            "submission",
        ]

    def _row(self, entry: Entry) -> RankedRow | None:
        rows: dict[Any, RankedRow | None] = cast(dict[str, Any], self.context).setdefault(
            "rows", {}
        )
        if entry.pk not in rows:
            rows[entry.pk] = row_of(board=public_board(entry.round), entry=entry)
        return rows[entry.pk]

    def get_url(self, entry: Entry) -> str:
        """Return the entry's address."""
        return address(self.context["request"], "entry", pk=entry.pk)

    def get_rank(self, entry: Entry) -> int | None:
        """Return the rank on the public board."""
        row = self._row(entry)
        return row.rank if row else None

    def get_score(self, entry: Entry) -> float | None:
        """Return the score on the public board, 0 to 100."""
        row = self._row(entry)
        return row.row.score if row else None

    def get_submission(self, entry: Entry) -> str | None:
        """Return the id of the submission on the public board."""
        row = self._row(entry)
        return str(row.row.submission_id) if row else None


class EntryOutput(EntrySummary):
    """An entry with the submissions that the caller may see."""

    picked = serializers.SerializerMethodField(help_text="Its participant's own choice.")
    submissions = serializers.SerializerMethodField()

    class Meta(EntrySummary.Meta):
        fields: ClassVar[list[str]] = [*EntrySummary.Meta.fields, "picked", "submissions"]

    def get_picked(self, entry: Entry) -> str | None:
        """Return the submission picked by hand; only its participant and organizers see it."""
        shown = entry.picked_id and sees_all_of(self.context["request"].user, entry)
        return str(entry.picked_id) if shown else None

    @extend_schema_field(SubmissionOutput(many=True))
    def get_submissions(self, entry: Entry) -> list[dict[str, Any]]:
        """Return all submissions to participant and organizers, else the one on the board."""
        submissions = Submission.objects.filter(entry=entry).select_related(
            "entry__participant", "round__live_board", "round__frozen_board"
        )
        if not sees_all_of(self.context["request"].user, entry):
            row = self._row(entry)
            on_board = [row.row.submission_id] if row else []
            submissions = submissions.filter(pk__in=on_board, content=Content.ACCEPTED)
        return [
            SubmissionOutput(submission, context=self.context).data
            for submission in submissions.order_by("-number")
        ]


class EntryInput(serializers.Serializer[Any]):
    """Which submission counts, where the round leaves that to the participant."""

    picked = serializers.UUIDField(help_text="A submission's id.")


class EntryCollection(generics.ListAPIView[Entry]):
    """Entries on public boards, and the caller's own."""

    serializer_class = EntrySummary
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Entry]:
        entries = entries_for(viewer_of(self.request))
        participant = self.request.query_params.get("participant", "")
        round_ = self.request.query_params.get("round", "")
        if participant:
            entries = entries.filter(participant__username__iexact=participant.replace("\0", ""))
        if round_:
            entries = entries.filter(round__slug=round_.replace("\0", ""))
        return entries

    @extend_schema(
        parameters=[
            OpenApiParameter("participant", description="User name."),
            OpenApiParameter("round", description="Slug of a round."),
        ],
        responses={200: EntrySummary(many=True), **problems(404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List entries, the newest first."""
        return super().get(request, *args, **kwargs)


class EntryDetail(generics.GenericAPIView[Entry]):
    """One entry."""

    serializer_class = EntryOutput

    def get_queryset(self) -> QuerySet[Entry]:
        return entries_for(viewer_of(self.request))

    @extend_schema(responses={200: EntryOutput, **problems(404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read an entry and the submissions that the caller may see."""
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        request=EntryInput,
        responses={200: EntryOutput, **problems(400, 401, 403, 404, 409, 429)},
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Pick the submission that counts."""
        entry = self.get_object()
        if entry.participant_id != person_of(request).pk:
            raise PermissionDenied(_("Only its participant may do this."))
        serializer = EntryInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        submission = entry.submissions.filter(pk=serializer.validated_data["picked"]).first()
        if submission is None:
            raise serializers.ValidationError({"picked": [_("This entry has no such submission.")]})
        pick(submission=submission, now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)


class EntryRemixes(APIView):
    """Compositions that begin as this entry."""

    permission_classes = (PersonOrGuest,)

    @extend_schema(
        request=None,
        parameters=[idempotency_parameter("composition")],
        responses={201: CompositionOutput, **problems(400, 401, 403, 404, 409, 422, 429)},
    )
    def post(self, request: Request, pk: object) -> Response:
        """Open the entry as a new composition of yours, where its licence allows it.

        The composition names the author and the licence; so does whatever is made of it.
        """
        entry = get_object_or_404(entries_for(viewer_of(request)), pk=pk)
        submission = published_piece(entry)
        if submission is None:
            raise NotFound(_("This entry is not public yet."))
        key = idempotency_key(request)
        composition = remix(
            submission=submission,
            holder=holder_who_keeps(request),
            now=timezone.now(),
            idempotency_key=key,
        )
        return created(request, composition)


class PersonOutput(serializers.ModelSerializer[User]):
    """Somebody's public profile."""

    name = serializers.CharField(source="public_name")
    joined = serializers.SerializerMethodField()
    entries = serializers.SerializerMethodField(help_text="Where their entries are listed.")

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["username", "name", "bio", "joined", "entries"]

    def get_joined(self, person: User) -> date:
        """Return the day the account was made (UTC)."""
        return person.date_joined.date()

    def get_entries(self, person: User) -> str:
        """Return the address of the person's entries."""
        entries = address(self.context["request"], "entry-collection")
        return f"{entries}?participant={person.username}"


class PersonDetail(generics.GenericAPIView[User]):
    """A public profile."""

    serializer_class = PersonOutput

    @extend_schema(responses={200: PersonOutput, **problems(404, 429)})
    def get(self, request: Request, name: str) -> Response:
        """Read somebody's public profile."""
        person = get_object_or_404(User, username__iexact=name, is_active=True)
        return Response(self.get_serializer(person).data)
