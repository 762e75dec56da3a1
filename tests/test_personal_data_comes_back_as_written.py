"""What was masked comes back exactly as written, wherever the stream is cut."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chat.core.events import ToolCalled, ToolReturned
from guardian.core.pii import Pseudonyms, Restorer
from tests.fakes import ScriptedSpeaker, a_kit, ask, text_of

VALUES = st.sampled_from(
    [
        "070-123 45 67",
        "0701234567",
        "+46 8 123 456 78",
        "850821-9998",
        "19850821-9998",
        "anna@exempel.se",
        "SE60 6672 8587 7184 9602 0554",
        "4495490267304324",
    ]
)
SHAPES = st.sampled_from(
    ["[TEL_1]", "[TEL_", "TEL_1]", "[", "]", "[TEXT_1]", "[EPOST_2]", "[[", "_1"]
)
TEXTS = st.lists(VALUES | SHAPES | st.text(max_size=8), max_size=8).map("".join) | st.lists(
    VALUES | SHAPES, max_size=6
).map(" ".join)


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


def restored(chunks, secrets) -> str:
    restorer = Restorer(secrets)
    return "".join([*map(restorer.feed, chunks), restorer.rest()])


@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(st.integers(0, 500), max_size=12))
def test_any_text_survives_masking_and_any_cuts(texts, places):
    names = Pseudonyms()
    masked = [names.mask(text) for text in texts]

    for text, hidden in zip(texts, masked, strict=True):
        assert restored(cut(hidden, places), names.secrets) == text
        assert restored(hidden, names.secrets) == text  # letter by letter


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_nothing_that_was_found_is_left(texts):
    names = Pseudonyms()
    for text in texts:
        hidden = names.mask(text)
        for placeholder, written in names.secrets.items():
            if not placeholder.startswith("[TEXT_"):
                assert written not in hidden


@given(VALUES, st.text(alphabet="abc åäö.,!", max_size=10))
def test_a_value_on_its_own_is_always_found(value, around):
    hidden = Pseudonyms().mask(f"{around} {value} {around}")

    assert value not in hidden
    assert re.search(r"\[[A-Z]+_1\]", hidden)


def test_the_same_value_has_one_placeholder_in_a_conversation():
    names = Pseudonyms()

    assert names.mask("Ring 070-123 45 67") == "Ring [TEL_1]"
    assert names.mask("073-987 65 43 eller 070-123 45 67") == "[TEL_2] eller [TEL_1]"
    assert names.secrets == {"[TEL_1]": "070-123 45 67", "[TEL_2]": "073-987 65 43"}


def test_a_typed_placeholder_is_not_taken_for_a_real_one():
    names = Pseudonyms()
    hidden = names.mask("Vad betyder [TEL_1]? Mitt nummer är 070-123 45 67.")

    assert hidden == "Vad betyder [TEXT_1]? Mitt nummer är [TEL_1]."
    assert restored([hidden], names.secrets) == (
        "Vad betyder [TEL_1]? Mitt nummer är 070-123 45 67."
    )


def test_a_placeholder_that_the_model_made_up_stays():
    assert restored(["Ring [TEL_", "7]"], {"[TEL_1]": "112"}) == "Ring [TEL_7]"


def test_only_the_beginning_of_a_placeholder_is_held_back():
    restorer = Restorer({"[TEL_1]": "070-123 45 67"})

    assert restorer.feed("Se [1] och [TE") == "Se [1] och "
    assert restorer.feed("XT] nu [") == "[TEXT] nu "
    assert restorer.feed("TEL_1] va") == "070-123 45 67 va"
    assert restorer.feed("[TEL") == ""
    assert restorer.rest() == "[TEL"
    assert restorer.rest() == ""


def test_what_tools_did_is_told_with_the_callers_own_data():
    speaker = ScriptedSpeaker(
        ToolCalled("crm", {"phone": "[TEL_1]", "count": 1}),
        ToolReturned("crm", "[TEL_1] hör till Anna."),
        "Det är [TE",
        "L_1].",
    )

    events = ask("vem har 070-123 45 67?", a_kit(speaker=speaker))

    called, returned = (e for e in events if isinstance(e, ToolCalled | ToolReturned))
    assert called.arguments == {"phone": "070-123 45 67", "count": 1}
    assert returned.text == "070-123 45 67 hör till Anna."
    assert text_of(events) == "Det är 070-123 45 67."
