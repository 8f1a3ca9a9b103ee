"""Why a score is what it is, as the entry page says it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from challenges.explaining import (
    MetricLine,
    PartLine,
    groups_of,
    part_lines,
    quantiles_of,
    suggestions,
)


class PartLineOutput(serializers.Serializer[Any]):
    """One part of a score: its value, and its points of the total."""

    name = serializers.CharField()
    title = serializers.CharField()
    meaning = serializers.CharField()
    value = serializers.FloatField(help_text="0 to 100.")
    share = serializers.FloatField(help_text="Its weight, 0 to 1.")
    points = serializers.FloatField(help_text="What it adds to the total.")
    maximum = serializers.FloatField(help_text="What it could add.")
    reasons = serializers.ListField(child=serializers.CharField())


class SuggestionOutput(serializers.Serializer[Any]):
    """One thing that would raise the score: a metric that lies outside what is usual."""

    name = serializers.CharField()
    title = serializers.CharField()
    advice = serializers.CharField()
    place = serializers.ChoiceField(["below", "inside", "above"])
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    unit = serializers.CharField()


class GroupOutput(serializers.Serializer[Any]):
    """The mark of one group of metrics."""

    title = serializers.CharField()
    mark = serializers.FloatField(allow_null=True, help_text="0 to 100.")


class ExplanationOutput(serializers.Serializer[Any]):
    """What the entry page says of a score."""

    parts = PartLineOutput(many=True)
    groups = GroupOutput(many=True)
    suggestions = SuggestionOutput(many=True, help_text="The most costly first, at most three.")


def explanation(
    parts: Mapping[str, Mapping[str, Any]], metrics: Mapping[str, Any], total: float
) -> dict[str, Any]:
    """Return what the entry page says of a score from 0 to 100 with these parts and metrics."""
    music = parts.get("music", {})
    groups = groups_of(metrics, quantiles_of(music.get("reference", "")), music.get("groups", {}))
    return {
        "parts": [_part(line) for line in part_lines(parts, total)],
        "groups": [{"title": group.title, "mark": group.mark} for group in groups],
        "suggestions": [_suggestion(line) for line in suggestions(groups)],
    }


def _part(line: PartLine) -> dict[str, Any]:
    told = asdict(line)
    return {"title": told.pop("label"), **told}


def _suggestion(line: MetricLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "title": line.title,
        "advice": line.advice,
        "place": line.place,
        "value": line.value,
        "low": line.low,
        "high": line.high,
        "unit": line.unit,
    }
