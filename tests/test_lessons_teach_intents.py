"""A lesson teaches what staff give as examples, and leaves the rest as it was."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.core.encoder import SwedishEncoder
from nlu.core.intents import IntentModel, shipped
from nlu.core.lessons import STRENGTH, BadLesson, Example, Lesson, learn
from nlu.core.trials import FOLDS, difference, fold_of, share, tally, trials_of
from nlu.training.messages import examples

PARCELS = [
    Example(text, "document_question")
    for text in (
        *("var är mitt paket", "spåra min leverans", "när kommer paketet fram"),
        *("har min försändelse skickats", "spåra paket", "vart tog leveransen vägen"),
    )
]
OTHERS = [
    ("hur blir vädret i Umeå i morgon", "weather_query"),
    ("väck mig klockan sju", "alarm_set"),
    ("tänd lampan i köket", "iot_hue_lighton"),
    ("berätta ett roligt skämt", "general_joke"),
]
ENCODER = SwedishEncoder.load()
MODEL = IntentModel.load(ENCODER, shipped("sv"))


def taught(told: Iterable[Example]) -> IntentModel:
    return MODEL.with_lesson(learn(MODEL, list(told)))


def test_what_was_taught_is_understood_surely() -> None:
    model = taught(PARCELS)

    for example in PARCELS:
        assert MODEL.read(example.text).intent != example.intent
        guess = model.read(example.text)
        assert (guess.intent, guess.confidence > 0.618) == (example.intent, True)
    assert model.read("kan du spåra mitt paket").intent == "document_question"


def test_other_messages_are_read_as_before() -> None:
    model = taught(PARCELS)

    for text, intent in OTHERS:
        assert MODEL.read(text).intent == model.read(text).intent == intent
        assert model.read(text).confidence == pytest.approx(MODEL.read(text).confidence, abs=0.02)


def test_what_is_known_already_pulls_nothing() -> None:
    lesson = learn(MODEL, [Example(*one) for one in OTHERS])

    assert [one.pulls for one in lesson.learnt] == [{}] * len(OTHERS)
    assert lesson.examples == sorted(Example(*one) for one in OTHERS)


def test_the_same_examples_give_the_same_lesson_in_any_order() -> None:
    assert learn(MODEL, PARCELS).packed() == learn(MODEL, PARCELS[::-1] + PARCELS[:1]).packed()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text("abcåäö 12?", min_size=0, max_size=30),
            st.sampled_from(("alarm_set", "qa_factoid", "weather_query")),
        ).map(lambda one: Example(*one)),
        max_size=8,
    )
)
def test_no_example_pulls_without_bound(told: list[Example]) -> None:
    """Not even those that contradict each other, or say nothing."""
    lesson = learn(MODEL, told)

    assert {one.example for one in lesson.learnt} == set(told)
    for example, pulls in lesson.learnt:
        assert sum(pulls.values()) == pytest.approx(0, abs=0.05)
        assert all(-STRENGTH - 0.01 <= pull <= STRENGTH + 0.01 for pull in pulls.values())
        assert all(pull < 0 or intent == example.intent for intent, pull in pulls.items())
    assert Lesson.unpacked(lesson.packed()) == lesson
    scores = MODEL.with_lesson(lesson).scores("väck mig")
    assert scores is not None and np.isfinite(scores).all()


def test_scores_are_the_models_and_what_each_example_adds() -> None:
    model = taught(PARCELS)
    place = MODEL.intents.index("document_question")
    before, after = MODEL.scores("spåra brevet"), model.scores("spåra brevet")
    told = model.why("spåra brevet", "document_question", 99)

    assert before is not None and after is not None
    pulled = sum(one.weight for one in told if one.kind == "example")
    assert after[place] - before[place] == pytest.approx(pulled, abs=1e-4)
    assert sum(one.weight for one in told) == pytest.approx(
        float(after[place] - MODEL.learnt.start[place]), abs=1e-3
    )


def test_a_lesson_is_for_one_model() -> None:
    english = IntentModel.load(ENCODER, shipped("en"))

    with pytest.raises(BadLesson, match="is for alice-intents"):
        english.with_lesson(learn(MODEL, PARCELS))
    with pytest.raises(BadLesson, match="which there is not"):
        MODEL.with_lesson(
            Lesson.unpacked(learn(MODEL, PARCELS).packed().replace(b"document_", b"doc_"))
        )


@pytest.mark.parametrize(
    "packed", [b"", b"[]", b'["a"]', b'["a",[["b"]]]', b'["a",[["b","c",{"d":"e"}]]]']
)
def test_a_damaged_lesson_is_told(packed: bytes) -> None:
    with pytest.raises(BadLesson, match="is damaged"):
        Lesson.unpacked(packed)


def test_a_trial_keeps_back_what_it_reads() -> None:
    shipped_ones = [Example(one.text, one.intent) for one in examples()][:40]
    heard: list[float] = []

    trials = trials_of(
        MODEL, [], [*PARCELS, *shipped_ones], own=frozenset(PARCELS), goes_on=heard.append
    )

    own = tally([one for one in trials if one.own])
    assert (own.count, own.before) == (len(PARCELS), 0)
    assert 1 < own.after < len(PARCELS)  # by what the others taught alone
    assert tally([one for one in trials if not one.own]).worse <= 1
    assert heard == sorted(heard) and heard[-1] == pytest.approx(1)


def test_a_trial_of_the_same_examples_changes_nothing() -> None:
    trials = trials_of(MODEL, PARCELS, PARCELS, own=frozenset(PARCELS))

    assert [one.before for one in trials] == [one.after for one in trials]


@given(st.text(max_size=20))
def test_what_is_written_alike_is_kept_back_together(text: str) -> None:
    folds = {fold_of(Example(each, "x")) for each in (text, f" {text}!")}
    assert folds <= set(range(FOLDS))
    assert fold_of(Example(text, "x")) == fold_of(Example(text, "y"))


@given(st.integers(0, 50), st.integers(0, 50))
def test_intervals_hold_their_share(some: int, others: int) -> None:
    count = some + others
    told, low, high = share(some, count)
    assert 0 <= low <= told <= high <= 1
    told, low, high = difference(some, others, count)
    assert -1 <= low <= told <= high <= 1


def test_intervals_are_those_of_the_books() -> None:
    assert share(81, 263) == pytest.approx((0.308, 0.2553, 0.3662), abs=1e-3)
