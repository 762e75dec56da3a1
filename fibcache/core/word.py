"""A word as the guards see it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question."""

    text: str  # lower case
    named: bool  # written with a capital inside the sentence
    written: str = ""  # as it was written; empty where a frame put it in
