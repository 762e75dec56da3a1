"""What the doors read from a request's headers, and the id that follows it."""

from functools import lru_cache

from django.http import HttpRequest

from chat.core.errors import BadRequest
from chat.opening import fresh_id

LONGEST_KEY = 200


def turn_id_of(request: HttpRequest) -> str:
    """Give the id of the request, which is also the id of the turn that it opens."""
    turn_id: str = getattr(request, "turn_id", "")
    if not turn_id:
        turn_id = fresh_id()
        request.turn_id = turn_id  # type: ignore[attr-defined]
    return turn_id


def language_of(request: HttpRequest) -> str:
    """Choose "sv" or "en" by Accept-Language; Swedish where nothing else is asked for."""
    header = request.META.get("HTTP_ACCEPT_LANGUAGE")
    return _preferred(header) if header else "sv"


@lru_cache(maxsize=89)
def _preferred(header: str) -> str:
    best, language = 0.0, "sv"
    for part in header[:200].split(","):
        tag, _, quality = part.partition(";q=")
        tag = tag.strip().lower()[:2]
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag in ("sv", "en") and weight > best:
            best, language = weight, tag
    return language


def idempotency_key_of(request: HttpRequest) -> str:
    """Read the Idempotency-Key header; empty when there is none.

    Raises:
        BadRequest: the key is too long to be kept.
    """
    key: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip()
    if len(key) > LONGEST_KEY:
        raise BadRequest(detail=f"Idempotency-Key: max {LONGEST_KEY}.")
    return key
