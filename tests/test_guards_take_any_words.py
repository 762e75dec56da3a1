"""A guard answers whatever is written: a question that broke one would break its neighbours too."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fibcache.core.guards import GUARDS
from fibcache.core.reading import words_of

PIECES = [
    "n't",
    "'",
    "do",
    "Why",
    "inte",
    "kan",
    "7",
    "-",
    "–",
    "!",
    "å",
    "ö",
    "?",
    "(",
    ")",
    "[TEL_1]",
    "’s",
    "s",
    "i",
    "dag",
    "not",
    "un",
    "av",
    "på",
    "C#",
    "++",
    "3.1",
    "ß",
    "İ",
    "\u200b",
    "😀",
    ":",
    "e.g.",
    "och",
    "vad",
    "hur",
    "många",
    "it's",
    "'s",
    "1",
    "000",
    "kl.",
    "13:30",
    "25%",
    "$",
    "&",
]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=9).map(" ".join), st.text(max_size=40))


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_every_guard_answers(question, other):
    for guard in GUARDS:
        assert guard(question, other).guard


def test_a_not_that_is_written_apart_is_heard():
    assert [word.text for word in words_of("Why do n't they eat?")] == [
        *("why", "do", "not", "they", "eat")
    ]
