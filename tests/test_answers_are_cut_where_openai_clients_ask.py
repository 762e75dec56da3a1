"""`stop` and `max_tokens` hold for every answer, wherever the words are cut into tokens."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.api.trimming import Trimmer


def trim(*tokens: str, **wishes: object) -> tuple[str, str]:
    trimmer = Trimmer(**wishes)
    text = "".join([trimmer.feed(token) for token in tokens]) + trimmer.rest()
    return text, trimmer.finish


@pytest.mark.parametrize(
    ("tokens", "wishes", "told"),
    [
        (("Hej ", "på dig!"), {}, ("Hej på dig!", "")),
        (("Hej ", "på dig!"), {"words": 2}, ("Hej på", "length")),
        (("Hej ", "på dig!"), {"words": 3}, ("Hej på dig!", "")),
        (("He", "j på", " dig!"), {"words": 1}, ("Hej", "length")),
        (("ett STO", "P två"), {"stop": ["STOP"]}, ("ett ", "stop")),
        (("ett STO", "R två"), {"stop": ["STOP"]}, ("ett STOR två", "")),
        (("ett STO",), {"stop": ["STOP"]}, ("ett STO", "")),
        (("ett två tre",), {"stop": ["tre", "två"]}, ("ett ", "stop")),
        (("ett två tre",), {"stop": ["tre"], "words": 1}, ("ett", "length")),
        (("",), {"stop": [""]}, ("", "")),
    ],
)
def test_an_answer_ends_where_it_was_asked_to(tokens, wishes, told):
    assert trim(*tokens, **wishes) == told


@given(
    text=st.text(alphabet="ab \n", max_size=30),
    stop=st.lists(st.text(alphabet="ab", min_size=1, max_size=3), max_size=3),
    words=st.one_of(st.none(), st.integers(1, 4)),
    cuts=st.lists(st.integers(0, 30), max_size=6),
)
def test_it_does_not_matter_where_the_answer_is_cut_into_tokens(text, stop, words, cuts):
    edges = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    tokens = [text[a:b] for a, b in pairwise(edges)]

    cut, finish = trim(*tokens, stop=stop, words=words)
    whole, whole_finish = trim(text, stop=stop, words=words)

    assert (cut.rstrip(), finish) == (whole.rstrip(), whole_finish)
    assert all(text not in cut for text in stop)
    assert words is None or len(cut.split()) <= words
