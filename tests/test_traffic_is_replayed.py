"""`manage.py evaluate traffic` asks seeded questions of the real pipeline and counts its hits."""

import asyncio
import json
from collections import Counter
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from chat.core.policy import Policy
from chat.evaluations.families import families_of
from chat.evaluations.hits import exact_ceiling, oracle_ceiling, tally
from chat.evaluations.labelled import Pair
from chat.evaluations.ladders import STRATEGIES, ladder, mean_entries
from chat.evaluations.stream import Asked, Traffic, chosen, stream
from chat.evaluations.traffic import replay
from fibcache.core.encoder import HashedNgrams
from fibcache.core.guards import GUARDS
from fibcache.core.matching import Matcher
from fibcache.core.tiers import HOUR_S, TIERS

WOOL = ("Hur tvättar jag ull?", "Hur tvättar man ull?", "Hur ska ull tvättas?")
DOOR = ("Hur öppnar jag dörren?", "Hur stänger jag dörren?")
PAIRS = (
    Pair(WOOL[0], WOOL[1], same=True),
    Pair(WOOL[1], WOOL[2], same=True),
    Pair(DOOR[0], DOOR[1], same=False),
    Pair(WOOL[2], "Hur tvättar jag siden?", same=False),
)
FAMILIES = families_of(PAIRS)


def many_families(count: int = 60):
    """Make up questions of two wordings, each with one that it could be taken for."""
    things = [a + b for a in ("ull", "sten", "lin", "bok", "tall", "björk") for b in "abcdefghij"]
    return families_of(
        pair
        for thing in things[:count]
        for pair in (
            Pair(f"Hur tvättar jag {thing}?", f"Hur tvättar man {thing}?", same=True),
            Pair(f"Hur tvättar jag {thing}?", f"Hur tvättar jag inte {thing}?", same=False),
        )
    )


def asked_at(*moments_and_texts: tuple[float, str], families=FAMILIES) -> list[Asked]:
    return [Asked(at_s, text, families.names[text]) for at_s, text in moments_and_texts]


def replayed(asked, families=FAMILIES, tiers=TIERS, guards=GUARDS):
    matcher = Matcher(HashedNgrams(), guards)
    return asyncio.run(replay(asked, families, Policy(), matcher, tiers))


def test_pairs_that_are_the_same_become_one_question():
    wool, door, closing, silk = FAMILIES.questions

    assert wool.wordings == WOOL
    assert wool.adversaries == silk.wordings
    assert door.adversaries == closing.wordings == (DOOR[1],)
    assert len(set(FAMILIES.names.values())) == 4


def test_wordings_that_nobody_can_tell_apart_are_one():
    families = families_of([Pair("Vad är ull?", "vad är  ull? ", same=False)])

    assert len(families.questions) == 1
    assert families.contradictions == 1


def test_a_contradicted_pair_is_no_adversary():
    families = families_of([*PAIRS, Pair(WOOL[0], WOOL[2], same=False)])

    assert families.contradictions == 1
    assert families.questions[0].adversaries == ("Hur tvättar jag siden?",)


def test_the_same_seed_gives_the_same_traffic():
    families, traffic = many_families(), Traffic(500, seed=3)

    assert stream(traffic, families) == stream(traffic, families)
    assert stream(traffic, families) != stream(Traffic(500, seed=4), families)


def test_the_shares_are_those_that_were_asked_for():
    families = many_families()
    asked = stream(Traffic(20_000, paraphrase=0.3, adversarial=0.05, questions=60), families)

    texts = Counter(query.text.split()[2] for query in asked)  # jag or man
    adversaries = sum(" inte " in query.text for query in asked)
    assert texts["man"] / 20_000 == pytest.approx(0.3, abs=0.02)
    assert adversaries / 20_000 == pytest.approx(0.05, abs=0.01)


def test_the_question_of_rank_r_is_asked_one_rth_as_often():
    families = many_families()
    traffic = Traffic(50_000, zipf=1.0, paraphrase=0, adversarial=0, questions=50)
    counts = Counter(query.name for query in stream(traffic, families))

    ranked = [counts[one.name] for one in chosen(families, most=50, seed=0)]
    for rank in (2, 4, 8):
        assert ranked[0] / ranked[rank - 1] == pytest.approx(rank, rel=0.15)
    assert len(ranked) == len(counts) == 50


def test_time_moves_at_the_stated_rate():
    asked = stream(Traffic(10_000, per_hour=100), many_families())

    assert asked[-1].at_s / HOUR_S == pytest.approx(100, rel=0.05)
    assert all(one.at_s <= two.at_s for one, two in pairwise(asked))


