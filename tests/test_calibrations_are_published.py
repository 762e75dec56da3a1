"""`manage.py calibrate` shows the curve, and makes it a live setting that can be taken back."""

import json
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat import revisions
from chat.live import Live
from chat.models import Revision
from chat.wiring import kit
from fibcache.core.calibration import THRESHOLD
from fibcache.core.shipped import calibration_for
from fibcache.models import SpiralSettings

pytestmark = pytest.mark.django_db

THINGS = ("ull", "siden", "linne", "bomull", "fleece", "sammet", "denim", "tyll", "jersey", "loden")


@pytest.fixture
def pairs(tmp_path):
    """Give a file of pairs: the same but for politeness, or about another thing."""
    rows = [
        {"same": int(a == b), "a": f"Hur tvättar jag {a}?", "b": f"Hej! Hur tvättar man {b} nu?"}
        for a in THINGS
        for b in THINGS
    ]
    rows += [
        {"same": 1, "a": f"Hur tvättar jag {a}?", "b": f"hur tvättar jag {a}, tack"}
        for a in THINGS * 5
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def calibrate(*arguments: str) -> str:
    out = StringIO()
    call_command("calibrate", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_curve_is_shown_to_people(pairs):
    shown = calibrate(str(pairs), "--budget", "1/4")

    assert "150 par, som i filerna" in shown
    assert "Budgeten 25,00 % hålls från cosinus" in shown and "blir 0.618" in shown
    assert Revision.objects.count() == 1  # looking changes nothing


def test_the_curve_is_shown_to_machines(pairs):
    figures = json.loads(calibrate(str(pairs), "--budget", "25%", "--different", "0,05", "--json"))

    assert (figures["pairs"], figures["budget"], figures["different"]) == (150, 0.25, 0.05)
    assert figures["encoder"] == kit().cache.matcher.encoder.fingerprint
    assert {"cosine", "hits", "wrong", "hit_rate", "at_most"} == set(figures["curve"][0])


def test_without_a_budget_it_is_the_operators_own(pairs):
    with pytest.raises(CommandError, match=r"För budgeten 0,50 % behövs omkring \d{4} sådana"):
        calibrate(str(pairs))


def test_a_published_calibration_reaches_another_process_and_can_be_taken_back(pairs):
    seconds = time.monotonic()
    there = Live(lambda: seconds)
    assert there.current_sync().spiral.calibration is None

    calibrate(str(pairs), "--budget", "1/4", "--publish")
    seconds += 1.0

    policy = there.current_sync()
    matcher = kit().cache.matcher
    in_force = matcher.calibration(policy.spiral.calibration)
    assert in_force == policy.spiral.calibration and in_force.fitted
    assert in_force.score(in_force.operating_cosine) == pytest.approx(THRESHOLD)
    (change,) = revisions.changes_in(Revision.objects.first())
    assert change.path == "spiral.calibration" and "pairs: 150" in change.becomes

    revisions.roll_back(to=Revision.objects.get(number=1), author=None)
    seconds += 1.0

    after = matcher.calibration(there.current_sync().spiral.calibration)
    assert after == calibration_for(matcher.encoder.fingerprint)
    assert SpiralSettings.objects.get().calibration is None


@pytest.mark.parametrize("share", ["2", "0", "1/0", "half"])
def test_what_is_no_share_is_refused(pairs, share):
    with pytest.raises(CommandError, match="ingen andel"):
        calibrate(str(pairs), "--budget", share)


def test_a_broken_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="kan inte läsas"):
        calibrate(str(tmp_path / "none.tsv"))


def test_too_little_feedback_is_refused_with_the_number_that_would_do():
    with pytest.raises(CommandError, match="För få märkta par: 0"):
        calibrate("--feedback")


def test_feedback_and_files_are_taken_together(pairs):
    figures = json.loads(calibrate(str(pairs), "--feedback", "--budget", "1/4", "--json"))

    assert figures["fitted_on"] == "pairs.jsonl, feedback"


def test_nothing_to_calibrate_on_is_refused():
    with pytest.raises(CommandError, match="Ange en fil"):
        calibrate()
