"""`manage.py evaluate sts` and `evaluate retrieval` tell how good the encoder is."""

import gzip
import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from chat.evaluations.likeness import correlation, ranks
from fibcache.core.encoder import EncoderAway


def evaluated(kind, path, *options):
    out = StringIO()
    call_command("evaluate", kind, str(path), *options, stdout=out)
    return out.getvalue()


def written(path, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def graded(one, other, label):
    return {"sentence_1": one, "sentence_2": other, "label": label}


SENTENCES = [
    graded("En man spelar gitarr.", "En man spelar gitarr.", 5),
    graded("En hund springer.", "Hunden springer fort.", 4.0),
    graded("En hund springer.", "En katt sover.", 1.5),
    graded("Solen skiner.", "Jag köper bröd i affären.", "0"),
]


@pytest.mark.parametrize("name", ["sts.jsonl", "sts.jsonl.gz"])
def test_cosines_are_compared_with_grades(tmp_path, name):
    figures = json.loads(evaluated("sts", written(tmp_path / name, SENTENCES), "--json"))

    assert list(figures) == ["n", "pearson", "spearman"] and figures["n"] == 4
    assert figures["pearson"] > 0.9 and figures["spearman"] == pytest.approx(1)


def test_turned_grades_turn_the_figures(tmp_path):
    rows = [{**row, "label": -float(row["label"])} for row in SENTENCES]
    figures = json.loads(evaluated("sts", written(tmp_path / "a.jsonl", rows), "--json"))

    assert figures["pearson"] < -0.9 and figures["spearman"] == pytest.approx(-1)


def test_people_read_the_figures_too(tmp_path):
    said = evaluated("sts", written(tmp_path / "a.jsonl", SENTENCES[:1] * 3))

    assert "Pearson" in said and "-" in said  # one grade only: nothing to follow


def test_equal_values_share_their_ranks():
    assert ranks(np.array([3.0, 1, 3, 2])).tolist() == [3.5, 1, 3.5, 2]
    assert correlation(np.array([1.0, 2]), np.array([1.0, 1])) is None
    assert correlation(np.array([1.0, 2, 4]), np.array([2.0, 4, 8])) == pytest.approx(1)


QUESTIONS = [
    {
        "question": "Hur förnyar jag mitt pass?",
        "candidate_answers": ["Bröd bakas av mjöl.", "Pass förnyas hos polisen.", "Katter jamar."],
        "label": 1,
    },
    {
        "question": "Vad äter katter?",
        "candidate_answers": ["Katter äter gärna fisk.", "Solen lyser.", "Månen är rund."],
        "label": "2",  # labelled amiss: the answer is found last, or last but one
    },
]


def test_the_right_answer_is_looked_for(tmp_path):
    figures = json.loads(evaluated("retrieval", written(tmp_path / "a.jsonl", QUESTIONS), "--json"))

    assert list(figures) == ["n", "recall_at_1", "mrr"]
    assert (figures["n"], figures["recall_at_1"]) == (2, 0.5)
    assert 0.5 + 1 / 6 - 1e-9 <= figures["mrr"] <= 0.75 + 1e-9
    assert "rätt svar först" in evaluated("retrieval", tmp_path / "a.jsonl")


def test_who_can_not_tell_answers_apart_has_found_none(tmp_path):
    row = {"question": "…", "candidate_answers": ["en", "två"], "label": 0}
    figures = json.loads(evaluated("retrieval", written(tmp_path / "a.jsonl", [row]), "--json"))

    assert figures == {"n": 1, "recall_at_1": 0.0, "mrr": 0.5}


def test_the_same_answer_twice_is_no_other_answer(tmp_path):
    row = {"question": "hej", "candidate_answers": ["hej", "hej", "då"], "label": 1}
    figures = json.loads(evaluated("retrieval", written(tmp_path / "a.jsonl", [row]), "--json"))

    assert figures["recall_at_1"] == 1.0


@pytest.mark.parametrize(
    ("kind", "row", "said"),
    [
        ("sts", {"sentence_1": "a", "label": 1}, "sentence_1 och sentence_2"),
        ("sts", graded("a", "b", "mycket"), "label ska vara ett tal"),
        ("sts", graded("a", "b", None), "label ska vara ett tal"),
        ("sts", graded("a", "b", "nan"), "label ska vara ett tal"),
        ("retrieval", {"candidate_answers": ["a"], "label": 0}, "question"),
        ("retrieval", {"question": "a", "candidate_answers": "a", "label": 0}, "en lista"),
        ("retrieval", {"question": "a", "candidate_answers": ["a"], "label": 1}, "en plats"),
        ("retrieval", {"question": "a", "candidate_answers": ["a"], "label": -1}, "en plats"),
    ],
)
def test_a_bad_row_is_pointed_out(tmp_path, kind, row, said):
    with pytest.raises(CommandError, match=f"a.jsonl:1: .*{said}"):
        evaluated(kind, written(tmp_path / "a.jsonl", [row]))


@pytest.mark.parametrize("kind", ["sts", "retrieval"])
def test_a_missing_or_empty_file_is_told_of(tmp_path, kind):
    (tmp_path / "empty.jsonl").touch()
    for name in ("none.jsonl", "empty.jsonl"):
        with pytest.raises(CommandError, match=name):
            evaluated(kind, tmp_path / name)


@pytest.mark.parametrize(("kind", "rows"), [("sts", SENTENCES), ("retrieval", QUESTIONS)])
def test_an_encoder_that_is_away_is_told_of(tmp_path, monkeypatch, kind, rows):
    class Away:
        async def vectors_of(self, texts, spent=None):
            raise EncoderAway("ingen där")

    monkeypatch.setattr(f"chat.management.measures.{kind}.encoder", Away)

    with pytest.raises(CommandError, match="Kodaren svarar inte: ingen där"):
        evaluated(kind, written(tmp_path / "a.jsonl", rows))
