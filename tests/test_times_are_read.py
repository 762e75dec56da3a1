"""Times in Swedish and English sentences become ISO 8601, told from the caller's now and zone."""

import json
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from chat.evaluations.dates import read_rows, read_table
from nlu.core.times import time_of, times_in

TABLES = Path(__file__).parent / "dates"
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # ten o'clock on a Wednesday in Stockholm
ZONE = "Europe/Stockholm"

KNOWN_WRONG = {  # docs/nlu.md tells why
    "middag vid sjutiden på lördag",
    "möte 26.5",
    "Blodprovet togs 14/9",
    "Jag började med medicinen 28 augusti",
    "Vi behöver svar inom två dygn",
    "Jag mår bättre nu",
    "Avgiften höjs från årsskiftet",
}


@pytest.mark.parametrize("table", sorted(TABLES.glob("*.tsv")), ids=lambda path: path.stem)
def test_tables_of_expressions_are_read_right(table):
    wrong = {
        one.row.text: (one.row.values, one.values)
        for one in read_rows(read_table(table))
        if not one.right
    }

    assert set(wrong) <= KNOWN_WRONG, wrong


def test_what_is_known_to_be_wrong_still_is():
    made = [one for table in TABLES.glob("*.tsv") for one in read_rows(read_table(table))]

    assert {one.row.text for one in made if not one.right} == KNOWN_WRONG
    assert len(made) >= 300


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Boka ett möte på tisdag kl halv tre, tack!", ["på tisdag kl halv tre"]),
        ("Väck mig i morgon bitti 06:30.", ["i morgon bitti 06:30"]),
        ("Påminn mig OM EN KVART att äta", ["OM EN KVART"]),
        ("Från måndag till fredag är jag borta, inte i helgen", ["Från måndag till fredag",
                                                                 "i helgen"]),
        ("Spela in varje måndag kl 20", ["varje måndag kl 20"]),
        ("İ morgon och i övermorgon", ["i övermorgon"]),
    ],
)  # fmt: skip
def test_each_time_tells_where_it_stands(text, spans):
    times = times_in(text, NOW, ZONE)

    assert [time.text for time in times] == spans
    assert all(text[time.start : time.end] == time.text for time in times)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("i morgon", "date"),
        ("klockan sju", "time"),
        ("i morgon klockan sju", "datetime"),
        ("nästa vecka", "interval"),
        ("i tio minuter", "duration"),
        ("varje dag", "recurring"),
    ],
)
def test_each_time_tells_its_kind(text, kind):
    assert [time.kind for time in times_in(text, NOW, ZONE)] == [kind]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("nio", "T21:00"),
        ("fredag", "2026-03-06"),
        ("kväll", "T18:00/T23:00"),
        ("tjugofemte", "2026-03-25"),
        ("tio minuter", "PT10M"),
        ("nio låtar", None),
        ("", None),
    ],
)
def test_a_phrase_by_itself_is_read_more_freely(phrase, value):
    time = time_of(phrase, NOW, ZONE)

    assert (time.value if time else None) == value


def test_the_day_is_the_callers():
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)

    assert times_in("i dag", late, "Europe/Stockholm")[0].value == "2026-03-05"
    assert times_in("i dag", late, "America/New_York")[0].value == "2026-03-04"


def test_a_now_without_an_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        times_in("i dag", datetime(2026, 3, 4), ZONE)


def test_an_unknown_zone_is_refused():
    with pytest.raises(ZoneInfoNotFoundError):
        times_in("i dag", NOW, "Europe/Atlantis")


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "i på om den från till mellan och kl v . : / - – en ett två halv kvart över sju 3 12 31 "
        "2026 99 mars vecka dagar år sedan varje måndag tisdags sista natten efter jul 24:00 9999",
    )
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join)))
def test_nothing_that_is_written_disturbs(text):
    times = times_in(text, NOW, ZONE)

    places = [place for time in times for place in (time.start, time.end)]
    assert places == sorted(places)
    assert all(time.value and text[time.start : time.end] == time.text for time in times)


def test_evaluate_tells_how_many_are_right():
    out = StringIO()
    call_command("evaluate", "dates", str(TABLES / "swedish.tsv"), "--json", stdout=out)

    figures = json.loads(out.getvalue())
    assert figures["accuracy"] >= 0.98
    assert set(figures) == {"n", "right", "accuracy", "ms_p50", "ms_p99"}


@pytest.mark.parametrize(
    ("text", "what"),
    [("i dag\t-\n", ":1:"), ("#@ nu\tx\n", ":1:"), ("# tom\n", "inga rader")],
)
def test_evaluate_says_what_is_wrong_with_a_table(tmp_path, text, what):
    path = tmp_path / "t.tsv"
    path.write_text(text)

    with pytest.raises(CommandError, match=what):
        call_command("evaluate", "dates", str(path))


def test_evaluate_says_where_there_is_no_table(tmp_path):
    with pytest.raises(CommandError, match=r"none\.tsv"):
        call_command("evaluate", "dates", str(tmp_path / "none.tsv"))
