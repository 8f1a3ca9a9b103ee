"""`/desk/`: the organizers' overview, and what all pages of the desk share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import AccessMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from accounts.errors import RuleBroken
from challenges.models import Challenge, Round
from challenges.phases import Phase
from challenges.selectors.desk import Needs, needs_a_person, timeline, waiting_reviews
from challenges.selectors.visibility import is_organizer

DONE = (Phase.FINAL, Phase.CANCELLED, Phase.ARCHIVED)
NOW = (Phase.OPEN, Phase.FROZEN, Phase.CLOSED, Phase.JUDGING, Phase.PROVISIONAL)


# What is said under the date that matters next in a phase.
STANDS = {
    Phase.DRAFT: gettext_lazy("A draft that would open then."),
    Phase.SCHEDULED: gettext_lazy("Opens then."),
    Phase.OPEN: gettext_lazy("Open, and closes then."),
    Phase.FROZEN: gettext_lazy("Open with a board that stands still, and closes then."),
    Phase.CLOSED: gettext_lazy("Closed then. The last pieces are being scored."),
    Phase.JUDGING: gettext_lazy("Closed then. Everything is scored; results can be published."),
    Phase.PROVISIONAL: gettext_lazy("Closed then. The results are provisional."),
    Phase.FINAL: gettext_lazy("Closed then. The results are final."),
    Phase.ARCHIVED: gettext_lazy("Archived."),
    Phase.CANCELLED: gettext_lazy("Called off."),
}


class DeskView(AccessMixin, View):
    """A page that only organizers see: others sign in, or are told that they may not."""

    permission_denied_message = gettext_lazy("Only organizers see the desk.")
    tab = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_organizer(request.user):
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)

    def page(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """Return a page of the desk, with its tabs."""
        full = {"tabs": self.tabs(), **(context or {})}
        return render(self.request, f"desk/{template}.html", full, status=status)

    def tabs(self) -> list[dict[str, Any]]:
        """Return the desk's main pages, the present one marked."""
        pages = [
            (_("Rounds"), "desk", None),
            (_("Reviews"), "desk-reviews", waiting_reviews().count()),
            (_("Jobs"), "desk-jobs", None),
            (_("Lessons"), "learn-manage", None),
        ]
        return [
            {
                "label": label,
                "url": reverse(name),
                "current": name == self.tab,
                "count": count or None,
            }
            for label, name, count in pages
        ]

    def attempt(self, act: Callable[[], object], success: str) -> bool:
        """Do something and say how it went on the next page; return whether it was allowed."""
        try:
            act()
        except RuleBroken as broken:
            messages.error(self.request, str(broken))
            return False
        messages.success(self.request, success)
        return True


class Overview(DeskView):
    """A timeline of rounds, then what needs a person today."""

    tab = "desk"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        context = {
            "rounds": [timeline_item(round_, phase) for round_, phase in timeline(now)],
            "needs": need_items(needs_a_person(now)),
            "challenges": Challenge.objects.order_by("-created_at", "-pk"),
        }
        return self.page("overview", context)


def timeline_item(round_: Round, phase: Phase) -> dict[str, Any]:
    """Return a round as a line of the timeline: the next date that matters, and its phase."""
    coming = phase in (Phase.DRAFT, Phase.SCHEDULED)
    return {
        "title": round_.title,
        "url": reverse("desk-round", args=[round_.slug]),
        "text": f"{'Paused. ' if round_.paused_at else ''}{STANDS[phase]}",
        "instant": round_.opens_at if coming else round_.closes_at,
        "zone": round_.zone,
        "state": "done" if phase in DONE else "now" if phase in NOW else "",
    }


def need_items(needs: Needs) -> list[dict[str, str]]:
    """Return what needs a person as sentences with where to go."""
    about_rounds = (
        (needs.drafts, _("{round} opens within a week and is still a draft."), _("Publish it")),
        (needs.paused, _("{round} is paused: nobody can hand in."), _("Resume it")),
        (
            needs.results,
            _("{round} is closed and everything is scored."),
            _("Publish the results"),
        ),
        (needs.finals, _("{round} has provisional results."), _("Make them final")),
    )
    return [
        *(
            _need(what.format(round=round_.title), do, "desk-round", round_.slug)
            for rounds, what, do in about_rounds
            for round_ in rounds
        ),
        *(
            _need(
                _("{revision} is scored and not applied.").format(revision=r),
                _("Look at it"),
                "desk-revision",
                r.pk,
            )
            for r in needs.revisions
        ),
        *_counted(
            needs.reviews,
            ngettext(
                "{n} piece waits for a decision.", "{n} pieces wait for a decision.", needs.reviews
            ),
            "desk-reviews",
        ),
        *_counted(
            needs.failures,
            ngettext(
                "{n} job failed by the site’s own fault.",
                "{n} jobs failed by the site’s own fault.",
                needs.failures,
            ),
            "desk-jobs",
        ),
    ]


def _need(text: str, link: str, name: str, *args: object) -> dict[str, str]:
    return {"text": text, "link": link, "url": reverse(name, args=args)}


def _counted(number: int, text: str, name: str) -> list[dict[str, str]]:
    return [_need(text.format(n=number), _("Look at them"), name)] if number else []
