"""`POST /api/chat` tells one turn, as JSON or event by event, and stops it when nobody listens."""

import asyncio
from uuid import UUID

from chat.api import telling
from chat.core.errors import ModelFailed, TooFast
from chat.core.events import Noted, ToolCalled, ToolReturned
from chat.core.policy import Policy
from chat.core.turn import Turn

from .doors import doors, post, sse
from .fakes import FullLimiter, ScriptedSpeaker, a_kit


class Remembers:
    """Keeps every turn it is asked about under an Idempotency-Key."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []

    async def claim(self, turn: Turn) -> None:
        self.turns.append(turn)

    async def keep(self, outcome: object) -> None:
        pass

    def tell(self, turn: Turn, event: object) -> None:
        pass


async def test_json_folds_the_whole_turn_into_one_answer():
    speaker = ScriptedSpeaker(
        ToolCalled("clock", {"place": "Tokyo"}),
        ToolReturned("clock", "21:00"),
        Noted("waiting", "Det dröjer lite."),
        "Klockan är ",
        "21.",
    )
    with doors(a_kit(speaker=speaker)) as client:
        response = await post(client, "/api/chat", {"message": "vad är klockan i Tokyo?"})

    answer = response.json()
    assert response.status_code == 200
    assert answer["reply"] == "Klockan är 21."
    assert answer["notes"] == [{"code": "waiting", "text": "Det dröjer lite."}]
    assert answer["tools"] == [
        {"name": "clock", "arguments": {"place": "Tokyo"}, "text": "21:00", "ok": True}
    ]
    assert answer["conversation_id"] is None and answer["saved"] is None
    assert answer["usage"] == {"prompt_tokens": 0, "completion_tokens": 0}
    assert "admit" in answer["steps_ms"] and "measure" in answer["steps_ms"]
    assert response["X-Request-ID"] == answer["turn_id"]


async def test_the_seeds_name_for_the_door_still_works():
    with doors(a_kit()) as client:
        response = await post(client, "/api/chat/optimized", {"message": "hej"})

    assert response.json()["reply"] == "Hej på dig!"


async def test_sse_tells_every_event_under_its_name():
    with doors(a_kit(speaker=ScriptedSpeaker("Hej ", "på dig!"))) as client:
        response = await post(client, "/api/chat", {"message": "hej", "stream": True})
        events = await sse(response)

    assert [name for name, _ in events] == ["started", "token", "token", "done"]
    assert [data["type"] for _, data in events] == ["started", "token", "token", "done"]
    assert events[0][1]["turn_id"] == response["X-Request-ID"]
    assert response["Content-Type"].startswith("text/event-stream")
    assert response["Cache-Control"] == "no-cache" and response["X-Accel-Buffering"] == "no"


async def test_accepting_an_event_stream_asks_for_one():
    with doors(a_kit()) as client:
        response = await post(client, "/api/chat", {"message": "hej"}, accept="text/event-stream")
        events = await sse(response)

    assert events[-1][0] == "done"


async def test_a_refused_turn_has_the_errors_status_even_where_a_stream_was_asked_for():
    for stream in (False, True):
        with doors(a_kit(limiter=FullLimiter())) as client:
            response = await post(client, "/api/chat", {"message": "hej", "stream": stream})

        assert response.status_code == TooFast.status
        assert response["Retry-After"] == "3"
        assert response.json()["error"] == {
            "code": "too_fast",
            "message": "Vänta en liten stund.",
            "turn_id": response["X-Request-ID"],
        }


async def test_what_breaks_in_the_middle_fails_the_json_and_ends_the_stream():
    with doors(a_kit(speaker=ScriptedSpeaker("Hej ", ModelFailed()))) as client:
        folded = await post(client, "/api/chat", {"message": "hej"}, **{"accept-language": "en"})
        streamed = await post(client, "/api/chat", {"message": "hej", "stream": True})
        events = await sse(streamed)

    assert folded.status_code == 502
    assert folded.json()["error"]["message"] == "The language model broke off."
    assert [name for name, _ in events] == ["started", "token", "failed"]
    assert events[-1][1]["code"] == "model_failed"


async def test_a_reader_who_leaves_stops_the_turn():
    speaker = ScriptedSpeaker("Hej ", asyncio.Event(), "aldrig")
    kit = a_kit(speaker=speaker)
    with doors(kit) as client:
        response = await post(client, "/api/chat", {"message": "hej", "stream": True})
        told = aiter(response)
        await anext(told)
        await anext(told)
        await told.aclose()
        await asyncio.sleep(0.01)

    assert speaker.closed == 1
    assert [outcome.cancelled for outcome in kit.meter.outcomes] == [True]


async def test_a_response_that_nobody_reads_stops_the_turn_when_it_is_closed():
    speaker = ScriptedSpeaker(asyncio.Event())
    kit = a_kit(speaker=speaker)
    with doors(kit) as client:
        response = await post(client, "/api/chat", {"message": "hej", "stream": True})
        response.close()
        await asyncio.sleep(0.01)

    assert [outcome.cancelled for outcome in kit.meter.outcomes] == [True]


async def test_a_silent_stream_is_kept_open_with_comments(monkeypatch):
    monkeypatch.setattr(telling, "PING_EVERY_S", 0.01)
    more = asyncio.Event()
    with doors(a_kit(speaker=ScriptedSpeaker(more, "Hej"))) as client:
        response = await post(client, "/api/chat", {"message": "hej", "stream": True})
        told = aiter(response)
        await anext(told)
        comment = await anext(told)
        more.set()
        rest = b"".join([part async for part in told])

    assert comment == b": ping\n\n"
    assert b"event: done" in rest


async def test_new_makes_a_conversation_and_nothing_saves_nothing():
    kit = a_kit()
    with doors(kit) as client:
        unsaved = await post(client, "/api/chat", {"message": "hej"})
        saved = await post(client, "/api/chat", {"message": "hej", "conversation_id": "new"})

    assert unsaved.json()["conversation_id"] is None
    assert UUID(saved.json()["conversation_id"])
    assert saved.json()["saved"] is True
    assert len(kit.journal.questions) == len(kit.journal.replies) == 1


async def test_a_request_sent_again_is_the_same_request_streamed_or_not():
    kit = a_kit(replays=Remembers())
    body = {"message": "hej", "conversation_id": "new"}
    with doors(kit) as client:
        await post(client, "/api/chat", body, **{"idempotency-key": "a1"})
        again = await post(
            client, "/api/chat", {**body, "stream": True}, **{"idempotency-key": "a1"}
        )
        await sse(again)
        await post(client, "/api/chat", {**body, "message": "nej"}, **{"idempotency-key": "a1"})

    first, second, other = kit.replays.turns
    assert first.fingerprint == second.fingerprint != other.fingerprint
    assert first.conversation_id == second.conversation_id
    assert first.client_id == "a1"


async def test_the_answer_speaks_the_language_that_was_asked_for():
    speaker = ScriptedSpeaker("hi")
    with doors(a_kit(speaker=speaker)) as client:
        await post(client, "/api/chat", {"message": "hi"})
        await post(client, "/api/chat", {"message": "hi"}, **{"accept-language": "en-GB,sv;q=0.5"})
        await post(
            client, "/api/chat", {"message": "hi", "language": "en", "timezone": "Asia/Tokyo"}
        )

    assert [turn.language for turn in speaker.turns] == ["sv", "en", "en"]
    assert speaker.turns[2].timezone == "Asia/Tokyo"


async def test_a_guest_is_turned_away_where_guests_may_not_chat():
    with doors(a_kit(), Policy(off=frozenset({"guests"}))) as client:
        response = await post(client, "/api/chat", {"message": "hej"})

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
