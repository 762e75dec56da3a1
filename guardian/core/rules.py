"""Rules that decide over a message, and gates that decide over tools, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize

import re2

MEMORY_BYTES = 4 << 20  # for one pattern; RE2 then runs in linear time within it
PATTERN_CHARS = 1000  # longest pattern


@dataclass(frozen=True, slots=True)
class Rule:
    """If `pattern` is found in what `roles` say (nobody named: everybody), then `action`."""

    name: str
    pattern: str  # RE2 syntax, searched in the masked message, ignoring case
    action: str = "refuse"  # "refuse" or "flag"
    sentence_sv: str = ""
    sentence_en: str = ""
    roles: tuple[str, ...] = ()

    def sentence(self, language: str) -> str:
        """Say in `language` why the message is refused; empty when the rule has no words for it."""
        if language == "en":
            return self.sentence_en or self.sentence_sv
        return self.sentence_sv or self.sentence_en


@dataclass(frozen=True, slots=True)
class Gate:
    """Which roles may use a tool."""

    tool: str
    roles: tuple[str, ...] = ("guest", "member", "staff", "program")
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a message: the first rule that refuses it, and those that flag it."""

    refused_by: Rule | None = None
    flags: tuple[str, ...] = ()


NOTHING = Verdict()


def judge(text: str, rules: Sequence[Rule], *, role: str) -> Verdict:
    """Judge a message by the rules in their order; the first one that refuses has the last word.

    Raises:
        ValueError: a pattern is not RE2. `check_pattern` keeps such a rule from being saved.
    """
    if not rules:
        return NOTHING
    said = _forms_of(text)  # once, for all rules
    watched = _watch(tuple(rules), role)
    if watched.any is not None and not _found(watched.any, said):
        return NOTHING
    flags: list[str] = []
    for rule, pattern in watched.each:
        if not _found(pattern, said):
            continue
        if rule.action == "refuse":
            return Verdict(rule, tuple(flags))
        flags.append(rule.name)
    return Verdict(None, tuple(flags)) if flags else NOTHING


def granted(tools: Sequence[str], gates: Sequence[Gate], *, role: str) -> tuple[str, ...]:
    """Choose the tools that `role` may use.

    A tool without a gate is granted to nobody: what nobody has thought of stays shut. Where two
    gates name the same tool, both must be open.
    """
    shut = {gate.tool for gate in gates if not gate.enabled or role not in gate.roles}
    gated = {gate.tool for gate in gates}
    return tuple(tool for tool in tools if tool in gated and tool not in shut)


def check_pattern(pattern: str, language: str = "sv") -> str | None:
    """Tell what is wrong with a pattern in a sentence for the one who wrote it, or None."""
    swedish = language != "en"
    if len(pattern) > PATTERN_CHARS:
        return (
            f"Mönstret får ha högst {PATTERN_CHARS} tecken."
            if swedish
            else f"The pattern may have at most {PATTERN_CHARS} characters."
        )
    try:
        found_in_nothing = _compiled(pattern).search(b"") is not None
    except ValueError as error:
        lead = "Mönstret följer inte RE2:s syntax" if swedish else "The pattern is not valid RE2"
        return f"{lead}: {error}"
    if found_in_nothing:
        return (
            "Mönstret träffar alla meddelanden, även tomma."
            if swedish
            else "The pattern matches every message, even an empty one."
        )
    return None


def _forms_of(text: str) -> tuple[bytes, ...]:
    """Give `text` as written, and as it looks where wide letters or widthless signs hide a word."""
    forms = [text]
    if not text.isascii():
        looks = "".join(sign for sign in normalize("NFKC", text) if category(sign) != "Cf")
        forms += [looks] if looks != text else []
    return tuple(form.encode("utf-8", "replace") for form in forms)


def _found(pattern: Any, forms: tuple[bytes, ...]) -> bool:
    return any(pattern.search(form) is not None for form in forms)


class _Watch:
    """The rules of one role, compiled."""

    __slots__ = ("any", "each")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.each = tuple((rule, _compiled(rule.pattern)) for rule in rules)
        self.any: Any = None
        if len(rules) > 1:
            # Most messages break no rule: one search over all of them together says so.
            try:
                self.any = _compiled("|".join(f"(?:{rule.pattern})" for rule in rules))
            except ValueError:
                self.any = None  # too large together, or two groups of one name: one by one


@lru_cache(maxsize=64)
def _watch(rules: tuple[Rule, ...], role: str) -> _Watch:
    return _Watch([rule for rule in rules if not rule.roles or role in rule.roles])


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False  # the error is raised; RE2 would print it as well
    options.max_mem = MEMORY_BYTES
    try:
        return re2.compile(pattern.encode("utf-8", "replace"), options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise ValueError(said.decode() if isinstance(said, bytes) else str(said)) from None
