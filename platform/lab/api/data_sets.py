"""`data-sets/`: music to train on, what was found in it, and its files as one archive."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import NewestFirst, person_of, problems
from lab.api.outputs import DataFileOutput, DataSetOutput
from lab.api.parsers import require_bounded
from lab.files import archive_of, folder_name
from lab.models import DataSet
from lab.selectors.data_sets import data_sets_of, files_of
from lab.services.data_sets import (
    Upload,
    choose_parts,
    create_from_compositions,
    create_from_style,
    create_from_upload,
    delete_data_set,
    rename_data_set,
)
from lab.wording import Source
from ml.techniques.parameters import STYLES
from studio.api.common import OwnComposition
from studio.api.parsers import MALFORMED, MAX_FILE_BYTES, UploadParser, refuse_malformed
from studio.models import Composition


class DataSetInput(serializers.Serializer[Any]):
    """Music to train on: a style, compositions, or as multipart/form-data MIDI files."""

    name = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=80, help_text="Made up if empty."
    )
    compositions = OwnComposition(
        queryset=Composition.objects.none(),
        many=True,
        required=False,
        help_text="Compositions of yours, as they are now.",
    )
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True, max_length=None),
        required=False,
        help_text="MIDI files, each at most 1 MiB.",
    )
    rights = serializers.BooleanField(
        required=False,
        default=False,
        help_text="That you may train on the files: you wrote them, or their licence or age lets "
        "you. Files are refused without it.",
    )

    def get_fields(self) -> dict[str, Any]:
        # `style` is a word of serializers themselves, so it is no class attribute here.
        about = "A shipped style."
        return {
            "style": serializers.ChoiceField(STYLES, required=False, help_text=about),
            **super().get_fields(),
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one kind of music."""
        given = [name for name in ("style", "compositions", "files") if attrs.get(name)]
        if len(given) != 1:
            raise serializers.ValidationError(
                {"files": ["Send one of these: a style, compositions, or files."]}
            )
        return attrs


class DataSetChange(serializers.Serializer[Any]):
    """Another name."""

    name = serializers.CharField(max_length=80)


class PartsInput(serializers.Serializer[Any]):
    """Which tracks of a file are its four parts."""

    parts = serializers.ListField(
        child=serializers.IntegerField(min_value=0, allow_null=True),
        min_length=4,
        max_length=4,
        allow_null=True,
        help_text="Tracks for melody, second, third and bass, counted from 0, null for a part "
        "that is silent; null as a whole leaves it to the survey.",
    )


class DataSetCollection(generics.ListAPIView[DataSet]):
    """The caller's data sets."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (JSONParser, UploadParser)
    serializer_class = DataSetOutput
    pagination_class = NewestFirst
    throttle_scope: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.throttle_scope = "lab"
            require_bounded(request._request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)  # a session's CSRF check reads the body
        except MALFORMED as error:
            refuse_malformed(error)

    def get_queryset(self) -> QuerySet[DataSet]:
        return data_sets_of(person_of(self.request))

    @extend_schema(
        operation_id="data_sets_list",
        responses={200: DataSetOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the caller's data sets, the last one first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={"application/json": DataSetInput, "multipart/form-data": DataSetInput},
        responses={
            201: DataSetOutput,
            **problems(400, 401, 403, 409, 411, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request) -> Response:
        """Choose music to train on. Files that cannot be used are told of, each with the reason."""
        serializer = DataSetInput(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        made = _create(request, serializer.validated_data)
        body = DataSetOutput(made, context={"request": request}).data
        headers = {"Location": str(body["url"])}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)


def _create(request: Request, values: Mapping[str, Any]) -> DataSet:
    common: dict[str, Any] = {
        "owner": person_of(request),
        "name": values["name"],
        "now": timezone.now(),
    }
    if values.get("style"):
        return create_from_style(style=values["style"], **common)
    if values.get("compositions"):
        return create_from_compositions(compositions=values["compositions"], **common)
    uploads = [
        # One byte too many is enough to be refused by name; the rest need not be read.
        Upload(file.name or "", file.read(MAX_FILE_BYTES + 1))
        for file in values["files"]
    ]
    return create_from_upload(files=uploads, rights_confirmed=values["rights"], **common)


class OneDataSet(APIView):
    """Anything about one of the caller's data sets; another's is not found."""

    permission_classes = (IsAuthenticated,)

    def data_set(self, pk: object) -> DataSet:
        """Return the data set in the address, if it is the caller's."""
        return get_object_or_404(data_sets_of(person_of(self.request)), pk=pk)

    def answer(self, data_set: DataSet) -> Response:
        """Return a data set and its totals."""
        return Response(DataSetOutput(data_set, context={"request": self.request}).data)


class DataSetDetail(OneDataSet):
    """One data set."""

    @extend_schema(responses={200: DataSetOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read a data set and the totals over its files."""
        return self.answer(self.data_set(pk))

    @extend_schema(
        request=DataSetChange,
        responses={200: DataSetOutput, **problems(400, 401, 403, 404, 415, 429)},
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Give a data set another name."""
        data_set = self.data_set(pk)
        serializer = DataSetChange(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self.answer(rename_data_set(data_set=data_set, **serializer.validated_data))

    @extend_schema(responses={204: None, **problems(401, 403, 404, 409, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Delete a data set with its files. Runs that ended keep what they said about it."""
        delete_data_set(data_set=self.data_set(pk), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class DataSetFiles(OneDataSet):
    """The files of a data set, the refused ones included."""

    @extend_schema(
        operation_id="data_sets_files_list",
        responses={200: DataFileOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, pk: object) -> Response:
        """List the files by name, with what was found in each or why it is left out."""
        return Response([DataFileOutput(file).data for file in files_of(self.data_set(pk))])


class DataSetFile(OneDataSet):
    """One file of a data set."""

    @extend_schema(
        request=PartsInput,
        responses={200: DataFileOutput, **problems(400, 401, 403, 404, 409, 415, 422, 429, 503)},
    )
    def patch(self, request: Request, pk: object, number: int) -> Response:
        """Say which tracks of a file are its four parts."""
        data_set = self.data_set(pk)
        file = get_object_or_404(files_of(data_set), pk=number)
        serializer = PartsInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        choose_parts(data_set=data_set, file=file.name, **serializer.validated_data)
        file.refresh_from_db()
        return Response(DataFileOutput(file).data)


class DataSetArchive(OneDataSet):
    """What is trained on, as one file."""

    @extend_schema(
        responses={(200, "application/zip"): OpenApiTypes.BINARY, **problems(401, 404, 429, 503)}
    )
    def get(self, request: Request, pk: object) -> HttpResponse:
        """Download a ZIP file: the folder for `python -m ml train … --data`."""
        own = data_sets_of(person_of(request)).exclude(source=Source.STYLE)
        data_set = get_object_or_404(own, pk=pk)
        response = HttpResponse(archive_of(data_set), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{folder_name(data_set)}.zip"'
        return response
