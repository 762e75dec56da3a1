"""Similar hits keep to the operator's budget: what is known of them closes and opens their bins."""

from random import Random

import pytest

from fibcache.core.bounds import needed
from fibcache.core.budget import (
    BINS,
    EDGES,
    THUMB,
    MemoryEvidence,
    Outcome,
    Tally,
    bin_of,
)
from fibcache.core.calibration import THRESHOLD, Calibration, Point
from fibcache.core.shipped import SHIPPED
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from tests.caching import LAKE, a_cache, an_entry, remember
from tests.test_wrong_pairs_are_kept_apart import ASKED, ask_similar

SPIRAL = Spiral(false_hits_at_most=1 / 20)
KNOTS = ((-1.0, 0.0), (0.3, THRESHOLD), (1.0, 1.0))
SHOWN = Calibration("e", KNOTS, pairs=1, curve=(Point(0.3, 1, 0, 1.0, 0.004),))


def allows(tally: Tally, score: float, entry: str = "e", spiral: Spiral = SPIRAL, by=SHOWN) -> str:
    allowance = tally.allows(entry, score, spiral=spiral, calibration=by)
    assert allowance.allowed == (not allowance.reason)
    return allowance.reason


def checks(count: int, score: float, *, right: bool = True, given: bool = True) -> list[Outcome]:
    return [Outcome(f"{score}/{n}", score, right, given=given) for n in range(count)]


def test_without_evidence_the_calibration_has_the_word():
    assert allows(Tally(), THRESHOLD) == allows(Tally(), 1.0) == ""
    assert allows(Tally(), 0.5) == "neighbourhood"  # nobody has looked below the operating point
    strict = Spiral(false_hits_at_most=0.001)
    assert allows(Tally(), 0.9, spiral=strict) == "neighbourhood"


def test_what_the_calibration_has_not_shown_takes_as_many_checks_as_the_bound_does():
    strict, enough = Spiral(false_hits_at_most=0.003), needed(0.003)
    tally = Tally.of(checks(enough - 1, 0.99, given=False))
    assert allows(tally, 0.99, spiral=strict) == "neighbourhood"

    tally.learn(Outcome("one more", 0.99, True))

    assert allows(tally, 0.99, spiral=strict) == ""
    assert allows(tally, 0.7, spiral=strict) == "neighbourhood"


def test_a_wrong_check_closes_its_bin_and_those_below_at_once():
    tally = Tally.of(checks(1, 0.8, right=False))

    assert allows(tally, 0.8) == allows(tally, 0.7) == "neighbourhood"
    assert allows(tally, 0.9) == ""


def test_right_checks_open_them_again():
    tally = Tally.of(checks(1, 0.8, right=False))
    missing = needed(1 / 20, wrong=1) - needed(1 / 20) - 1

    for outcome in checks(missing - 1, 0.8, given=False):
        tally.learn(outcome)
    assert allows(tally, 0.8) == "neighbourhood"
    tally.learn(Outcome("the last", 0.8, True, given=False))

    assert allows(tally, 0.8) == allows(tally, 0.7) == ""


def test_a_thumb_down_speaks_of_its_entry_up_to_its_score():
    tally = Tally.of([Outcome("mine", 0.8, False, THUMB)])

    assert allows(tally, 0.8, "mine") == allows(tally, 0.7, "mine") == "entry"
    assert allows(tally, 0.9, "mine") == allows(tally, 0.7, "another's") == ""


def test_an_entry_is_trusted_again_when_its_right_ones_outweigh():
    tally = Tally.of([Outcome("mine", 0.8, False, THUMB)])

    for _ in range(18):
        tally.learn(Outcome("mine", 0.7, True, THUMB))
    assert allows(tally, 0.8, "mine") == "entry"
    tally.learn(Outcome("mine", 0.8, True, THUMB))

    assert allows(tally, 0.8, "mine") == ""


def test_many_thumbs_of_one_entry_close_no_neighbourhood():
    tally = Tally.of([Outcome("mine", 0.9, False, THUMB)] * 50)

    assert allows(tally, 0.9, "another's") == ""


def test_another_budget_counts_at_once():
    tally = Tally.of([*checks(1, 0.8, right=False), *checks(60, 0.8)])

    assert allows(tally, 0.8) == ""
    assert allows(tally, 0.8, spiral=Spiral()) == "neighbourhood"
    assert allows(tally, 0.8) == ""


