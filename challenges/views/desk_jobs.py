"""`/desk/jobs/…`: the site's work, and helping it along."""

from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.pages import person_of
from challenges.views.desk import DeskView
from challenges.views.desk_reviews import page_addresses
from challenges.wording import span
from jobs import kinds
from jobs.models import Job
from jobs.selectors import progress, queue_health
from jobs.services import cancel, retry
from jobs.states import State

PAGE = 50


class All(DeskView):
    """How the queues are doing, and all jobs, the last one first."""

    tab = "desk-jobs"

    def get(self, request: HttpRequest) -> HttpResponse:
        state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
        jobs = Job.objects.select_related("owner").order_by("-created_at", "-pk")
        if state in State.values:
            jobs = jobs.filter(state=state)
        if kind in kinds.known():
            jobs = jobs.filter(kind=kind)
        page = Paginator(jobs, PAGE).get_page(request.GET.get("page"))
        query = urlencode({"state": state, "kind": kind}) + "&"
        context = {
            "page": page,
            "state": state,
            "kind": kind,
            "states": State.choices,
            "kinds": kinds.known(),
            "stats": self._stats(),
            **page_addresses(page, query),
        }
        return self.page("jobs", context)

    def _stats(self) -> list[dict[str, object]]:
        health = queue_health(timezone.now())
        waiting = sum(states.get(State.READY, 0) for states in health.counts.values())
        oldest = health.oldest_waiting
        return [
            {
                "label": _("Waiting"),
                "value": waiting,
                "note": _("the oldest for {oldest}").format(oldest=span(oldest)) if oldest else "",
            },
            {"label": _("At work"), "value": len(health.leases)},
            {"label": _("Workers at work"), "value": health.active_workers},
            {"label": _("Failed in a day"), "value": health.failed_last_day},
        ]


class One(DeskView):
    """One job: its history, its log, and trying it again or cancelling it."""

    tab = "desk-jobs"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        job = get_object_or_404(Job.objects.select_related("owner"), pk=pk)
        now = timezone.now()
        found = progress(job, now)
        context = {
            "job": job,
            "progress": found,
            "age": span(found.age),
            "eta": span(found.eta) if found.eta is not None else "",
            "events": job.events.select_related("actor"),
            "can_retry": job.state in (State.FAILED, State.CANCELLED),
            "crumbs": [{"label": _("Jobs"), "url": reverse("desk-jobs")}, {"label": job.kind}],
        }
        return self.page("job", context)

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        job = get_object_or_404(Job, pk=pk)
        actions = {
            "retry": (retry, _("The job is tried again.")),
            "cancel": (cancel, _("Cancelled.")),
        }
        if request.POST.get("action") not in actions:
            return HttpResponseBadRequest(_("Choose what to do."))
        act, success = actions[request.POST["action"]]
        self.attempt(lambda: act(job=job, actor=person_of(request), now=timezone.now()), success)
        return redirect("desk-job", pk=pk)
