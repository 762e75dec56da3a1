"""How far off a day is changes with every day: no such answer is kept for tomorrow."""

import pytest

from chat.speakers.moment import time_bound


@pytest.mark.parametrize(
    "question",
    [
        "Hur många dagar är det kvar till jul?",
        "Hur många veckor är det till semestern?",
        "Hur många år sedan är det som muren föll?",
        "Hur många dagar har det gått sen påsk?",
        "How many days until Christmas?",
        "How many weeks are left of the term?",
        "How many years ago did the wall fall?",
    ],
)
def test_what_is_counted_from_now_is_bound_to_the_moment(question):
    assert time_bound(question)


@pytest.mark.parametrize(
    "question",
    [
        "Hur många dagar har ett skottår?",
        "Hur många timmar sover en katt?",
        "How many days does a leap year have?",
        "Hur många böcker skrev Astrid Lindgren?",
    ],
)
def test_what_always_holds_is_not(question):
    assert not time_bound(question)
