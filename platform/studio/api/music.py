"""`compositions/<id>/midi/` and `compositions/<id>/versions/`: a composition's music over time."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import problems
from studio.api.common import OneComposition
from studio.api.outputs import MIDI_ANSWER, CompositionSummary, VersionOutput
from studio.api.parsers import MidiParser, midi_in, require_bounded
from studio.downloads import midi_response
from studio.models import Composition, CompositionVersion
from studio.selectors.compositions import versions_of
from studio.services.versions import restore_version, save_music

IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description='The version that the music was made from, such as `"3"`, or its sha256; `*` for '
    "whichever is there.",
)


def etag_of(composition: Composition) -> str:
    """Return the tag of a composition's present music: its version."""
    return f'"{composition.version}"'


def tags_in(header: str) -> list[str]:
    """Return the tags of an `If-Match` or `If-None-Match`, bare of quotes and weakness."""
    return [tag.removeprefix("W/").strip('"') for tag in parse_etags(header)]


class CompositionMidi(OneComposition):
    """A composition's music."""

    parser_classes = (MidiParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "PUT":
            require_bounded(request)
        super().initial(request, *args, **kwargs)

    @extend_schema(
        responses={
            **MIDI_ANSWER,
            304: OpenApiResponse(description="The version of `If-None-Match` is the present one."),
            **problems(401, 404, 429, 503),
        }
    )
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Download the canonical MIDI file. Its `ETag` is the version."""
        composition = self.composition(pk)
        known = tags_in(request.headers.get("If-None-Match", ""))
        answer: HttpResponseBase = (
            HttpResponse(status=304)
            if str(composition.version) in known
            else midi_response(composition.midi_key, composition.title)
        )
        answer["ETag"] = etag_of(composition)
        answer["Cache-Control"] = "private, no-cache"
        return answer

    @extend_schema(
        request={("audio/midi"): OpenApiTypes.BINARY},
        parameters=[IF_MATCH],
        responses={
            200: CompositionSummary,
            **problems(400, 401, 403, 404, 411, 412, 413, 415, 422, 428, 429, 503),
        },
    )
    def put(self, request: Request, pk: object) -> Response:
        """Store the next version of the music; the same music again makes no version.

        412 says that another version came first: which one, and since when.
        """
        composition = self.composition(pk)
        tags = tags_in(request.headers.get("If-Match", ""))
        saved = save_music(
            composition=composition,
            upload=midi_in(request),
            known=tags[0] if tags else "",
            now=timezone.now(),
        )
        return told(request, saved)


def told(request: Request, composition: Composition) -> Response:
    """Return the answer to a request that may have made a new version."""
    body = CompositionSummary(composition, context={"request": request}).data
    return Response(body, headers={"ETag": etag_of(composition)})


class OneVersion(OneComposition):
    """Anything about one version of one of the caller's compositions."""

    def version(self, pk: object, number: int) -> CompositionVersion:
        """Return the version in the address, if it is kept."""
        return get_object_or_404(versions_of(self.composition(pk)), number=number)


class VersionCollection(OneComposition):
    """The versions of a composition's music."""

    @extend_schema(
        operation_id="compositions_versions_list",
        responses={200: VersionOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, pk: object) -> Response:
        """List the versions that are kept, the present one first: the newest 50 and the first."""
        composition = self.composition(pk)
        context = {"request": request, "composition": composition}
        rows = list(versions_of(composition))
        return Response([VersionOutput(row, context=context).data for row in rows])


class VersionMidi(OneVersion):
    """An earlier version's music."""

    @extend_schema(responses={**MIDI_ANSWER, **problems(401, 404, 429, 503)})
    def get(self, request: Request, pk: object, number: int) -> HttpResponseBase:
        """Download a version's canonical MIDI file."""
        version = self.version(pk, number)
        return midi_response(version.midi_key, f"{version.composition.title} {number}")


class VersionRestore(OneVersion):
    """Going back to an earlier version."""

    @extend_schema(
        request=None, responses={200: CompositionSummary, **problems(401, 403, 404, 429)}
    )
    def post(self, request: Request, pk: object, number: int) -> Response:
        """Make a version's music the present one again, as a new version."""
        return told(request, restore_version(version=self.version(pk, number), now=timezone.now()))
