"""`manage.py evaluate robust` types messages ill, the same way each time, and compares."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat.evaluations.intents import Labelled
from chat.evaluations.typing import WAYS, typed

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "väck mig imorgon klockan sju"
MESSAGE = Labelled(TEXT, "alarm_set", (("date", 9, 16), ("time", 17, 28)))
OTHERS = [Labelled("vad är kalenderhändelse", "x", (("event", 7, 23),))]
OTHERS += [Labelled("kalender och händelse", "x", ())]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_seed_types_the_same(way: str) -> None:
    pairs = typed([MESSAGE, *OTHERS], way, seed=3)
    assert pairs and pairs == typed([MESSAGE, *OTHERS], way, seed=3)
    for was, now in pairs:
        assert was.text != now.text and was.intent == now.intent
        assert was.slots is not None and now.slots is not None
        assert len(was.slots) == len(now.slots)
        for _, start, end in now.slots:
            assert 0 <= start < end <= len(now.text)


def test_slots_move_with_their_words() -> None:
    (_, now), *_ = typed([MESSAGE], "digraphs")
    assert now.text == "vaeck mig imorgon klockan sju"
    assert [now.text[start:end] for _, start, end in now.slots or ()] == ["imorgon", "klockan sju"]
    ((_, apart),) = typed(OTHERS, "split")
    assert apart.text == "vad är kalender händelse"
    assert [apart.text[start:end] for _, start, end in apart.slots or ()] == ["kalender händelse"]


def test_a_file_is_typed_and_read(tmp_path) -> None:
    row = {"utt": TEXT, "intent": "alarm_set"}
    row["annot_utt"] = "väck mig [date : imorgon] [time : klockan sju]"
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row))
    out = StringIO()
    call_command("evaluate", "robust", str(path), "--typed", "signs", "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert set(figures) == {"clean", "signs"}
    assert figures["signs"]["n"] == 1 and figures["signs"]["accuracy_mended"] == 1
    assert figures["signs"]["slot_f1_mended"] == figures["clean"]["slot_f1"] > 0
    out = StringIO()
    call_command("evaluate", "robust", str(path), "--typed", "ascii", stdout=out)
    assert "ascii" in out.getvalue()


def test_a_file_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(CommandError, match="kan inte läsas"):
        call_command("evaluate", "robust", str(tmp_path / "none.jsonl"))
