"""Number words are read when a phrase is a number and nothing else."""

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from nlu.core.numbers import figure, number_of
from nlu.core.text import fold


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("noll", "0"),
        ("en", "1"),
        ("tolv", "12"),
        ("tjugotre", "23"),
        ("tjugo tre", "23"),
        ("sjuttiosju", "77"),
        ("tolvhundrafemtio", "1250"),
        ("nittonhundraåttiofyra", "1984"),
        ("nittonhundraattiofyra", "1984"),
        ("hundra", "100"),
        ("hundra och fem", "105"),
        ("ettusen", "1000"),
        ("etttusen", "1000"),
        ("tvåtusen tjugosex", "2026"),
        ("tvatusentjugosex", "2026"),
        ("två miljoner", "2000000"),
        ("en miljard tre", "1000000003"),
        ("två miljoner trehundra tusen", "2300000"),
        ("en och en halv", "1.5"),
        ("två och ett halvt", "2.5"),
        ("tre komma fem", "3.5"),
        ("tre komma noll fem", "3.05"),
        ("tre komma ett fyra ett", "3.141"),
        ("sjuttiofem komma tjugofem", "75.25"),
        ("minus fem", "-5"),
        ("trekvart", "0.75"),
        ("en halv", "0.5"),
        ("tre fjärdedelar", "0.75"),
        ("ett dussin", "12"),
        ("Tjugo", "20"),
        ("forty-two", "42"),
        ("one hundred and five", "105"),
        ("a hundred", "100"),
        ("two thousand five hundred", "2500"),
        ("three point one four", "3.14"),
        ("two and a half", "2.5"),
        ("minus seven", "-7"),
        ("1250", "1250"),
        ("1 250,5", "1250.5"),
        ("1\u00a0250\u00a0000", "1250000"),
        ("3.14", "3.14"),
        ("1.250.000,50", "1250000.50"),
        ("−4", "-4"),
        ("1½", "1.5"),
        ("¾", "0.75"),
        ("ett halvt", "0.5"),
    ],
)
def test_a_number_is_read(phrase: str, value: str) -> None:
    assert number_of(phrase) == Decimal(value)


NO_NUMBERS = """
    kapitel tre | fem två | tjugotva hundra tjugo | tre barn | och | komma fem | tjugonoll | minus
    hundra miljoner tusen miljoner | en hund | 3 st | 1.2.3 | 10 20 | tio tio | 1 25 | ett ett | ٣
""".replace("\n", "|")


@pytest.mark.parametrize(
    "phrase", ["", "x" * 500, "9" * 500, *(part.strip() for part in NO_NUMBERS.split("|"))]
)
def test_anything_else_is_no_number(phrase: str) -> None:
    assert number_of(phrase) is None


def test_a_comma_groups_thousands_in_english_only() -> None:
    assert figure("1,250", language="en") == 1250
    assert figure("1,250", language="sv") == Decimal("1.250")
    assert figure("1,250.50", language="sv") == Decimal("1250.50")


def test_whole_numbers_are_read_as_another_library_writes_them() -> None:
    """In both languages, with and without Swedish letters, whole or in parts."""
    picked = random.Random(89)
    for number in [*range(2100), *(picked.randrange(100_001) for _ in range(2000)), 100_000]:
        swedish = num2words(number, lang="sv")
        for phrase in (swedish, fold(swedish), swedish.replace(" ", "")):
            assert number_of(phrase) == number, phrase
        assert number_of(num2words(number, lang="en").replace(",", "")) == number


@given(st.text(max_size=150))
def test_any_text_is_read_or_left(text: str) -> None:
    assert number_of(text) is None or isinstance(number_of(text), Decimal)
