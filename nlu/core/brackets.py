"""MASSIVE's bracket form, "väck mig på [date : fredag]", and how well slots were found in it."""

import re
from collections.abc import Collection, Iterable

Span = tuple[str, int, int]
"""A slot's type and where its text begins and ends."""

_BRACKET = re.compile(r"\[\s*(?P<type>\w+)\s*:\s*(?P<text>[^\[\]]*?)\s*\]")
_SPACES = re.compile(r"\s+")


class BadBrackets(ValueError):
    """A bracket is left open, or holds no slot."""


def unbracketed(annotated: str) -> tuple[str, tuple[Span, ...]]:
    """Take the brackets off: the words with single spaces between them, and the slots in them.

    Raises:
        BadBrackets: a bracket is no slot.
    """
    text, spans, at = "", [], 0
    for found in _BRACKET.finditer(annotated):
        text = _add(text, annotated[at : found.start()])
        before = text
        text = _add(text, found["text"])
        start = len(text) - len(_SPACES.sub(" ", found["text"]))
        if text == before:
            raise BadBrackets(f"an empty slot: {annotated!r}")
        spans.append((found["type"], start, len(text)))
        at = found.end()
    text = _add(text, annotated[at:])
    if "[" in text or "]" in text:
        raise BadBrackets(f"a bracket that is no slot: {annotated!r}")
    return text, tuple(spans)


def _add(text: str, more: str) -> str:
    more = _SPACES.sub(" ", more).strip()
    return f"{text} {more}" if text and more else text + more


def slot_f1(pairs: Iterable[tuple[Collection[Span], Collection[Span]]]) -> float | None:
    """Give the micro F1 of exact spans, found against true ones, sentence by sentence.

    None where there is no slot on either side.
    Source:
        J. FitzGerald et al., MASSIVE, arXiv:2204.08582, section 5.
    """
    right = found_all = true_all = 0
    for found, true in pairs:
        right += len(set(found) & set(true))
        found_all += len(set(found))
        true_all += len(set(true))
    return 2 * right / (found_all + true_all) if found_all + true_all else None
