"""`manage.py evaluate pairs` reads labelled pairs and counts what the cache makes of them."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat.evaluations.labelled import BadPairs, Pair, read_pairs
from chat.evaluations.pairs import Decided, decide, tally
from fibcache.core.encoder import HashedNgrams
from fibcache.core.guards import GUARDS
from fibcache.core.matching import Match, Matcher

ALIKE = Match(0.9, (), agrees=True)
UNLIKE = Match(0.1, (), agrees=False)


def a_file(tmp_path, text: str, name: str = "pairs.jsonl"):
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.tsv", "same\tcategory\ta\tb\n1\tx\tHej?\tHallå?\n"),
        ("p.tsv.gz", "label\tcapability\tq1\tq2\r\n1\tx\tHej?\tHallå?\r\n"),
        ("p.jsonl", '{"label": 1, "text_a": "Hej?", "text_b": "Hallå?", "test": "x"}\n\n'),
        ("p.jsonl.gz", '{"negated": 0, "premise": "Hej?", "hypothesis": "Hallå?", "subset": "x"}'),
        ("p.jsonl", '{"same": true, "a": "Hej?", "b": "Hallå?", "category": "x"}'),
    ],
)
def test_every_form_of_file_is_read(tmp_path, name, text):
    assert list(read_pairs(a_file(tmp_path, text, name))) == [Pair("Hej?", "Hallå?", True, "x")]


def test_a_quotation_mark_is_a_letter_like_others(tmp_path):
    path = a_file(tmp_path, 'same\ta\tb\n0\t"Hej\tHallå"\n', "p.tsv")

    assert list(read_pairs(path)) == [Pair('"Hej', 'Hallå"', False)]


@pytest.mark.parametrize(
    ("name", "text", "where", "what"),
    [
        ("p.jsonl", '{"same": 1, "a": "x", "b": "y"}\n{"same": 1', ":2:", "JSON"),
        ("p.jsonl", "[1]", ":1:", "objekt"),
        ("p.jsonl", '{"a": "x", "b": "y"}', ":1:", "saknar same"),
        ("p.jsonl", '{"same": 2, "a": "x", "b": "y"}', ":1:", "0 eller 1"),
        ("p.jsonl", '{"same": 1, "a": "x"}', ":1:", "saknar frågorna"),
        ("p.jsonl", '{"same": 1, "a": "x", "b": " "}', ":1:", "b är tom"),
        ("p.jsonl", "", "p.jsonl", "inga par"),
        ("p.tsv", "same\ta\tb\n", "p.tsv", "inga par"),
        ("p.tsv", "same\ta\tb\n1\tx\ty\tz\n", ":2:", "fler kolumner"),
        ("p.tsv", "same\ta\tb\n1\tx\n", ":2:", "b är tom"),
    ],
)
def test_a_broken_file_tells_where(tmp_path, name, text, where, what):
    with pytest.raises(BadPairs) as error:
        list(read_pairs(a_file(tmp_path, text, name)))

    assert where in str(error.value) and what in str(error.value)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "p.tsv"
    path.write_bytes(b"same\ta\tb\n1\t\xff\xfe\ty\n")

    with pytest.raises(BadPairs, match="UTF-8"):
        list(read_pairs(path))


def test_a_gzip_that_is_none_is_refused(tmp_path):
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(b"{}")

    with pytest.raises(BadPairs, match="kan inte läsas"):
        list(read_pairs(path))


def test_hits_are_counted_by_category():
    decided = [
        Decided(Pair("a", "b", True, "x"), ALIKE),
        Decided(Pair("a", "b", True, "x"), UNLIKE),
        Decided(Pair("a", "b", False, "y"), ALIKE),
        Decided(Pair("a", "b", False, "y"), UNLIKE),
        Decided(Pair("a", "b", True, "x"), ALIKE),
    ]

    figures = tally(decided)

    assert figures["n"] == 5
    assert (figures["positives"], figures["true_hits"]) == (3, 2)
    assert (figures["negatives"], figures["false_hits"]) == (2, 1)
    assert figures["hit_rate"] == pytest.approx(2 / 3)
    assert figures["false_hit_rate"] == pytest.approx(1 / 3)  # of hits
    low, high = figures["interval_95"]
    assert low < 1 / 3 < high
    assert figures["by_category"]["y"]["false_hits"] == 1
    assert figures["by_category"]["y"]["hit_rate"] is None


def test_without_hits_nothing_is_said_of_them():
    figures = tally([Decided(Pair("a", "b", True), UNLIKE)])

    assert figures["false_hit_rate"] is None
    assert figures["interval_95"] == [0.0, 1.0]
    assert figures["by_category"] == {}


async def test_a_pair_is_decided_as_the_cache_would():
    matcher = Matcher(HashedNgrams(), GUARDS)
    pairs = [
        Pair("Hur tvättar jag ull?", "hur tvättar jag ull", True),
        Pair("Hur öppnar jag luckan?", "Hur stänger jag luckan?", False),
        Pair("Hej " * 200, "Hej " * 200, True),  # a text of its own, only found word for word
    ]

    hits = [one.match.agrees async for one in decide(pairs, matcher, at_least=0.618)]

    assert hits == [True, False, False]


@pytest.mark.django_db
def test_the_command_prints_figures_for_machines(tmp_path):
    path = a_file(tmp_path, '{"same": 1, "a": "Hur tvättar jag ull?", "b": "hur tvättar jag ull"}')
    out = StringIO()

    call_command("evaluate", "pairs", str(path), "--json", stdout=out)

    figures = json.loads(out.getvalue())
    assert (figures["n"], figures["true_hits"], figures["hit_rate"]) == (1, 1, 1.0)
    assert set(figures) == {
        *("n", "positives", "true_hits", "negatives", "false_hits"),
        *("hit_rate", "false_hit_rate", "interval_95", "by_category"),
    }


@pytest.mark.django_db
def test_the_command_shows_people_what_went_wrong(tmp_path):
    path = a_file(tmp_path, '{"same": 1, "a": "Vad kostar bilen?", "b": "Vem äger båten?"}')
    out, err = StringIO(), StringIO()

    call_command("evaluate", "pairs", str(path), "--show", "1", stdout=out, stderr=err)

    assert "falska av alla träffar: -" in out.getvalue()
    assert "Vad kostar bilen? | Vem äger båten?" in err.getvalue()


@pytest.mark.django_db
def test_the_command_refuses_a_broken_file(tmp_path):
    with pytest.raises(CommandError, match="kan inte läsas"):
        call_command("evaluate", "pairs", str(tmp_path / "none.tsv"))
