from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, AuditRecord, User
from accounts.services import disable_person, revoke_token, set_role


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shows rows and changes none."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Roles and closed accounts go through the same services, and the same audit, as elsewhere."""

    list_display = ["username", "email", "display_name", "is_organizer", "is_judge", "is_active"]
    list_filter = ["is_organizer", "is_judge", "is_active", "is_staff"]
    search_fields = ["username", "email", "display_name"]
    ordering = ["username"]
    fieldsets = [
        (None, {"fields": ["username", "email"]}),
        (gettext_lazy("Profile"), {"fields": ["display_name", "bio", "timezone"]}),
        (
            gettext_lazy("Permissions"),
            {"fields": ["is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (gettext_lazy("Roles"), {"fields": ["is_organizer", "is_judge", "is_active"]}),
    ]
    readonly_fields = ["username", "email", "is_organizer", "is_judge", "is_active"]
    actions = ["make_organizer", "make_judge", "take_roles", "disable"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people join by the sign-up page, or by `manage.py createsuperuser`

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # entries and audit records point to people; accounts are closed instead

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise PermissionDenied(_("Nobody sets another person's password; they reset it by mail."))

    @admin.action(description=gettext_lazy("Make organizer"))
    def make_organizer(self, request: HttpRequest, people: Any) -> None:
        self._set_role(request, people, "organizer", granted=True)

    @admin.action(description=gettext_lazy("Make judge"))
    def make_judge(self, request: HttpRequest, people: Any) -> None:
        self._set_role(request, people, "judge", granted=True)

    @admin.action(description=gettext_lazy("Take the roles away"))
    def take_roles(self, request: HttpRequest, people: Any) -> None:
        self._set_role(request, people, "judge", granted=False)
        self._set_role(request, people, "organizer", granted=False)

    def _set_role(self, request: HttpRequest, people: Any, role: str, *, granted: bool) -> None:
        for person in people:
            set_role(
                person=person,
                role=role,
                granted=granted,
                actor=request.user,  # type: ignore[arg-type]
                reason="In the admin",
                now=timezone.now(),
            )

    @admin.action(description=gettext_lazy("Close the account"))
    def disable(self, request: HttpRequest, people: Any) -> None:
        for person in people:
            disable_person(
                person=person,
                actor=request.user,  # type: ignore[arg-type]
                reason="In the admin",
                now=timezone.now(),
            )


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly):
    """Lists tokens by prefix; the key itself is known to nobody but its owner."""

    list_display = ["person", "name", "prefix", "created_at", "last_used_at", "revoked_at"]
    search_fields = ["person__username", "name", "prefix"]
    exclude = ["digest"]
    actions = ["revoke"]

    @admin.action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, tokens: Any) -> None:
        for token in tokens:
            revoke_token(token=token, actor=request.user, now=timezone.now())  # type: ignore[arg-type]


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnly):
    """The audit log, to read."""

    list_display = ["at", "actor", "action", "subject", "reason"]
    list_filter = ["action"]
    search_fields = ["subject", "actor__username", "reason"]
    date_hierarchy = "at"
