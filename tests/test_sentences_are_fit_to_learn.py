"""Sentences written for training name known intents; each is said once and meant one way."""

from collections import Counter

import pytest

from nlu.core.features import words_of
from nlu.core.traits import traits
from nlu.training.messages import LOCALES, SENTENCE_WEIGHT, examples, sentences


@pytest.mark.parametrize("language", LOCALES)
def test_every_sentence_names_a_known_intent(language: str) -> None:
    assert {one.intent for one in sentences(language)} <= set(traits())


@pytest.mark.parametrize("language", LOCALES)
def test_no_sentence_is_told_twice(language: str) -> None:
    """Nor twice in other cases or signs, with another intent, or among the examples."""
    told = [*sentences(language), *examples()]
    counted = Counter(" ".join(words_of(one.text)) for one in told)
    assert [text for text, times in counted.items() if times > 1 or not text] == []


def test_a_sentence_counts_as_much_as_is_set() -> None:
    assert {one.weight for one in sentences("sv")} == {SENTENCE_WEIGHT}
    assert {one.weight for one in sentences("sv", weight=0.25)} == {0.25}
