"""A caller is told how its limits stand with every answer, and which of them it has reached."""

import asyncio
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from chat.api.limits import as_duration
from chat.core.converse import converse
from chat.core.errors import ModelFailed, OverLimit
from chat.core.events import Done, Ended, Failed, Usage
from chat.core.limiting import asked, estimated, refusal, reserved
from chat.core.policy import Policy
from chat.meter import PrometheusMeter
from chat.pipeline import CHAT
from guardian.core.buckets import Day, Lack
from guardian.core.limits import LIMITS, Limit
from guardian.limiter import OwnBudgets

from .doors import doors, post, sse
from .fakes import (
    FixedClock,
    FreeLimiter,
    FullLimiter,
    ScriptedSpeaker,
    a_kit,
    a_turn,
    ask,
    hear,
    text_of,
)
from .tabs import a_session, a_tab


def budgets() -> OwnBudgets:
    return OwnBudgets(FixedClock().monotonic, lambda: Day("2026-11-23", 3600.0))


def guests(*numbers: int) -> Policy:
    """Limit guests, and nobody else."""
    shared = tuple(Limit(limit.role, 0, 1) for limit in LIMITS[1:])
    return Policy(limits=(Limit("guest", *numbers), *shared))


async def test_every_answer_of_a_hot_door_has_the_headers():
    with doors(a_kit(limiter=budgets()), guests(30, 2)) as client:
        first = await post(client, "/api/chat", {"message": "hej"})
        second = await post(client, "/api/chat", {"message": "hej", "stream": True})
        await sse(second)
        third = await post(client, "/api/chat", {"message": "hej"})
        broken = await post(client, "/api/chat", b"{")

    told = [
        (answer["RateLimit-Limit"], answer["RateLimit-Remaining"], answer["RateLimit-Reset"])
        for answer in (first, second, third, broken)
    ]
    assert told == [("30", "1", "2"), ("30", "0", "4"), ("30", "0", "4"), ("30", "0", "4")]
    assert first["RateLimit-Policy"] == '30;w=60;burst=2;name="turns of guest"'
    assert (third.status_code, third["Retry-After"]) == (429, "2")
    assert "x-ratelimit-limit-requests" not in first


async def test_openai_clients_are_told_as_they_read_it():
    policy = guests(30, 2, 1000, 5000)
    question = {"model": "alice", "messages": [{"role": "user", "content": "hej"}]}
    speaker = ScriptedSpeaker("Hej.", Ended(usage=Usage(300, 100), model="m"))
    with doors(a_kit(limiter=budgets(), speaker=speaker), policy) as client:
        answer = await post(client, "/v1/chat/completions", question)
        models = await client.get("/v1/models")

    assert answer["x-ratelimit-limit-requests"] == "30"
    assert answer["x-ratelimit-remaining-requests"] == "1"
    assert answer["x-ratelimit-reset-requests"] == "2s"
    assert answer["x-ratelimit-limit-tokens"] == "1000"
    assert answer["x-ratelimit-remaining-tokens"] == "600"
    assert answer["x-ratelimit-reset-tokens"] == "24s"
    assert models["x-ratelimit-remaining-tokens"] == "600"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0.0, "0ms"), (0.25, "250ms"), (1.0, "1s"), (59.5, "1m0s"), (360, "6m0s"), (3605, "1h0m5s")],
)
def test_times_are_written_as_openai_does(seconds, written):
    assert as_duration(seconds) == written


@pytest.mark.parametrize("kind", ["key", "user", "guest", "owner", "tenant", "address"])
@pytest.mark.parametrize("measure", ["turns", "tokens", "day", "at_once"])
def test_an_error_says_which_limit_and_whose(measure, kind):
    error = refusal(Lack(measure, kind, 3.0))

    code = {"turns": "too_fast", "at_once": "too_many_at_once"}.get(measure, "too_many_tokens")
    assert (error.code, error.status, error.retry_after_s) == (code, 429, 3.0)
    assert error.message("sv") != error.message("en")
    if kind in ("owner", "tenant", "address"):
        own = refusal(Lack(measure, "key", 3.0))
        assert error.message("sv") != own.message("sv")
        assert error.again().message("en") == error.message("en") != own.message("en")


def test_the_sentences_are_all_different():
    told = [
        refusal(Lack(measure, kind, 1.0)).message(language)
        for measure in ("turns", "tokens", "day", "at_once")
        for kind in ("key", "owner", "tenant", "address")
        for language in ("sv", "en")
    ]
    assert len(set(told)) == len(told)
    assert all(isinstance(refusal(Lack("day", "key", 1.0)), OverLimit) for _ in told[:1])


