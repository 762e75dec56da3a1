"""What a slot means is told in codes and base forms, or not at all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.core.measures import UNITS
from nlu.core.values import READERS, Said, Value, value_of
from nlu.core.values.sweden import CITIES, COUNTIES
from nlu.core.values.ucum import in_ucum

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # ten o'clock on a Wednesday in Stockholm


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("date", "i övermorgon", Value("date", "2026-03-06")),
        ("time", "halv tre på eftermiddagen", Value("time", "T14:30")),
        ("time", "en kvart", Value("duration", "PT15M")),
        ("general_frequency", "varje dag", Value("recurring", "R/2026-03-04/P1D")),
        ("currency_name", "svenska kronan", Value("currency", "SEK")),
        ("currency_name", "u. s. d.", Value("currency", "USD")),
        ("change_amount", "till sju", Value("number", "7")),
        ("change_amount", "med två nivåer", Value("number", "2")),
        ("change_amount", "till tjugo procent", Value("share", "20", unit="%")),
        ("change_amount", "till hälften", Value("share", "50", unit="%")),
        ("change_amount", "till max", Value("share", "100", unit="%")),
        ("change_amount", "tjugotvå grader", Value("measure", "22", unit="Cel")),
        ("change_amount", "två mil", Value("measure", "20", unit="km")),
        ("change_amount", "tre kronor", Value("money", "3", unit="SEK")),
        ("change_amount", "lite", None),
        ("place_name", "stockholms", Value("city", "Stockholm", code="SE-AB")),
        ("place_name", "borås", Value("city", "Borås", code="SE-O")),
        ("place_name", "Gotlands", Value("county", "Gotland", code="SE-I")),
        ("place_name", "Örebro", Value("city", "Örebro", code="SE-T")),
        ("place_name", "Örebro län", Value("county", "Örebro", code="SE-T")),
        ("place_name", "västra götalands län", Value("county", "Västra Götaland", code="SE-O")),
        ("place_name", "Tysklands", Value("country", "Tyskland", code="DE")),
        ("place_name", "u. s. a.", Value("country", "USA", code="US")),
        ("place_name", "Skottland", Value("country", "Skottland", code="GB-SCT")),
        ("place_name", "Sveavägen", Value("place", "Sveavägen")),
        ("place_name", "Texas", Value("place", "Texas")),
        ("person", "johans", Value("person", "Johan")),
        ("person", "Jonas", Value("person", "Jonas")),
        ("person", "marias", Value("person", "Maria")),
        ("person", "magnus", Value("person", "Magnus")),
        ("person", "stefan löfvens", Value("person", "Stefan Löfven")),
        ("person", "carl von linné", Value("person", "Carl von Linné")),
        ("relation", "mammas", Value("relation", "mamma", code="mother")),
        ("relation", "min farmors", Value("relation", "farmor", code="grandmother")),
        ("relation", "svärmor", Value("relation", "svärmor", code="mother_in_law")),
        ("relation", "laget", None),
        ("device_type", "skrivbordslampan", Value("device", "lampa", code="light")),
        ("device_type", "robotdammsugaren", Value("device", "dammsugare", code="vacuum")),
        ("device_type", "lampan bredvid tv:n", Value("device", "lampa", code="light")),
        ("device_type", "riskokarens uttag", Value("device", "uttag", code="plug")),
        ("device_type", "utjämnaren", None),
        ("house_place", "vardagsrummets", Value("room", "vardagsrum", code="living_room")),
        ("house_place", "badrumslampor", Value("room", "badrum", code="bathroom")),
        ("color_type", "rött", Value("colour", "röd", code="#FF0000")),
        ("color_type", "romantisk", None),
        ("time_zone", "g. m. t.", Value("time_zone", "Etc/GMT")),
        ("time_zone", "stillahavstid", Value("time_zone", "America/Los_Angeles")),
        ("time_zone", "min tidszon", None),
        ("email_address", "jens snabel a. gmail punkt kom", Value("email", "jens@gmail.com")),
        ("email_address", "jens snabel a.", None),
        ("meal_type", "middagen", Value("meal", "middag", code="dinner")),
        ("order_type", "hämtmat", Value("order", "avhämtning", code="takeaway")),
        ("transport_type", "tågbiljetter", Value("transport", "tåg", code="train")),
        ("song_name", "Eld och lågor", Value("text", "Eld och lågor")),
    ],
)  # fmt: skip
def test_swedish_slots_are_read(name, text, value):
    assert value_of(name, Said(text, NOW, "Europe/Stockholm")) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("place_name", "Germany", Value("country", "Germany", code="DE")),
        ("place_name", "Gothenburg's", Value("city", "Göteborg", code="SE-O")),
        ("person", "john's", Value("person", "John")),
        ("person", "chris", Value("person", "Chris")),
        ("relation", "my mother's", Value("relation", "mother", code="mother")),
        ("device_type", "lamp next to the sofa", Value("device", "light", code="light")),
        ("house_place", "the master bedroom", Value("room", "bedroom", code="bedroom")),
        ("color_type", "dark blue", Value("colour", "dark blue", code="#00008B")),
        ("currency_name", "british pound", Value("currency", "GBP")),
        ("change_amount", "by half", Value("share", "50", unit="%")),
        ("change_amount", "to sixty five percent", Value("share", "65", unit="%")),
        ("time", "three p. m.", Value("time", "T15:00")),
    ],
)
def test_english_slots_are_read(name, text, value):
    assert value_of(name, Said(text, NOW, "Europe/Stockholm", "en")) == value


def test_measures_have_codes_that_machines_read():
    lacking = {unit.pint for unit in UNITS.values() if in_ucum(1, unit) is None}

    # 14 000 square ells, 735.5 W: UCUM has neither
    assert lacking <= {"metric_horsepower"}, lacking


def test_each_county_is_told_once():
    codes = [code for _, code in COUNTIES.values()]

    assert len(codes) == len(set(codes)) == 21
    assert {county for _, county in CITIES.values()} == set(codes)


@pytest.mark.parametrize("name", sorted(READERS))
@given(text=st.text(max_size=40), language=st.sampled_from(("sv", "en")))
def test_nothing_that_is_written_disturbs(name, text, language):
    value = value_of(name, Said(text, NOW, "Europe/Stockholm", language))

    assert value is None or (value.kind and value.value)
