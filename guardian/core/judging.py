"""What the rules say of a text: conditions looked at in order, the cheapest first."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from .patterns import Searched, compiled, word_pattern
from .rules import LAST_WORDS, NOTHING, Facts, Finding, Rule, Verdict

MASKED = "[DOLT]"  # in place of what a rule masks; it is not put back


def judge(text: str, rules: Sequence[Rule], facts: Facts) -> Verdict:
    """Judge a text by the rules in their order.

    Raises:
        ValueError: a pattern is not RE2. `check_rule` keeps such a rule from being saved.
    """
    return book_of(rules).judge(text, facts) if rules else NOTHING


FindOut = Callable[[str], Awaitable[Any]]
"""Finds out a fact by its name ("language", "intents" or "scores"), which costs time."""


async def decide(
    text: str, rules: Sequence[Rule], facts: Facts, find_out: FindOut
) -> tuple[Verdict, Facts]:
    """Judge a text, and find out of it only what a rule that could hold asks for.

    Returns:
        The verdict, and the facts with what was found out.
    """
    verdict = judge(text, rules, facts)
    while lacks := verdict.lacks:
        facts = replace(facts, **{lacks: await find_out(lacks)})
        verdict = judge(text, rules, facts)
    return verdict, facts


def masked(text: str, verdict: Verdict) -> str:
    """Take out of a text what the rules that hold mask. It is not put back."""
    for start, end in reversed(spans(text, verdict.by("mask"))):
        text = text[:start] + MASKED + text[end:]
    return text


def spans(text: str, rules: Sequence[Rule]) -> list[tuple[int, int]]:
    """Find what the patterns and words of some rules are found in; in order, none overlapping."""
    found: list[tuple[int, int]] = []
    searched = Searched(text)
    for rule in rules:
        for pattern in rule.texts:
            found += searched.spans(compiled(pattern))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


Check = Callable[[Searched, Facts], bool | None]

_LACKS = {"languages": "language", "intents": "intents", "score": "scores"}


class Checked:
    """A rule with its conditions ready to be looked at."""

    __slots__ = ("checks", "rule", "text")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.checks = tuple((name, _check(rule, name)) for name in rule.conditions)
        self.text = next(iter(rule.texts), "")  # without which it cannot hold

    def lacks(self, searched: Searched, facts: Facts) -> str | None:
        """Give "" where every condition holds, None where one does not, or what is not known."""
        for name, holds in self.checks:
            held = holds(searched, facts)
            if held is None:
                return _LACKS[name]
            if not held:
                return None
        return ""


def _check(rule: Rule, name: str) -> Check:
    """Make the check of one condition. What can never be known holds neither way."""
    wanted = name not in rule.unless
    if name in ("words", "pattern"):
        pattern = compiled(word_pattern(rule.words) if name == "words" else rule.pattern)
        return lambda searched, _facts: searched.has(pattern) is wanted
    if name == "length":
        return lambda searched, _facts: (len(searched.text) >= rule.length_at_least) is wanted
    if name == "score":
        return lambda _searched, facts: _scored(facts.scores, rule, wanted)
    if name == "intents":
        some = frozenset(rule.intents)
        return lambda _searched, facts: (
            None if facts.intents is None else bool(some & facts.intents) is wanted
        )
    known, attribute = frozenset(getattr(rule, name)), name[:-1]

    def is_one(_searched: Searched, facts: Facts) -> bool | None:
        fact: str | None = getattr(facts, attribute)
        return None if fact is None else (fact in known) is wanted

    return is_one


def _scored(scores: Mapping[str, float] | None, rule: Rule, wanted: bool) -> bool | None:
    if scores is None:
        return None
    score = scores.get(rule.score)
    return score is not None and (score >= rule.score_at_least) is wanted


@dataclass(slots=True)
class Book:
    """The rules of one policy, made ready once."""

    rules: Sequence[Rule]
    each: list[Checked] = field(init=False)
    masks: bool = field(init=False)  # some rule does
    _any: Any = field(init=False, default=None)
    _wordless: list[Checked] = field(init=False)  # those that may hold where `_any` is not found

    def __post_init__(self) -> None:
        self.each = [Checked(rule) for rule in self.rules if rule.enabled]
        self.masks = any(checked.rule.action == "mask" for checked in self.each)
        self._wordless = [checked for checked in self.each if not checked.text]
        texts = [checked.text for checked in self.each if checked.text]
        if len(texts) > 1:
            # Most texts break no rule: one search over all of them together says so.
            plain = (text.replace("(?P<alice_word>", "(?:") for text in texts)
            # Too large together, or two groups of one name: one by one.
            with suppress(ValueError):
                self._any = compiled("|".join(f"(?:{text})" for text in plain))

    def judge(self, text: str, facts: Facts) -> Verdict:
        """Judge a text by the rules in their order."""
        searched = Searched(text)
        candidates = self.each
        if self._any is not None and not searched.has(self._any):
            candidates = self._wordless
        findings: list[Finding] = []
        for checked in candidates:
            lacks = checked.lacks(searched, facts)
            if lacks is None:
                continue
            if lacks:
                return Verdict(lacks=lacks)
            findings.append(Finding(checked.rule))
            if checked.rule.action in LAST_WORDS:
                break
        return Verdict(tuple(findings)) if findings else NOTHING

    def masked_before(self, text: str, facts: Facts) -> str:
        """Mask an earlier text by every rule that masks for this caller, whatever it asks more.

        What the rule hid when it was said must not reach a model with the turn that follows.
        """
        who = ("roles", "tenants", "channels")
        searched = Searched("")
        rules = [
            checked.rule
            for checked in self.each
            if checked.rule.action == "mask"
            and all(holds(searched, facts) for name, holds in checked.checks if name in who)
        ]
        return masked(text, Verdict(tuple(map(Finding, rules))))


_KEPT = 5  # a revision, a draft, and turns that still run under those before
_books: list[Book] = []


def book_of(rules: Sequence[Rule]) -> Book:
    """Make rules ready, once for each tuple of them (by identity)."""
    for book in _books:
        if book.rules is rules:
            return book
    book = Book(rules)
    _books.insert(0, book)
    del _books[_KEPT:]
    return book
