"""Rules that decide over a text, as plain values: if every condition holds, then an action.

Rules are read in their order. What they mask, flag, send to confirmation or to the cache alone adds
up; the first that allows or refuses has the last word, and no rule after it is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .patterns import word_pattern

ACTIONS = ("refuse", "allow", "mask", "flag", "confirm", "cache_only")
LAST_WORDS = frozenset({"refuse", "allow"})
SOURCES = ("user", "document", "tool")
CONDITIONS = (  # the cheapest first, which is the order in which they are looked at
    "roles",
    "tenants",
    "channels",
    "sources",
    "length",
    "words",
    "pattern",
    "languages",
    "intents",
    "score",
)
SCORES: tuple[str, ...] = ("injection",)  # classifiers whose scores a rule may ask for
RULES_AT_MOST = 377


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold, and what follows. An empty condition is none; all others must hold."""

    name: str
    pattern: str = ""  # RE2 syntax, searched in the masked text, ignoring case
    action: str = "refuse"
    sentence_sv: str = ""  # for the one who wrote the text
    sentence_en: str = ""
    roles: tuple[str, ...] = ()
    tenants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ("user",)  # where the text comes from
    languages: tuple[str, ...] = ()  # of the text: "sv", "en" …
    intents: tuple[str, ...] = ()  # a tool's name, or an intent that Alice has learnt
    words: tuple[str, ...] = ()  # whole words or phrases; "bomb*" is all that begin so
    score: str = ""  # name of a classifier
    score_at_least: float = 0.5
    length_at_least: int = 0  # characters
    unless: tuple[str, ...] = ()  # conditions that must not hold
    reason: str = ""  # why the rule is there, for staff and for whoever it strikes
    enabled: bool = True

    def sentence(self, language: str) -> str:
        """Say in `language` what follows; empty when the rule has no words for it."""
        if language == "en":
            return self.sentence_en or self.sentence_sv
        return self.sentence_sv or self.sentence_en

    @property
    def conditions(self) -> tuple[str, ...]:
        """Name the conditions that the rule has, in the order in which they are looked at."""
        return tuple(name for name in CONDITIONS if self._asks(name))

    @property
    def texts(self) -> list[str]:
        """Give the patterns that must be found where the rule holds."""
        found = [word_pattern(self.words)] if self.words and "words" not in self.unless else []
        if self.pattern and "pattern" not in self.unless:
            found.append(self.pattern)
        return found

    def _asks(self, name: str) -> bool:
        if name == "length":
            return self.length_at_least > 0
        if name == "sources":
            return 0 < len(set(self.sources)) < len(SOURCES)
        return bool(getattr(self, name))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the text. None is not known yet, and costs time to find out."""

    role: str = "guest"
    tenant: str = ""
    channel: str = "api"
    source: str = "user"
    language: str | None = None
    intents: frozenset[str] | None = None
    scores: Mapping[str, float] | None = None  # by classifier, 0..1


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule whose conditions hold."""

    rule: Rule

    def told(self) -> dict[str, Any]:
        """Tell it without a word of what was written."""
        rule = self.rule
        return {
            "rule": rule.name,
            "action": rule.action,
            "conditions": [_told(rule, name) for name in rule.conditions if _worth(rule, name)],
            "reason": rule.reason,
        }


def _worth(rule: Rule, condition: str) -> bool:
    return condition != "sources" or rule.sources != ("user",)  # as nearly all rules


def _told(rule: Rule, condition: str) -> str:
    return f"not {condition}" if condition in rule.unless else condition


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a text: those that hold, in their order.

    `lacks` names a fact ("language", "intents" or "scores") without which a rule can't be decided;
    the verdict is then none yet.
    """

    findings: tuple[Finding, ...] = ()
    lacks: str = ""

    @property
    def refused_by(self) -> Rule | None:
        """Give the rule that refuses the text."""
        return next(iter(self.by("refuse")), None)

    def by(self, action: str) -> tuple[Rule, ...]:
        """Give the rules that hold and take `action`."""
        return tuple(each.rule for each in self.findings if each.rule.action == action)

    def told(self, *, flags: bool = True) -> list[dict[str, Any]]:
        """Tell the rules that hold, with or without those that merely flag."""
        return [each.told() for each in self.findings if flags or each.rule.action != "flag"]


NOTHING = Verdict()
