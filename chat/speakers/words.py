"""Ready sentences, said word by word like any other answer."""

import re
from collections.abc import Iterator

from chat.core.events import Token
from chat.core.turn import Turn

_WORD = re.compile(r"\S+\s*|\s+")


def tokens_of(text: str) -> Iterator[Token]:
    """Say `text` a word at a time; a word brings the space after it."""
    return (Token(word) for word in _WORD.findall(text))


def spoken_language(turn: Turn) -> str:
    """Choose "sv" or "en" for ready sentences: the message's language, else the caller's."""
    heard = turn.intent.language
    return heard if heard in ("sv", "en") else "en" if turn.language == "en" else "sv"
