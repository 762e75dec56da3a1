"""What is known of each intent: how long an answer holds, and what it takes to give one."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .freshness import CLASSES

TABLE = Path(__file__).resolve().parent.parent / "data" / "intents.toml"
NEVER, STABLE = "never", "stable"
ROUTES = ("micro", "tool", "planner")


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one intent.

    Attributes:
        freshness: "never" to be remembered, or one of `nlu.core.freshness.CLASSES`.
        route: a hint only; whoever routes looks whether the route can answer.
        tools: that an answer may need.
    """

    freshness: str = STABLE
    route: str = "planner"
    tools: tuple[str, ...] = ()


@cache
def traits() -> dict[str, Traits]:
    """Read the table. Raises ValueError where a row says what can't be."""
    found = {}
    for intent, row in tomllib.loads(TABLE.read_text(encoding="utf-8")).items():
        one = Traits(row["freshness"], row["route"], tuple(row.get("tools", ())))
        if one.freshness not in (NEVER, *CLASSES) or one.route not in ROUTES:
            raise ValueError(f"{TABLE}: {intent} is {row}")
        found[intent] = one
    return found


def traits_of(intent: str) -> Traits:
    """Give an intent's traits; nothing special for one that the table does not know."""
    return traits().get(intent, Traits())


_HOW_TO = re.compile(
    r"\W*(?:hur\s+\w+\s+(?:jag|man|vi|du|ni)|how\s+(?:\w+\s+(?:i|you|we|one)|to))\b"
)


def life_of(intent: str, question: str) -> str:
    """Tell how long the answer to a question holds that was read as this intent.

    The intents are of commands: "töm dammsugaren" is done now. How one does it stays the same.
    """
    how_to = _HOW_TO.match(question.casefold())
    return STABLE if how_to else traits_of(intent).freshness


def shorter(one: str, other: str) -> str:
    """Give the shorter-lived of two classes."""
    order = (NEVER, *CLASSES)
    return min(one, other, key=order.index)