def test_tokens_are_reserved_and_what_was_spent_is_counted():
    limiter = FreeLimiter()
    speaker = ScriptedSpeaker("Hej.", Ended(usage=Usage(40, 2), model="m"))

    ask("hej", a_kit(limiter=limiter, speaker=speaker))

    assert limiter.spent == [42] and limiter.reserved == {}


def test_a_model_that_does_not_count_is_estimated():
    limiter = FreeLimiter()
    speaker = ScriptedSpeaker("x" * 30, Ended(model="m"))

    ask("hej", a_kit(limiter=limiter, speaker=speaker))

    assert limiter.spent == [asked(a_turn("hej", question="hej")) + estimated(30)]


def test_what_no_model_said_costs_no_tokens():
    limiter = FreeLimiter()
    ask("hej", a_kit(limiter=limiter, speaker=ScriptedSpeaker("Ingen modell.")))
    ask("hej", a_kit(limiter=limiter, speaker=ScriptedSpeaker(ModelFailed())))

    assert limiter.spent == [0, 0]


async def test_whoever_leaves_pays_for_what_was_said():
    limiter, turn = FreeLimiter(), a_turn("hej", question="hej")
    kit = a_kit(limiter=limiter, speaker=ScriptedSpeaker("x" * 30, asyncio.Event()))
    events = converse(turn, kit, CHAT)
    assert (await anext(events)).type == "started"
    assert (await anext(events)).type == "token"
    await events.aclose()

    assert limiter.spent == [asked(turn) + estimated(30)]


def test_a_reservation_holds_the_question_and_the_longest_answer():
    turn = a_turn("hej", question="x" * 300)
    short = replace(turn, options=replace(turn.options, max_tokens=10))

    assert reserved(turn) - reserved(short) == turn.policy.routing.max_tokens - 10
    assert reserved(short) > 110


def test_who_has_no_tokens_left_still_hears_what_needs_no_model():
    limiter, policy = budgets(), replace(guests(), limits=(Limit("member", 30, 13, 0, 10),))
    clock = FixedClock()
    kit = a_kit(
        limiter=limiter,
        clock=clock,
        speaker=ScriptedSpeaker("Hej.", Ended(usage=Usage(40, 2), model="m")),
    )
    first = ask("hej", kit, policy=policy)
    second = ask("hej", kit, policy=policy)

    assert isinstance(first[-1], Done)
    assert isinstance(second[-1], Failed) and second[-1].code == "too_many_tokens"
    assert second[-1].retry_after_s == 3600.0


async def test_a_turn_under_way_takes_a_place_until_it_ends():
    limiter = budgets()
    policy = Policy(limits=(Limit("member", 30, 13, at_once=1),))
    more = asyncio.Event()
    kit = a_kit(limiter=limiter, speaker=ScriptedSpeaker("Hej.", more))
    first = asyncio.create_task(hear(a_turn("hej", policy=policy), kit))
    for _ in range(20):
        await asyncio.sleep(0)

    refused = await hear(a_turn("hej", policy=policy), kit)
    more.set()
    assert isinstance((await first)[-1], Done)
    after = await hear(a_turn("hej", policy=policy), kit)

    assert isinstance(refused[-1], Failed) and refused[-1].code == "too_many_at_once"
    assert isinstance(after[-1], Done) and text_of(after) == "Hej."


@pytest.mark.django_db(transaction=True)
async def test_the_socket_tells_the_same_in_its_frames(transactional_db):
    session = await asyncio.to_thread(a_session)
    async with a_tab(a_kit(limiter=budgets()), session) as tab:
        heard = await tab.whole(await tab.ask("hej"))

    by_measure = {
        limit["measure"]: limit for limit in heard[-1]["limits"] if limit["of"] == "guest"
    }
    assert heard[0]["limits"] and by_measure["turns"]["used"] == 1
    assert by_measure["at_once"] == {
        **{"of": "guest", "measure": "at_once", "limit": 3, "burst": None, "used": 0, "left": 3},
        **{"reset_s": None, "window_s": None},
    }


def test_refusals_are_counted_by_whose_limit_and_which():
    registry = CollectorRegistry()
    kit = a_kit(limiter=FullLimiter(), meter=PrometheusMeter(registry))

    ask("hej", kit)

    told = {"of": "user", "code": "too_fast"}
    assert registry.get_sample_value("alice_limit_refusals_total", told) == 1
    program = next(limit for limit in LIMITS if limit.role == "program")
    told = {"of": "program", "measure": "turns_per_minute"}
    assert registry.get_sample_value("alice_limit", told) == program.turns_per_minute
