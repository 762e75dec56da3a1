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
from nlu.core.slots import (
    LANGUAGES,
    BadSlotFile,
    Slot,
    SlotTagger,
    chunks,
    path_of,
    shipped,
    slots_of,
)
from nlu.core.values import Value
from nlu.training.guesses import out_of_fold
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
        ("hur är vädret i Göteborg imorgon", {"place_name": "Göteborg", "date": "imorgon"}),
        ("tänd lampan i köket", {"house_place": "köket"}),
        ("ring min mamma", {"relation": "mamma"}),
        ("hej på dig", {}),
        ("", {}),
    ],
)
def test_slots_of_plain_commands_are_found(text, slots):
    assert found(text) == slots


def test_slots_of_english_commands_are_found():
    slots = slots_of("wake me up at nine am on friday", NOW, language="en", intent="alarm_set")

    assert [(slot.name, slot.text) for slot in slots] == [("time", "nine am"), ("date", "friday")]


def test_each_slot_tells_where_it_stands():
    text = "påminn mig på (tisdag) om mötet"

    assert all(text[slot.start : slot.end] == slot.text for slot in slots_of(text))


def test_times_become_iso_8601_from_the_callers_now():
    slots = slots_of("väck mig klockan sju på fredag", NOW, "Europe/Stockholm")

    assert {slot.name: slot.value for slot in slots}["date"] == Value("date", "2026-03-06")
    assert all(slot.value for slot in slots)


def test_times_have_no_value_without_a_now():
    assert [slot.value for slot in slots_of("väck mig på fredag")] == [None]


def test_currencies_and_amounts_become_codes_and_numbers():
    slots = slots_of("vad är kursen mellan svenska kronor och dollar", intent="qa_currency")

    codes = [slot.value.value for slot in slots if slot.name == "currency_name"]
    assert codes == ["SEK", "USD"]


def test_a_slot_is_told_as_json():
    value = Value("date", "2026-03-06")

    assert Slot("date", 12, 18, "fredag", value).as_json() == {
        "name": "date",
        "start": 12,
        "end": 18,
        "text": "fredag",
        "value": {"kind": "date", "value": "2026-03-06"},
    }
    assert Slot("date", 12, 18, "fredag", None).as_json()["value"] is None
    assert Value("share", "20", unit="%").as_json() == {"kind": "share", "value": "20", "unit": "%"}


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

    assert all(slot.text and text[slot.start : slot.end] == slot.text for slot in slots)
    places = [place for slot in slots for place in (slot.start, slot.end)]
    assert places == sorted(places)
    assert len(features([text[start:end] for start, end in cut(text)], {})) == len(cut(text))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_model_is_small(language):
    assert path_of(language).stat().st_size <= 1_600_000


@pytest.mark.parametrize(
    "spoil",
    [lambda file: b"", lambda file: file[:-9], lambda file: file[:5000] + bytes(99) + file[5099:]],
)
def test_a_damaged_model_is_told_of(tmp_path, spoil):
    path = tmp_path / "slots.zip"
    path.write_bytes(spoil(path_of().read_bytes()))

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
        rows = "".join(
            json.dumps({"annot_utt": command, "intent": command.split()[0]}) + "\n"
            for command in commands
        )
        for locale in ("sv-SE", "en-US"):
            path = tmp_path / f"massive/{locale}.{part}.jsonl.gz"
            path.write_bytes(gzip.compress(rows.encode()))
    news = {"tokens": ["Anna", "bor", "i", "Lund"] * 2, "tags": ["PER", "O", "O", "LOC"] * 2}
    (tmp_path / "swedish-ner").mkdir()
    (tmp_path / "swedish-ner/train.jsonl.gz").write_bytes(gzip.compress(json.dumps(news).encode()))
    return tmp_path


def test_what_news_name_is_learnt(data):
    lexicon = lexicon_of(data)

    assert (lexicon["anna"][2], lexicon["lund"][2], lexicon["bor"][2]) == ("PER", "LOC", "")


def test_training_teaches_what_the_data_holds(data, tmp_path):
    said = StringIO()
    call_command("nlu", "train", "slots", "--data", str(data), "--out", str(tmp_path), stdout=said)

    for language in LANGUAGES:
        tagger = SlotTagger.load(tmp_path / path_of(language).name, language)
        spans = tagger.spans("ring klockan nio på måndag", "ring")
        assert spans == (("time", 13, 16), ("date", 20, 26))
        assert f"{language}: F1 1.0000 på dev, lärt av train\n" in said.getvalue()


def test_what_a_command_asks_for_is_guessed_without_having_seen_it():
    texts = ["ring mamma", "ring pappa", "väck mig", "väck oss", "vem är du"] * 3

    guessed = out_of_fold(texts, [text.split()[0] for text in texts])

    assert guessed[:2] == ["ring", "ring"]
    assert "vem" not in guessed  # which only its own fold has


def test_training_says_what_data_is_missing(tmp_path):
    with pytest.raises(CommandError, match=r"sv-SE\.train"):
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
