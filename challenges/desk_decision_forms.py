"""What organizers fill in when they decide something."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.desk_forms import LocalMomentField, WeightedForm
from challenges.errors import UnclearLocalTime
from challenges.forms import visible_text
from challenges.models.entry import Eligibility
from challenges.scoring import PARTS
from challenges.services.reviewing import STEPS
from challenges.zones import instant


class DecisionForm(forms.Form):
    """Why something is decided about a round, and until when it is extended."""

    closes_at = LocalMomentField(label=gettext_lazy("New closing moment"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the audit log."),
    )

    def __init__(
        self, *args: Any, zone: ZoneInfo, needs_reason: bool, extends: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["reason"].required = needs_reason
        self.fields["closes_at"].help_text = _("As clocks in {key} show it.").format(key=zone.key)
        if not extends:
            del self.fields["closes_at"]

    def clean_reason(self) -> str:
        return visible_text(self.cleaned_data["reason"])

    def clean_closes_at(self) -> datetime:
        try:
            return instant(self.cleaned_data["closes_at"], self.zone)
        except UnclearLocalTime as unclear:
            raise forms.ValidationError(str(unclear)) from unclear


class ReviewForm(forms.Form):
    """Whether a piece may count, and why."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The participant reads this."),
    )

    def __init__(self, *args: Any, present: Eligibility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [step for step in Eligibility if step in STEPS[present] - {Eligibility.APPEALED}]
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(step.value, step.label) for step in steps]

    def clean_reason(self) -> str:
        return visible_text(self.cleaned_data["reason"])


class RevisionForm(WeightedForm):
    """Another way to score a round."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept in the audit log."),
    )
    field_order = ("style", "scoring_rule", *(f"weight_{part}" for part in PARTS), "reason")

    def clean_reason(self) -> str:
        return visible_text(self.cleaned_data["reason"])
