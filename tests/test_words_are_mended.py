"""Words that a model does not know are read as they were meant; those that it knows stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.core.encoder import SwedishEncoder
from nlu.core.lexicon import BadWordsFile, Lexicon, lexicon
from nlu.core.mending import Mender
from nlu.core.slips import cost_of_slips
from nlu.core.understanding import Understanding

WORDS = """
    vad är klockan hur blir vädret väckarklockan kalenderhändelse för mig sätt på stäng av alla larm
    lampan hej jag ska du någon de till för imorgon väckning klocka
"""
PHRASES = [*WORDS.split(), "stäng av", "vad är", "ska du"]


def mended(text: str, language: str = "sv") -> str:
    mender = Mender(PHRASES, language)
    return " ".join(one.word for one in mender.mend(text.split()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vad ar klockan", "vad är klockan"),
        ("hur blir vaedret", "hur blir vädret"),
        ("hur blir vädrret", "hur blir vädret"),
        ("vad är klokcan", "vad är klockan"),
        ("stängav lampan", "stäng av lampan"),
        ("kalender händelse", "kalenderhändelse"),
        ("heeej alllla", "hej alla"),
        ("ska ru", "ska du"),
        ("skaru", "ska du"),
        ("va e klockan", "vad är klockan"),
        ("nån", "någon"),
        ("dom", "de"),
    ],
)
def test_what_was_meant_is_read(typed: str, meant: str) -> None:
    assert mended(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "vad är klockan",
        "stäng av larm",
        "ring åsa och göran",  # words of the language, though not of the model
        "spela abba i sundsvall",
        "klockans",  # whose it is
        "nittioett hundratvå",
        "p3 15:30",
        "xqz",
        "日本語 العربية",
    ],
)
def test_what_may_be_right_stays(text: str) -> None:
    assert mended(text) == text


def test_english_forms_are_the_words_they_stand_for() -> None:
    mender = Mender(["what", "s", "don", "t", "the", "weather"], "en")
    assert [one.word for one in mender.mend(["whats", "the", "wether"])] == [
        "what",
        "s",
        "the",
        "weather",
    ]
    assert [one[1:] for one in mender.mend(["dont", "the"])] == [(0, 0), (0, 0), (1, 1)]


def test_a_joined_word_tells_both_that_it_was() -> None:
    mender = Mender(PHRASES, "sv")
    assert mender.mend(["hej", "kalender", "händelse"]) == [
        ("hej", 0, 0),
        ("kalenderhändelse", 1, 2),
    ]


def test_easy_slips_cost_less() -> None:
    assert cost_of_slips("klokcan", "klockan", 1) < cost_of_slips("klorkan", "klockan", 2)
    assert cost_of_slips("vadret", "vädret", 1) < cost_of_slips("vzdret", "vädret", 1)
    assert cost_of_slips("vädrret", "vädret", 1) < cost_of_slips("vädpret", "vädret", 1)
    assert cost_of_slips("helgxen", "helgen", 1) > cost_of_slips("helhgen", "helgen", 1)
    assert cost_of_slips("hekgen", "helgen", 1) == cost_of_slips("hrlgen", "helgen", 1)


@pytest.mark.parametrize("word", ["pausat", "sommartider", "kalenderevent", "svart"])
def test_forms_compounds_and_words_with_fewer_dots_stay(word: str) -> None:
    mender = Mender(["pausa", "sommartid", "kalender", "event", "svårt"], "sv")
    assert mender.meant(word) == (word,)
    assert cost_of_slips("abcd", "dcba", 2) == float("inf")
    assert cost_of_slips("same", "same", 0) == 0


@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_words_are_mended_and_none_is_lost(words: list[str]) -> None:
    mender = Mender(PHRASES, "sv")
    found = mender.mend(words)
    covered = [at for one in found for at in range(one.first, one.last + 1)]
    assert sorted(set(covered)) == list(range(len(words)))


@given(st.sampled_from(PHRASES[:-3]))
def test_known_words_are_never_changed(word: str) -> None:
    assert Mender(PHRASES, "sv").meant(word) == (word,)


def test_mending_takes_little_time() -> None:
    mender = Mender(PHRASES, "sv")
    started = time.perf_counter()
    mender.mend([f"klo{'abcdefghij'[at % 10]}{'klmnopqrst'[at // 10 % 10]}an" for at in range(60)])
    mender.mend(["a" * 10_000, "ao" * 5_000])
    assert time.perf_counter() - started < 2


def test_the_lexicon_knows_how_common_a_word_is() -> None:
    words = lexicon("sv")
    common, rare = words.class_of("klockan"), words.class_of("husera")
    assert common is not None and rare is not None and common < rare
    assert words.class_of("klokcan") is None
    assert words.class_of("\0") is None and words.class_of("日本") is None
    assert ("klockan", common) in words.sharing("klokcan", 1)


def test_damaged_words_are_refused(tmp_path) -> None:
    (tmp_path / "words.xz").write_bytes(b"not this")
    with pytest.raises(BadWordsFile):
        Lexicon.load(tmp_path / "words.xz")
    with pytest.raises(BadWordsFile):
        Lexicon.load(tmp_path / "none.xz")


def test_slots_keep_the_text_as_it_was_typed() -> None:
    read = Understanding.load(SwedishEncoder.load()).read
    text = "Vack mig pa frdag klockan sju"
    reading = read(text)
    assert reading.intent == "alarm_set"
    assert "frdag" in [slot.text for slot in reading.slots]
    assert all(text[slot.start : slot.end] == slot.text for slot in reading.slots)
