"""What people ask for is understood, in Swedish and English, however it is typed."""

from dataclasses import replace

import numpy as np
import pytest

from nlu.core.encoder import SwedishEncoder
from nlu.core.intents import OUT_OF_SCOPE, BadIntentsFile, IntentModel, Learnt, shipped
from nlu.core.traits import NEVER, shorter, traits, traits_of
from nlu.core.understanding import Understanding


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding.load(SwedishEncoder.load())


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hur blir vädret i Umeå i morgon?", "weather_query"),
        ("kommer det regna på lördag", "weather_query"),
        ("väck mig klockan sju i morgon bitti", "alarm_set"),
        ("ställ ett alarm till halv åtta", "alarm_set"),
        ("ta bort alla mina alarm", "alarm_remove"),
        ("tänd lampan i köket", "iot_hue_lighton"),
        ("släck alla lampor", "iot_hue_lightoff"),
        ("spela lite jazz", "play_music"),
        ("sätt på radion", "play_radio"),
        ("vad är det för väder", "weather_query"),
        ("lägg till mjölk på inköpslistan", "lists_createoradd"),
        ("boka ett möte med Sara på tisdag klockan tio", "calendar_set"),
        ("vad har jag i kalendern på fredag", "calendar_query"),
        ("skicka ett mejl till min chef", "email_sendemail"),
        ("berätta ett roligt skämt", "general_joke"),
        ("vad är klockan i Tokyo", "datetime_query"),
        ("hur lagar man köttbullar", "cooking_recipe"),
        ("vem är du egentligen", "identity"),
        ("tack så hemskt mycket", "small_talk"),
        ("hur många deciliter är en liter", "unit_convert"),
        ("vad står det i avtalet om uppsägning", "document_question"),
        ("what is the weather like in London tomorrow", "weather_query"),
        ("wake me up at seven", "alarm_set"),
        ("turn off the lights in the kitchen", "iot_hue_lightoff"),
        ("what is your name", "identity"),
        ("how do i freeze my bank account", OUT_OF_SCOPE),
    ],
)
def test_messages_are_understood(understanding: Understanding, text: str, intent: str) -> None:
    assert understanding.read(text).intent == intent


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hur blir vadret i morgon", "hur blir vädret i morgon"),
        ("tand lampan i koket", "tänd lampan i köket"),
        ("SLÄCK LAMPORNA!!!", "släck lamporna"),
        ("spelaaaa musik 🎵🎵", "spela musik"),
        ("hur blir vädet i morgon", "hur blir vädret i morgon"),
    ],
)
def test_typing_changes_nothing(understanding: Understanding, typed: str, meant: str) -> None:
    assert understanding.read(typed).intent == understanding.read(meant).intent


@pytest.mark.parametrize("text", ["", "   ", "🎉🎉🎉", "?!", "_"])
def test_no_words_are_out_of_scope(understanding: Understanding, text: str) -> None:
    reading = understanding.read(text)
    assert (reading.intent, reading.confidence) == (OUT_OF_SCOPE, 1.0)


def test_what_is_never_like_anything_is_doubted(understanding: Understanding) -> None:
    assert understanding.read("xqzt vvrk plompf").confidence < 0.618


def test_long_messages_are_read_by_their_beginning(understanding: Understanding) -> None:
    long = ("hur blir vädret i morgon " * 200)[:4_000]
    assert understanding.read(long).intent == "weather_query"
    beyond = "spela musik " * 400
    assert understanding.read(long + beyond) == understanding.read(long + "annat")


def test_confidences_are_shares_of_one_whole(understanding: Understanding) -> None:
    guess = understanding.models["sv"].read("spela något av abba", most=100)
    told = [guess.confidence, *(share for _, share in guess.alternatives)]
    assert told == sorted(told, reverse=True)
    assert sum(told) == pytest.approx(1, abs=0.005)
    assert len(told) == len(understanding.models["sv"].intents)


def test_the_strongest_reasons_are_told(understanding: Understanding) -> None:
    told = understanding.models["sv"].why("hur blir vädret i morgon", "weather_query")
    assert {"word", "letters", "meaning"} <= {one.kind for one in told}
    assert "vädret" in [one.name for one in told]
    weights = [abs(one.weight) for one in told]
    assert weights == sorted(weights, reverse=True)


def test_sure_readings_are_right_more_often(understanding: Understanding) -> None:
    """The stored curve is of held-out messages: fewer answers, and more of them right."""
    for model in understanding.models.values():
        first, *_, last = model.curve
        assert first.coverage == 1
        assert last.coverage < 0.9 < 0.95 < last.accuracy
        assert first.accuracy < last.accuracy


def test_every_intent_has_traits(understanding: Understanding) -> None:
    for model in understanding.models.values():
        assert set(model.intents) == set(traits())


def test_personal_and_fleeting_intents_are_never_remembered() -> None:
    assert traits_of("calendar_query").freshness == NEVER
    assert traits_of("datetime_query").freshness == NEVER
    assert traits_of("weather_query").freshness == "hours"
    assert traits_of("qa_definition").freshness == "stable"
    assert (shorter("days", NEVER), shorter("minutes", "stable")) == (NEVER, "minutes")


def test_a_packed_model_reads_as_before(understanding: Understanding) -> None:
    model = understanding.models["sv"]
    again = IntentModel(Learnt.unpacked(model.learnt.packed()), SwedishEncoder.load())
    assert again.read("spela musik") == model.read("spela musik")
    assert model.learnt.packed() == shipped("sv").read_bytes()


def test_damaged_and_foreign_files_are_refused(understanding: Understanding) -> None:
    learnt = understanding.models["en"].learnt
    with pytest.raises(BadIntentsFile, match="damaged"):
        Learnt.unpacked(b"no zip")
    with pytest.raises(BadIntentsFile, match="shapes"):
        Learnt.unpacked(replace(learnt, start=np.zeros(3, np.float32)).packed())
    with pytest.raises(BadIntentsFile, match="can't be read"):
        IntentModel.load(SwedishEncoder.load(), shipped("xx"))
    with pytest.raises(BadIntentsFile, match="is for another"):
        IntentModel(replace(learnt, encoder="another"), SwedishEncoder.load())
