"""Words are read however their signs are encoded, and point into the text that they stand in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.core.features import words_of
from nlu.core.slot_features import cut
from nlu.core.slot_words import read_words
from nlu.core.tokens import cleaned, tokens_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hej,  Alice!", ["hej", "alice"]),
        ("Heeej snällaaa", ["hej", "snälla"]),
        ("va\u030ar a\u0308r du", ["vår", "är", "du"]),
        ("ｖäｄｅｒ １２", ["väder", "12"]),
        ("väd\u200bret \ufeffnu", ["vädret", "nu"]),
        ("what’s don't", ["what", "s", "don", "t"]),
        ("ﬁlm", ["film"]),
        ("½ m²", ["½", "m²"]),
        ("🎵 e-post", ["e", "post"]),
        ("", []),
    ],
)
def test_words_are_read_however_they_are_encoded(text: str, words: list[str]) -> None:
    assert [one.word for one in tokens_of(text)] == words == words_of(text)


@given(st.text())
def test_places_are_of_the_text_and_in_order(text: str) -> None:
    at = 0
    for word, start, end in tokens_of(text):
        assert word and at <= start < end <= len(text)
        assert [one.word for one in tokens_of(text[start:end])] == [word]
        at = end


@given(st.text())
def test_reading_again_changes_nothing(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@given(st.text(alphabet="abcåäö ABCÅÄÖ.,-'12%"))
def test_clean_text_is_only_lowered(text: str) -> None:
    assert cleaned(text) == text.lower()


@given(st.text())
def test_slots_words_have_the_places_they_were_cut_at(text: str) -> None:
    places = cut(text)
    words = [text[start:end] for start, end in places]
    assert [one[1:3] for one in read_words(words, places, None)] == places


def test_a_long_text_takes_little_time() -> None:
    started = time.perf_counter()
    for text in ("å" * 10_000, "a\u0308" * 5_000, "a " * 5_000, "\u200b" * 10_000):
        tokens_of(text)
        words_of(text)
    assert time.perf_counter() - started < 1
