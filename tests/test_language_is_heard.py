"""The language of a short message is heard, or honestly left to the caller's own."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from nlu.core.language import language_of
from nlu.core.letters import BadLettersFile, Letters
from nlu.core.text import normal, plain


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("vad är klockan", "sv"),
        ("vad ar klockan i tokyo", "sv"),
        ("hej", "sv"),
        ("tack", "sv"),
        ("hur mår du", "sv"),
        ("Berätta om Sveriges historia", "sv"),
        ("hur langt ar 26,2 miles i km", "sv"),
        ("jag vill boka ett möte med min chef", "sv"),
        ("skriv en python-funktion som läser en fil", "sv"),
        ("what time is it", "en"),
        ("hi", "en"),
        ("thanks", "en"),
        ("capital of France", "en"),
        ("How many days until Christmas?", "en"),
        ("convert 5 feet to cm", "en"),
        ("who are you", "en"),
        ("hva er klokken", "other"),
        ("was ist das", "other"),
        ("¿qué hora es?", "other"),
        ("bonjour, comment ça va", "other"),
        ("mikä kello on", "other"),
        ("Что это такое", "other"),
        ("こんにちは", "other"),
    ],
)
def test_a_language_is_heard(text: str, language: str) -> None:
    for fallback in ("sv", "en"):
        heard = language_of(text, fallback)
        assert heard.language == language
        assert 0 < heard.confidence < 1


@pytest.mark.parametrize(
    "text", ["", "12 + 12", "tokyo", "ok", "python", "i", "3 msk", "???", "🎉"]
)
def test_too_little_is_left_to_the_callers_language(text: str) -> None:
    assert language_of(text, "sv") == ("sv", 0.0)
    assert language_of(text, "en") == ("en", 0.0)


def test_more_words_make_more_sure() -> None:
    short, long = language_of("hej"), language_of("hej, vad är det för dag i dag och hur mår du")
    assert short.confidence < long.confidence


@given(st.text(max_size=600))
def test_any_text_has_a_language(text: str) -> None:
    heard = language_of(text, "sv")
    assert heard.language in ("sv", "en", "other")
    assert 0 <= heard.confidence <= 1


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Heeej,  Alice!", "hej alice"),
        ("HEJ\n\talice…", "hej alice"),
        ("Va\u030ar a\u0308r du?", "vår är du"),
        ("tackkkk!!!", "tack"),
        ("15 % av 3", "15 % av 3"),
    ],
)
def test_the_same_words_are_the_same_however_typed(text: str, same: str) -> None:
    assert normal(text) == same


def test_accents_do_not_matter_in_the_plain_form() -> None:
    assert plain("Vad är klockan på Café Ö?") == "vad ar klockan pa cafe o"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("kalenderhändelser", "sv"),
        ("väck mig", "sv"),
        ("stäng lampan", "sv"),
        ("play music", "en"),
        ("turn lights off", "en"),
        ("regent het buiten", "other"),
    ],
)
def test_letters_tell_where_no_common_word_does(text: str, language: str) -> None:
    assert language_of(text, "").language == language


HELD_OUT = Path(__file__).parent / "languages.jsonl"


def test_messages_with_a_language_are_measured() -> None:
    out = StringIO()
    call_command("evaluate", "language", str(HELD_OUT), "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["n"] == sum(of["n"] for of in figures["by_length"].values()) == 116
    assert figures["accuracy"] > 0.65
    out = StringIO()
    call_command("evaluate", "language", str(HELD_OUT), stdout=out)
    assert "alla" in out.getvalue() and "other: " in out.getvalue()


@pytest.mark.parametrize("text", ["", "{", '{"text": "hej"}'])
def test_a_file_without_languages_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(text)
    with pytest.raises(CommandError, match=r"rows\.jsonl"):
        call_command("evaluate", "language", str(path))


def test_letters_are_kept_whole(tmp_path: Path) -> None:
    path = tmp_path / "languages.npz"
    path.write_bytes(Letters.load().packed())
    assert np.allclose(Letters.load(path).odds(["hej"]), Letters.load().odds(["hej"]))
    path.write_bytes(path.read_bytes()[:99])
    with pytest.raises(BadLettersFile, match=r"languages\.npz"):
        Letters.load(path)
    with pytest.raises(BadLettersFile, match="none"):
        Letters.load(tmp_path / "none")
