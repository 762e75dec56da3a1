"""The questions and answers that the encoder learns from are whole, and each is there once."""

from collections import Counter
from itertools import groupby

import pytest

from nlu.training.pairs import Answer, answers

ANSWERS = list(answers())
QUESTIONS = [question for answer in ANSWERS for question in answer.questions]


@pytest.mark.parametrize("texts", [QUESTIONS, [answer.text for answer in ANSWERS]])
def test_none_is_there_twice(texts):
    again = [text for text, count in Counter(map(str.casefold, texts)).items() if count > 1]

    assert texts and not again


def test_each_has_questions_and_an_answer_of_some_length():
    for answer in ANSWERS:
        assert 2 <= len(answer.questions) <= 3, answer
        assert 12 <= len(answer.text.split()) <= 120, answer
        assert answer.text[-1] in ".!" and answer.text[0].isupper(), answer


def test_a_topic_has_answers_to_choose_from_and_stands_in_one_place():
    topics = [(topic, len(list(found))) for topic, found in groupby(ANSWERS, lambda a: a.topic)]

    assert len(dict(topics)) == len(topics)
    assert not [topic for topic, count in topics if count < 5]


def test_a_file_is_read(tmp_path):
    text = "# pass\n\n? Var?\n? Hur?\nHos polisen.\n\n? Vad?\nEn bok.\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")

    assert list(answers(tmp_path)) == [
        Answer("pass", ("Var?", "Hur?"), "Hos polisen."),
        Answer("pass", ("Vad?",), "En bok."),
    ]


@pytest.mark.parametrize("text", ["? Var?\nHär.", "# pass\n\nHos polisen.", "# pass\n\nVar?\nHär."])
def test_a_file_of_something_else_is_refused(tmp_path, text):
    (tmp_path / "a.txt").write_text(text, "utf-8")

    with pytest.raises(ValueError, match=r"a\.txt"):
        list(answers(tmp_path))
