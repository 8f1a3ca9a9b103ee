"""`rounds/<slug>/submissions/`, `submissions/<id>/` and what belongs to one submission."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.rest import (
    NewestFirst,
    idempotency_key,
    idempotency_parameter,
    person_of,
    problems,
)
from challenges.api.common import viewer_of
from challenges.api.standings import SubmissionOutput
from challenges.clock import upload_began
from challenges.downloads import midi_response
from challenges.forms import visible_text
from challenges.licences import allowed_licences
from challenges.models import Round, Submission
from challenges.models.entry import Licence
from challenges.selectors.submissions import submissions_of
from challenges.selectors.visibility import just_handed_in, may_download, may_see, rounds_for
from challenges.services.submitting import Piece, submit, withdraw
from ml.music.text import clean_name
from studio.api.common import OwnComposition
from studio.api.parsers import (
    MALFORMED,
    MAX_FILE_BYTES,
    TooLarge,
    UploadParser,
    refuse_malformed,
    require_bounded,
)
from studio.models import Composition
from studio.wording import title_of


class SubmissionInput(serializers.Serializer[Any]):
    """A composition to hand in, as multipart/form-data."""

    midi = serializers.FileField(
        required=False,
        allow_empty_file=True,
        max_length=None,
        help_text="A standard MIDI file, at most 1 MiB.",
    )
    composition = OwnComposition(
        queryset=Composition.objects.none(),
        required=False,
        allow_null=True,
        default=None,
        help_text="A composition of yours, handed in with its lineage instead of a file.",
    )
    title = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=80,
        help_text="The file's name when left out.",
    )
    statement = serializers.CharField(required=False, default="", allow_blank=True, max_length=2000)
    licence = serializers.ChoiceField(
        Licence.choices,
        required=False,
        default="",
        help_text="CC BY when left out, or for a remix what its sources ask for.",
    )

    rights = serializers.BooleanField(
        required=False,
        default=True,
        help_text="That you made the piece, or may share it under the licence. Sending the piece "
        "says so; `false` is refused.",
    )

    def validate_rights(self, value: bool) -> bool:
        """Refuse a piece that its sender may not share."""
        if not value:
            raise serializers.ValidationError(_("Confirm that you may share this piece."))
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for either a file or a composition."""
        if "midi" not in attrs and attrs["composition"] is None:
            raise serializers.ValidationError(
                {"midi": [self.fields["midi"].error_messages["required"]]}
            )
        if "midi" in attrs and attrs["composition"] is not None:
            raise serializers.ValidationError({"midi": [_("Send either a file or a composition.")]})
        return attrs

    def piece(self) -> Piece:
        """Return what was handed in.

        :raises TooLarge: if the file is larger than any that is read
        :raises StorageUnavailable: if the composition's file cannot be read
        """
        values = self.validated_data
        title, composition = clean_name(values["title"]), values["composition"]
        sources = composition.attributions if composition is not None else []
        statement = visible_text(values["statement"])
        licence = values["licence"] or allowed_licences(sources)[0]
        if composition is not None:
            title = title or composition.title
            return Piece.of(composition, title=title, statement=statement, licence=licence)
        upload = values["midi"]
        if upload.size > MAX_FILE_BYTES:
            raise TooLarge
        return Piece(
            upload=upload.read(),
            title=title or title_of(upload.name or ""),
            statement=statement,
            licence=licence,
        )


