"""Search finds the text that answers: by shared letters, by meaning and by the kind of answer."""

import numpy as np
import pytest

from nlu.core.answer_kinds import asked_for
from nlu.core.encoder import SwedishEncoder
from nlu.core.passages import passages_of
from nlu.core.search import Collection

ENCODER = SwedishEncoder.load()


def scores(question, *texts):
    collection = Collection(texts)
    told = np.stack([ENCODER.encode(passage) for passage in collection.passages])
    return collection.scores(question, ENCODER.encode(question), told)


def found(question, *texts):
    return texts[int(np.argmax(scores(question, *texts)))]


def test_a_text_is_itself_and_its_sentences():
    text = "Passet gäller i fem år, t.ex. för vuxna. Barn får ett eget.\nBoka tid först."

    assert passages_of(text) == [
        text,
        "Passet gäller i fem år, t.ex. för vuxna.",
        "Barn får ett eget. Boka tid först.",
    ]


@pytest.mark.parametrize("text", ["", " ", "Ja.", "Passet gäller i fem år."])
def test_what_is_one_sentence_is_one_passage(text):
    assert passages_of(text) == [text]


def test_what_all_texts_say_tells_none_apart():
    collection = Collection(["Passet kostar pengar.", "Passet hämtas hos polisen."])
    common, telling = collection.shared("passet"), collection.shared("vad kostar passet?")

    assert common[0] == pytest.approx(common[1], rel=0.1)
    assert telling[0] > 2 * telling[1]


def test_common_words_of_a_question_count_less():
    texts = ["Hur som helst är det bra.", "Fullmakt behövs."]
    weighed = Collection(texts, ENCODER.weight_of).shared("Hur är det med fullmakt?")
    alike = Collection(texts).shared("Hur är det med fullmakt?")

    assert ENCODER.weight_of("är") < 0.2 < ENCODER.weight_of("fullmakt") <= 1
    assert ENCODER.weight_of("xyzzyx") == 1
    assert weighed[1] / weighed[0] > alike[1] / alike[0]


def test_parts_of_compounds_are_found():
    texts = ["Vaccinationsintyget skickas hem.", "Bidraget betalas ut i maj.", "Skolan är stängd."]

    assert found("Var är mitt intyg om vaccination?", *texts) == texts[0]


def test_other_words_for_the_same_are_found():
    texts = ["Läkaren skriver ut medicinen.", "Bilen ska besiktas.", "Biblioteket har stängt."]

    assert found("doktor", *texts) == texts[0]


def test_one_sentence_of_a_long_text_is_enough():
    padding = " ".join(f"Nummer {number} handlar om helt andra saker." for number in range(40))
    texts = [f"{padding} Hunden ska vara kopplad.", padding]

    assert found("doktor katt valp", *texts) == texts[0]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Hur länge gäller det?", "Det gäller i fem år."),
        ("Hur många får komma?", "Det gäller 40 gäster."),
        ("Får jag komma?", "Nej, det gäller inte."),
        ("Vad är LVU?", "LVU är en lag."),
        ("Vad innebär det att delegera?", "Delegering betyder att någon annan får göra det."),
        ("How long is it valid?", "It is valid two weeks."),
    ],
)
def test_the_kind_of_answer_tells(question, answer):
    (kind,) = asked_for(question)

    assert kind.search(answer.lower())
    assert not kind.search("det gäller som förut.")


def test_not_every_question_tells_what_kind_it_wants():
    assert asked_for("Vilken blankett behövs?") == []


def test_nothing_said_and_nothing_to_search_are_no_errors():
    assert Collection([]).scores("hej", ENCODER.encode("hej"), np.zeros((0, 512), "f4")).size == 0
    assert scores("", "Bilen ska besiktas.", "").tolist() == [0.0, 0.0]
