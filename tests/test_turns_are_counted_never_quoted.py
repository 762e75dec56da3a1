"""Metrics and logs tell how a turn went, and never what was said."""

import io
import json
import logging
from dataclasses import replace
from functools import partial

import pytest
import structlog
from django.conf import settings
from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import capture_logs

from alice_site.logging import configuration, configure, is_for_people
from chat.core.errors import ModelSilent
from chat.core.events import Ended, Token, Usage
from chat.core.policy import Alerts, Policy
from chat.core.turn import Outcome, Reply
from chat.meter import PrometheusMeter
from fibcache.core.fib import LATENCY_BUCKETS_MS

from .fakes import a_turn

SECRET = "mitt hemliga ord"


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def meter(registry: CollectorRegistry) -> PrometheusMeter:
    return PrometheusMeter(registry)


def an_outcome(**changes) -> Outcome:
    turn = a_turn(SECRET)
    outcome = Outcome(turn, reply=Reply("L1", "planner", None))
    outcome.ended = Ended(usage=Usage(3, 5), model="qwen2.5:3b")
    outcome.said = outcome.raw = [Token(SECRET)]
    outcome.steps_ms = {"admit": 0.5, "guard": 4.0}
    outcome.elapsed_ms, outcome.first_word_ms = 12.0, 9.0
    for name, value in changes.items():
        setattr(outcome, name, value)
    return outcome


def test_a_turn_is_counted_by_route_source_channel_and_outcome(meter, registry):
    meter.turn(an_outcome())
    meter.turn(an_outcome(error=ModelSilent()))
    meter.turn(an_outcome(cancelled=True))

    for ending in ("complete", "model_silent", "stopped"):
        labels = {"route": "planner", "source": "L1", "channel": "api", "outcome": ending}
        assert registry.get_sample_value("alice_turns_total", labels) == 1


def test_a_refused_turn_is_counted_without_a_route(meter, registry):
    meter.turn(an_outcome(reply=None, ended=None, error=ModelSilent(), first_word_ms=None))

    labels = {"route": "", "source": "", "channel": "api", "outcome": "model_silent"}
    assert registry.get_sample_value("alice_turns_total", labels) == 1
    assert registry.get_sample_value("alice_first_word_ms_count") == 0


def test_every_step_is_timed_in_fibonacci_buckets(meter, registry):
    meter.turn(an_outcome())

    def at_most(bound: int) -> float | None:
        labels = {"step": "guard", "le": f"{float(bound)}"}
        return registry.get_sample_value("alice_step_ms_bucket", labels)

    assert [at_most(bound) for bound in LATENCY_BUCKETS_MS[:5]] == [0, 0, 0, 1, 1]


def test_tokens_that_were_spent_are_counted(meter, registry):
    meter.turn(an_outcome())
    meter.turn(an_outcome(reply=Reply("replay", "planner", None)))  # spent by an earlier turn

    labels = {"kind": "completion", "model": "qwen2.5:3b"}
    assert registry.get_sample_value("alice_model_tokens_total", labels) == 5


def test_alert_thresholds_follow_the_revision(meter, registry):
    for revision, limit in ((1, 144), (2, 89)):
        policy = Policy(revision=revision, alerts=Alerts(p95_warning_ms=limit))
        outcome = an_outcome()
        outcome.turn = replace(outcome.turn, policy=policy)
        meter.turn(outcome)
        labels = {"name": "p95_warning_ms"}
        assert registry.get_sample_value("alice_alert_threshold", labels) == limit


def test_one_line_tells_of_a_turn_without_its_words(meter, registry):
    with capture_logs() as lines:
        meter.turn(an_outcome())

    (line,) = lines
    assert line["outcome"] == "complete"
    assert line["ms"] == 12.0
    assert SECRET not in repr(lines)
    assert SECRET.encode() not in generate_latest(registry)


def test_trouble_is_told_by_its_place_without_its_words(meter):
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        line = written(partial(tell_of, error))

    (told,) = json.loads(line)["exception"]
    assert told["type"] == "ValueError"
    assert "test_trouble_is_told_by_its_place" in told["at"][-1]
    assert SECRET not in line


def test_what_machines_say_of_machines_is_kept():
    line = written(partial(tell_of, ConnectionRefusedError("port 6379")))

    assert json.loads(line)["exception"][0]["says"] == "port 6379"


def test_the_cause_of_an_exception_is_told_too():
    def log_it(log: logging.Logger) -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            try:
                raise ValueError(SECRET) from cause
            except ValueError:
                log.exception("trouble")

    line = written(log_it)

    assert [told["type"] for told in json.loads(line)["exception"]] == ["ValueError", "KeyError"]
    assert SECRET not in line


def test_text_for_people_tells_an_exception_in_lines():
    line = written(partial(tell_of, ConnectionRefusedError("port 6379")), text=True)
    secret = written(partial(tell_of, ValueError(SECRET)), text=True)

    assert "ConnectionRefusedError port 6379" in line.splitlines()
    assert "ValueError" in secret.splitlines() and SECRET not in secret


@pytest.mark.parametrize(
    ("format", "terminal", "text"),
    [("", True, True), ("", False, False), ("json", True, False), ("text", False, True)],
)
def test_lines_are_text_in_a_terminal_unless_an_operator_says_otherwise(
    monkeypatch, format, terminal, text
):
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)

    assert is_for_people(format) is text


def test_lines_of_libraries_carry_the_request_id():
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        line = written(lambda log: log.warning("hello %s", "there"))

    fields = json.loads(line)
    assert (fields["event"], fields["request_id"], fields["level"]) == (
        "hello there",
        "abc",
        "warning",
    )


def tell_of(error: BaseException, log: logging.Logger) -> None:
    log.error("trouble", exc_info=error)


def written(use, *, text: bool = False) -> str:
    """Give the line that a library's logger writes under our configuration."""
    described = configuration(level="info", text=text)["formatters"]["alice"]
    make = described.pop("()")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(make(**described))
    logger = logging.Logger("library")
    logger.addHandler(handler)
    use(logger)
    return stream.getvalue()


def test_being_set_up_again_reaches_loggers_that_have_spoken_before():
    log = structlog.get_logger("alice.test")
    log.warning("before")

    configure(settings.LOGGING)  # as Django does again where an application is made

    with capture_logs() as logs:
        log.warning("after")
    assert [line["event"] for line in logs] == ["after"]
