"""`evaluate pii` counts what is found by type, and what leaks whatever it is taken for."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat.evaluations.personal import Row, of_tokens, read_rows, tally


def measured(rows: list[Row], *found: list[tuple[int, int, str]]) -> dict:
    ready = iter(found)
    return tally(read_rows(rows, lambda text: next(ready)))


def test_half_of_the_longer_span_is_enough():
    text = Row("Anna Maria Berg ringde", ((0, 15, "NAME"),))

    assert measured([text], [(0, 10, "NAMN")])["f1"] == 1
    assert measured([text], [(0, 4, "NAMN")])["f1"] == 0
    assert measured([Row("Anna ringde igår", ((0, 4, "NAME"),))], [(0, 16, "NAMN")])["f1"] == 0


def test_what_is_hidden_as_something_else_has_not_leaked():
    text = Row("Nummer 850821-9998", ((7, 18, "PERSONNUMMER"),))

    hidden = measured([text], [(7, 18, "TEL")])
    left = measured([text], [])

    assert (hidden["f1"], hidden["leaked"]) == (0, 0)
    assert (left["recall"], left["leaked"]) == (0, 1)
    assert left["by_type"]["PERSONNUMMER"]["leaked"] == 1


def test_a_find_in_a_harmless_text_costs_precision():
    rows = [Row("Ring 112", ()), Row("Anna", ((0, 4, "NAME"),))]

    figures = measured(rows, [(5, 8, "TEL")], [(0, 4, "NAMN")])

    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.5, 1, 0.6667)
    assert figures["by_type"]["PHONE"]["precision"] == 0


def test_tags_without_beginnings_are_put_together_and_only_names_are_judged():
    row = of_tokens(["Anna", "Berg", "bor", "i", "Lund"], ["PER", "PER", "O", "O", "LOC"])

    assert row == Row("Anna Berg bor i Lund", ((0, 9, "NAME"),), "NAME")
    assert measured([row], [(0, 9, "NAMN"), (16, 20, "ADRESS")])["precision"] == 1
    assert len(of_tokens(["Anna", "Bo"], ["B-PER", "B-PER"]).spans) == 2


def test_files_are_measured(tmp_path):
    path = tmp_path / "rows.jsonl.gz"
    row = {"text": "Ring 070-123 45 67", "spans": [[5, 18, "PHONE"]]}
    path.write_bytes(gzip.compress(json.dumps(row).encode()))
    out = StringIO()

    call_command("evaluate", "pii", str(path), "--json", stdout=out)

    figures = json.loads(out.getvalue())
    assert (figures["n"], figures["f1"], figures["leaked"]) == (1, 1, 0)


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", '{"text": "a", "spans": [[0, 9, "NAME"]]}', '{"tokens": ["a"], "tags": []}'],
)
def test_unusable_files_are_told_of(tmp_path, line):
    path = tmp_path / "rows.jsonl"
    path.write_text(line)

    with pytest.raises(CommandError, match=path.name):
        call_command("evaluate", "pii", str(path))
