"""Rules that decide over a message, as plain values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """If `pattern` is found in what `roles` say (nobody named: everybody), then `action`."""

    name: str
    pattern: str  # RE2 syntax, searched in the masked message, ignoring case
    action: str = "refuse"  # "refuse" or "flag"
    sentence_sv: str = ""
    sentence_en: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """Which roles may use a tool."""

    tool: str
    roles: tuple[str, ...] = ("guest", "member", "staff", "program")
    enabled: bool = True
