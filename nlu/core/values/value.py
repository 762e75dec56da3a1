"""What an argument means, once it is read: a kind, a value, and a unit or a code."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Value:
    """A value that programs can use. docs/nlu.md lists the kinds.

    `value` is ISO 8601 of a time, a decimal number of an amount, a name in its base form of
    somebody or something, and else the text as it was said.
    `unit` is ISO 4217 of money, "%" of a share, UCUM of a measure.
    `code` is of a list that `kind` names, such as ISO 3166 of a place.
    """

    kind: str
    value: str
    unit: str = ""
    code: str = ""

    def as_json(self) -> dict[str, str]:
        """Tell it as JSON does; what is empty is left out."""
        told = {"kind": self.kind, "value": self.value, "unit": self.unit, "code": self.code}
        return {name: said for name, said in told.items() if said}


@dataclass(frozen=True, slots=True)
class Said:
    """What was said where a slot is: the words, and from when and where they are read.

    `now` is aware, or None where nobody told; `timezone` is the caller's, as IANA names it.
    """

    text: str
    now: datetime | None = None
    timezone: str = "UTC"
    language: str = "sv"
