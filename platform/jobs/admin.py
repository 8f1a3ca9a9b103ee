from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import RuleBroken
from jobs import services
from jobs.models import Job, JobEvent, JobLog


class _ReadOnly:
    """Nothing is typed in here: jobs change by services only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(_ReadOnly, admin.TabularInline[JobEvent, Job]):
    model = JobEvent
    fields = ("at", "name", "from_state", "to_state", "attempt", "worker", "actor", "detail")


class LogInline(_ReadOnly, admin.TabularInline[JobLog, Job]):
    model = JobLog
    fields = ("at", "attempt", "line")


@admin.register(Job)
class JobAdmin(_ReadOnly, admin.ModelAdmin[Job]):
    list_display = ("id", "kind", "subject", "state", "fault", "attempt", "created_at", "worker")
    list_filter = ("state", "kind", "queue", "fault")
    search_fields = ("id", "subject", "error_code")
    date_hierarchy = "created_at"
    # A mail's text may hold a link that signs its reader in.
    exclude = ("payload", "dedupe_key")
    inlines = (EventInline, LogInline)
    actions = ("retry", "cancel")

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("jobs.change_job")

    @admin.action(description=_("Try the selected jobs again"), permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._do_each(request, queryset, services.retry, "to be tried again")

    @admin.action(description=_("Cancel the selected jobs"), permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        self._do_each(request, queryset, services.cancel, "cancelled, or asked to stop")

    def _do_each(
        self,
        request: HttpRequest,
        jobs: QuerySet[Job],
        service: Callable[..., Job],
        outcome: str,
    ) -> None:
        done = 0
        for job in jobs:
            try:
                service(job=job, actor=request.user, now=timezone.now())
            except RuleBroken as error:
                self.message_user(request, f"{job}: {error}", messages.WARNING)
            else:
                done += 1
        self.message_user(request, f"Jobs {outcome}: {done}.", messages.SUCCESS)