@pytest.mark.parametrize(
    "fields",
    [
        {"queries": 0},
        {"zipf": -1.0},
        {"per_hour": 0.0},
        {"paraphrase": 0.8, "adversarial": 0.3},
        {"adversarial": -0.1},
        {"questions": 0},
    ],
)
def test_numbers_out_of_range_are_refused(fields):
    with pytest.raises(ValueError, match="ska vara"):
        Traffic(**{"queries": 10, **fields})


def test_traffic_without_paraphrases_is_not_made_up():
    families = families_of([Pair(*DOOR, same=False)])

    with pytest.raises(ValueError, match="omformuleringar"):
        stream(Traffic(100), families)


def test_the_ceilings_frame_what_can_be_found():
    asked = asked_at((0, WOOL[0]), (1, WOOL[0]), (2, WOOL[1]), (3, DOOR[0]))

    assert exact_ceiling(asked) == 1 / 4
    assert oracle_ceiling(asked) == 2 / 4


def test_hits_are_counted_with_their_tier_and_way():
    asked = asked_at((0, WOOL[0]), (1, WOOL[0]), (2, WOOL[1]), (3, DOOR[0]), (4, DOOR[1]))

    figures = tally(replayed(asked))

    assert figures["by_tier"] == {"L2": 2}
    assert (figures["exact_hits"], figures["similar_hits"], figures["wrong_hits"]) == (1, 1, 0)
    assert figures["way_to_oracle"] == pytest.approx(1.0)
    assert figures["interval_95"][0] == 0.0


def test_an_answer_to_another_question_is_a_wrong_hit():
    asked = asked_at((0, DOOR[0]), (1, DOOR[1]))

    unguarded = replayed(asked, guards=())
    figures = tally(unguarded)

    assert (figures["wrong_hits"], figures["wrong_hit_rate"]) == (1, 1.0)
    assert unguarded.heard[1].matched == DOOR[0]
    assert tally(replayed(asked))["wrong_hits"] == 0


def test_what_expired_is_missed_and_said_so():
    asked = asked_at((0, WOOL[0]), (HOUR_S - 1, WOOL[0]), (4 * HOUR_S, WOOL[0]))

    figures = tally(replayed(asked))

    assert figures["hit_rate"] == pytest.approx(1 / 3)
    assert figures["missed"] == {"expired": 1}


def test_a_miss_tells_what_kept_it_from_being_found():
    families = families_of(
        [Pair(*DOOR, same=True), Pair("Vad är ull?", "När går tåget till Lund?", True)]
    )
    asked = asked_at(
        *((0, DOOR[0]), (1, DOOR[1]), (2, "Vad är ull?"), (3, "När går tåget till Lund?")),
        families=families,
    )

    missed = [one.missed for one in replayed(asked, families).heard]

    assert missed[0] == missed[2] == ()
    assert "antonyms" in missed[1]
    assert missed[3] == ("score",)


def test_ladders_are_compared_at_the_same_use_of_memory():
    asked = stream(Traffic(3000, per_hour=100), many_families())
    aim = asyncio.run(mean_entries(TIERS, asked))

    for strategy in STRATEGIES:
        tiers = asyncio.run(ladder(strategy, TIERS, asked))
        assert asyncio.run(mean_entries(tiers, asked)) == pytest.approx(aim, rel=0.03)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(f"{json.dumps(_row(pair))}\n" for pair in PAIRS))
    return path


def _row(pair: Pair) -> dict:
    return {"a": pair.a, "b": pair.b, "same": int(pair.same)}


@pytest.mark.django_db
def test_the_command_prints_figures_for_machines(file):
    out = StringIO()

    call_command(
        *("evaluate", "traffic", str(file), "--queries", "200", "--zipf", "1", "--seed", "1"),
        *("--paraphrase", "0.3", "--adversarial", "0.05", "--json"),
        stdout=out,
    )

    figures = json.loads(out.getvalue())
    assert figures["queries"] == 200
    assert sum(figures["by_tier"].values()) == round(200 * figures["hit_rate"])
    assert figures["exact_ceiling"] <= figures["oracle_ceiling"]
    assert set(figures) >= {"wrong_hits", "wrong_hit_rate", "interval_95", "way_to_oracle"}


@pytest.mark.django_db
def test_the_command_compares_ladders_for_people(file):
    out = StringIO()

    call_command(
        "evaluate", "traffic", str(file), "--queries", "50", "--strategy", "all", stdout=out
    )

    assert all(strategy in out.getvalue() for strategy in STRATEGIES)
    assert "flest träffar" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "what"),
    [(["--queries", "0"], "minst 1"), (["--paraphrase", "2"], "högst 1")],
)
def test_the_command_says_what_it_cannot_follow(file, arguments, what):
    with pytest.raises(CommandError, match=what):
        call_command("evaluate", "traffic", str(file), *arguments)
