"""A strained Alice asks less of her models, and in lockdown answers nobody but staff."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from prometheus_client import CollectorRegistry

from chat.core.address import address_of
from chat.core.easing import eased
from chat.core.errors import Overloaded
from chat.core.events import text_of
from chat.core.policy import Policy
from chat.core.turn import Intent
from chat.opening import open_turn
from chat.sections import compiled, from_snapshot, restore, to_snapshot
from chat.strain import STRAIN, Recent, Strain
from guardian.core.state import Ladder, State, Vitals
from guardian.models import LadderSettings
from tests.fakes import MEMBER, FixedClock, OpenReader, ScriptedSpeaker, a_kit, a_turn, ask

STAFF = replace(MEMBER, role="staff", person="user:2", user_id=2)
LADDER = Ladder()


def test_a_calm_turn_is_left_as_it_is():
    turn = a_turn()

    assert eased(turn) is turn


def test_a_strained_turn_asks_less_of_the_model():
    turn = a_turn(state=State.BROWNOUT)

    routing = eased(turn).policy.routing

    assert routing.model == turn.policy.routing.model_training
    assert (routing.tool_rounds, routing.max_tokens) == (LADDER.tool_rounds, LADDER.max_tokens)


def test_a_lesser_answer_has_an_address_of_its_own():
    turn = a_turn(state=State.BROWNOUT)

    assert address_of(eased(turn)).key != address_of(turn).key
    assert eased(turn).policy is eased(turn).policy  # summed up once


def test_the_model_sees_the_lesser_policy_and_the_answer_is_not_kept():
    speaker = ScriptedSpeaker("Hej", keep=True)
    remembered = []
    kit = a_kit(speaker=speaker)
    kit.cache.remember = lambda entry, **rest: remembered.append(entry)

    ask("en fråga", kit, state=State.BROWNOUT)

    assert speaker.turns[0].policy.routing.training_mode
    assert remembered == []


@pytest.mark.parametrize(
    ("state", "caller", "channel", "code"),
    [
        (State.NORMAL, MEMBER, "warm", None),
        (State.BROWNOUT, MEMBER, "warm", "overloaded"),
        (State.BROWNOUT, MEMBER, "api", None),
        (State.EMERGENCY, MEMBER, "api", "overloaded"),
        (State.EMERGENCY, STAFF, "api", None),
        (State.LOCKDOWN, MEMBER, "api", "locked_down"),
        (State.LOCKDOWN, STAFF, "api", None),
    ],
)
def test_background_goes_first_then_all_but_staff(state, caller, channel, code):
    last = ask("en fråga", state=state, caller=caller, channel=channel)[-1]

    assert getattr(last, "code", None) == code
    if code:
        assert (last.status, last.retry_after_s) == (503, LADDER.stay_s)


def test_curated_answers_go_on_in_an_emergency():
    kit = a_kit(speaker=ScriptedSpeaker("Öppet"), reader=OpenReader(Intent("answer", 1.0)))

    assert text_of(ask("öppettider", kit, state=State.EMERGENCY)) == "Öppet"


async def test_a_turn_keeps_the_state_that_it_was_opened_in(monkeypatch):
    from chat import live

    monkeypatch.setattr(STRAIN, "state", State.EMERGENCY)
    with live.pinned(Policy()):
        turn = await open_turn(MEMBER, "hej", channel="api")
    monkeypatch.setattr(STRAIN, "state", State.NORMAL)

    assert turn.state is State.EMERGENCY


def test_changes_of_state_are_counted_and_shown():
    clock, registry = FixedClock(), CollectorRegistry()
    strain = Strain(clock.monotonic, registry)

    for _ in range(4):
        strain.judge(Vitals(lag_ms=LADDER.lag_ms[0]), LADDER)
        clock.forward(1)

    assert strain.state is State.BROWNOUT
    assert strain.why == ("lag_ms",)
    assert registry.get_sample_value("alice_state") == 1
    assert registry.get_sample_value("alice_state_changes_total", {"to": "brownout"}) == 1
    assert registry.get_sample_value("alice_vital", {"vital": "lag_ms"}) == LADDER.lag_ms[0]


async def test_a_process_feels_itself():
    strain = Strain(registry=CollectorRegistry())
    places = [strain.queue.enter("guest") for _ in range(7)]

    vitals = await strain.feel()

    assert vitals.answers == len(places)
    assert 0 < vitals.memory_percent <= 100
    assert vitals.lag_ms >= 0


async def test_a_blocked_event_loop_is_felt_as_lag():
    import asyncio
    import time

    strain = Strain(registry=CollectorRegistry())
    asyncio.get_running_loop().call_later(0.15, time.sleep, 0.5)

    assert (await strain.feel()).lag_ms >= 300


def test_what_staff_set_holds_until_its_time_is_up():
    clock, registry = FixedClock(), CollectorRegistry()
    strain = Strain(clock.monotonic, registry, clock.now)
    until = clock.now() + timedelta(minutes=5)
    forced = replace(LADDER, forced="emergency", forced_until=until, forced_why="övning")

    assert strain.judge(Vitals(), forced) is State.EMERGENCY
    assert strain.why == ("forced",)
    clock.forward(300)
    assert strain.judge(Vitals(), forced) is State.NORMAL


def test_a_forced_state_needs_an_end_and_a_reason():
    with pytest.raises(ValidationError):
        LadderSettings(forced="lockdown").clean()


@pytest.mark.django_db
def test_a_forced_state_survives_a_revision():
    forced = replace(
        LADDER, forced="brownout", forced_until=datetime(2027, 1, 1, tzinfo=UTC), forced_why="prov"
    )
    policy = Policy(ladder=forced)

    restore(policy)

    assert compiled().ladder == forced
    assert from_snapshot(to_snapshot(policy), 1).ladder == forced


@pytest.mark.django_db
def test_the_page_says_that_alice_is_strained(client, monkeypatch):
    said = "Alice har mycket att göra just nu. Svaren kan bli kortare."

    assert said not in client.get("/").text
    monkeypatch.setattr(STRAIN, "state", State.BROWNOUT)
    assert said in client.get("/").text


@pytest.mark.django_db
def test_the_console_shows_the_state_and_what_led_to_it(admin_client, monkeypatch):
    monkeypatch.setattr(STRAIN, "state", State.EMERGENCY)
    monkeypatch.setattr(STRAIN._climber, "why", ("lag_ms",))

    page = admin_client.get("/admin/guardian/laddersettings/1/change/").text

    assert "nödläge: händelseloopens eftersläpning" in page


def test_failures_of_models_are_seen_and_forgotten():
    from chat.core.errors import ModelFailed
    from chat.core.turn import Outcome

    clock = FixedClock()
    recent = Recent(clock.monotonic)
    for number in range(10):
        error = ModelFailed() if number < 4 else None
        recent.note(Outcome(a_turn(), error=error, first_word_ms=100.0 * number))

    assert recent.figures() == (800.0, 40.0)
    clock.forward(60)
    assert recent.figures() == (0.0, 0.0)


def test_the_time_in_line_is_none_of_the_models():
    from chat.core.turn import Outcome

    recent = Recent(FixedClock().monotonic)
    for _ in range(5):
        recent.note(Outcome(a_turn(), waited_ms=9_000.0, first_word_ms=9_500.0))
    recent.note(Outcome(a_turn(), waited_ms=None, error=Overloaded()))  # turned away from the line

    assert recent.figures() == (500.0, 0.0)


def test_each_state_is_judged_by_what_it_let_in():
    from chat.core.turn import Outcome

    clock = FixedClock()
    strain = Strain(clock.monotonic, CollectorRegistry())
    slow = Outcome(a_turn(), first_word_ms=9_000.0)
    for _ in range(5):
        strain.recent.note(slow)
    assert strain.recent.figures() == (9_000.0, 0.0)

    for _ in range(4):
        strain.judge(Vitals(lag_ms=LADDER.lag_ms[0]), LADDER)
        clock.forward(1)
    strain.recent.note(slow)  # opened while all was calm
    assert strain.recent.figures() == (0.0, 0.0)
    for _ in range(5):
        strain.recent.note(Outcome(a_turn(state=State.BROWNOUT), first_word_ms=100.0))
    assert strain.recent.figures() == (100.0, 0.0)


def test_who_is_turned_away_is_always_told_for_how_long():
    assert Overloaded().retry_after_s == 8
    assert Overloaded(retry_after_s=3).retry_after_s == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("state", "status", "told"),
    [
        (State.NORMAL, 200, "ok"),
        (State.BROWNOUT, 200, "degraded"),
        (State.EMERGENCY, 200, "degraded"),
        (State.LOCKDOWN, 503, "failed"),
    ],
)
def test_ready_tells_the_state(client, settings, monkeypatch, state, status, told):
    settings.REDIS_URL = ""
    monkeypatch.setattr(STRAIN, "state", state)

    response = client.get("/health/ready")

    assert response.status_code == status
    assert (response.json()["status"], response.json()["state"]) == (told, state.told)
