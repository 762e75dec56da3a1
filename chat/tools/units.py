"""Conversion between units of measurement."""

import re
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from typing import Any

from nlu.core.measures import UNITS, Incompatible, TooCold, Unit, converted, same_kind
from nlu.core.numbers import fraction, number_of
from nlu.core.text import fold

from .arithmetic import unsure_of_size
from .base import ToolContext, ToolTrouble, text_argument
from .figures import in_figures, rounded
from .phrasing import LEAD, TAIL, as_written
from .spans import calendar_span

_MOST_CHARS = 100
_SIGNIFICANT = 5  # digits of a result that does not come out even
_LARGEST = Decimal(10) ** 24
_WARMTH = ("degC", "degF", "kelvin")

_BITS = re.compile(r"(?<![^\W\d_])[kKMGT]b\b")  # a megabit is written so, and often a megabyte
_WORD = re.compile(r"[a-z°²³µ/\"]+[23]?")
_IS = re.compile(r"\bär\b")  # which is no year
_WORDS = frozenset(word for name in UNITS for word in name.split())
_UNIT = "|".join(re.escape(name) for name in sorted(UNITS, key=len, reverse=True))
_FIGURES = r"(?:minus |[-−])?\d[\d\s.,/]*[½¼¾⅓⅔]?|[½¼¾⅓⅔]"
_ALSO = rf"(?P<also>\d[\d.,]*) ?(?P<smaller>{_UNIT})"  # "5 fot 11 tum"
_FROM = (
    rf"(?P<value>{_FIGURES}|[a-z ]{{1,40}}?|)\s*(?P<from>{_UNIT})"
    rf"(?:(?:,| och| and)? {_ALSO}| (?P<stuff>[a-z]{{3,20}}))?"  # "3 dl mjölk"
)
_TO = rf"(?P<to>{_UNIT})"
_INTO = (
    r"(?: ?= ?| ?-> ?| (?:i(?! (?:dag|ar)\b)|till|in|to|into|som|as|pa|omraknat till|uttryckt i) )"
)
_FEET_INCHES = re.compile(r"(\d)\s?['’′]\s?(\d{1,2})\s?[\"”″]")
_QUESTIONS = tuple(
    re.compile(LEAD + pattern + TAIL)
    for pattern in (
        rf"hur (?:manga|mycket) {_TO} (?:ar|blir|motsvarar|gar|finns|har)?(?: det)?"
        rf"(?: ?(?:i|pa))? {_FROM}",
        rf"how (?:many|much) {_TO} (?:are|is|equals?)?(?: there)?(?: ?in)? {_FROM}",
        rf"{_FROM} (?:ar|blir|motsvarar|is|are) (?:hur|how) (?:manga|mycket|many|much) {_TO}",
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
            "also": {
                "type": "string",
                "description": "What is added to `value`, e.g. '11 inches' beside 5 feet.",
                "maxLength": 40,
            },
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
        written = _FEET_INCHES.sub(r"\1 fot \2 tum", as_written(text.lower()))
        folded = " ".join(fold(written).split())
        named = _WORD.findall(fold(_IS.sub("", written)))
        if sum(word in _WORDS for word in named) < 2:
            return None
        for pattern in _QUESTIONS:
            if (found := pattern.fullmatch(folded)) is None:
                continue
            value = _value(found["value"].strip(), context.language)
            if value is None or not _sensible(found):
                continue
            arguments = {"value": _plain(value), "from": found["from"], "to": found["to"]}
            if found["also"]:
                arguments["also"] = f"{found['also']} {found['smaller']}"
            return arguments
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
        if value == 1 and (said := calendar_span(start, end, context)):
            return said
        try:
            more, part = _more(arguments, start, context.language)
            exact = converted(value + more, start, end)
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
        shown = rounded(exact, decimals=2 if end.pint in _WARMTH else 30, significant=_SIGNIFICANT)
        near = abs(shown - exact) > abs(exact) * Decimal("1e-20")
        left, right = (
            f"{in_figures(number, context.language)} {unit.printed(number, context.language)}"
            for number, unit in ((value, start), (shown, end))
        )
        left = f"{left} {part}".rstrip()
        if end is UNITS["fot"]:
            right += _inches(exact, end, context.language)
        return context.say(
            f"{left} är {'ungefär ' if near else ''}{right}.",
            f"{left} is {'about ' if near else ''}{right}.",
        )

    def warm(self) -> None:
        """Load pint and its units."""
        converted(Decimal(1), UNITS["mil"], UNITS["km"])


def _sensible(found: re.Match[str]) -> bool:
    """Tell whether all that was named can be put together."""
    start, end = UNITS[found["from"]], UNITS[found["to"]]
    if found["also"]:
        return start.pint not in _WARMTH and same_kind(start, UNITS[found["smaller"]])
    return not found["stuff"] or (found["stuff"] not in _WORDS and same_kind(start, end))


def _more(arguments: Mapping[str, Any], start: Unit, language: str) -> tuple[Decimal, str]:
    """Read what is added to the value: how many of `start` it is, and how it is printed.

    Raises:
        Incompatible: the two can not be added.
    """
    written = text_argument(arguments, "also", chars=40)
    if not written:
        return Decimal(0), ""
    found = re.fullmatch(_ALSO, " ".join(fold(written.lower()).split()))
    more = _value(found["also"], language) if found else None
    if found is None or more is None or start.pint in _WARMTH:
        raise ToolTrouble(
            sv=f"Jag förstår inte måttet {written}.", en=f"I don't understand {written}."
        )
    unit = UNITS[found["smaller"]]
    return (
        converted(more, unit, start),
        f"{in_figures(more, language)} {unit.printed(more, language)}",
    )


def _inches(feet: Decimal, foot: Unit, language: str) -> str:
    """Write " (5 fot och 10,9 tum)" after the length of a person or a plank."""
    tenths = int(rounded(feet * 120, decimals=0))
    whole, rest = divmod(tenths, 120)
    if not 1 <= feet < 10 or not rest:
        return ""
    inches = Decimal(rest) / 10
    tum, link = UNITS["tum"].printed(inches, language), "and" if language == "en" else "och"
    return (
        f" ({whole} {foot.printed(Decimal(whole), language)} {link}"
        f" {in_figures(inches, language)} {tum})"
    )


def _value(text: str, language: str) -> Decimal | None:
    """Read a number, also as models write it ("1e3")."""
    text = "1" if text in ("a", "an") else re.sub(r"^minus (?=\d)", "-", text)
    value = number_of(text, language=language)
    if value is None:
        value = fraction(text)
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
