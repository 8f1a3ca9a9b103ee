"""What organizers fill in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.words import translated, within
from challenges.errors import UnclearLocalTime
from challenges.explaining import LABELS
from challenges.forms import visible_text
from challenges.models import Challenge
from challenges.scoring import PARTS, RULES, rule_named
from challenges.services.rounds import Dates
from challenges.zones import instant, month_starts
from ml.metrics import STYLES
from ml.music import DEFAULT_LIMITS
from studio.wording import Technique

MOST_SECONDS = int(DEFAULT_LIMITS.max_seconds)
MOST_TRACKS = DEFAULT_LIMITS.max_tracks
MOST_SUBMISSIONS = 1000
HEAVIEST = 100
LOCAL = "%Y-%m-%dT%H:%M"


def style_choices() -> list[tuple[str, str]]:
    """Return the reference styles, none in particular first."""
    return [
        ("", _("Whichever it comes nearest to")),
        *((style, translated(style.capitalize())) for style in STYLES),
    ]


def zone_choices() -> list[tuple[str, str]]:
    """Return all IANA zones by name."""
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


def rule_choices() -> list[tuple[str, str]]:
    """Return the scoring rules with what they mean."""
    return [(rule.name, f"{rule.title}: {rule.meaning}") for rule in RULES.values()]


class WeightedForm(forms.Form):
    """A scoring rule and the weight of each part."""

    style = forms.ChoiceField(
        label=gettext_lazy("Style"),
        choices=style_choices,
        required=False,
        help_text=gettext_lazy("The music is compared with pieces of this style."),
    )
    scoring_rule = forms.ChoiceField(
        label=gettext_lazy("How the parts become a total"), choices=rule_choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS:
            self.fields[f"weight_{part}"] = forms.FloatField(
                label=_("Weight of “{part}”").format(part=within(LABELS[part])),
                min_value=0,
                max_value=HEAVIEST,
                widget=forms.NumberInput(attrs={"step": "any"}),
            )
        self.order_fields(self.field_order)

    def weights(self) -> dict[str, float]:
        """Return the weight of each part, as it was typed."""
        return {part: self.cleaned_data[f"weight_{part}"] for part in PARTS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = [cleaned.get(f"weight_{part}") for part in PARTS]
        if None not in typed and not any(typed):
            self.add_error(f"weight_{PARTS[0]}", _("At least one weight must be above 0."))
        return cleaned


def initial_weights(scoring_rule: str, config: Mapping[str, object]) -> dict[str, str]:
    """Return a rule's weights as percentages, to fill a form with."""
    weights = rule_named(scoring_rule).validate(config)
    return {f"weight_{part}": f"{100 * weight:.4g}" for part, weight in weights.items()}


