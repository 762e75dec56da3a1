"""How an error is told over HTTP: one shape for every door, and OpenAI's own shape on /v1.

{"error": {"code": "too_fast", "message": "Vänta en liten stund.", "turn_id": "…"}}
"""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any

import msgspec
import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf

from chat.core.errors import (
    AliceError,
    BadJson,
    BadRequest,
    BodyTooLarge,
    NotAllowed,
    NotSignedIn,
    Overloaded,
    TooFast,
    Unexpected,
    WrongType,
)
from chat.core.kit import OutOfReach

from .headers import language_of, turn_id_of

log = structlog.get_logger(__name__)


class NoSuchDoor(BadRequest):
    """Nothing answers at this address."""

    code, status = "not_found", 404
    sv, en = "Det finns inget här.", "There is nothing here."


class WrongMethod(BadRequest):
    """The address is right, the method is not."""

    code, status = "method_not_allowed", 405
    sv, en = "Så får adressen inte anropas.", "This address does not take that method."


class NoCsrf(NotAllowed):
    """A browser sent a session without its CSRF token."""

    code = "csrf_failed"
    sv = "Sidan har blivit för gammal. Ladda om den och försök igen."
    en = "The page has become too old. Reload it and try again."


class BadField(BadRequest):
    """A field has the wrong type or value; `problem` is the parser's own words."""

    def __init__(self, problem: str) -> None:
        super().__init__()
        self.problem = problem

    def message(self, language: str) -> str:
        if language == "en":
            return f"I can't make sense of the request: {self.problem}"
        return f"Jag förstår inte anropet: {self.problem}"


class UnknownParameter(BadRequest):
    """The query names something that the door does not know: a filter misspelt narrows nothing."""

    code = "unknown_parameter"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__()
        self.name, self.known = name, ", ".join(known)

    def message(self, language: str) -> str:
        if language == "en":
            return f"There is no parameter {self.name!r} here. There are: {self.known}."
        return f"Här finns ingen parameter {self.name!r}. De som finns: {self.known}."


def refuse(error: Exception, request: HttpRequest) -> HttpResponse:
    """Answer `request` with what `error` means. What nobody foresaw is logged, once, here."""
    known = as_alice(error)
    turn_id = turn_id_of(request)
    if isinstance(known, Unexpected) and known is not error:
        log.error("door_failed", turn_id=turn_id, path=request.path, exc_info=error)
    response = failure(
        status=known.status,
        code=known.code,
        message=known.message(language_of(request)),
        turn_id=turn_id,
        retry_after_s=known.retry_after_s,
        param=getattr(known, "param", None),
        openai=request.path_info.startswith("/v1/"),
    )
    if allowed := getattr(error, "allowed", None):
        response["Allow"] = ", ".join(allowed)
    return response


def failure(
    *,
    status: int,
    code: str,
    message: str,
    turn_id: str,
    retry_after_s: float | None = None,
    param: str | None = None,
    why: Mapping[str, Any] | None = None,
    openai: bool = False,
) -> HttpResponse:
    """Build the answer to a request that failed."""
    told = {"why": why} if why else {}
    body = (
        as_openai(status=status, code=code, message=message, param=param)
        if openai
        else {"error": {"code": code, "message": message, "turn_id": turn_id, **told}}
    )
    response = HttpResponse(
        msgspec.json.encode(body), content_type="application/json", status=status
    )
    response["X-Request-ID"] = turn_id
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, ceil(retry_after_s)))
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Alice"'
    return response


OPENAI_CODES = {
    "bad_key": "invalid_api_key",
    "not_signed_in": "invalid_api_key",
    "no_such_model": "model_not_found",
    "too_fast": "rate_limit_exceeded",
    "too_many_tokens": "rate_limit_exceeded",
    "too_many_at_once": "rate_limit_exceeded",
}


def as_openai(*, status: int, code: str, message: str, param: str | None = None) -> dict[str, Any]:
    """Say the same in OpenAI's shape, whose clients read `type` and `code`."""
    if status == 429:
        kind = "rate_limit_error"
    elif status >= 500:
        kind = "server_error"
    else:
        kind = "invalid_request_error"
    if code == "no_such_model":
        param = "model"
    code = OPENAI_CODES.get(code, code)
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def as_alice(error: Exception) -> AliceError:
    """Name what Django or REST framework raised in Alice's own tree."""
    if isinstance(error, AliceError):
        return error
    if isinstance(error, drf.ValidationError):
        return BadField(_first_problem(error.detail))
    if isinstance(error, drf.PermissionDenied) and str(error.detail).startswith("CSRF"):
        return NoCsrf()
    if isinstance(error, drf.Throttled):
        return TooFast(retry_after_s=getattr(error, "wait", None))
    for kind, known in _KNOWN:
        if isinstance(error, kind):
            return known()
    return Unexpected()


_KNOWN: tuple[tuple[type[Exception], type[AliceError]], ...] = (
    (Http404, NoSuchDoor),
    (drf.NotFound, NoSuchDoor),
    (drf.MethodNotAllowed, WrongMethod),
    (drf.NotAuthenticated, NotSignedIn),
    (drf.AuthenticationFailed, NotSignedIn),
    (drf.PermissionDenied, NotAllowed),
    (PermissionDenied, NotAllowed),
    (drf.UnsupportedMediaType, WrongType),
    (drf.ParseError, BadJson),
    (UnicodeDecodeError, BadJson),
    (RecursionError, BadJson),
    (OutOfReach, Overloaded),
    (RequestDataTooBig, BodyTooLarge),
    (SuspiciousOperation, BadRequest),
    (drf.APIException, BadRequest),
)


def _first_problem(detail: Any) -> str:
    """Find the first sentence in REST framework's nested details, with the field it is about."""
    if isinstance(detail, Mapping):
        field, inner = next(iter(detail.items()))
        problem = _first_problem(inner)
        return problem if field == "non_field_errors" else f"{field}: {problem}"
    if isinstance(detail, list):
        return _first_problem(detail[0])
    return str(detail)
