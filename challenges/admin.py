"""Django's admin: facts to read, and actions that call the same services as the desk.

What participants are owed a reason for is decided at the desk, which asks for one.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import admin as accounts_admin
from accounts.errors import RuleBroken
from accounts.models import User
from challenges.models import (
    Board,
    BoardRow,
    Challenge,
    Entry,
    QuotaUse,
    Round,
    Score,
    ScoreTally,
    ScoringRevision,
    Submission,
)
from challenges.selectors.visibility import is_organizer
from challenges.services.decisions import Decision, decide
from challenges.services.revisions import apply_revision, cancel_revision
from challenges.services.scoring import score_again

WHY = "In the admin"


class ReadOnly(accounts_admin.ReadOnly):
    """Shows rows and changes none; actions are for organizers."""

    show_full_result_count = False
    list_per_page = 50

    def has_organize_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person may decide about rounds, asked by the actions below."""
        user = request.user
        return isinstance(user, User) and (is_organizer(user) or user.is_superuser)

    def each(self, request: HttpRequest, rows: QuerySet[Any], act: Callable[[Any], Any]) -> None:
        """Do something with each row and say which of them were refused."""
        done = 0
        for row in rows:
            try:
                act(row)
                done += 1
            except RuleBroken as broken:
                self.message_user(request, f"{row}: {broken}", messages.ERROR)
        if done:
            self.message_user(request, f"{done} done.", messages.SUCCESS)


@admin.register(Challenge)
class ChallengeAdmin(ReadOnly):
    """Themes; they are changed at the desk."""

    list_display = ["title", "slug", "recurrence", "is_active", "zone", "created_by"]
    search_fields = ["title", "slug"]

    def view_on_site(self, obj: Challenge) -> str:
        return reverse("desk-challenge", args=[obj.slug])


@admin.register(Round)
class RoundAdmin(ReadOnly):
    """Rounds, and the decisions that need no reason."""

    list_display = ["title", "slug", "phase_now", "opens_at", "closes_at", "zone"]
    search_fields = ["title", "slug"]
    date_hierarchy = "opens_at"
    actions = ["publish", "resume", "publish_results", "finalize", "archive"]

    def view_on_site(self, obj: Round) -> str:
        return reverse("desk-round", args=[obj.slug])

    @admin.display(description="phase")
    def phase_now(self, round_: Round) -> str:
        """Return the phase at this moment."""
        return round_.phase(timezone.now()).label

    @admin.action(description=_("Publish"), permissions=["organize"])
    def publish(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        self._decide(request, rounds, Decision.PUBLISH)

    @admin.action(description=_("Resume"), permissions=["organize"])
    def resume(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        self._decide(request, rounds, Decision.RESUME)

    @admin.action(description=_("Publish results"), permissions=["organize"])
    def publish_results(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        self._decide(request, rounds, Decision.PUBLISH_RESULTS)

    @admin.action(description=_("Make final"), permissions=["organize"])
    def finalize(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        self._decide(request, rounds, Decision.FINALIZE)

    @admin.action(description=_("Archive"), permissions=["organize"])
    def archive(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        self._decide(request, rounds, Decision.ARCHIVE)

    def _decide(self, request: HttpRequest, rounds: QuerySet[Round], decision: Decision) -> None:
        def act(round_: Round) -> Round:
            return decide(
                round_=round_,
                decision=decision,
                actor=request.user,  # type: ignore[arg-type]
                reason=WHY,
                now=timezone.now(),
            )

        self.each(request, rounds, act)


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Participants in rounds."""

    list_display = ["participant", "round", "created_at"]
    list_select_related = ["participant", "round"]
    search_fields = ["participant__username", "round__slug"]


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    """Pieces; decisions about them need a reason and are taken at the desk."""

    list_display = ["title", "entry", "number", "content", "eligibility", "submitted_at"]
    list_select_related = ["entry__participant", "entry__round"]
    list_filter = ["content", "eligibility"]
    search_fields = ["title", "entry__participant__username", "round__slug"]
    date_hierarchy = "submitted_at"
    actions = ["score_again"]

    def view_on_site(self, obj: Submission) -> str:
        return reverse("desk-review", args=[obj.pk])

    @admin.action(description=_("Score again, if the scoring failed"), permissions=["organize"])
    def score_again(self, request: HttpRequest, submissions: QuerySet[Submission]) -> None:
        self.each(
            request, submissions, lambda piece: score_again(submission=piece, now=timezone.now())
        )


@admin.register(ScoringRevision)
class ScoringRevisionAdmin(ReadOnly):
    """Revisions of a round's scoring."""

    list_display = ["round", "number", "state", "scoring_rule", "style", "created_at"]
    list_select_related = ["round"]
    list_filter = ["state"]
    actions = ["apply", "drop"]

    def view_on_site(self, obj: ScoringRevision) -> str:
        return reverse("desk-revision", args=[obj.pk])

    @admin.action(description=_("Apply"), permissions=["organize"])
    def apply(self, request: HttpRequest, revisions: QuerySet[ScoringRevision]) -> None:
        self._act(request, revisions, apply_revision)

    @admin.action(description=_("Drop"), permissions=["organize"])
    def drop(self, request: HttpRequest, revisions: QuerySet[ScoringRevision]) -> None:
        self._act(request, revisions, cancel_revision)

    def _act(
        self, request: HttpRequest, revisions: QuerySet[ScoringRevision], act: Callable[..., Any]
    ) -> None:
        self.each(
            request,
            revisions,
            lambda revision: act(revision=revision, actor=request.user, now=timezone.now()),
        )


@admin.register(Score)
class ScoreAdmin(ReadOnly):
    """Scores under every revision."""

    list_display = ["submission", "revision", "total", "created_at"]
    list_select_related = ["submission", "revision__round"]


@admin.register(QuotaUse)
class QuotaUseAdmin(ReadOnly):
    """The quota ledger."""

    list_display = ["entry", "submission", "period", "state", "reason", "updated_at"]
    list_select_related = ["entry__participant", "entry__round", "submission"]
    list_filter = ["state"]


@admin.register(Board)
class BoardAdmin(ReadOnly):
    """Boards, live and pinned."""

    list_display = ["round", "revision", "pinned_at"]
    list_select_related = ["round", "revision__round"]


@admin.register(BoardRow)
class BoardRowAdmin(ReadOnly):
    """Rows of boards."""

    list_display = ["board", "entry", "submission", "score", "submitted_at"]
    list_select_related = ["board__round", "entry__participant", "entry__round", "submission"]


@admin.register(ScoreTally)
class ScoreTallyAdmin(ReadOnly):
    """The histogram of a board's scores."""

    list_display = ["board", "tenths", "count"]
    list_select_related = ["board__round"]
