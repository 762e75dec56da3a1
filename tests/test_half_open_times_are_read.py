"""A time that is open at one end is an interval with ".." there, and only where a time is meant."""

from datetime import UTC, datetime

import pytest

from nlu.core.times import times_in

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # ten o'clock on a Wednesday in Stockholm


def read(text):
    return [time.value for time in times_in(text, NOW, "Europe/Stockholm")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("före fredag", "../2026-03-05"),
        ("senast på fredag", "../2026-03-06"),
        ("t.o.m. fredag", "../2026-03-06"),
        ("efter fredag", "2026-03-07/.."),
        ("fr.o.m. fredag", "2026-03-06/.."),
        ("efter kl 15", "T15:00/.."),
        ("innan lunch", "../T12:00"),
        ("efter lunch", "T13:00/.."),
        ("senast kl 12 på fredag", "../2026-03-06T12:00+01:00"),
        ("tidigast nästa vecka", "2026-03-09/.."),
        ("före påsk", "../2026-04-04"),
        ("efter sommaren", "2026-09-01/.."),
        ("sedan i måndags", "2026-03-02/.."),
        ("since monday", "2026-03-02/.."),
        ("inom en timme", "../2026-03-04T11:00+01:00"),
        ("öppet till kl 20", "../T20:00"),
        ("before friday", "../2026-03-05"),
    ],
)
def test_one_end_is_open(text, value):
    assert read(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("på fredag efter kl 15", "2026-03-06T15:00+01:00/2026-03-07T00:00+01:00"),
        ("på fredag före lunch", "2026-03-06T00:00+01:00/2026-03-06T12:00+01:00"),
        ("fr.o.m. i morgon t.o.m. fredag", "2026-03-05/2026-03-06"),
    ],
)
def test_a_day_ends_what_is_open_within_it(text, value):
    assert read(text) == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ät och sedan på fredag åker vi", ["2026-03-06"]),
        ("innan jag åker på fredag", ["2026-03-06"]),
        ("efter en vecka", ["2026-03-11"]),
        ("dagen efter julafton", ["2026-12-25"]),
        ("flytta mötet till fredag", ["2026-03-06"]),
        ("bilder från i går", ["2026-03-03"]),
        ("efter nio samtal", []),
        ("senast tre personer", []),
        ("efter maten", []),
    ],
)
def test_other_uses_of_the_words_leave_nothing_open(text, values):
    assert read(text) == values
