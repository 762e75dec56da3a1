"""What a guard is, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one guard says of two questions. `reason` shows where they part: "sju | åtta"."""

    guard: str
    agrees: bool
    reason: str = ""


Guard = Callable[[str, str], Verdict]
Heard = tuple[str, str]  # the idea, and the word that was heard
