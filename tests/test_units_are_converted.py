"""Measures are converted between the units people name, in the form people read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.tools.base import ToolContext, ToolTrouble
from chat.tools.units import Units
from nlu.core.measures import UNITS

SWEDISH = ToolContext(datetime(2026, 11, 23, 14, 4, tzinfo=UTC))
ENGLISH = ToolContext(SWEDISH.now, language="en")


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    Units().warm()


def answer(text: str, context: ToolContext = SWEDISH) -> str | None:
    arguments = Units().read(text, context)
    if arguments is None:
        return None
    return Units().run(arguments, context).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hur många dl är 3 msk", "3 msk är 0,45 dl."),
        ("Hur långt är 26,2 miles i km?", "26,2 engelska mil är ungefär 42,165 km."),
        ("hur langt ar 26,2 miles i km", "26,2 engelska mil är ungefär 42,165 km."),
        ("10 mil i km", "10 mil är 100 km."),
        ("konvertera 5 feet till cm", "5 fot är 152,4 cm."),
        ("100 °F i °C", "100 °F är ungefär 37,78 °C."),
        ("100 grader fahrenheit i celsius", "100 °F är ungefär 37,78 °C."),
        ("minus 40 grader fahrenheit i celsius", "−40 °F är −40 °C."),
        ("vad är 37 grader celsius i fahrenheit", "37 °C är 98,6 °F."),
        ("0 °C i K", "0 °C är 273,15 K."),
        ("hur många meter är en mil", "1 mil är 10 000 m."),
        ("hur många dl går det på en liter", "1 liter är 10 dl."),
        ("hur många cm är en tum", "1 tum är 2,54 cm."),
        ("hur mycket är 5 kg i gram", "5 kg är 5 000 g."),
        ("20 knop i km/h", "20 knop är 37,04 km/h."),
        ("150 hk i kW", "150 hk är ungefär 110,32 kW."),
        ("2 hekto i gram", "2 hg är 200 g."),
        ("hur många g är 1 hg", "1 hg är 100 g."),
        ("3 tsk i msk", "3 tsk är 1 msk."),
        ("hur många krm går det på en tsk", "1 tsk är 5 krm."),
        ("1 hektar i kvadratmeter", "1 hektar är 10 000 m²."),
        ("100 m2 i kvadratfot", "100 m² är ungefär 1 076,4 kvadratfot."),
        ("2 timmar i minuter", "2 timmar är 120 minuter."),
        ("hur många minuter är en vecka", "1 vecka är 10 080 minuter."),
        ("hur många timmar är tre dygn", "3 dygn är 72 timmar."),
        ("1 GB i MB", "1 GB är 1 000 MB."),
        ("1 GiB i MiB", "1 GiB är 1 024 MiB."),
        ("500 kcal i kJ", "500 kcal är 2 092 kJ."),
        ("1 kWh i MJ", "1 kWh är 3,6 MJ."),
        ("en halv liter i dl", "0,5 liter är 5 dl."),
        ("5 dl i liter", "5 dl är 0,5 liter."),
        ("två och en halv mil i km", "2,5 mil är 25 km."),
        ("1 engelsk mil i km", "1 engelsk mil är ungefär 1,6093 km."),
        ("hur mycket är en uns i gram", "1 uns är ungefär 28,35 g."),
        ("hur många liter är en gallon", "1 amerikansk gallon är ungefär 3,7854 liter."),
        ("1000 m/s till km/h", "1 000 m/s är 3 600 km/h."),
        ("hur många mil är 35 km", "35 km är 3,5 mil."),
        ("hur många kilo är ett ton", "1 ton är 1 000 kg."),
        ("hej, kan du säga hur många dl är 2 liter?", "2 liter är 20 dl."),
        ("1 sjömil i meter", "1 sjömil är 1 852 m."),
        ("1 m³ i liter", "1 m³ är 1 000 liter."),
        ("1/2 dl i ml", "0,5 dl är 50 ml."),
        ("1½ dl i ml", "1,5 dl är 150 ml."),
        ("1 1/2 dl i ml", "1,5 dl är 150 ml."),
        ("ett halvt kilo i gram", "0,5 kg är 500 g."),
        ("ett halvt kilo är hur många gram", "0,5 kg är 500 g."),
        ("hur många sekunder är en timme", "1 timme är 3 600 sekunder."),
        ("hur många minuter är en kvart", "1 kvart är 15 minuter."),
        ("1 svensk mil i km", "1 mil är 10 km."),
        ("hur många kvadratmeter är ett tunnland", "1 tunnland är 4 936,4 m²."),
        ("5 fot 11 tum i cm", "5 fot 11 tum är 180,34 cm."),
        ("5'11\" i cm", "5 fot 11 tum är 180,34 cm."),
        ("1 timme och 30 minuter i minuter", "1 timme 30 minuter är 90 minuter."),
        ("hur lång är 180 cm i fot", "180 cm är ungefär 5,9055 fot (5 fot och 10,9 tum)."),
        ("3 dl mjölk i ml", "3 dl är 300 ml."),
        ("hur många ml är 3 dl mjölk", "3 dl är 300 ml."),
        ("va e 3 dl i ml", "3 dl är 300 ml."),
        ("hur många månader är två år", "2 år är 24 månader."),
        ("hur många år är 18 månader", "18 månader är 1,5 år."),
        ("hur många år är ett sekel", "1 sekel är 100 år."),
        ("hur många timmar är 10 år", "10 år är ungefär 87 658 timmar."),
    ],
)
def test_a_swedish_question_is_converted(text: str, said: str) -> None:
    assert answer(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("convert 5 feet to cm", "5 feet is 152.4 cm."),
        ("how many feet in a mile", "1 mile is 5,280 feet."),
        ("how many ml are in 2 cups", "2 US cups is about 473.18 ml."),
        ("what is 100 km/h in mph", "100 km/h is about 62.137 mph."),
        ("how many days are there in a year?", "1 year is 365 days, and 366 days in a leap year."),
        ("5 feet 11 inches in cm", "5 feet 11 inches is 180.34 cm."),
        ("70 pounds in kg", "70 pounds is about 31.751 kg."),
        ("what is 212 degrees fahrenheit in celsius?", "212 °F is 100 °C."),
    ],
)
def test_an_english_question_is_converted(text: str, said: str) -> None:
    assert answer(text, ENGLISH) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hur många dagar är ett år", "365 dagar, och 366 dagar när det är skottår."),
        (
            "hur många timmar går det på ett år",
            "8 760 timmar, och 8 784 timmar när det är skottår.",
        ),
        (
            "hur många veckor är det på ett år",
            "52 veckor och 1 dag, och 52 veckor och 2 dagar när det är skottår.",
        ),
    ],
)
def test_a_year_has_both_its_lengths(text: str, said: str) -> None:
    assert answer(text) == f"1 år är {said}"


def test_a_month_has_all_its_lengths() -> None:
    assert answer("hur många dagar är en månad") == "1 månad är 28 till 31 dagar."
    assert answer("hur många veckor är en månad") == (
        "1 månad är 4 veckor till 4 veckor och 3 dagar."
    )


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"value": 5, "from": "kg", "to": "liter"}, "mäter olika saker"),
        ({"value": -300, "from": "°C", "to": "K"}, "nollpunkten"),
        ({"value": 5, "from": "alnar", "to": "m"}, "enheten alnar"),
        ({"value": "många", "from": "km", "to": "m"}, "ett tal"),
        ({"value": 10**400, "from": "km", "to": "m"}, "för långt"),
        ({"value": float("nan"), "from": "km", "to": "m"}, "ett tal"),
        ({"from": "km", "to": "m"}, "ett tal"),
        ({"value": 5, "from": "fot", "also": "11 kg", "to": "cm"}, "mäter olika saker"),
        ({"value": 5, "from": "fot", "also": "lite till", "to": "cm"}, "måttet lite till"),
    ],
)
def test_what_can_not_be_converted_is_told_plainly(arguments: Any, part: str) -> None:
    with pytest.raises(ToolTrouble) as caught:
        Units().run(arguments, SWEDISH)
    assert part in caught.value.sv


def test_every_unit_converts_to_itself() -> None:
    for name in UNITS:
        said = Units().run({"value": 300, "from": name, "to": name}, SWEDISH)
        left, right = said.rstrip(".").split(" är ")
        assert left == right


@settings(max_examples=150)
@given(
    st.one_of(st.integers(), st.floats(), st.text(max_size=20)),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(UNITS)),
)
def test_any_value_is_converted_or_told(value: Any, start: str, end: str) -> None:
    try:
        Units().run({"value": value, "from": start, "to": end}, SWEDISH)
    except ToolTrouble as trouble:
        assert trouble.sv
