"""Pairs of questions that were once answered alike and should not have been."""

from collections.abc import Iterable
from typing import Protocol

Pair = tuple[str, str, str]
"""A tenant, and two questions by their digests (`matching.digest_of`), the lesser one first."""


def pair_of(tenant: str, one: str, other: str) -> Pair:
    """Name a pair; which question was asked and which was remembered does not matter."""
    return (tenant, one, other) if one <= other else (tenant, other, one)


class Quarantine(Protocol):
    """Asked before a remembered answer is given to another question."""

    async def holds(self, tenant: str, one: str, other: str) -> bool:
        """Tell whether one answer must not serve both questions.

        It must not either while nobody can say: a miss costs less than a wrong answer.
        """


class MemoryQuarantine:
    """Keep pairs in this process."""

    def __init__(self, pairs: Iterable[Pair] = ()) -> None:
        self._pairs = {pair_of(*pair) for pair in pairs}

    async def holds(self, tenant: str, one: str, other: str) -> bool:
        """Tell whether one answer must not serve both questions."""
        return bool(self._pairs) and pair_of(tenant, one, other) in self._pairs

    def put(self, tenant: str, one: str, other: str) -> None:
        """Keep a pair apart."""
        self._pairs.add(pair_of(tenant, one, other))

    def lift(self, tenant: str, one: str, other: str) -> None:
        """Let a pair share answers again."""
        self._pairs.discard(pair_of(tenant, one, other))
