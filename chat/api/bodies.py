"""Reading a request's body into typed values."""

from hashlib import sha256
from typing import TypeVar

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from chat.core.errors import BadJson, BodyTooLarge, WrongType

from .errors import BadField

Body = TypeVar("Body")


def read_json(request: HttpRequest, decoder: msgspec.json.Decoder[Body]) -> Body:
    """Read the body as the type that `decoder` is made for.

    Raises:
        WrongType: it is not sent as application/json.
        BodyTooLarge: it is larger than DATA_UPLOAD_MAX_MEMORY_SIZE.
        BadJson: it is not JSON in UTF-8, or nested too deep to be meant.
        BadField: a field is missing, unknown, or has the wrong type.
    """
    if request.content_type != "application/json":
        raise WrongType()
    if request.content_params and not _in_utf8(request.content_params):
        raise WrongType()
    try:
        body = request.body
    except RequestDataTooBig:
        raise BodyTooLarge() from None
    except UnreadablePostError:
        raise BadJson() from None
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise BadField(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadJson() from None


def _in_utf8(params: dict[str, str]) -> bool:
    return params.get("charset", "utf-8").strip('"').lower() in ("utf-8", "utf8")


def refuse_null(text: str, field: str) -> None:
    """Refuse text that no database can hold.

    Raises:
        BadField: there is a null character in it.
    """
    if "\0" in text:
        raise BadField(f"`\\u0000` - at `$.{field}`")


def fingerprint_of(door: str, body: msgspec.Struct) -> str:
    """Name a request by what it asks for, so that two under one Idempotency-Key can be compared."""
    return sha256(door.encode() + msgspec.json.encode(body)).hexdigest()
