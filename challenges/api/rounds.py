"""`rounds/`, `rounds/<slug>/` and the decisions about a round."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.rest import NewestFirst, address, now_of, person_of, problems
from challenges.api.common import IsOrganizer, MomentField, as_instant, viewer_of
from challenges.models import Challenge, Round
from challenges.phases import Phase
from challenges.scoring import rule_named
from challenges.selectors.boards import board_size, public_board
from challenges.selectors.submissions import quota_of
from challenges.selectors.visibility import board_stands_still, in_phase, rounds_for
from challenges.services.rounds import Dates, create_round
from ml.music.text import clean_name

PHASES = [phase.value for phase in Phase]


class QuotaOutput(serializers.Serializer[Any]):
    """How many submissions a participant has; `left` is null without a limit or an account."""

    limit = serializers.IntegerField(help_text="0 for no limit.")
    period = serializers.CharField()
    used = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    resets_at = serializers.DateTimeField(allow_null=True)


class RulesOutput(serializers.Serializer[Round]):
    """What a piece should be like and how it is scored."""

    min_seconds = serializers.IntegerField()
    max_seconds = serializers.IntegerField()
    min_tracks = serializers.IntegerField()
    max_tracks = serializers.IntegerField()
    techniques = serializers.ListField(child=serializers.CharField())
    refuse_outside_rules = serializers.BooleanField()
    allows_custom_models = serializers.BooleanField(
        help_text="Whether pieces made with models that people trained are taken."
    )
    counting = serializers.CharField()
    scoring_rule = serializers.CharField()
    weights = serializers.SerializerMethodField(help_text="By part; they add up to 1.")

    def get_fields(self) -> dict[str, Any]:
        # `style` is a word of serializers themselves, so it is no class attribute here.
        return {"style": serializers.CharField(), **super().get_fields()}

    @extend_schema_field(serializers.DictField(child=serializers.FloatField()))
    def get_weights(self, round_: Round) -> dict[str, float]:
        """Return the weights with the rule's defaults filled in."""
        weights = rule_named(round_.scoring_rule).validate(round_.scoring_config)
        return {part: round(weight, 4) for part, weight in weights.items()}


class RoundSummary(serializers.ModelSerializer[Round]):
    """A round in a list."""

    url = serializers.SerializerMethodField()
    challenge = serializers.CharField(source="challenge.slug")
    phase = serializers.SerializerMethodField()
    paused = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields: ClassVar[list[str]] = [
            "slug",
            "url",
            "challenge",
            "title",
            "phase",
            "paused",
            "zone",
            "opens_at",
            "freeze_at",
            "closes_at",
        ]

    def get_url(self, round_: Round) -> str:
        """Return the round's address."""
        return address(self.context["request"], "round", slug=round_.slug)

    @extend_schema_field(serializers.ChoiceField(PHASES))
    def get_phase(self, round_: Round) -> str:
        """Return the phase at the time of this answer."""
        return round_.phase(now_of(self)).value

    def get_paused(self, round_: Round) -> bool:
        """Return whether an organizer stopped the clock."""
        return round_.paused_at is not None


class RoundOutput(RoundSummary):
    """A round with everything that a participant needs to know."""

    now = serializers.SerializerMethodField()
    rules = RulesOutput(source="*")
    quota = serializers.SerializerMethodField()
    entries = serializers.SerializerMethodField(help_text="Rows of the public board.")
    board_frozen = serializers.SerializerMethodField()
    leaderboard = serializers.SerializerMethodField()
    submissions = serializers.SerializerMethodField()

    class Meta(RoundSummary.Meta):
        fields: ClassVar[list[str]] = [
            *RoundSummary.Meta.fields,
            "brief",
            "published_at",
            "paused_at",
            "cancelled_at",
            "drained_at",
            "results_at",
            "finalized_at",
            "archived_at",
            "now",
            "rules",
            "quota",
            "entries",
            "board_frozen",
            "leaderboard",
            "submissions",
        ]

    @extend_schema_field(serializers.DateTimeField())
    def get_now(self, round_: Round) -> str:
        """Return the server's time, to count down by."""
        return now_of(self).isoformat()

    @extend_schema_field(QuotaOutput)
    def get_quota(self, round_: Round) -> dict[str, Any]:
        """Return the quota and what the caller has left of it."""
        facts = {"limit": round_.quota, "period": round_.quota_period}
        viewer = self.context["request"].user
        if not isinstance(viewer, User):
            return {**facts, "used": None, "left": None, "resets_at": None}
        quota = quota_of(round_=round_, participant=viewer, now=now_of(self))
        return {
            **facts,
            "used": quota.used,
            "left": quota.left,
            "resets_at": quota.resets_at and quota.resets_at.isoformat(),
        }

    def get_entries(self, round_: Round) -> int:
        """Return how many entries the public board shows."""
        board = public_board(round_)
        return board_size(board) if board else 0

    def get_board_frozen(self, round_: Round) -> bool:
        """Return whether the public board stands still."""
        return board_stands_still(round_, now_of(self))

    def get_leaderboard(self, round_: Round) -> str:
        """Return the board's address."""
        return address(self.context["request"], "leaderboard", slug=round_.slug)

    def get_submissions(self, round_: Round) -> str:
        """Return the address to hand in at."""
        return address(self.context["request"], "submission-collection", slug=round_.slug)


