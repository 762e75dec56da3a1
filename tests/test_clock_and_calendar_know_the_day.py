"""The clock and the calendar answer as of the moment they are asked in, where the caller is."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.tools.base import ToolContext, ToolTrouble
from chat.tools.calendar import ASKS, Calendar
from chat.tools.clock import Clock
from nlu.core.dates import date_of
from nlu.core.feasts import feast_called

NOW = datetime(2026, 11, 23, 14, 4, tzinfo=UTC)
SWEDISH, ENGLISH = ToolContext(NOW), ToolContext(NOW, language="en")


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    Clock().warm()
    Calendar().warm()


def answer(text: str, context: ToolContext = SWEDISH) -> str | None:
    for tool in (Clock(), Calendar()):
        arguments = tool.read(text, context)
        if arguments is not None:
            return tool.run(arguments, context).replace("\u00a0", " ")
    return None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vad är klockan?", "Klockan är 15:04."),
        ("Vad ar klockan", "Klockan är 15:04."),
        ("klockan?", "Klockan är 15:04."),
        ("hur mycket är klockan", "Klockan är 15:04."),
        ("hej, vad är klockan just nu?", "Klockan är 15:04."),
        ("vilken tid är det", "Klockan är 15:04."),
        ("hur dags är det", "Klockan är 15:04."),
        ("vad är klockan i Tokyo?", "Klockan är 23:04 i Tokyo."),
        ("vad är klockan i new york nu", "Klockan är 09:04 i New York."),
        ("klockan i Peking", "Klockan är 22:04 i Peking."),
        ("vad är klockan i Indien just nu?", "Klockan är 19:34 i Indien."),
        ("vad är klockan på Island", "Klockan är 14:04 på Island."),
        ("vad är klockan i köpenhamn", "Klockan är 15:04 i Köpenhamn."),
        ("vad är klockan i Kina", "Klockan är 22:04 i Kina."),
        ("vad är klockan i Göteborg", "Klockan är 15:04 i Göteborg."),
        ("vad är klockan i Sydney", "Klockan är 01:04 (tisdag 24 november) i Sydney."),
        ("vad e klockan", "Klockan är 15:04."),
        ("va är kl", "Klockan är 15:04."),
        ("hur mycke e klockan", "Klockan är 15:04."),
        ("va e klockan i Rio de Janeiro", "Klockan är 11:04 i Rio de Janeiro."),
        ("vad är klockan om en timme", "Om 1 timme är klockan 16:04."),
        ("vad är klockan om 90 minuter?", "Om 1 timme och 30 minuter är klockan 16:34."),
        ("vad är klockan om en halvtimme", "Om 30 minuter är klockan 15:34."),
        (
            "vad är klockan om en timme och 20 minuter",
            "Om 1 timme och 20 minuter är klockan 16:24.",
        ),
        ("vad är klockan om tio timmar", "Om 10 timmar är klockan 01:04 (tisdag 24 november)."),
        (
            "vad är klockan om 2 timmar i Tokyo",
            "Om 2 timmar är klockan 01:04 (tisdag 24 november) i Tokyo.",
        ),
        ("vad var klockan för 2 timmar sedan", "För 2 timmar sedan var klockan 13:04."),
        (
            "tidsskillnaden mellan Sverige och Japan",
            "Just nu är klockan 8 timmar mer i Japan än i Sverige.",
        ),
        (
            "hur stor är tidsskillnaden till London?",
            "Just nu är klockan 1 timme mindre i London än här.",
        ),
        (
            "vad är tidsskillnaden mellan Sverige och USA",
            "Just nu är klockan 6 till 10 timmar mindre i USA än i Sverige.",
        ),
        (
            "tidsskillnad mellan Sverige och Norge",
            "Just nu är klockan lika mycket i Norge som i Sverige.",
        ),
        (
            "tidsskillnaden mellan Sverige och Indien",
            "Just nu är klockan 4,5 timmar mer i Indien än i Sverige.",
        ),
        (
            "när börjar sommartiden",
            "Sommartiden börjar söndag 28 mars 2027: klockan 02:00 ställs den fram till 03:00.",
        ),
        (
            "när går vi över till vintertid",
            "Vintertiden börjar söndag 31 oktober 2027: "
            "klockan 03:00 ställs den tillbaka till 02:00.",
        ),
        (
            "när började vintertiden i år",
            "Vintertiden började söndag 25 oktober 2026: "
            "klockan 03:00 ställdes den tillbaka till 02:00.",
        ),
        (
            "när ställer vi om klockan",
            "Sommartiden börjar söndag 28 mars 2027: klockan 02:00 ställs den fram till 03:00.",
        ),
        (
            "när ställs klockan tillbaka 2027",
            "Vintertiden börjar söndag 31 oktober 2027: "
            "klockan 03:00 ställs den tillbaka till 02:00.",
        ),
        ("vicken dag e de", "I dag är det måndag 23 november 2026, vecka 48."),
        ("va e de för dag", "I dag är det måndag 23 november 2026, vecka 48."),
        ("vilket år är det", "Det är år 2026."),
        ("vilken månad är det nu?", "Det är november 2026."),
        ("är det fredag idag", "Nej, i dag är det måndag 23 november 2026, vecka 48."),
        ("är det måndag", "Ja, i dag är det måndag 23 november 2026, vecka 48."),
        ("är 24 december en torsdag", "Ja, det blir torsdag 24 december 2026, vecka 52."),
        ("är 2028 ett skottår", "Ja, 2028 är ett skottår: februari har 29 dagar."),
        ("är det skottår i år", "Nej, 2026 är inget skottår."),
        ("när är nästa skottår", "Nästa skottår är 2028."),
        ("hur många dagar har februari", "Februari har 28 dagar, och 29 när det är skottår."),
        ("hur många dagar har februari 2028", "Februari 2028 har 29 dagar."),
        ("hur många dagar är det i maj", "Maj har 31 dagar."),
        ("hur många dagar är det i år", "År 2026 har 365 dagar och 53 numrerade veckor."),
        ("hur många veckor har 2027", "År 2027 har 365 dagar och 52 numrerade veckor."),
        (
            "vilka röda dagar är det i maj",
            "Röda dagar i maj 2027, utöver vanliga söndagar: första maj (lördag 1 maj), "
            "Kristi himmelsfärdsdag (torsdag 6 maj), pingstdagen (söndag 16 maj).",
        ),
        (
            "röda dagar i december i år",
            "Röda dagar i december 2026, utöver vanliga söndagar: "
            "juldagen (fredag 25 december), annandag jul (lördag 26 december).",
        ),
        (
            "vilka röda dagar är det i februari",
            "I februari 2027 finns inga röda dagar utöver söndagarna.",
        ),
        (
            "när börjar vecka 34",
            "Vecka 34 år 2026 är måndag 17 augusti 2026 till söndag 23 augusti 2026.",
        ),
        (
            "vilka datum är vecka 34 2027",
            "Vecka 34 år 2027 är måndag 23 augusti 2027 till söndag 29 augusti 2027.",
        ),
        (
            "hur länge är det kvar till jul",
            "Det är 31 dagar (4 veckor och 3 dagar) till julafton, torsdag 24 december 2026.",
        ),
        (
            "hur gammal är man om man är född 1985-03-12",
            "Den som är född tisdag 12 mars 1985 är 41 år i dag.",
        ),
        (
            "hur gammal är jag om jag är född 24 november 1985",
            "Den som är född söndag 24 november 1985 är 40 år i dag.",
        ),
        ("hur gammal är den som är född 1985", "Den som är född 1985 fyller 41 år 2026."),
        ("vilken dag är det idag?", "I dag är det måndag 23 november 2026, vecka 48."),
        ("vad är det för dag", "I dag är det måndag 23 november 2026, vecka 48."),
        ("dagens datum", "I dag är det måndag 23 november 2026, vecka 48."),
        ("vilket datum är det", "I dag är det måndag 23 november 2026, vecka 48."),
        ("vilken dag är det i övermorgon", "Det blir onsdag 25 november 2026, vecka 48."),
        ("vad är det för dag på fredag", "Det blir fredag 27 november 2026, vecka 48."),
        ("vilket datum är nästa tisdag", "Det blir tisdag 1 december 2026, vecka 49."),
        ("vilken dag var det igår", "Det var söndag 22 november 2026, vecka 47."),
        ("vilken veckodag är 24 december 2026", "Det blir torsdag 24 december 2026, vecka 52."),
        ("vilken dag var 24 december 1999", "Det var fredag 24 december 1999, vecka 51."),
        ("vilken dag är 2027-01-01", "Det blir fredag 1 januari 2027, vecka 53."),
        ("vilket datum är det om 45 dagar", "Det blir torsdag 7 januari 2027, vecka 1."),
        ("vilket datum är det om tre veckor", "Det blir måndag 14 december 2026, vecka 51."),
        ("vilket datum är det om en månad", "Det blir onsdag 23 december 2026, vecka 52."),
        ("vilket datum var det för 100 dagar sedan", "Det var lördag 15 augusti 2026, vecka 33."),
        ("vilken vecka är det", "Det är vecka 48."),
        ("vilket veckonummer är det nu?", "Det är vecka 48."),
        ("vilken vecka är 24 december", "Torsdag 24 december 2026 är i vecka 52."),
        (
            "när är vecka 53",
            "Vecka 53 år 2026 är måndag 28 december 2026 till söndag 3 januari 2027.",
        ),
        ("vilken dag är julafton", "Julafton infaller torsdag 24 december 2026, vecka 52."),
        ("när är midsommar", "Midsommarafton infaller fredag 25 juni 2027, vecka 25."),
        ("när är midsommarafton i år", "Midsommarafton inföll fredag 19 juni 2026, vecka 25."),
        ("när är påsk nästa år", "Påskdagen infaller söndag 28 mars 2027, vecka 12."),
        ("när är mors dag", "Mors dag infaller söndag 30 maj 2027, vecka 21."),
        ("när är första advent", "Första advent infaller söndag 29 november 2026, vecka 48."),
        ("när är nyår", "Nyårsafton infaller torsdag 31 december 2026, vecka 53."),
        (
            "när infaller kristi himmelsfärdsdag 2027",
            "Kristi himmelsfärdsdag infaller torsdag 6 maj 2027, vecka 18.",
        ),
        (
            "hur många dagar är det till jul",
            "Det är 31 dagar (4 veckor och 3 dagar) till julafton, torsdag 24 december 2026.",
        ),
        (
            "hur länge är det till 1 maj",
            "Det är 159 dagar (22 veckor och 5 dagar) till lördag 1 maj 2027.",
        ),
        ("hur många dagar är det till fredag", "Det är 4 dagar till fredag 27 november 2026."),
        ("hur många dagar är det till imorgon", "Det är 1 dag till tisdag 24 november 2026."),
        (
            "hur många dagar sedan midsommar",
            "Det är 157 dagar (22 veckor och 3 dagar) sedan fredag 19 juni 2026.",
        ),
        ("hur länge är det sedan 1 maj 2020", "Det är 2 397 dagar sedan fredag 1 maj 2020."),
        (
            "hur många dagar mellan 1 mars och 15 april",
            "Det är 45 dagar (6 veckor och 3 dagar) "
            "mellan måndag 1 mars 2027 och torsdag 15 april 2027.",
        ),
        (
            "hur många dagar är det från 20 december till 5 mars",
            "Det är 75 dagar (10 veckor och 5 dagar) "
            "mellan söndag 20 december 2026 och fredag 5 mars 2027.",
        ),
        ("är det röd dag på fredag", "Nej, fredag 27 november 2026 är ingen röd dag."),
        ("är juldagen en röd dag", "Ja, fredag 25 december 2026 är en röd dag: juldagen."),
        (
            "är det röd dag på söndag",
            "Ja, söndag 29 november 2026 är en röd dag, som alla söndagar.",
        ),
        (
            "när är nästa helgdag",
            "Nästa helgdag är juldagen, fredag 25 december 2026, vecka 52. "
            "Det är 32 dagar (4 veckor och 4 dagar) dit.",
        ),
    ],
)
def test_a_swedish_question_is_answered(text: str, said: str) -> None:
    assert answer(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("what time is it?", "It is 15:04."),
        ("What time is it in London", "It is 14:04 in London."),
        ("what's the time in the Netherlands right now", "It is 15:04 in the Netherlands."),
        ("what time will it be in 2 hours", "In 2 hours it will be 17:04."),
        (
            "what's the time difference between Sweden and Japan",
            "Right now it is 8 hours later in Japan than in Sweden.",
        ),
        (
            "when does daylight saving time start",
            "Summer time begins on Sunday 28 March 2027: at 02:00 clocks go forward to 03:00.",
        ),
        (
            "when do the clocks go back",
            "Winter time begins on Sunday 31 October 2027: at 03:00 clocks go back to 02:00.",
        ),
        ("is 2028 a leap year", "Yes, 2028 is a leap year: February has 29 days."),
        ("is it friday today?", "No, today is Monday 23 November 2026, week 48."),
        ("how many days are there in february", "February has 28 days, and 29 in a leap year."),
        ("what year is it", "It is 2026."),
        (
            "how old is someone born 1985-03-12",
            "Someone born on Tuesday 12 March 1985 is 41 years old today.",
        ),
        ("what day is it today", "Today is Monday 23 November 2026, week 48."),
        ("what week is it", "It is week 48."),
        ("when is christmas", "Christmas Day is Friday 25 December 2026, week 52."),
        (
            "how many days until christmas?",
            "It is 32 days (4 weeks and 4 days) until Christmas Day, Friday 25 December 2026.",
        ),
        ("what day is 24 december 2030", "That will be Tuesday 24 December 2030, week 52."),
        (
            "is it a public holiday on friday",
            "No, Friday 27 November 2026 is not a public holiday in Sweden.",
        ),
    ],
)
def test_an_english_question_is_answered(text: str, said: str) -> None:
    assert answer(text, ENGLISH) == said


@pytest.mark.parametrize(
    ("now", "text", "said"),
    [
        # Clocks go forward on 29 March 2026, back on 25 October 2026, at 01:00 UTC.
        ("2026-03-29T00:59", "vad är klockan", "Klockan är 01:59."),
        ("2026-03-29T01:00", "vad är klockan", "Klockan är 03:00."),
        ("2026-10-25T00:59", "vad är klockan", "Klockan är 02:59."),
        ("2026-10-25T01:00", "vad är klockan", "Klockan är 02:00."),
        ("2026-03-20T12:00", "vad är klockan i New York", "Klockan är 08:00 i New York."),
        ("2026-12-31T22:59", "dagens datum", "I dag är det torsdag 31 december 2026, vecka 53."),
        ("2026-12-31T23:00", "dagens datum", "I dag är det fredag 1 januari 2027, vecka 53."),
        ("2026-12-31T23:00", "vilken vecka är det", "Det är vecka 53."),
        ("2027-01-04T00:00", "vilken vecka är det", "Det är vecka 1."),
        (
            "2028-02-28T12:00",
            "vilken dag är i morgon",
            "Det blir tisdag 29 februari 2028, vecka 9.",
        ),
        (
            "2026-01-31T12:00",
            "vilket datum är det om en månad",
            "Det blir lördag 28 februari 2026, vecka 9.",
        ),
        (
            "2026-12-24T12:00",
            "hur många dagar är det till jul",
            "Det är i dag, julafton, torsdag 24 december 2026.",
        ),
        (
            "2026-03-28T12:00",
            "hur många dagar är det till måndag",
            "Det är 2 dagar till måndag 30 mars 2026.",
        ),
    ],
)
def test_clock_changes_and_year_ends_are_right(now: str, text: str, said: str) -> None:
    assert answer(text, ToolContext(datetime.fromisoformat(now).replace(tzinfo=UTC))) == said


def test_the_callers_own_zone_is_used() -> None:
    assert answer("vad är klockan", ToolContext(NOW, "Asia/Tokyo")) == "Klockan är 23:04."
    later = ToolContext(datetime(2026, 11, 23, 16, tzinfo=UTC), "Asia/Tokyo")
    assert answer("vilken dag är det", later) == "I dag är det tisdag 24 november 2026, vecka 48."


def test_clocks_that_never_change_are_told_of() -> None:
    assert answer("när börjar sommartiden", ToolContext(NOW, "Asia/Tokyo")) == (
        "Där du är ställs klockan inte om."
    )


def test_a_year_has_all_its_holidays() -> None:
    said = answer("hur många röda dagar är det 2027") or ""
    assert said.startswith(
        "Röda dagar 2027, utöver vanliga söndagar: nyårsdagen (fredag 1 januari)"
    )
    assert said.count("(") == 13


def test_a_country_with_many_zones_lists_them() -> None:
    assert answer("vad är klockan i USA") == (
        "USA har flera tidszoner: New York 09:04, Chicago 08:04, Denver 07:04, "
        "Los Angeles 06:04, Anchorage 05:04."
    )


@pytest.mark.parametrize(
    "phrase", ["31 februari", "den 32 maj", "29 feb 2027", "om 99999 år", "13/13"]
)
def test_a_day_that_does_not_exist_is_no_day(phrase: str) -> None:
    assert date_of(phrase, date(2026, 11, 23)) is None


def test_feasts_fall_where_the_almanac_says() -> None:
    days = {
        "fettisdagen": date(2026, 2, 17),
        "pask": date(2026, 4, 5),
        "mors dag": date(2026, 5, 31),
        "alla helgons dag": date(2026, 10, 31),
        "fars dag": date(2026, 11, 8),
        "forsta advent": date(2026, 11, 29),
        "fjarde advent": date(2026, 12, 20),
    }
    for name, day in days.items():
        feast = feast_called(name)
        assert feast is not None and feast.on(2026) == day


@pytest.mark.parametrize(
    "arguments",
    [
        {"ask": "day", "date": "blåbärsdagen"},
        {"ask": "dance"},
        {"ask": "week_days", "week": 99},
        {"ask": "week_days", "week": "x"},
        {"ask": "days_until", "date": "om 99999999 dagar"},
        {"ask": "holiday", "date": "9999-13-01"},
        {"ask": ["day"]},
        {"ask": "leap_year", "year": 0x7FFF},
        {"ask": "holidays", "year": 1066},
        {"ask": "length", "month": 13},
        {"ask": "is_weekday", "date": "på fredag"},
        {"ask": "age", "date": "2222-02-22"},
    ],
)
def test_a_model_that_sends_nonsense_is_told_so(arguments: Any) -> None:
    with pytest.raises(ToolTrouble):
        Calendar().run(arguments, SWEDISH)


def test_an_unknown_place_is_left_to_the_model_and_told_plainly() -> None:
    assert Clock().read("vad är klockan i Mordor", SWEDISH) is None
    with pytest.raises(ToolTrouble, match="Mordor"):
        Clock().run({"place": "Mordor"}, SWEDISH)


PHRASES = [
    "om",
    "9999",
    "år",
    "i",
    "fredag",
    "jul",
    "12",
    "/",
    "-",
    "dagar",
    "efter",
    "nästa",
    "maj",
]


@settings(max_examples=150)
@given(
    st.sampled_from(ASKS),
    st.one_of(st.text(max_size=70), st.lists(st.sampled_from(PHRASES), max_size=6).map(" ".join)),
    st.one_of(st.text(max_size=20), st.integers(), st.dates().map(str)),
    st.integers(),
)
def test_any_day_is_told_or_refused(ask: str, start: str, end: Any, week: int) -> None:
    arguments = {"ask": ask, "date": start, "until": end, "week": week, "year": week}
    try:
        Calendar().run(arguments, SWEDISH)
        Clock().run({"place": start, "minutes": week, "year": week}, ENGLISH)
    except ToolTrouble as trouble:
        assert trouble.sv
