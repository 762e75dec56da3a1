"""Questions that ask for a definition: "what is a fallacy" wants no list of fallacies.

There a small word, or an ending that makes another noun, is all that tells two things apart.
"""

from collections.abc import Sequence

from .pairing import carries_meaning
from .reading import as_said, words_of
from .verdict import Verdict
from .word import Word

_ASKING = {"what", "vad"}
_SOME = {"some", "några"}
_MAKING = ("ing", "er", "ed", "ation")  # of another noun: a process, processing; a clip, clipping


def parted(question: str, other: str) -> Verdict | None:
    """Object to two definitions of two things, or to a definition and a list."""
    ours, theirs = defined(question), defined(other)
    if not ours or not theirs:
        return None
    if _listing(question) is not _listing(other) and _single(question) is not _single(other):
        return Verdict("content", False, f"{_said(ours)} | {_said(theirs)}")
    if len(ours) == len(theirs) == 1 and _made_of(ours[0].text, theirs[0].text):
        return Verdict("content", False, f"{_said(ours)} | {_said(theirs)}")
    return None


def defined(question: str) -> Sequence[Word]:
    """Give what a question wants defined; nothing where it asks for something else."""
    words = words_of(question)
    if not words or words[0].text not in _ASKING:
        return ()
    about = [word for word in words[1:] if word.text not in ("är", "best")]
    return about if len(about) < 4 and all(map(carries_meaning, about)) else ()


def _listing(question: str) -> bool:
    return not _SOME.isdisjoint(word.text for word in as_said(question))


def _single(question: str) -> bool:
    return not {"is", "a", "an", "är", "en", "ett"}.isdisjoint(
        word.text for word in as_said(question)[1:3]
    )


def _said(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _made_of(one: str, other: str) -> bool:
    return any(one.endswith(end) is not other.endswith(end) for end in _MAKING) and one.isascii()
