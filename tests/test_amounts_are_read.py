"""Amounts in running text become numbers with codes of currencies and signs of units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.core.amounts import amounts_in, currency_called, number_in
from nlu.core.measures import UNITS, in_si


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("lägg till tre dl mjölk", ["3 dl"]),
        ("höj med tjugo procent", ["20 %"]),
        ("sänk 15 %", ["15 %"]),
        ("hur mycket är 100 kr i euro", ["100 SEK"]),
        ("hur mycket är hundra svenska kronor", ["100 SEK"]),
        ("två och en halv miljon norska kronor", ["2500000 NOK"]),
        ("1,5 miljarder kronor", ["1500000000 SEK"]),
        ("det kostar $20 eller 18,50 €", ["20 USD", "18.5 EUR"]),
        ("den kostar 49:- styck", ["49 SEK"]),
        ("5,5 km och 1 250 meter", ["5.5 km", "1250 m"]),
        ("det är minus fem grader ute", ["-5 °C"]),
        ("köp ett halvt kilo färs och en liter mjölk", ["0.5 kg", "1 liter"]),
        ("fyra pund sterling", ["4 GBP"]),
        ("spring åtta mil", ["8 mil"]),
        ("fyll i 2 av 3", []),
        ("hur många kronor går det på en euro", ["1 EUR"]),
        ("kronor", []),
        ("", []),
    ],
)
def test_amounts_are_found(text, amounts):
    assert [str(one) for one in amounts_in(text)] == amounts


def test_an_amount_tells_where_it_stands():
    (one,) = amounts_in("Ta Tre Dl mjölk")

    assert (one.start, one.end, one.text, one.kind) == (3, 9, "Tre Dl", "measure")


def test_a_measure_can_be_told_in_si():
    assert in_si(Decimal(3), UNITS["dl"]) == (Decimal("0.0003"), "m³")
    assert in_si(Decimal(2), UNITS["mil"]) == (Decimal(20_000), "m")
    assert in_si(Decimal(0), UNITS["grader"]) == (Decimal("273.15"), "K")


@pytest.mark.parametrize(
    ("name", "code"),
    [("Kronor", "SEK"), ("US-dollar", "USD"), ("danska kronor", "DKK"), ("schyssta", None)],
)
def test_currencies_have_codes(name, code):
    assert currency_called(name) == code


@pytest.mark.parametrize(
    ("phrase", "value"),
    [("tjugotvå", 22), ("1/2", Decimal("0.5")), ("tre komma fem", Decimal("3.5")), ("hej", None)],
)
def test_numbers_are_read(phrase, value):
    assert number_in(phrase) == value


@given(st.text(max_size=80))
def test_nothing_that_is_written_disturbs(text):
    for one in amounts_in(text):
        assert text[one.start : one.end] == one.text
