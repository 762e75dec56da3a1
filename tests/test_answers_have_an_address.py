"""An answer is kept where only those find it who would have been given just that answer."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.address import address_of
from chat.core.policy import Answer, Backend, Policy, Routing
from chat.core.turn import Caller, Options, Said
from tests.fakes import MEMBER, a_turn

CONTEXT = (Said("user", "Blir det regn?"), Said("assistant", "Nej."))


def scope_of(**fields: Any) -> str:
    return address_of(a_turn(question="och i morgon?", **fields)).scope


def key_of(question: str) -> str:
    return address_of(a_turn(question=question)).key


@pytest.mark.parametrize(
    "fields",
    [
        {"caller": replace(MEMBER, tenant="lund")},
        {"language": "en"},
        {"tools": ("calculator",)},
        {"context": CONTEXT},
        {"options": Options(model="qwen2.5:7b")},
        {"options": Options(max_tokens=5)},
        {"options": Options(temperature=0.5)},
        {"options": Options(stop=("slut",))},
        {"policy": Policy(routing=Routing(system_prompt="Svara på vers."))},
        {"policy": Policy(routing=Routing(training_mode=True))},
        {"policy": Policy(backends=(Backend("gpu", model="qwen2.5:7b"),))},
        {"policy": Policy(answers=(Answer("tider", ("när är det öppet",), "10–18."),))},
    ],
)
def test_whatever_shapes_an_answer_is_part_of_its_scope(fields: dict[str, Any]):
    assert scope_of(**fields) != scope_of()


def test_an_edited_answer_leaves_the_old_one_behind():
    before, after = (
        Policy(answers=(Answer("tider", ("när är det öppet",), text),))
        for text in ("10–18.", "10–20.")
    )

    assert scope_of(policy=before) != scope_of(policy=after)


def test_another_revision_that_shapes_no_answer_keeps_the_cache():
    assert scope_of(policy=Policy(revision=7)) == scope_of(policy=Policy(revision=8))


def test_two_people_share_what_leans_on_nothing_and_nothing_else():
    other = replace(MEMBER, person="user:2")

    assert scope_of(caller=other) == scope_of()
    assert scope_of(caller=other, context=CONTEXT) != scope_of(context=CONTEXT)


@given(st.text(), st.text(), st.text(), st.text())
def test_no_name_can_be_made_to_reach_into_another_scope(tenant, person, his_tenant, his_person):
    mine, his = (
        scope_of(caller=Caller(tenant=where, person=who), context=CONTEXT)
        for where, who in ((tenant, person), (his_tenant, his_person))
    )

    assert (mine == his) == ((tenant, person) == (his_tenant, his_person))


@pytest.mark.parametrize("other", ["vad är  klockan? ", "Vad är klockan?", " vad är klockan?\n"])
def test_spaces_and_the_first_letter_never_matter(other: str):
    assert key_of(other.strip()) == key_of("vad är klockan?")


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("vad är 5 mW i W", "vad är 5 MW i W"),
        ("vad gör ls -l", "vad gör ls -L"),
        ("vad gör:\nif a:\n    b\nc", "vad gör:\nif a:\n    b\n    c"),
    ],
)
def test_capitals_and_indents_do(question: str, other: str):
    assert key_of(question) != key_of(other)