def test_what_is_shown_is_of_hits_that_were_given():
    tally = Tally.of(
        [*checks(411, 0.8), *checks(1, 0.7, right=False), *checks(99, 0.7, given=False)]
    )

    shown = tally.shown(spiral=Spiral())

    assert (shown.checked, shown.wrong, shown.kept) == (412, 1, False)
    assert shown.at_most == pytest.approx(0.01146, abs=1e-4)
    assert shown.lacking == 947 - 412
    assert Tally().shown(spiral=Spiral()).at_most == 1
    assert Tally().shown(spiral=Spiral()).lacking == 598


@pytest.mark.parametrize("share", [0.0, 0.01])
def test_a_cache_well_within_its_budget_stays_open(share):
    given, wrong = simulated(share, seed=5)

    assert given > 2900
    assert wrong <= given / 20


@pytest.mark.parametrize("share", [0.15, 0.4])
def test_a_cache_that_errs_too_often_closes_and_stays_closed(share):
    over = 0
    for seed in range(8):
        given, wrong = simulated(share, seed=seed, learned=1000)
        over += wrong > given / 20 and wrong > 3

    assert over == 0  # of 2,000 hits after the first thousand


def test_hits_that_are_right_near_by_and_wrong_far_away_are_told_apart():
    """The threshold finds its place, wherever the calibration had put it."""
    random, tally = Random(3), Tally()
    for number in range(3000):
        score = random.uniform(THRESHOLD, 1)
        right = score > 0.85 or random.random() > 0.5
        given = not allows(tally, score, f"e{number}")
        if not given or random.random() < 0.1:
            tally.learn(Outcome(f"e{number}", score, right, given=given))

    assert allows(tally, 0.65) == allows(tally, 0.8) == "neighbourhood"
    assert allows(tally, 0.95) == ""


def simulated(share: float, *, seed: int, learned: int = 0) -> tuple[int, int]:
    """Count (given, wrong) of 3,000 hits, after `learned`; a tenth of the given is checked."""
    random, tally = Random(seed), Tally()
    given = wrong = 0
    for number in range(3000):
        score, right = random.uniform(THRESHOLD, 1), random.random() >= share
        if allows(tally, score, f"e{number}"):
            tally.learn(Outcome(f"e{number}", score, right, given=False))
            continue
        if number >= learned:
            given, wrong = given + 1, wrong + (not right)
        if random.random() < 0.1:
            tally.learn(Outcome(f"e{number}", score, right))
    return given, wrong


def test_every_score_has_a_bin():
    assert [bin_of(edge) for edge in EDGES] == list(range(BINS + 1))
    assert (bin_of(0.61), bin_of(1.0)) == (0, BINS)


def test_the_shipped_calibrations_meet_the_default_budget():
    for calibration in SHIPPED:
        spiral = Spiral()
        assert allows(Tally(), spiral.similar_at_least, spiral=spiral, by=calibration) == ""


# In the cache


def test_a_hit_without_room_in_the_budget_is_doubted_and_not_counted():
    evidence = MemoryEvidence([Outcome(f"key of {LAKE}", 1.0, False, THUMB)])
    cache = a_cache(guards=(), evidence=evidence)
    remember(cache, an_entry(LAKE))

    hit = ask_similar(cache)

    assert hit.doubt == "entry" and hit.why["question"] == LAKE


def test_the_next_nearest_entry_may_have_room():
    evidence = MemoryEvidence([Outcome(f"key of {LAKE}", 1.0, False, THUMB)])
    cache = a_cache(guards=(), evidence=evidence)
    other = "Hur lång är sjön som heter Storsjön?"
    remember(cache, an_entry(LAKE), an_entry(other))

    hit = ask_similar(cache, ASKED)

    assert hit.doubt == "" and hit.entry.question == other


async def test_a_doubted_hit_leaves_the_turn_to_the_model():
    from chat.core.events import text_of
    from tests.fakes import ScriptedSpeaker, a_kit, a_turn, hear

    cache = a_cache(guards=(), evidence=MemoryEvidence(checks(1, 1.0, right=False)))
    kit = a_kit(speaker=ScriptedSpeaker("Från modellen.", keep=True), cache=cache)
    await hear(a_turn(LAKE), kit)

    events = await hear(a_turn(ASKED), kit)

    assert text_of(events) == "Från modellen."
    assert kit.meter.outcomes[-1].turn.doubted.doubt == "neighbourhood"
    kept = await cache.store.get(kit.meter.outcomes[-1].turn.doubted.entry.key, tiers=TIERS)
    assert kept.standing.hits == 0
