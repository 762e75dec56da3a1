"""Conversion between units of measurement."""

import re
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any

from nlu.core.numbers import number_of
from nlu.core.text import fold

from .arithmetic import unsure_of_size
from .base import ToolContext, ToolTrouble, text_argument
from .figures import in_figures, rounded
from .measures import UNITS, Incompatible, TooCold, Unit, converted
from .phrasing import LEAD, TAIL

_MOST_CHARS = 100
_SIGNIFICANT = 5  # digits of a result that does not come out even
_LARGEST = Decimal(10) ** 24

_BITS = re.compile(r"(?<![^\W\d_])[kKMGT]b\b")  # a megabit is written so, and often a megabyte
_WORD = re.compile(r"[a-z°²³µ/\"]+[23]?")
_WORDS = frozenset(word for name in UNITS for word in name.split())
_UNIT = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_FROM = rf"(?P<value>(?:minus |[-−])?\d[\d\s.,]*|[a-z ]+?|)\s*(?P<from>{_UNIT})"
_TO = rf"(?P<to>{_UNIT})"
_INTO = r"(?: ?= ?| ?-> ?| (?:i|till|in|to|into|som|as|pa|omraknat till|uttryckt i) )"
_QUESTIONS = tuple(
    re.compile(LEAD + pattern + TAIL)
    for pattern in (
        rf"hur (?:manga|mycket) {_TO} (?:ar|blir|motsvarar|gar|finns)?(?: det)?"
        rf"(?: ?(?:i|pa))? {_FROM}",
        rf"how (?:many|much) {_TO} (?:are|is|equals?)?(?: there)?(?: ?in)? {_FROM}",
        rf"(?:hur \w+|vad) (?:ar|blir|motsvarar) {_FROM}{_INTO}{_TO}",
        rf"(?:how \w+|what) (?:is|are|'s) {_FROM}{_INTO}{_TO}",
        rf"(?:konvertera|omvandla|rakna om|gor om|convert|change|turn)? ?{_FROM}{_INTO}{_TO}",
    )
)


class Units:
    """Converts lengths, weights, volumes, temperatures and other measures."""

    name = "units"
    title_sv, title_en = "Enheter", "Units"
    description = (
        "Convert a value between units of length, mass, volume, temperature, speed, area, time, "
        "energy, power or data. Knows Swedish units: mil (10 km), msk, tsk, krm, hk. No currencies."
    )
    parameters: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "value": {"type": "number", "description": "How many of the unit `from`."},
            "from": {"type": "string", "description": "A unit, e.g. 'miles'.", "maxLength": 40},
            "to": {"type": "string", "description": "A unit, e.g. 'km'.", "maxLength": 40},
        },
        "required": ["value", "from", "to"],
        "additionalProperties": False,
    }
    moment = False

    def read(self, text: str, context: ToolContext) -> dict[str, Any] | None:
        """Find a question that names a value, its unit and the unit wanted."""
        if len(text) > _MOST_CHARS or unsure_of_size(text, context.language):
            return None
        if _BITS.search(text):
            return None
        folded = " ".join(fold(text.lower()).split())
        if sum(word in _WORDS for word in _WORD.findall(folded)) < 2:
            return None
        for pattern in _QUESTIONS:
            if (found := pattern.fullmatch(folded)) is None:
                continue
            value = _value(found["value"].strip(), context.language)
            if value is not None:
                return {"value": _plain(value), "from": found["from"], "to": found["to"]}
        return None

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Say what the value is in the other unit."""
        written = text_argument(arguments, "value", chars=60)
        value = _value(fold(written.lower()), context.language)
        if value is None or abs(value) > _LARGEST:
            raise ToolTrouble(
                sv="Jag behöver ett tal att räkna om.", en="I need a number to convert."
            )
        start, end = (_unit(arguments, name) for name in ("from", "to"))
        try:
            exact = converted(value, start, end)
        except Incompatible:
            raise ToolTrouble(
                sv=f"{start.sv_many} och {end.sv_many} mäter olika saker och kan inte räknas om.",
                en=f"{start.en_many} and {end.en_many} measure different things.",
            ) from None
        except TooCold:
            raise ToolTrouble(
                sv="Så kallt kan det inte bli: den absoluta nollpunkten är −273,15 °C.",
                en="Nothing gets that cold: absolute zero is −273.15 °C.",
            ) from None
        except DecimalException:
            raise ToolTrouble(
                sv="Talet blir för stort för mig.", en="That number gets too large for me."
            ) from None
        warmth = end.pint in ("degC", "degF", "kelvin")
        shown = rounded(exact, decimals=2 if warmth else 30, significant=_SIGNIFICANT)
        near = abs(shown - exact) > abs(exact) * Decimal("1e-20")
        left, right = (
            f"{in_figures(number, context.language)} {unit.printed(number, context.language)}"
            for number, unit in ((value, start), (shown, end))
        )
        return context.say(
            f"{left} är {'ungefär ' if near else ''}{right}.",
            f"{left} is {'about ' if near else ''}{right}.",
        )

    def warm(self) -> None:
        """Load pint and its units."""
        converted(Decimal(1), UNITS["mil"], UNITS["km"])


def _value(text: str, language: str) -> Decimal | None:
    """Read a number, also as models write it ("1e3")."""
    text = "1" if text in ("a", "an") else re.sub(r"^minus (?=\d)", "-", text)
    value = number_of(text, language=language)
    if value is None and re.fullmatch(r"-?\d+(\.\d+)?e[-+]?\d{1,2}", text, re.A):
        value = Decimal(text)
    return value


def _plain(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)


def _unit(arguments: Mapping[str, Any], name: str) -> Unit:
    written = text_argument(arguments, name, chars=40)
    unit = UNITS.get(" ".join(fold(written.lower()).split()))
    if unit is None:
        raise ToolTrouble(
            sv=f"Jag känner inte till enheten {written}.", en=f"I don't know the unit {written}."
        )
    return unit
