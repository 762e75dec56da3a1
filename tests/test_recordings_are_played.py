"""A recording of vitals is read, and played through the real ladder."""

import contextlib
import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.recordings import (
    MOMENTS_AT_MOST,
    NAMES,
    Moment,
    Unreadable,
    read,
    shipped,
    to_csv,
)
from guardian.core.simulation import play
from guardian.core.state import VITALS, Climber, Ladder, State, Vitals

LADDER = Ladder()


def a_ramp(*lags: float) -> tuple[Moment, ...]:
    return tuple(Moment(float(at), Vitals(lag_ms=lag)) for at, lag in enumerate(lags))


def test_a_ramp_climbs_when_the_mark_has_been_stood_at_and_comes_back():
    recording = a_ramp(*[0] * 5, *[200] * 10, *[0] * 40)

    played = play(recording, LADDER)

    changes = [(was.told, step.at_s, step.state.told, step.why) for was, step in played.changes]
    assert changes == [("normal", 8, "brownout", ("lag_ms",)), ("brownout", 29, "normal", ())]
    assert played.seconds_in == {
        State.NORMAL: 8 + 54 - 29,
        State.BROWNOUT: 21,
        State.EMERGENCY: 0,
        State.LOCKDOWN: 0,
    }
    assert played.highest is State.BROWNOUT


def test_other_marks_lead_elsewhere():
    recording = a_ramp(*[0] * 5, *[200] * 10, *[0] * 40)

    higher = replace(LADDER, lag_ms=(300, 377, 1597))
    lower = replace(LADDER, lag_ms=(50, 100, 150))

    assert play(recording, higher).highest is State.NORMAL
    assert play(recording, lower).highest is State.LOCKDOWN


@given(st.lists(st.floats(0, 3000), min_size=2, max_size=144))
def test_it_is_the_ladder_that_processes_stand_on(lags):
    climber, recording = Climber(), a_ramp(*lags)

    felt = [climber.judge(moment.vitals, LADDER, moment.at_s) for moment in recording]

    played = play(recording, LADDER)
    assert [step.state for step in played.steps] == felt
    assert sum(played.seconds_in.values()) == len(lags) - 1


def test_csv_and_json_tell_the_same():
    recording = (
        Moment(1.0, Vitals(cpu_percent=34.5, lag_ms=2.0)),
        Moment(2.0, Vitals(cpu_percent=99.0, lag_ms=180.0)),
    )
    rows = [
        {"second": 1, "cpu_percent": 34.5, "lag_ms": 2},
        {"second": 2, "cpu_percent": 99, "lag_ms": 180, "state": "normal"},
    ]

    assert read("\ufeffsecond,cpu_percent,lag_ms\n1,34.5,2\n2,99,180\n") == recording
    assert read(json.dumps(rows)) == recording
    assert read("".join(to_csv(recording))) == recording


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_recording"),
        ("hej", "no_recording"),
        ("a,b\n1,2\n2,3", "no_recording"),
        ("second,lag_ms\n1,2", "no_recording"),  # one moment is no recording
        ("[", "no_recording"),
        ("[" * 100_000, "no_recording"),
        ("{}", "no_recording"),
        ("[1, 2]", "no_recording"),
        ("lag_ms\n1\n2", "bad_recording_row"),
        ("second,lag_ms\n1,2\n1,3", "bad_recording_row"),
        ("second,lag_ms\n1,2\n2,-3", "bad_recording_row"),
        ("second,lag_ms\n1,2\n2", "bad_recording_row"),
        ("second,lag_ms\n1,2\n2,nan", "bad_recording_row"),
        ("second,lag_ms\n1,2\n2,många", "bad_recording_row"),
        ('[{"second": 1, "lag_ms": true}, {"second": 2, "lag_ms": 1}]', "bad_recording_row"),
        ('[{"second": 1, "lag_ms": 1' + "0" * 400 + "}]", "bad_recording_row"),
        ('second,lag_ms\n"1,2\n' + "x" * 200_000, "no_recording"),
        (
            "second,lag_ms\n" + "".join(f"{n},1\n" for n in range(MOMENTS_AT_MOST + 1)),
            "recording_too_long",
        ),
    ],
)
def test_what_is_no_recording_is_told_in_both_languages(text, code):
    with pytest.raises(Unreadable) as told:
        read(text)

    assert told.value.code == code
    assert told.value.sentence("sv") != told.value.sentence("en")


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(Unreadable):
        assert len(read(text)) >= 2


def test_shipped_recordings_lead_up_and_down_again():
    for name in NAMES:
        played = play(shipped(name), LADDER)
        assert played.highest > State.NORMAL, name
        assert played.steps[-1].state < played.highest, name
    assert play(shipped("without_ladder"), LADDER).steps[-1].state is State.NORMAL

    with pytest.raises(KeyError):
        shipped("../injection")


def test_every_vital_can_be_recorded():
    header = next(iter(to_csv(())))

    assert header.strip().split(",") == ["second", *VITALS]


def simulated(*arguments: str) -> str:
    out = StringIO()
    call_command("guardian", "simulate", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_plays_a_file_against_other_marks(tmp_path):
    file = tmp_path / "ramp.csv"
    file.write_text("".join(to_csv(a_ramp(*[0] * 5, *[200] * 10, *[0] * 40))))

    told = json.loads(simulated(str(file), "--json"))
    assert told["highest"] == "brownout"
    assert told["seconds_in"]["brownout"] == 21
    assert told["changes"][0] == {
        "at_s": 8.0,
        "from": "normal",
        "to": "brownout",
        "why": ["lag_ms"],
    }
    assert len(told["steps"]) == 55
    assert "normal → brownout  lag_ms" in simulated(str(file))
    assert "→" not in simulated(str(file), "--marks", "lag_ms=300,400,500")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("missing.csv",),
        ("pyproject.toml",),
        ("with_ladder", "--marks", "lag_ms=3,2,1"),
        ("with_ladder", "--marks", "lag_ms=3,2"),
        ("with_ladder", "--marks", "lag=1,2,3"),
        ("with_ladder", "--marks", "lag_ms"),
    ],
)
def test_the_command_tells_what_is_wrong(arguments):
    with pytest.raises(CommandError):
        simulated(*arguments)
