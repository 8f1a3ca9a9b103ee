"""`compositions/`, `compositions/<id>/`, its copies, its link, and bringing it back."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import NewestFirst, idempotency_key, idempotency_parameter, problems
from ml.music.text import clean_name
from studio.api.common import OneComposition, PersonOrGuest, actor_of
from studio.api.outputs import CompositionOutput, CompositionSummary, ShareOutput
from studio.api.parsers import (
    MALFORMED,
    MAX_FILE_BYTES,
    TooLarge,
    UploadParser,
    refuse_malformed,
    require_bounded,
)
from studio.guests import holder_of, holder_who_keeps
from studio.models import Composition, ShareLink
from studio.project import project_problems
from studio.selectors.compositions import compositions_of, deleted_compositions_of
from studio.services.compositions import (
    change_composition,
    create_composition,
    delete_composition,
    restore_composition,
)
from studio.services.copying import copy_composition
from studio.services.sharing import share, stop_sharing
from studio.wording import LONGEST_TITLE, title_of

SORTS: dict[str, Sequence[str]] = {
    "newest": ("-created_at", "-pk"),
    "changed": ("-updated_at", "-pk"),
    "title": ("title", "pk"),
    "longest": ("-seconds", "-pk"),
}


class CompositionInput(serializers.Serializer[Any]):
    """A piece to keep, as multipart/form-data."""

    midi = serializers.FileField(
        allow_empty_file=True, max_length=None, help_text="A standard MIDI file, at most 1 MiB."
    )
    title = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=LONGEST_TITLE,
        help_text="The file's name when left out.",
    )

    def read(self) -> tuple[bytes, str]:
        """Return the file's bytes and the title.

        :raises TooLarge: if the file is larger than any that is read
        """
        upload = self.validated_data["midi"]
        if upload.size > MAX_FILE_BYTES:
            raise TooLarge
        title = clean_name(self.validated_data["title"]) or title_of(upload.name or "")
        return upload.read(), title


class CompositionChange(serializers.Serializer[Any]):
    """Another title, other settings of the Studio, or both."""

    title = serializers.CharField(required=False, max_length=LONGEST_TITLE)
    settings = serializers.DictField(
        required=False,
        help_text="Takes the place of all earlier settings: muted, soloed, locked_bars, "
        "locked_notes ([track, start, pitch]), round. At most 8 KiB.",
    )

    def validate_title(self, value: str) -> str:
        """Return the title without what cannot be seen."""
        title = clean_name(value)
        if not title:
            raise serializers.ValidationError(_("Use letters that can be seen."))
        return title

    def validate_settings(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the settings if the Studio knows them."""
        problems = project_problems(value)
        if problems:
            raise serializers.ValidationError(problems)
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for something to change."""
        if not attrs:
            raise serializers.ValidationError({"title": [_("Send a title, settings, or both.")]})
        return attrs


class CompositionPages(NewestFirst):
    """Compositions by cursor, in the order that was asked for."""

    def get_ordering(
        self, request: Request, queryset: QuerySet[Composition], view: APIView
    ) -> tuple[str, ...]:
        if "deleted" in request.query_params:
            return ("-deleted_at", "-pk")
        return tuple(SORTS.get(request.query_params.get("sort", ""), SORTS["newest"]))


class CompositionCollection(generics.ListAPIView[Composition]):
    """The caller's compositions."""

    permission_classes = (PersonOrGuest,)
    parser_classes = (UploadParser,)
    serializer_class = CompositionSummary
    pagination_class = CompositionPages
    throttle_scope: str | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.throttle_scope = "submissions"
            require_bounded(request)
        try:
            super().initial(request, *args, **kwargs)  # a session's CSRF check reads the body
        except MALFORMED as error:
            refuse_malformed(error)

    def get_queryset(self) -> QuerySet[Composition]:
        holder, asked = holder_of(self.request), self.request.query_params
        own = (
            deleted_compositions_of(holder, timezone.now())
            if "deleted" in asked
            else compositions_of(holder)
        )
        search = asked.get("search", "").strip().replace("\0", "")
        return own.filter(title__icontains=search) if search else own

    @extend_schema(
        parameters=[
            OpenApiParameter("search", description="A part of the title."),
            OpenApiParameter("sort", enum=list(SORTS), description="The newest first if left out."),
            OpenApiParameter(
                "deleted", bool, description="Those that were deleted and can be brought back."
            ),
        ],
        responses={200: CompositionSummary(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the caller's compositions."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={"multipart/form-data": CompositionInput},
        parameters=[idempotency_parameter("composition")],
        responses={
            201: CompositionOutput,
            **problems(400, 401, 403, 409, 411, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep a MIDI file as a composition that only you see. No account is needed."""
        serializer = CompositionInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        upload, title = serializer.read()
        key = idempotency_key(request)
        composition = create_composition(
            owner=holder_who_keeps(request),
            upload=upload,
            title=title,
            now=timezone.now(),
            idempotency_key=key,
        )
        return created(request, composition)


def created(request: Request, composition: Composition) -> Response:
    """Return the answer to a request that made a composition."""
    body = CompositionOutput(composition, context={"request": request}).data
    return Response(body, status=status.HTTP_201_CREATED, headers={"Location": str(body["url"])})


class CompositionDetail(OneComposition):
    """One composition."""

    @extend_schema(responses={200: CompositionOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read a composition and where it comes from."""
        return self.answer(self.composition(pk))

    @extend_schema(
        request=CompositionChange,
        responses={200: CompositionOutput, **problems(400, 401, 403, 404, 415, 429)},
    )
    def patch(self, request: Request, pk: object) -> Response:
        """Give a composition another title, or other settings of the Studio."""
        serializer = CompositionChange(data=request.data)
        composition = self.composition(pk)
        serializer.is_valid(raise_exception=True)
        changed = change_composition(
            composition=composition, now=timezone.now(), **serializer.validated_data
        )
        return self.answer(changed)

    @extend_schema(responses={204: None, **problems(401, 403, 404, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Delete a composition, and cancel what is being generated from it.

        It can be brought back for 30 days.
        """
        composition = self.composition(pk)
        delete_composition(composition=composition, actor=actor_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def answer(self, composition: Composition) -> Response:
        """Return the composition with where it comes from."""
        return Response(CompositionOutput(composition, context={"request": self.request}).data)


class CompositionRestore(OneComposition):
    """Bringing a deleted composition back."""

    @extend_schema(
        request=None, responses={200: CompositionOutput, **problems(401, 403, 404, 409, 429)}
    )
    def post(self, request: Request, pk: object) -> Response:
        """Bring a composition back that was deleted in the last 30 days."""
        holder, now = holder_of(request), timezone.now()
        found = deleted_compositions_of(holder, now) | compositions_of(holder)
        composition = restore_composition(
            composition=get_object_or_404(found, pk=pk), holder=self.holder(), now=now
        )
        return Response(CompositionOutput(composition, context={"request": request}).data)


class CompositionCopies(OneComposition):
    """Duplicates of a composition."""

    @extend_schema(
        request=None,
        parameters=[idempotency_parameter("copy")],
        responses={201: CompositionOutput, **problems(400, 401, 403, 404, 409, 422, 429)},
    )
    def post(self, request: Request, pk: object) -> Response:
        """Keep a second composition with the same music and lineage."""
        composition = self.composition(pk)
        copied = copy_composition(
            composition=composition,
            owner=holder_who_keeps(request),
            now=timezone.now(),
            idempotency_key=idempotency_key(request),
        )
        return created(request, copied)


class ShareInput(serializers.Serializer[Any]):
    """How a composition is shown to whoever has its link."""

    download = serializers.BooleanField(
        required=False, default=False, help_text="Whether visitors may have the MIDI file."
    )


class CompositionShare(OneComposition):
    """The unlisted link of a composition."""

    @extend_schema(responses={200: ShareOutput, **problems(401, 404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read the composition's link; there is none unless somebody made one."""
        link = ShareLink.objects.filter(composition=self.composition(pk)).first()
        if link is None:
            raise NotFound(_("This piece is not shared."))
        return Response(ShareOutput(link, context={"request": request}).data)

    @extend_schema(
        request=ShareInput,
        responses={
            200: ShareOutput,
            201: OpenApiResponse(ShareOutput, description="The link was made."),
            **problems(400, 401, 403, 404, 415, 429),
        },
    )
    def put(self, request: Request, pk: object) -> Response:
        """Show the composition to whoever has its link, which stays the same while it stands."""
        composition = self.composition(pk)
        serializer = ShareInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        link, is_new = share(
            composition=composition,
            may_download=serializer.validated_data["download"],
            now=timezone.now(),
        )
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(ShareOutput(link, context={"request": request}).data, status=code)

    @extend_schema(responses={204: None, **problems(401, 403, 404, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """End the link for good; a later one has another address."""
        stop_sharing(composition=self.composition(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)
