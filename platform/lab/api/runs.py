"""`training-runs/`: asking for trainings, watching them, telling them what to do."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import (
    NewestFirst,
    address,
    idempotency_key,
    idempotency_parameter,
    now_of,
    person_of,
    problems,
)
from lab.models import DataSet, TrainingRun
from lab.selectors.data_sets import data_sets_of
from lab.selectors.runs import points_of, run_view, runs_of, samples_of
from lab.services.runs import RunWish, cancel_run, change_run, delete_run, request_run
from lab.wording import Kind, RunState, Wanted
from ml.techniques import ParametersRefused
from studio.models import MAX_SEED


class OwnDataSet(serializers.PrimaryKeyRelatedField[DataSet]):
    """One of the caller's data sets; another's does not exist for them."""

    def get_queryset(self) -> QuerySet[DataSet]:
        return data_sets_of(person_of(self.context["request"]))


class RunInput(serializers.Serializer[Any]):
    """What is to be trained."""

    data_set = OwnDataSet(queryset=DataSet.objects.none())
    kind = serializers.ChoiceField(Kind.choices)
    settings = serializers.DictField(
        required=False,
        default=dict,
        help_text="What is left out has its default; `training-kinds/` tells of all.",
    )
    preset = serializers.CharField(required=False, default="", allow_blank=True, max_length=12)
    seed = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=MAX_SEED,
        help_text="The same seed gives the same weights. Random when left out.",
    )


class RunChange(serializers.Serializer[Any]):
    """What the run is to do from now on."""

    wanted = serializers.ChoiceField(
        Wanted.choices, help_text="Pause, train on, or make a model of what it has learned so far."
    )


class RunOutput(serializers.Serializer[TrainingRun]):
    """A run and where it stands."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    data_set = serializers.UUIDField(allow_null=True, help_text="Null once it was deleted.")
    trained_on = serializers.DictField(help_text="What the data set was when the run began.")
    kind = serializers.ChoiceField(Kind.choices)
    preset = serializers.CharField(allow_blank=True)
    settings = serializers.DictField()
    seed = serializers.IntegerField()
    state = serializers.ChoiceField(RunState.choices)
    final = serializers.BooleanField(help_text="Whether nothing can be asked of it any more.")
    wanted = serializers.ChoiceField(Wanted.choices)
    iteration = serializers.IntegerField()
    iterations = serializers.IntegerField()
    values = serializers.DictField(help_text="Losses of the last iteration.")
    position = serializers.IntegerField(
        allow_null=True, help_text="Sittings that go first; null unless it waits for a worker."
    )
    seconds = serializers.FloatField(help_text="Trained so far.")
    eta = serializers.FloatField(
        allow_null=True, help_text="Seconds that the rest is likely to train; null if unknown."
    )
    cpu_seconds = serializers.FloatField(help_text="Processor time that it cost so far.")
    code = serializers.CharField(allow_null=True, help_text="Why it failed.")
    detail = serializers.CharField(allow_null=True, help_text="Why it failed, or rests.")
    points = serializers.URLField()
    samples = serializers.URLField()
    model = serializers.URLField(allow_null=True, help_text="What came of it.")
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: TrainingRun) -> dict[str, Any]:
        request = self.context["request"]
        view = run_view(instance, now_of(self))
        run = view.run
        model = getattr(run, "model", None)
        kept = model is not None and model.deleted_at is None
        return {
            "id": str(run.pk),
            "url": address(request, "training-run", pk=run.pk),
            "data_set": run.data_set_id and str(run.data_set_id),
            "trained_on": run.data,
            "kind": run.kind,
            "preset": run.preset,
            "settings": run.settings,
            "seed": run.seed,
            "state": view.state.value,
            "final": view.is_final,
            "wanted": run.wanted,
            "iteration": run.iteration,
            "iterations": run.iterations,
            "values": run.values,
            "position": view.position,
            "seconds": run.seconds,
            "eta": view.eta and round(view.eta.total_seconds(), 1),
            "cpu_seconds": view.cpu_seconds,
            "code": view.code,
            "detail": view.detail or run.pause_reason or None,
            "points": address(request, "training-points", pk=run.pk),
            "samples": address(request, "training-samples", pk=run.pk),
            "model": address(request, "custom-model", pk=model.pk) if model and kept else None,
            "created_at": run.created_at.isoformat(),
        }