class RoundInput(serializers.Serializer[Any]):
    """A round to make from a challenge."""

    challenge = serializers.SlugRelatedField(slug_field="slug", queryset=Challenge.objects.all())
    title = serializers.CharField(max_length=80)
    slug = serializers.SlugField(max_length=60, required=False)
    zone = serializers.CharField(
        max_length=64, required=False, help_text="IANA zone; the challenge's when left out."
    )
    opens_at = MomentField()
    closes_at = MomentField()
    freeze_at = MomentField(required=False, allow_null=True)

    def validate_slug(self, slug: str) -> str:
        """Refuse an address that another round has."""
        if Round.objects.filter(slug=slug).exists():
            raise serializers.ValidationError(_("Another round has this address."))
        return slug

    def validate_zone(self, zone: str) -> str:
        """Refuse zones that the time zone database does not know."""
        if zone not in available_timezones():
            raise serializers.ValidationError(_("Give an IANA zone such as Europe/Paris."))
        return zone


class RoundCollection(generics.ListAPIView[Round]):
    """Rounds that the caller may see; organizers make them."""

    serializer_class = RoundSummary

    class pagination_class(NewestFirst):  # noqa: N801 - the name is the framework's
        """Rounds, the last to open first."""

        ordering = ("-opens_at", "-pk")

    def get_permissions(self) -> list[Any]:
        write = self.request.method == "POST"
        return [IsOrganizer() if write else IsAuthenticatedOrReadOnly()]

    def get_queryset(self) -> QuerySet[Round]:
        rounds = rounds_for(viewer_of(self.request))
        wanted = self.request.query_params.get("phase", "")
        if wanted in PHASES:
            return rounds.filter(in_phase(Phase(wanted), timezone.now()))
        if wanted:
            raise serializers.ValidationError(
                {"phase": [_("Choose one of {names}.").format(names=", ".join(PHASES))]}
            )
        return rounds.filter(archived_at=None)

    @extend_schema(
        parameters=[OpenApiParameter("phase", enum=PHASES)],
        responses={200: RoundSummary(many=True), **problems(400, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List rounds, the last to open first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=RoundInput, responses={201: RoundOutput, **problems(400, 401, 403, 409, 422, 429)}
    )
    def post(self, request: Request) -> Response:
        """Make a draft round with a challenge's rules."""
        serializer = RoundInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        zone = ZoneInfo(values.get("zone") or values["challenge"].zone)
        freeze_at = values.get("freeze_at")
        round_ = create_round(
            challenge=values["challenge"],
            dates=Dates(
                opens_at=as_instant(values["opens_at"], zone),
                closes_at=as_instant(values["closes_at"], zone),
                freeze_at=freeze_at and as_instant(freeze_at, zone),
            ),
            title=clean_name(values["title"]) or values["challenge"].title,
            slug=values.get("slug", ""),
            zone=zone.key,
            actor=person_of(request),
            now=timezone.now(),
        )
        body = RoundOutput(round_, context={"request": request}).data
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": body["url"]})


class RoundDetail(generics.RetrieveAPIView[Round]):
    """One round."""

    serializer_class = RoundOutput
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Round]:
        return rounds_for(viewer_of(self.request))

    @extend_schema(responses={200: RoundOutput, **problems(404, 429)})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read a round: its dates, rules and quota."""
        return super().get(request, *args, **kwargs)
