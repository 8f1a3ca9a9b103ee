from collections.abc import Mapping


class RuleBroken(Exception):
    """Somebody asked for something that the rules do not allow.

    Subclasses name the rule by `code` and the HTTP status it answers with; the message is the
    sentence a person reads. `extra` holds further facts for the API's answer.
    """

    code = "rule_broken"
    status = 409

    def __init__(self, detail: str, *, extra: Mapping[str, object] | None = None) -> None:
        super().__init__(detail)
        self.extra = dict(extra or {})


class TokenLimitReached(RuleBroken):
    """A person has as many API tokens as one person may have."""

    code = "token_limit_reached"


class RoleNotGranted(RuleBroken):
    """Somebody who may not hand out roles tried to."""

    code = "role_not_granted"
    status = 403


class AuditIsAppendOnly(RuleBroken):
    """Something tried to rewrite the audit log."""

    code = "audit_is_append_only"