class ChallengeForm(WeightedForm, forms.ModelForm[Challenge]):
    """A challenge: its theme, its rules and how it is scored."""

    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=zone_choices,
        help_text=gettext_lazy("Its rounds' dates are given in it."),
    )
    techniques = forms.MultipleChoiceField(
        label=gettext_lazy("Techniques a piece must have used"),
        choices=Technique.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    min_seconds = forms.IntegerField(
        label=gettext_lazy("Shortest, in seconds"), min_value=0, max_value=MOST_SECONDS
    )
    max_seconds = forms.IntegerField(
        label=gettext_lazy("Longest, in seconds"), min_value=1, max_value=MOST_SECONDS
    )
    min_tracks = forms.IntegerField(
        label=gettext_lazy("Fewest tracks"), min_value=1, max_value=MOST_TRACKS
    )
    max_tracks = forms.IntegerField(
        label=gettext_lazy("Most tracks"), min_value=1, max_value=MOST_TRACKS
    )
    quota = forms.IntegerField(
        label=gettext_lazy("Submissions of one participant"),
        min_value=0,
        max_value=MOST_SUBMISSIONS,
        help_text=gettext_lazy("0 for no limit."),
    )

    class Meta:
        model = Challenge
        fields: ClassVar[list[str]] = [
            "title",
            "slug",
            "brief",
            "zone",
            "recurrence",
            "is_active",
            "min_seconds",
            "max_seconds",
            "min_tracks",
            "max_tracks",
            "techniques",
            "refuse_outside_rules",
            "allows_custom_models",
            "quota",
            "quota_period",
            "counting",
            "style",
            "scoring_rule",
        ]
        labels: ClassVar[dict[str, StrOrPromise]] = {
            "title": gettext_lazy("Title"),
            "brief": gettext_lazy("Brief"),
            "slug": gettext_lazy("Name in addresses"),
            "recurrence": gettext_lazy("How often"),
            "is_active": gettext_lazy("Further rounds are made"),
            "refuse_outside_rules": gettext_lazy("Refuse pieces outside length and tracks"),
            "allows_custom_models": gettext_lazy(
                "Take pieces made with models that people trained"
            ),
            "quota_period": gettext_lazy("Given back"),
            "counting": gettext_lazy("On the board stands"),
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {"brief": forms.Textarea(attrs={"rows": 10})}

    field_order = (*Meta.fields, *(f"weight_{part}" for part in PARTS))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = self.instance
        for name, weight in initial_weights(present.scoring_rule, present.scoring_config).items():
            self.initial.setdefault(name, weight)

    def clean_title(self) -> str:
        return visible_text(self.cleaned_data["title"])

    def clean_brief(self) -> str:
        return visible_text(self.cleaned_data["brief"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for thing in ("seconds", "tracks"):
            low, high = cleaned.get(f"min_{thing}"), cleaned.get(f"max_{thing}")
            if low is not None and high is not None and low > high:
                self.add_error(f"max_{thing}", _("The upper limit is below the lower one."))
        return cleaned

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under headings."""
        weights = tuple(f"weight_{part}" for part in PARTS)
        groups = {
            _("The theme"): ("title", "slug", "brief"),
            _("Its rounds"): ("zone", "recurrence", "is_active"),
            _("What a piece should be like"): (
                *("min_seconds", "max_seconds", "min_tracks", "max_tracks"),
                *("techniques", "refuse_outside_rules", "allows_custom_models"),
            ),
            _("How often one may hand in"): ("quota", "quota_period", "counting"),
            _("How it is scored"): ("style", "scoring_rule", *weights),
        }
        return [(title, [self[name] for name in names]) for title, names in groups.items()]

    def values(self) -> dict[str, Any]:
        """Return the challenge's fields, as the services take them."""
        return {
            **{name: self.cleaned_data[name] for name in self.Meta.fields},
            "scoring_config": self.weights(),
        }


class LocalMomentField(forms.Field):
    """A date and time as clocks in some zone show it: naive on purpose."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    default_error_messages: ClassVar = {
        "invalid": gettext_lazy("Write a date and time: 2026-11-01T00:00.")
    }

    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        try:
            moment = parse_datetime(str(value).strip())
        except ValueError:
            moment = None
        if moment is None or timezone.is_aware(moment):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class RoundForm(forms.Form):
    """When a round opens and closes, in a zone; what it asks for comes from its challenge."""

    title = forms.CharField(max_length=80)
    zone = forms.ChoiceField(label=gettext_lazy("Time zone of these dates"), choices=zone_choices)
    opens_at = LocalMomentField(label=gettext_lazy("Opens"))
    freeze_at = LocalMomentField(
        label=gettext_lazy("The public board stands still from"),
        required=False,
        help_text=gettext_lazy("Leave empty for a board that moves until the end."),
    )
    closes_at = LocalMomentField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("A piece is in time if its upload begins before this moment."),
    )

    def clean_title(self) -> str:
        return visible_text(self.cleaned_data["title"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        zone = cleaned.get("zone")
        for name in ("opens_at", "freeze_at", "closes_at"):
            if zone and cleaned.get(name):
                cleaned[name] = self._instant(name, cleaned[name], ZoneInfo(zone))
        return cleaned

    def _instant(self, name: str, local: datetime, zone: ZoneInfo) -> datetime | None:
        try:
            return instant(local, zone)
        except UnclearLocalTime as unclear:
            self.add_error(name, str(unclear))
            return None

    def dates(self) -> Dates:
        """Return the round's dates as instants."""
        cleaned = self.cleaned_data
        return Dates(
            opens_at=cleaned["opens_at"],
            freeze_at=cleaned["freeze_at"],
            closes_at=cleaned["closes_at"],
        )

    @classmethod
    def suggestion(cls, challenge: Challenge, now: datetime) -> dict[str, Any]:
        """Return next month in the challenge's zone, to begin with."""
        zone = ZoneInfo(challenge.zone)
        _, opens_at, closes_at = (
            start.astimezone(zone).replace(tzinfo=None)
            for start in month_starts(now, zone, count=3)
        )
        return {
            "title": f"{challenge.title}, {opens_at:%B %Y}"[:80],
            "zone": challenge.zone,
            "opens_at": opens_at,
            "closes_at": closes_at,
        }
