"""Turns broken rules into HTTP answers, once for the whole API."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import RuleBroken
from accounts.words import translated
from ml.music import MidiRefused
from ml.techniques import ParametersRefused


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every anticipated error with `{"code", "detail", ...}`; leave the others to Django."""
    if isinstance(error, RuleBroken):
        return Response(
            {"code": error.code, "detail": str(error), **error.extra},
            status=error.status,
            headers=_headers(error),
        )
    if isinstance(error, MidiRefused):
        return Response(
            {"code": error.code, "detail": translated(error.detail)},
            status=status.HTTP_422_UNPROCESSABLE_ENTITY,
        )
    if isinstance(error, ParametersRefused):
        return _parameters_refused(error)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _body(error, response.data)
    return response


def _headers(error: RuleBroken) -> dict[str, str]:
    wait = error.extra.get("retry_after")
    return {} if wait is None else {"Retry-After": str(wait)}


def _parameters_refused(error: ParametersRefused) -> Response:
    wrong: dict[str, list[str]] = {}
    for problem in error.problems:
        wrong.setdefault(problem.name, []).append(translated(problem.detail))
    model = {"model": wrong.pop("model")} if "model" in wrong else {}
    fields = model | ({"parameters": wrong} if wrong else {})
    body = {"code": "invalid", "detail": translated(error), "fields": fields}
    return Response(body, status=status.HTTP_400_BAD_REQUEST)


def _body(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"code": "invalid", "detail": _("Some fields need another value."), "fields": data}
    if isinstance(error, Http404):
        return {"code": "not_found", "detail": _("There is nothing at this address.")}
    if isinstance(error, PermissionDenied):
        return {"code": "permission_denied", "detail": _("You may not do this.")}
    code = error.get_codes() if isinstance(error, exceptions.APIException) else "error"
    return {"code": code if isinstance(code, str) else "error", **data}
