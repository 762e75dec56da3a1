"""Messages as people type them: without dots and rings, with slips, words apart or together.

Which words are typed ill is drawn with a fixed seed, so that the same file gives the same figures.
Slots keep their places: a bracket around "kalenderhändelse" stands around "kalender händelse".
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from nlu.core.brackets import Span

from .intents import Labelled

Edit = tuple[int, int, str]
"""`text[start:end]` is typed as something else."""

_WORD = re.compile(r"[^\W\d_]+")
_KEYS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_CHAT = {
    "något": "nåt",
    "någon": "nån",
    "några": "nåra",
    "vad": "va",
    "är": "e",
    "och": "o",
    "mig": "mej",
    "dig": "dej",
    "sig": "sej",
    "de": "dom",
    "imorgon": "imorn",
    "varför": "vaffö",
    "inte": "int",
    "också": "oxå",
    "klockan": "kl",
    "mycket": "mkt",
    "sådan": "sån",
    "vilken": "vicken",
    "what's": "whats",
    "don't": "dont",
    "you": "u",
    "please": "plz",
    "tomorrow": "tmrw",
}
_SHORTEST = 4  # letters of a word that gets a slip
_PART = 3  # letters of each part of a word that is written apart


def _ascii(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    return _letters(text, {"å": "a", "ä": "a", "ö": "o", "Å": "A", "Ä": "A", "Ö": "O"})


def _digraphs(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    return _letters(text, {"å": "aa", "ä": "ae", "ö": "oe", "Å": "Aa", "Ä": "Ae", "Ö": "Oe"})


def _slips(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    words = [one for one in _WORD.finditer(text) if len(one.group()) >= _SHORTEST]
    if not words:
        return []
    word = draw.choice(words)
    at = word.start() + draw.randrange(1, len(word.group()) - 1)
    letter = text[at]
    return [
        draw.choice(
            (
                (at, at + 1, _neighbour(letter, draw)),
                (at, at + 1, ""),
                (at, at + 1, letter + _neighbour(letter, draw)),
                (at, at + 2, text[at + 1] + letter),
            )
        )
    ]


def _split(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    found = [
        word.start() + at
        for word in _WORD.finditer(text)
        for at in range(_PART, len(word.group()) - _PART + 1)
        if word.group()[:at].lower() in parts and word.group()[at:].lower() in parts
    ]
    return [(at, at, " ") for at in found and [draw.choice(found)]]


def _joined(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    spaces = [at for at, sign in enumerate(text) if sign == " "]
    return [(at, at + 1, "") for at in spaces and [draw.choice(spaces)]]


def _drawn(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    vowels = [at for at, sign in enumerate(text) if sign in "aeiouyåäö"]
    return [(at, at + 1, text[at] * draw.randint(3, 6)) for at in vowels and [draw.choice(vowels)]]


def _chat(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    words = re.finditer(r"[\w']+", text)
    return [
        (*word.span(), _CHAT[word.group().lower()])
        for word in words
        if word.group().lower() in _CHAT
    ]


def _signs(text: str, draw: Random, parts: frozenset[str]) -> list[Edit]:
    """Decompose letters, curl apostrophes and put a sign of no width in a word."""
    edits = [
        (at, at + 1, "’" if sign == "'" else unicodedata.normalize("NFD", sign))
        for at, sign in enumerate(text)
        if sign == "'" or unicodedata.normalize("NFD", sign) != sign
    ]
    words = [one.start() + 1 for one in _WORD.finditer(text) if len(one.group()) > 1]
    taken = {start for start, _, _ in edits}
    free = [at for at in words if at not in taken and at - 1 not in taken]
    return sorted(edits + [(at, at, "\u200b") for at in free and [draw.choice(free)]])


WAYS: dict[str, Callable[[str, Random, frozenset[str]], list[Edit]]] = {
    "ascii": _ascii,
    "digraphs": _digraphs,
    "slips": _slips,
    "split": _split,
    "joined": _joined,
    "drawn": _drawn,
    "chat": _chat,
    "signs": _signs,
}


def typed(
    messages: Sequence[Labelled], way: str, *, seed: int = 0
) -> list[tuple[Labelled, Labelled]]:
    """Type messages in one of `WAYS`; give those that it changes, as they were and as typed.

    Words are only written apart into words that the messages hold.
    """
    draw, change = Random(seed), WAYS[way]
    parts = frozenset(word.group().lower() for one in messages for word in _WORD.finditer(one.text))
    pairs = []
    for message in messages:
        edits = change(message.text, draw, parts)
        changed = _changed(message, edits)
        if changed.text != message.text:
            pairs.append((message, changed))
    return pairs


def _changed(message: Labelled, edits: Sequence[Edit]) -> Labelled:
    text, at = [], 0
    for start, end, new in edits:
        text += [message.text[at:start], new]
        at = end
    text.append(message.text[at:])
    slots = message.slots
    if slots is not None:
        slots = tuple(_moved(slot, edits) for slot in slots)
    return replace(message, text="".join(text), slots=slots)


def _moved(slot: Span, edits: Sequence[Edit]) -> Span:
    name, start, end = slot
    before = sum(len(new) - (to - at) for at, to, new in edits if to <= start)
    until = sum(len(new) - (to - at) for at, to, new in edits if to <= end and at < end)
    return name, start + before, end + until


def _letters(text: str, table: dict[str, str]) -> list[Edit]:
    return [(at, at + 1, table[sign]) for at, sign in enumerate(text) if sign in table]


def _neighbour(letter: str, draw: Random) -> str:
    for keys in _KEYS:
        at = keys.find(letter.lower())
        if at >= 0:
            return draw.choice([keys[to] for to in (at - 1, at + 1) if 0 <= to < len(keys)])
    return letter