class SubmissionCollection(generics.ListAPIView[Submission]):
    """The caller's submissions to a round."""

    permission_classes = (IsAuthenticated,)
    parser_classes = (UploadParser,)
    serializer_class = SubmissionOutput
    throttle_scope: str | None = None

    class pagination_class(NewestFirst):  # noqa: N801 - the name is the framework's
        """Submissions, the last one first."""

        ordering = ("-number", "-pk")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            self.throttle_scope = "submissions"
            self.began = upload_began(request)
            require_bounded(request)
        super().initial(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)  # a session's CSRF check reads the body
        except MALFORMED as error:
            refuse_malformed(error)

    def get_queryset(self) -> QuerySet[Submission]:
        own = submissions_of(round_=self.round(), participant=person_of(self.request))
        return own.select_related("entry__participant", "round__live_board", "round__frozen_board")

    def round(self) -> Round:
        """Return the round in the address, if the caller may see it."""
        return get_object_or_404(rounds_for(viewer_of(self.request)), slug=self.kwargs["slug"])

    @extend_schema(
        operation_id="rounds_submissions_list",
        responses={200: SubmissionOutput(many=True), **problems(401, 404, 429)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List the caller's own submissions to a round, the last one first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        request={"multipart/form-data": SubmissionInput},
        parameters=[idempotency_parameter("submission")],
        responses={
            202: SubmissionOutput,
            **problems(400, 401, 403, 404, 409, 411, 413, 415, 422, 429, 503),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Hand in a composition. Poll `Location` until `final` is true."""
        round_ = self.round()
        serializer = SubmissionInput(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        submission = submit(
            round_=round_,
            participant=person_of(request),
            piece=serializer.piece(),
            received_at=self.began,
            idempotency_key=idempotency_key(request),
        )
        # A piece that has just come in can only be waiting: its poller asks for the rest.
        is_new = submission.submitted_at == self.began
        context = {"request": request, "known": just_handed_in(submission) if is_new else None}
        body = SubmissionOutput(submission, context=context).data
        return Response(
            body, status=status.HTTP_202_ACCEPTED, headers={"Location": str(body["url"])}
        )


class OneSubmission(APIView):
    """Anything about one submission that the caller may see."""

    def submission(self, pk: object) -> Submission:
        """Return the submission in the address.

        :raises NotFound: if there is none that the caller may see
        """
        submission = get_object_or_404(
            Submission.objects.select_related(
                "entry__participant", "round__live_board", "round__frozen_board"
            ),
            pk=pk,
        )
        if not may_see(viewer_of(self.request), submission):
            raise NotFound(_("There is nothing at this address."))
        return submission

    def own_submission(self, pk: object) -> Submission:
        """Return the submission in the address, if it is the caller's.

        :raises PermissionDenied: if it is somebody else's
        """
        submission = self.submission(pk)
        if submission.entry.participant_id != self.request.user.pk:
            raise PermissionDenied(_("Only its participant may do this."))
        return submission

    def answer(self, submission: Submission) -> Response:
        """Return the submission as the caller sees it."""
        return Response(SubmissionOutput(submission, context={"request": self.request}).data)


class SubmissionDetail(OneSubmission):
    """One submission."""

    @extend_schema(responses={200: SubmissionOutput, **problems(404, 429)})
    def get(self, request: Request, pk: object) -> Response:
        """Read a submission's state, its score and what explains it."""
        return self.answer(self.submission(pk))

    @extend_schema(responses={200: SubmissionOutput, **problems(401, 403, 404, 409, 429)})
    def delete(self, request: Request, pk: object) -> Response:
        """Withdraw a submission before the round closes; its music is kept, but counts no more."""
        return self.answer(withdraw(submission=self.own_submission(pk), now=timezone.now()))


class SubmissionMidi(OneSubmission):
    """A submission's music."""

    @extend_schema(
        responses={
            (200, "audio/midi"): OpenApiTypes.BINARY,
            302: OpenApiResponse(description="The file lies at another address for a short time."),
            **problems(403, 404, 429, 503),
        }
    )
    def get(self, request: Request, pk: object) -> HttpResponseBase:
        """Download the canonical MIDI file."""
        submission = self.submission(pk)
        if not may_download(viewer_of(request), submission):
            raise PermissionDenied(_("Its author reserves all rights: it can be listened to only."))
        return midi_response(submission)
