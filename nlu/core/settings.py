"""Live settings of language understanding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Understanding:
    """When Alice trusts her own reading of a message."""

    sure_at_least: float = 0.618  # confidence, 0..1; below it the question is left open
    lesson: str = ""  # version of what staff have taught; empty: as Alice came
