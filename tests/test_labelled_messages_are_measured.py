"""`manage.py evaluate intents` counts what is understood, and says what it can't read."""

import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat.evaluations.intents import BadMessages, Labelled, macro_f1, read_messages, tally
from nlu.core.slots import Slot
from nlu.core.understanding import Reading

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    {"utt": "hur blir vädret i morgon", "intent": "weather_query", "annot_utt": "hur blir vädret"},
    {"utt": "spela lite musik", "intent": "play_music"},
    {"utt": "släck lampan", "intent": "play_music"},
)


class Scripted:
    def __init__(self, **readings: tuple[str, float]) -> None:
        self._readings = readings

    def read(self, text: str) -> Reading:
        return Reading("sv", *self._readings[text])


def test_figures_are_counted_of_all_and_of_the_sure() -> None:
    reader = Scripted(a=("x", 0.9), b=("y", 0.7), c=("x", 0.4), d=("y", 0.3))
    told = [Labelled("a", "x"), Labelled("b", "x"), Labelled("c", "x"), Labelled("d", "z")]
    figures = tally(told, reader, sure_at_least=0.7, clock=iter(range(99)).__next__)
    assert figures == {
        "n": 4,
        "accuracy": 0.5,
        "macro_f1": pytest.approx((2 * 2 / 5 + 0 + 0) / 3),
        "slot_f1": None,
        "coverage": 0.5,
        "accuracy_answered": 0.5,
        "ms_p50": 1000.0,
        "ms_p99": 1000.0,
    }
    assert tally(told, reader, sure_at_least=0.95)["accuracy_answered"] is None


def test_macro_f1_counts_every_intent_alike() -> None:
    assert macro_f1(["x", "x", "y"], ["x", "x", "y"]) == 1
    assert macro_f1(["x"] * 9 + ["x"], ["x"] * 9 + ["y"]) == pytest.approx((18 / 19 + 0) / 2)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_a_file_is_measured(tmp_path, name: str) -> None:
    opened = gzip.open if name.endswith(".gz") else open
    with opened(tmp_path / name, "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row) for row in ROWS) + "\n\n")
    out = StringIO()
    call_command("evaluate", "intents", str(tmp_path / name), "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert (figures["n"], figures["accuracy"]) == (3, pytest.approx(2 / 3))
    assert 0 < figures["ms_p50"] <= figures["ms_p99"]
    table = StringIO()
    call_command("evaluate", "intents", str(tmp_path / name), stdout=table)
    assert "66,67 %" in table.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "är tom"),
        ("{", "rad 1: inte JSON"),
        ('"hej"', "rad 1: inget objekt"),
        ('{"utt": "hej"}', "intent saknas"),
        ('{"utt": 3, "intent": "x"}', "utt saknas"),
    ],
)
def test_unusable_files_are_told_of(tmp_path, text: str, said: str) -> None:
    (tmp_path / "rows.jsonl").write_text(text)
    with pytest.raises(CommandError, match=said):
        call_command("evaluate", "intents", str(tmp_path / "rows.jsonl"))
    with pytest.raises(CommandError, match="kan inte läsas"):
        call_command("evaluate", "intents", str(tmp_path / "none.jsonl"))
    (tmp_path / "rows.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(CommandError, match="kan inte läsas"):
        call_command("evaluate", "intents", str(tmp_path / "rows.jsonl.gz"))


def test_training_needs_its_data(tmp_path) -> None:
    with pytest.raises(CommandError, match="Filen saknas"):
        call_command("nlu", "train", "intents", "--data", str(tmp_path))


def test_slots_are_counted_by_exact_spans() -> None:
    slot = Slot("date", 12, 18, "fredag", None)

    class Tagging:
        def read(self, text: str) -> Reading:
            return Reading("sv", "x", 1.0, slots=(slot,) if text else ())

    said = "väck mig på fredag"
    right, wrong = (("date", 12, 18),), (("time", 12, 18),)
    rows = [Labelled(said, "x", right), Labelled(said, "x", wrong), Labelled(said, "x")]
    assert tally(rows, Tagging(), sure_at_least=0.5)["slot_f1"] == 0.5


@pytest.mark.parametrize(
    ("annotated", "slots"),
    [
        ("väck mig på [date : fredag]", (("date", 12, 18),)),
        ("väck mig på fredag", ()),
        ("väck mig på [date : lördag]", None),
        (None, None),
    ],
)
def test_slots_are_read_from_brackets(tmp_path, annotated, slots) -> None:
    row = {"utt": "väck mig på fredag", "intent": "x", "annot_utt": annotated}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    assert read_messages(tmp_path / "rows.jsonl")[0].slots == slots


def test_a_bracket_that_is_no_slot_is_told_of(tmp_path) -> None:
    row = {"utt": "på fredag", "intent": "x", "annot_utt": "på [fredag"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    with pytest.raises(BadMessages, match="rad 1"):
        read_messages(tmp_path / "rows.jsonl")
