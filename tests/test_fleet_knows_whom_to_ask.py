"""The fleet of model servers: order, balance, models by name, and what is known of each."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from chat.core.errors import NoSuchModel
from chat.core.policy import Backend, Policy, Routing
from chat.llm.fleet import Fleet
from tests.fakes import FixedClock
from tests.model_server import ModelServer

ONE = Backend("one", url="http://127.0.0.1:1", model="stor")
TWO = Backend("two", url="http://127.0.0.1:2", model="mellan")
THREE = Backend("three", url="http://127.0.0.1:3", model="liten")


def a_fleet(**parts):
    return Fleet(**{"clock": FixedClock(), "default": None, "rng": lambda: 0.0, **parts})


def a_policy(*backends, **routing):
    return Policy(backends=backends, routing=Routing(**routing))


async def names(fleet, policy, wanted=None):
    return [choice.name for choice in await fleet.choices(policy, wanted)]


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


async def test_back_ends_are_asked_in_order_and_never_those_switched_off():
    policy = a_policy(ONE, replace(TWO, enabled=False), THREE)

    assert await names(a_fleet(), policy) == ["one", "three"]


async def test_a_back_end_without_a_model_of_its_own_follows_the_policy():
    plain = replace(ONE, model="")

    (choice,) = await a_fleet().choices(a_policy(plain))
    (training,) = await a_fleet().choices(a_policy(plain, training_mode=True))

    assert (choice.model, training.model) == ("qwen2.5:3b", "qwen2.5:0.5b")


async def test_an_edit_keeps_what_is_known_of_a_back_end():
    fleet = a_fleet()
    (before,) = await fleet.choices(a_policy(ONE))
    (after,) = await fleet.choices(a_policy(replace(ONE, name="nytt namn", model="annan")))

    assert after.server is before.server and after.breaker is before.breaker


async def test_the_golden_balance_shares_turns_by_weight():
    draws = iter((n + 0.5) / 1000 for n in range(1000))
    fleet = a_fleet(rng=lambda: next(draws))
    policy = a_policy(ONE, TWO, THREE, phi_balancer=True)

    first = Counter([(await names(fleet, policy))[0] for _ in range(1000)])

    # φ, φ⁻¹ and φ⁻² add up to φ² = 2.618.
    assert first == {"one": 618, "two": 236, "three": 146}


async def test_the_others_follow_in_order():
    policy = a_policy(ONE, TWO, THREE, phi_balancer=True)

    assert await names(a_fleet(rng=lambda: 0.999), policy) == ["three", "one", "two"]


async def test_a_broken_back_end_gets_no_share_of_the_balance():
    fleet, policy = a_fleet(), a_policy(ONE, TWO, THREE, phi_balancer=True)
    one, *_ = await fleet.choices(policy)
    for _ in range(3):
        one.breaker.failed()

    assert await names(fleet, policy) == ["two", "one", "three"]
    assert [standing.state for standing in fleet.standings(policy)] == ["open", "closed", "closed"]


async def test_alice_stands_for_the_default_model():
    assert await names(a_fleet(), a_policy(ONE, TWO), "alice") == ["one", "two"]


async def test_a_configured_model_is_known_without_asking():
    (choice,) = await a_fleet().choices(a_policy(ONE, TWO), "mellan")

    assert (choice.name, choice.model) == ("two", "mellan")


async def test_a_listed_model_is_found_and_asked_for(server):
    server.models = ("qwen2.5:3b", "llama3.2:latest")
    fleet, policy = a_fleet(), a_policy(Backend("o", url=server.ollama_url))

    (choice,) = await fleet.choices(policy, "llama3.2")

    assert choice.model == "llama3.2"
    assert not await fleet.knows(policy, "gpt-99")
    assert server.paths == ["/api/tags"]  # the list is believed for a while


async def test_the_list_is_fetched_anew_after_a_while(server):
    clock = FixedClock()
    fleet, policy = a_fleet(clock=clock), a_policy(Backend("o", url=server.ollama_url))
    await fleet.models(policy)
    server.models = ("ny",)
    clock.forward(6)

    assert ("ny", "o") in await fleet.models(policy)


async def test_models_are_listed_with_their_back_end(server):
    backends = (Backend("o", url=server.ollama_url), replace(ONE, kind="openai"))

    models = await a_fleet().models(a_policy(*backends))

    assert models == (("qwen2.5:3b", "o"), ("stor", "one"), ("qwen2.5:0.5b", "o"))


async def test_a_back_end_that_can_not_be_asked_may_have_the_model():
    assert await names(a_fleet(), a_policy(ONE), "okänd") == ["one"]


async def test_a_name_is_unknown_where_there_is_no_back_end_but_our_own_models_are_not():
    with pytest.raises(NoSuchModel):
        await a_fleet().choices(a_policy(), "gpt-99")

    assert await names(a_fleet(), a_policy(), "qwen2.5:3b") == []


async def test_the_default_is_looked_for_seldom_while_it_is_missing(server):
    clock, policy = FixedClock(), a_policy()
    server.list_after_s = 30
    fleet = a_fleet(clock=clock, default=Backend("o", url=server.ollama_url))

    for _ in range(5):
        assert await names(fleet, policy) == []
    assert len(server.paths) == 1

    server.list_after_s = 0
    clock.forward(1.1)
    assert await names(fleet, policy) == ["o"]


async def test_the_default_is_not_looked_for_where_a_back_end_is_configured(server):
    fleet = a_fleet(default=Backend("o", url=server.ollama_url))

    assert await names(fleet, a_policy(ONE)) == ["one"]
    assert server.paths == []


async def test_the_key_is_read_from_the_environment(server):
    backend = Backend("o", kind="openai", url=server.openai_url, key_env="MIN_NYCKEL")
    fleet = a_fleet(environ={"MIN_NYCKEL": "hemlig"})

    await fleet.models(a_policy(backend))

    assert server.headers[0]["authorization"] == "Bearer hemlig"


async def test_back_ends_that_are_gone_from_the_policy_are_let_go(server):
    clock = FixedClock()
    fleet = a_fleet(clock=clock)
    gone = a_policy(Backend("o", url=server.ollama_url))
    (before,) = await fleet.choices(gone)
    clock.forward(100)

    await fleet.choices(a_policy(ONE))
    await fleet.choices(a_policy(ONE))
    await asyncio.sleep(0)

    (after,) = await fleet.choices(gone)
    assert after.server is not before.server
