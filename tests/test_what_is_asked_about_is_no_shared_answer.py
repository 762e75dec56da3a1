"""Two questions about different masked things are two questions; about one's own number, one."""

from dataclasses import replace

import pytest

from chat.core.address import address_of
from tests.fakes import a_turn


@pytest.mark.parametrize(("kind", "shared"), [("REG", False), ("ADRESS", False), ("TEL", True)])
def test_the_same_words_about_something_else_are_asked_anew(kind, shared):
    turn = a_turn("x")
    one, other = (
        address_of(replace(turn, question=f"Vad är [{kind}_1]?", secrets={f"[{kind}_1]": value}))
        for value in ("ett", "två")
    )

    assert (one == other) is shared
