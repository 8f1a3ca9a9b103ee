"""The audit log: who changed what, when, and why."""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import AuditRecord, User


def record(
    *,
    actor: User | None,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
    reason: str = "",
    now: datetime,
) -> AuditRecord:
    """Add a line to the audit log; call it in the transaction of the change itself.

    `actor` is None when the site acts by itself. `subject` names one thing as `kind:name`, such as
    `round:2026-11`. `detail` holds values that JSON can carry.
    """
    return AuditRecord.objects.create(
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        detail=dict(detail or {}),
        reason=reason,
    )
