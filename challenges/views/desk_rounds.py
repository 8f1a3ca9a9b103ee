"""`/desk/rounds/<slug>/…`: how a round is doing, and deciding about it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, person_of
from accounts.words import within
from challenges.desk_decision_forms import DecisionForm
from challenges.models import Round
from challenges.models.entry import Content, Eligibility
from challenges.phases import Phase
from challenges.selectors.desk import RoundHealth, audit_of, round_health
from challenges.services.decisions import MEANINGS, Decision, decide, possible_decisions
from challenges.services.rounds import Dates
from challenges.views.desk import DeskView
from challenges.views.desk_challenges import date_facts
from challenges.wording import span
from jobs.states import State

TAKES_AWAY = {Decision.CANCEL, Decision.CLOSE, Decision.PAUSE, Decision.FINALIZE}


class Health(DeskView):
    """A round's health, what can be decided now, and what was decided."""

    tab = "desk"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        round_ = get_object_or_404(
            Round.objects.select_related("challenge", "live_board"), slug=slug
        )
        now = timezone.now()
        health = round_health(round_=round_, now=now)
        context = {
            "round": round_,
            "phase": "paused" if round_.paused_at else round_.phase(now),
            "facts": facts_of(round_, now),
            "stats": stats_of(health),
            "health": health,
            "job_states": counted(health.jobs, State),
            "eligibility": counted(health.eligibility, Eligibility),
            "decisions": [
                (decision, MEANINGS[decision], decision in TAKES_AWAY)
                for decision in possible_decisions(round_=round_, now=now)
            ],
            "audit": audit_of(round_),
        }
        return self.page("round", context)


def facts_of(round_: Round, now: datetime) -> list[dict[str, Any]]:
    """Return a round's dates and what was decided about it."""
    dates = Dates(opens_at=round_.opens_at, freeze_at=round_.freeze_at, closes_at=round_.closes_at)
    decided = (
        (_("Published"), round_.published_at),
        (_("Paused"), round_.paused_at),
        (_("Cancelled"), round_.cancelled_at),
        (_("Results published"), round_.results_at),
        (_("Made final"), round_.finalized_at),
        (_("Archived"), round_.archived_at),
    )
    return [
        {"label": _("Zone"), "value": round_.zone},
        *date_facts(dates, round_.zone),
        *({"label": label, "instant": at, "zone": round_.zone} for label, at in decided if at),
        *_draining(round_, now),
    ]


def _draining(round_: Round, now: datetime) -> list[dict[str, Any]]:
    if round_.drained_at:
        return [{"label": _("All scored"), "instant": round_.drained_at, "zone": round_.zone}]
    if round_.phase(now) == Phase.CLOSED:
        return [{"label": _("All scored"), "value": _("Not yet")}]
    return []


def stats_of(health: RoundHealth) -> list[dict[str, Any]]:
    """Return a round's health in a few figures."""
    oldest = health.oldest_waiting
    return [
        {
            "label": _("Entries"),
            "value": health.entries,
            "note": _("{on_board} on the board").format(on_board=health.on_board),
        },
        {
            "label": _("Pieces"),
            "value": sum(health.content.values()),
            "note": _("{rejected} rejected, {withdrawn} withdrawn").format(
                rejected=health.content.get(Content.REJECTED, 0),
                withdrawn=health.content.get(Content.WITHDRAWN, 0),
            ),
        },
        {"label": _("Scored"), "value": health.scored},
        {"label": _("Oldest waiting"), "value": span(oldest) if oldest else _("None")},
    ]


def counted(
    numbers: dict[str, int], words: type[State] | type[Eligibility]
) -> list[dict[str, Any]]:
    """Return numbers with the words for what they count, in the words' own order."""
    return [
        {"label": word.label, "value": numbers[word.value]}
        for word in words
        if numbers.get(word.value)
    ]


class Decide(DeskView):
    """One decision about a round: what it leads to, why, and a button."""

    tab = "desk"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        try:
            self.decision = Decision(kwargs["decision"].replace("-", "_"))
        except ValueError:
            raise Http404 from None

    def get(self, request: HttpRequest, slug: str, decision: str) -> HttpResponse:
        round_ = get_object_or_404(Round, slug=slug)
        if self.decision not in possible_decisions(round_=round_, now=timezone.now()):
            return self._impossible(round_)
        return self._confirm(round_, self._form(round_))

    def post(self, request: HttpRequest, slug: str, decision: str) -> HttpResponse:
        round_ = get_object_or_404(Round, slug=slug)
        form = self._form(round_, request.POST)
        if not form.is_valid():
            return self._confirm(round_, form, status=UNPROCESSABLE)
        try:
            self._decide(round_, form)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
            return self._confirm(round_, form, status=broken.status)
        messages.success(request, f"Done: {MEANINGS[self.decision].label.lower()}.")
        return redirect("desk-round", slug=slug)

    def _decide(self, round_: Round, form: DecisionForm) -> None:
        decide(
            round_=round_,
            decision=self.decision,
            actor=person_of(self.request),
            reason=form.cleaned_data["reason"],
            closes_at=form.cleaned_data.get("closes_at"),
            now=timezone.now(),
        )

    def _form(self, round_: Round, data: Any = None) -> DecisionForm:
        local = round_.closes_at.astimezone(round_.tzinfo).replace(tzinfo=None)
        return DecisionForm(
            data,
            zone=round_.tzinfo,
            needs_reason=MEANINGS[self.decision].needs_reason,
            extends=self.decision == Decision.EXTEND,
            initial={"closes_at": local},
        )

    def _confirm(self, round_: Round, form: DecisionForm, *, status: int = 200) -> HttpResponse:
        meaning = MEANINGS[self.decision]
        context = {
            "heading": f"{meaning.label}: {round_.title}?",
            "text": meaning.effect,
            "form": form,
            "submit": meaning.label,
            "danger": self.decision in TAKES_AWAY,
            "cancel_url": reverse("desk-round", args=[round_.slug]),
        }
        return self.page("confirm", context, status=status)

    def _impossible(self, round_: Round) -> HttpResponse:
        phase = within(round_.phase(timezone.now()).label)
        paused = _(", paused") if round_.paused_at else ""
        label = MEANINGS[self.decision].label
        messages.error(
            self.request,
            _("“{label}” is not possible now: {title} is {phase}{paused}.").format(
                label=label, title=round_.title, phase=phase, paused=paused
            ),
        )
        return redirect("desk-round", slug=round_.slug)
