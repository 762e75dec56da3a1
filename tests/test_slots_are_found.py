"""Slots are found where MASSIVE's annotators put them, and their values are typed."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from nlu.core.brackets import BadBrackets, slot_f1, unbracketed
from nlu.core.slot_features import cut, features
from nlu.core.slots import SHIPPED, BadSlotFile, SlotTagger, chunks, shipped, slots_of
from nlu.training.slot_words import lexicon_of
from nlu.training.slots import tagged

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # ten o'clock on a Wednesday in Stockholm


def found(text):
    return {slot.name: slot.text for slot in slots_of(text)}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("väck mig vid nio på fredag", {"time": "nio", "date": "fredag"}),
        ("Väck mig vid nio på fredag!", {"time": "nio", "date": "fredag"}),
        ("hur är vädret i Göteborg i morgon", {"place_name": "Göteborg", "date": "i morgon"}),
        ("tänd lampan i köket", {"house_place": "köket"}),
        ("ring min mamma", {"relation": "mamma"}),
        ("hej på dig", {}),
        ("", {}),
    ],
)
def test_slots_of_plain_commands_are_found(text, slots):
    assert found(text) == slots


def test_each_slot_tells_where_it_stands():
    text = "påminn mig på (tisdag) om mötet"

    assert all(text[slot.start : slot.end] == slot.text for slot in slots_of(text))


def test_times_become_iso_8601_from_the_callers_now():
    slots = slots_of("väck mig klockan sju på fredag", NOW, "Europe/Stockholm")

    assert {slot.name: slot.value for slot in slots}["date"] == "2026-03-06"
    assert all(slot.value for slot in slots)


def test_times_have_no_value_without_a_now():
    assert [slot.value for slot in slots_of("väck mig på fredag")] == [None]


def test_currencies_and_amounts_become_codes_and_numbers():
    slots = slots_of("vad är kursen mellan svenska kronor och dollar")

    assert [slot.value for slot in slots if slot.name == "currency_name"] == ["SEK", "USD"]


@pytest.mark.parametrize(
    ("annotated", "text", "spans"),
    [
        ("väck mig på [date : fredag]", "väck mig på fredag", (("date", 12, 18),)),
        ("[ time :  åtta   noll ] ja", "åtta noll ja", (("time", 0, 9),)),
        ("hej", "hej", ()),
    ],
)
def test_brackets_are_taken_off(annotated, text, spans):
    assert unbracketed(annotated) == (text, spans)


@pytest.mark.parametrize("annotated", ["[date : fredag", "fredag]", "[fredag]", "[date : ]"])
def test_bad_brackets_are_refused(annotated):
    with pytest.raises(BadBrackets):
        unbracketed(annotated)


def test_f1_counts_exact_spans():
    true = (("date", 0, 3), ("time", 4, 6))

    assert slot_f1([(true, true)]) == 1
    assert slot_f1([((("date", 0, 3), ("time", 4, 7)), true)]) == 0.5
    assert slot_f1([((), true), (true, true)]) == pytest.approx(2 / 3)
    assert slot_f1([((), ())]) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ring mamma, tack!", ["Ring", "mamma", "tack"]),
        ("åtta e. m.", ["åtta", "e.", "m."]),
        ("Slut på tv.", ["Slut", "på", "tv"]),
        ("(kl 14.30)", ["kl", "14.30"]),
        (" ?! ", []),
    ],
)
def test_words_are_cut_from_the_marks_around_them(text, words):
    assert [text[start:end] for start, end in cut(text)] == words


def test_tags_are_written_and_read_alike():
    words, tags = tagged("väck mig [time : klockan nio] [date : fredag] tack")

    assert words == ["väck", "mig", "klockan", "nio", "fredag", "tack"]
    assert tags == ["O", "O", "B-time", "I-time", "B-date", "O"]
    assert list(chunks(tags)) == [("time", 2, 3), ("date", 4, 4)]
    assert list(chunks(["I-time", "I-date"])) == [("time", 0, 0), ("date", 1, 1)]


@given(st.text(max_size=80))
def test_nothing_that_is_written_disturbs(text):
    slots = slots_of(text, NOW, "Europe/Stockholm")

    places = [place for slot in slots for place in (slot.start, slot.end)]
    assert places == sorted(places)
    assert len(features([text[start:end] for start, end in cut(text)], {})) == len(cut(text))


def test_the_model_is_small():
    assert SHIPPED.stat().st_size <= 3_000_000


@pytest.mark.parametrize(
    "spoil",
    [lambda file: b"", lambda file: file[:-9], lambda file: file[:5000] + bytes(99) + file[5099:]],
)
def test_a_damaged_model_is_told_of(tmp_path, spoil):
    path = tmp_path / "slots.zip"
    path.write_bytes(spoil(SHIPPED.read_bytes()))

    with pytest.raises(BadSlotFile, match="slots"):
        SlotTagger.load(path)


def test_a_missing_model_is_told_of(tmp_path):
    with pytest.raises(BadSlotFile, match="none"):
        SlotTagger.load(tmp_path / "none")


@pytest.fixture
def data(tmp_path):
    """MASSIVE's files with a few commands in each."""
    (tmp_path / "massive").mkdir()
    commands = [
        f"{order} [time : {hour}] på [date : {day}]"
        for order in ("väck mig vid", "ring klockan")
        for hour in ("sju", "åtta", "nio")
        for day in ("måndag", "tisdag", "fredag")
    ] + ["hej på dig", "vem är du"]
    for part in ("train", "dev"):
        rows = "".join(json.dumps({"annot_utt": command}) + "\n" for command in commands)
        (tmp_path / f"massive/sv-SE.{part}.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    news = {"tokens": ["Anna", "bor", "i", "Lund"] * 2, "tags": ["PER", "O", "O", "LOC"] * 2}
    (tmp_path / "swedish-ner").mkdir()
    (tmp_path / "swedish-ner/train.jsonl.gz").write_bytes(gzip.compress(json.dumps(news).encode()))
    return tmp_path


def test_what_news_name_is_learnt(data):
    lexicon = lexicon_of(data)

    assert (lexicon["anna"][2], lexicon["lund"][2], lexicon["bor"][2]) == ("PER", "LOC", "")


def test_training_teaches_what_the_data_holds(data, tmp_path):
    out = tmp_path / "new.zip"
    said = StringIO()
    call_command("nlu", "train", "slots", "--data", str(data), "--out", str(out), stdout=said)

    spans = SlotTagger.load(out).spans("ring klockan nio på måndag")
    assert spans == (("time", 13, 16), ("date", 20, 26))
    assert "F1 på dev, lärt av train: 1.0000" in said.getvalue()


def test_training_says_what_data_is_missing(tmp_path):
    with pytest.raises(CommandError, match=r"sv-SE\.dev"):
        call_command("nlu", "train", "slots", "--data", str(tmp_path))


def test_training_wants_a_round(data):
    with pytest.raises(CommandError, match="--rounds"):
        call_command("nlu", "train", "slots", "--data", str(data), "--rounds", "0")


def test_threads_may_share_the_tagger():
    sentences = ["väck mig vid nio på fredag", "ring min mamma", "tänd lampan i köket"] * 100
    alone = [slots_of(sentence) for sentence in sentences]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(slots_of, sentences)) == alone


def test_the_model_is_loaded_once():
    assert shipped() is shipped()
