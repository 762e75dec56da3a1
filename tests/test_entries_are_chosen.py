"""A choice takes just the entries that agree with all it says."""

from dataclasses import replace

import pytest

from fibcache.core.choice import Choice
from fibcache.core.entry import Entry
from fibcache.core.store import Kept
from fibcache.core.tiers import TIERS, Standing

ENTRY = Entry(
    key="k1",
    scope="s",
    question="Hur lång är Storsjön?",
    events=(),
    route="planner",
    text_chars=5,
    tenant="alice",
    intent="open",
    model="qwen2.5:3b",
    revision=3,
    documents=("fakta",),
)


def kept(verified: int = 1, **fields: object) -> Kept:
    return Kept(replace(ENTRY, **fields), Standing(made_s=0, rose_s=0, verified=verified))


def takes(choice: Choice, one: Kept | None = None) -> bool:
    return choice.takes(one or kept(), TIERS)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ({"key": "k1"}, {"key": "k2"}),
        ({"tier": "L2"}, {"tier": "L1"}),
        ({"route": "planner"}, {"route": "tool"}),
        ({"intent": "open"}, {"intent": "clock"}),
        ({"model": "qwen2.5:3b"}, {"model": "qwen2.5"}),
        ({"document": "fakta"}, {"document": "fak"}),
        ({"revision": 3}, {"revision": 0}),
        ({"tenant": "alice"}, {"tenant": "grannen"}),
        ({"text": "STORSJÖN hur"}, {"text": "storsjön inte"}),
    ],
)
def test_each_field_narrows(right, wrong):
    assert takes(Choice(**right))
    assert not takes(Choice(**wrong))
    assert not takes(Choice(**right, person="user:7"))


def test_an_empty_choice_means_them_all():
    assert Choice().everything and takes(Choice()) and takes(Choice(), kept(person="user:1"))
    assert not Choice(tenant="alice").everything


def test_what_one_person_asked_is_found_by_person_and_never_by_words():
    own = kept(person="user:1")

    assert takes(Choice(person="user:1"), own)
    assert not takes(Choice(text="storsjön"), own)


def test_a_choice_is_told_without_its_words():
    assert Choice(tier="L1", revision=0, text="hemligt").told() == "tier=L1 revision=0 text=…"
    assert Choice().told() == "*"