class PointOutput(serializers.Serializer[Any]):
    """A point of the curves; losses and measures stand beside these two by their names."""

    iteration = serializers.IntegerField()
    seconds = serializers.FloatField()

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class SampleOutput(serializers.Serializer[Any]):
    """What the model played at one iteration; the first sample has the `melodies`."""

    iteration = serializers.IntegerField()
    windows = serializers.ListField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.IntegerField())),
        help_text="Notes as `[voice, first step, steps, pitch]`, for each melody.",
    )

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        return instance


class RunCollection(generics.ListAPIView[TrainingRun]):
    """The caller's training runs."""

    permission_classes = (IsAuthenticated,)
    serializer_class = RunOutput
    pagination_class = NewestFirst
    throttle_scope: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.throttle_scope = "lab"
        super().initial(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[TrainingRun]:
        return runs_of(person_of(self.request))

    @extend_schema(
        operation_id="training_runs_list",
        responses={200: RunOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the caller's runs, the last one first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request=RunInput,
        parameters=[idempotency_parameter("run")],
        responses={202: RunOutput, **problems(400, 401, 403, 409, 415, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Ask for a training. Poll `Location` until `final` is true."""
        serializer = RunInput(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        data_set = values.pop("data_set")
        try:
            run = request_run(
                owner=person_of(request),
                data_set=data_set,
                wish=RunWish(**values),
                now=timezone.now(),
                idempotency_key=idempotency_key(request),
            )
        except ParametersRefused as refused:
            wrong = {problem.name: [problem.detail] for problem in refused.problems}
            raise serializers.ValidationError({"settings": wrong}) from refused
        body = RunOutput(run, context={"request": request}).data
        headers = {"Location": str(body["url"])}
        return Response(body, status=status.HTTP_202_ACCEPTED, headers=headers)


class OneRun(APIView):
    """Anything about one of the caller's runs; another's is not found."""

    permission_classes = (IsAuthenticated,)

    def run(self, pk: object) -> TrainingRun:
        """Return the run in the address, if it is the caller's."""
        return get_object_or_404(runs_of(person_of(self.request)), pk=pk)

    def answer(self, run: TrainingRun, **kwargs: Any) -> Response:
        """Return a run and where it stands."""
        return Response(RunOutput(run, context={"request": self.request}).data, **kwargs)


class RunDetail(OneRun):
    """One run."""

    @extend_schema(responses={200: RunOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read where a run stands."""
        return self.answer(self.run(pk))

    @extend_schema(
        request=RunChange,
        responses={202: RunOutput, **problems(400, 401, 403, 404, 409, 415, 429)},
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Tell a run to pause, train on, or finish; its worker hears within seconds."""
        run = self.run(pk)
        serializer = RunChange(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = Wanted(serializer.validated_data["wanted"])
        changed = change_run(run=run, wanted=wanted, now=timezone.now())
        return self.answer(changed, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={202: RunOutput, 204: None, **problems(401, 403, 404, 409, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Cancel a run; delete one that has ended. A model that came of it stays."""
        run, now = self.run(pk), timezone.now()
        if run.is_final:
            delete_run(run=run, now=now)
            return Response(status=status.HTTP_204_NO_CONTENT)
        return self.answer(cancel_run(run=run, now=now), status=status.HTTP_202_ACCEPTED)


class RunPoints(OneRun):
    """The curves of a run."""

    @extend_schema(
        operation_id="training_runs_points_list",
        parameters=[OpenApiParameter("after", int, description="Only points after an iteration.")],
        responses={200: PointOutput(many=True), **problems(400, 401, 404, 429)},
    )
    def get(self, request: Request, pk: object) -> Response:
        """List the points of a run's curves, the earliest first."""
        after = request.query_params.get("after", "-1")
        if not after.lstrip("-").isdecimal():
            raise serializers.ValidationError({"after": ["Send the number of an iteration."]})
        return Response(points_of(self.run(pk), after=int(after[:10])))


class RunSamples(OneRun):
    """What a run's model played on the way."""

    @extend_schema(
        operation_id="training_runs_samples_list",
        responses={200: SampleOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, pk: object) -> Response:
        """List the samples of a run, the earliest first."""
        return Response(samples_of(self.run(pk)))
