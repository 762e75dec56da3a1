"""A text in passages: each sentence by itself, and the whole.

The vector of a long text is a blur of all it says; a question is about one thing, and is near the
sentence that says it.
"""

import re

SHORTEST = 20  # signs; what is shorter belongs to what follows
_END = re.compile(r"(?<=[.?!:])\s+(?![a-zåäö])|\s*[\r\n]+\s*")  # "t.ex. detta" goes on


def sentences_of(text: str) -> list[str]:
    """Cut a text at its full stops and lines; [] where it is empty."""
    found: list[str] = []
    rest = ""
    for part in _END.split(text.strip()):
        rest = f"{rest} {part}".strip()
        if len(rest) >= SHORTEST:
            found.append(rest)
            rest = ""
    if rest and found:
        found[-1] = f"{found[-1]} {rest}"
    elif rest:
        found.append(rest)
    return found


def passages_of(text: str) -> list[str]:
    """Give the whole text, and then its sentences if there are several."""
    sentences = sentences_of(text)
    return [text, *sentences] if len(sentences) > 1 else [text]
