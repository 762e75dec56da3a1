"""`POST /api/nlu/parse`: what a sentence says, for programs and for another Alice."""

import time
from datetime import datetime
from typing import Any, Literal

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from chat import live, wiring
from chat.api.auth import BrowserAuthentication, KeyAuthentication, caller_of, key_in
from chat.api.bodies import read_json
from chat.api.headers import language_of
from chat.api.hot import HotDoor
from chat.api.shapes import FAILURES
from chat.core.errors import BadRequest, EmptyMessage, TooLong, Trouble
from chat.core.limiting import enter, holders_of
from chat.core.policy import Policy
from chat.core.steps.entrance import let_in
from chat.core.turn import Caller
from chat.opening import HOME_TIMEZONE, is_timezone
from chat.reach import reach
from chat.sessions import caller_of_key
from nlu.core.amounts import Amount, amounts_in
from nlu.core.times import times_in
from nlu.core.traits import life_of, traits_of
from nlu.core.understanding import Understanding

from . import shapes

YEARS = range(1900, 2200)
"""That `now` may lie in: calendars end, and what is counted from now must not end with them."""


class BadNow(BadRequest):
    """`now` is no moment, or none that can be counted from."""

    code = "bad_now"
    sv = (
        "now ska vara en tidpunkt som 2026-03-04T10:00:00+01:00: ISO 8601 med avstånd till UTC, "
        f"år {YEARS[0]} till {YEARS[-1]}."
    )
    en = (
        "now must be a moment such as 2026-03-04T10:00:00+01:00: ISO 8601 with its offset from "
        f"UTC, years {YEARS[0]} to {YEARS[-1]}."
    )


class BadTimezone(BadRequest):
    """There is no such time zone."""

    code = "bad_timezone"
    sv = "timezone ska vara en tidszon ur IANA:s lista, som Europe/Stockholm."
    en = "timezone must be a time zone of IANA's list, such as Europe/Stockholm."


class UnderstandingAway(Trouble):
    """What was learnt of language can't be read; the log says why."""

    code, status = "understanding_away", 503
    sv = "Språkförståelsen går inte att läsa in just nu."
    en = "Language understanding can't be loaded just now."


class Sentence(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `POST /api/nlu/parse`."""

    text: str
    now: str | None = None
    timezone: str = HOME_TIMEZONE
    language: Literal["sv", "en"] | None = None


_sentences = msgspec.json.Decoder(Sentence)
_encode = msgspec.json.Encoder().encode


class ParseDoor(HotDoor):
    """Read a sentence. It is always read here, whatever `NLU_URL` says."""

    authentication_classes = (KeyAuthentication, BrowserAuthentication)

    @extend_schema(
        operation_id="nlu_parse",
        summary="Tolka en mening: språk, avsikt, argument, tider och mängder",
        tags=["nlu"],
        request=shapes.Sentence,
        responses={200: shapes.Parsed, **FAILURES},
    )
    async def post(self, request: HttpRequest) -> HttpResponse:
        caller, policy = await _caller_of(request), await live.current()
        let_in(caller, policy)
        if caller.role != "program":  # another Alice asks for each turn, and has counted it
            address = request.META.get("REMOTE_ADDR", "")
            await enter(holders_of(caller, policy, address), wiring.kit().limiter)
        sentence = read_json(request, _sentences)
        now = _checked(sentence, policy)
        if (taught := wiring.taught()) is None:
            raise UnderstandingAway()
        understanding = await taught.of(policy.understanding.lesson)
        told = parsed(sentence, now, language_of(request), understanding, policy)
        return HttpResponse(_encode(told), content_type="application/json")


def parsed(
    sentence: Sentence, now: datetime, language: str, understanding: Understanding, policy: Policy
) -> dict[str, Any]:
    """Read a sentence, and tell what it says as `shapes.Parsed` describes."""
    started = time.perf_counter()
    text, timezone = sentence.text, sentence.timezone
    reading = understanding.read(
        text, now=now, timezone=timezone, language=sentence.language or language
    )
    traits = traits_of(reading.intent)
    told = {
        "language": reading.language,
        "intent": reading.intent,
        "confidence": reading.confidence,
        "sure": reading.confidence >= policy.understanding.sure_at_least,
        "alternatives": [
            {"intent": intent, "confidence": confidence}
            for intent, confidence in reading.alternatives
        ],
        "slots": [slot.as_json() for slot in reading.slots],
        "times": times_in(text, now, timezone),
        "amounts": [_amount(amount) for amount in amounts_in(text)],
        "freshness": life_of(reading.intent, text),
        "route": traits.route,
        "tools": traits.tools,
        "model": reading.model,
    }
    return told | {"elapsed_ms": round((time.perf_counter() - started) * 1000, 3)}


def _checked(sentence: Sentence, policy: Policy) -> datetime:
    """Give the moment to count from.

    Raises:
        EmptyMessage, TooLong, BadTimezone, BadNow: and it says what would do.
    """
    if not sentence.text.strip():
        raise EmptyMessage()
    if len(sentence.text) > policy.bounds.message_chars:
        raise TooLong()
    if not is_timezone(sentence.timezone):
        raise BadTimezone()
    if sentence.now is None:
        return wiring.kit().clock.now()
    try:
        now = datetime.fromisoformat(sentence.now)
    except ValueError:
        raise BadNow() from None
    if now.tzinfo is None or now.year not in YEARS:
        raise BadNow()
    return now


async def _caller_of(request: HttpRequest) -> Caller:
    """Name the caller by key or session. Nothing is changed here, so no CSRF token is needed.

    Raises:
        BadKey, NotSignedIn: the key, or the session, does not hold.
    """
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if session_key and not key_in(request):
        return await reach(caller_of_key, session_key=session_key)
    return await caller_of(request)


def _amount(amount: Amount) -> dict[str, Any]:
    names = ("start", "end", "text", "kind", "unit")
    return {name: getattr(amount, name) for name in names} | {"value": f"{amount.value:f}"}
