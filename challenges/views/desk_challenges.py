"""`/desk/challenges/…`: making and changing challenges, and making rounds of them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import RuleBroken
from accounts.pages import UNPROCESSABLE, person_of
from challenges.desk_forms import ChallengeForm, RoundForm
from challenges.models import Challenge, Recurrence, Round
from challenges.services.rounds import (
    RULE_FIELDS,
    Dates,
    change_challenge,
    create_challenge,
    create_round,
)
from challenges.views.desk import DeskView, timeline_item
from challenges.wording import rules_in_words
from challenges.zones import month_starts

MONTHS_SHOWN = 3


class ChallengePage(DeskView):
    """A challenge's form, with a preview of how its rounds will read."""

    tab = "desk"

    def form_page(
        self, form: ChallengeForm, challenge: Challenge | None, *, status: int = 200
    ) -> HttpResponse:
        """Return the form; with what was typed shown as a round if it is a preview."""
        shown = "preview" in self.request.POST and form.is_valid()
        context = {
            "form": form,
            "challenge": challenge,
            "preview": preview_of(form.values()) if shown else None,
            "rounds": rounds_of(challenge) if challenge else [],
        }
        return self.page("challenge", context, status=status)

    def submitted(self, form: ChallengeForm, challenge: Challenge | None) -> HttpResponse:
        """Preview or save what was typed."""
        if not form.is_valid():
            return self.form_page(form, challenge, status=UNPROCESSABLE)
        if "preview" in self.request.POST:
            return self.form_page(form, challenge)
        try:
            saved = self.save(form, challenge)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
            return self.form_page(form, challenge, status=broken.status)
        messages.success(self.request, _("{title} is saved.").format(title=saved.title))
        return redirect("desk-challenge", slug=saved.slug)

    def save(self, form: ChallengeForm, challenge: Challenge | None) -> Challenge:
        """Make or change the challenge."""
        actor, now = person_of(self.request), timezone.now()
        if challenge is None:
            return create_challenge(actor=actor, now=now, **form.values())
        # The form has changed its own copy already; the audit log compares with the stored one.
        stored = Challenge.objects.get(pk=challenge.pk)
        return change_challenge(challenge=stored, actor=actor, now=now, **form.values())


def rounds_of(challenge: Challenge) -> list[dict[str, Any]]:
    """Return a challenge's rounds as lines of a timeline, the last to open first."""
    now = timezone.now()
    rounds = challenge.rounds.order_by("-opens_at", "-pk")
    return [timeline_item(round_, round_.phase(now)) for round_ in rounds]


def preview_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return how a round with these rules will read, and when its next rounds would run."""
    rules = {name: values[name] for name in (*RULE_FIELDS, "title", "brief", "zone")}
    months = month_starts(timezone.now(), ZoneInfo(values["zone"]), count=MONTHS_SHOWN)
    monthly = values["recurrence"] == Recurrence.MONTHLY and values["is_active"]
    return {
        "title": values["title"],
        "brief": values["brief"],
        "rules": rules_in_words(Round(**rules)),
        "dates": [
            {"label": _("A round begins"), "instant": start, "zone": values["zone"]}
            for start in months[1:]
        ]
        if monthly
        else [],
    }


class New(ChallengePage):
    """A new challenge."""

    def get(self, request: HttpRequest) -> HttpResponse:
        zone = timezone.get_current_timezone_name()
        return self.form_page(ChallengeForm(initial={"zone": zone}), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.submitted(ChallengeForm(request.POST), None)


class Change(ChallengePage):
    """A challenge that exists: rounds to come follow its rules."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        challenge = get_object_or_404(Challenge, slug=slug)
        return self.form_page(ChallengeForm(instance=challenge), challenge)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        challenge = get_object_or_404(Challenge, slug=slug)
        form = ChallengeForm(request.POST, instance=get_object_or_404(Challenge, slug=slug))
        return self.submitted(form, challenge)


class NewRound(DeskView):
    """A round of a challenge: its dates in a zone, shown as instants before it is made."""

    tab = "desk"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        challenge = get_object_or_404(Challenge, slug=slug)
        suggestion = RoundForm.suggestion(challenge, timezone.now())
        return self._form_page(challenge, RoundForm(initial=suggestion))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        challenge = get_object_or_404(Challenge, slug=slug)
        form = RoundForm(request.POST)
        if not form.is_valid():
            return self._form_page(challenge, form, status=UNPROCESSABLE)
        if "preview" in request.POST:
            return self._form_page(challenge, form)
        try:
            round_ = self._create(challenge, form)
        except RuleBroken as broken:
            form.add_error(None, str(broken))
            return self._form_page(challenge, form, status=broken.status)
        messages.success(
            request,
            _("{title} is made. It is a draft until you publish it.").format(title=round_.title),
        )
        return redirect("desk-round", slug=round_.slug)

    def _create(self, challenge: Challenge, form: RoundForm) -> Round:
        return create_round(
            challenge=challenge,
            dates=form.dates(),
            title=form.cleaned_data["title"],
            zone=form.cleaned_data["zone"],
            actor=person_of(self.request),
            now=timezone.now(),
        )

    def _form_page(
        self, challenge: Challenge, form: RoundForm, *, status: int = 200
    ) -> HttpResponse:
        shown = "preview" in self.request.POST and form.is_valid()
        context = {
            "challenge": challenge,
            "form": form,
            "facts": date_facts(form.dates(), form.cleaned_data["zone"]) if shown else None,
            "crumbs": [
                {"label": _("Desk"), "url": reverse("desk")},
                {"label": challenge.title, "url": reverse("desk-challenge", args=[challenge.slug])},
                {"label": _("New round")},
            ],
        }
        return self.page("round_new", context, status=status)


def date_facts(dates: Dates, zone: str) -> list[dict[str, Any]]:
    """Return a round's dates as facts, each in the viewer's zone and the round's."""
    moments = (
        (_("Opens"), dates.opens_at),
        (_("Board stands still"), dates.freeze_at),
        (_("Closes"), dates.closes_at),
    )
    return [
        {"label": label, "instant": moment, "zone": zone} for label, moment in moments if moment
    ]
