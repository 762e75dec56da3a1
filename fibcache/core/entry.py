"""What the cache keeps, and what it gives back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One remembered answer."""

    key: str  # of scope, context and question
    scope: str  # who may hear it and in which context; never crossed
    question: str  # masked
    events: Sequence[Any]  # of the answer, as the speaker said them
    route: str  # that made it
    text_chars: int  # length of the answer
    tenant: str = ""  # whose it is
    person: str = ""  # whose alone, when the answer may depend on them
    intent: str = ""  # that was read from the question
    freshness: str = "stable"  # a class of `tiers.LONGEST_H`: how long the answer can stay true
    model: str = ""  # that made it
    revision: int = 0  # of the live settings it was made under
    documents: tuple[str, ...] = ()  # it was made from


@dataclass(frozen=True, slots=True)
class Hit:
    """A remembered answer that fits a question."""

    entry: Entry
    tier: str  # L1..L10, after this hit
    similar: bool = False  # found along the spiral, not under the exact key
    why: Mapping[str, Any] = field(default_factory=dict)  # matched question, score, verdicts, age
    doubt: str = ""  # why it must not be given, only compared: a reason of `budget.Allowance`
