"""Calculations said in words that are not signs: "öka 200 med 10 %", "genomsnittet av 3 och 5"."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nlu.core.numbers import number_of
from nlu.core.text import fold

NUMBER = r"[\d \u00a0.,]{0,30}\d|[a-z ]{1,40}?"
PERCENT_SIGN = r"\s*(?:%|procent(?:s|ig|en)?|per ?cent)"


@dataclass(frozen=True, slots=True)
class Rephrased:
    """An expression in signs, and how many decimals to round it to where that is asked for."""

    expression: str
    decimals: int | None = None


_PERCENT = rf"(?P<percent>{NUMBER}){PERCENT_SIGN}"
_WHOLE = rf"(?P<whole>{NUMBER})"
_A, _B = (rf"(?P<{name}>{NUMBER})" for name in "ab")
_BY = rf"(?P<by>(?:{NUMBER})(?:{PERCENT_SIGN})?)"
_SHARE = r"(?:dricks|ranta|tax|tip|interest)"
_LIST = r"(?:av|pa|of) (?P<list>.+)"
_TEMPLATES = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (rf"{_PERCENT} {_SHARE} (?:pa|on) {_WHOLE}", "{percent} % av {whole}"),
        (rf"{_SHARE}(?:en)? (?:pa )?{_PERCENT} (?:pa|av|on) {_WHOLE}", "{percent} % av {whole}"),
        (rf"{_SHARE}(?:en)? pa {_WHOLE} (?:om|med|vid) {_PERCENT}", "{percent} % av {whole}"),
        (
            rf"{_WHOLE} (?:plus|med|inklusive|with) {_PERCENT} (?:{_SHARE}|moms|vat)",
            "{whole} + {percent} %",
        ),
        (rf"{_PERCENT} (?:rabatt (?:pa|av)|off|discount on) {_WHOLE}", "{whole} - {percent} %"),
        (rf"{_WHOLE} (?:med|with) {_PERCENT} (?:rabatt|discount)", "{whole} - {percent} %"),
        (rf"rabatt(?:en)? {_PERCENT} pa {_WHOLE}", "{whole} - {percent} %"),
        (rf"(?:oka|hoj|increase|raise) {_A} (?:med|by) {_BY}", "{a} + {by}"),
        (rf"{_A} (?:okat|hojt|increased|raised) (?:med|by) {_BY}", "{a} + {by}"),
        (rf"(?:minska|sank|decrease|reduce|lower) {_A} (?:med|by) {_BY}", "{a} - {by}"),
        (rf"{_A} (?:minskat|sankt|decreased|reduced|lowered) (?:med|by) {_BY}", "{a} - {by}"),
        (rf"(?:skillnaden mellan|difference between) {_A} (?:och|and) {_B}", "{a} - {b}"),
        (rf"(?:dra (?:av |bort )?|subtrahera |subtract ){_B} (?:fran|from) {_A}", "{a} - {b}"),
        (rf"(?:multiplicera|multiply) {_A} (?:med|by) {_B}", "{a} * {b}"),
        (rf"(?:dividera|dela|divide) {_A} (?:med|pa|by) {_B}", "{a} / {b}"),
        (rf"(?:kvadraten (?:pa|av)|(?:the )?square of) {_A}", "{a} ^ 2"),
        (rf"(?:fakulteten (?:av|for)|(?:the )?factorial of) {_A}", "{a} !"),
    )
)
_LISTS: tuple[tuple[re.Pattern[str], Callable[[list[str]], str]], ...] = (
    (re.compile(rf"(?:summan|(?:the )?sum) {_LIST}"), " + ".join),
    (re.compile(r"(?:lagg (?:ihop|samman)|addera|add(?: together)?) (?P<list>.+)"), " + ".join),
    (re.compile(rf"(?:produkten|(?:the )?product) {_LIST}"), " * ".join),
    (
        re.compile(
            rf"(?:genomsnittet|medelvardet|medeltalet|snittet|(?:the )?(?:average|mean)) {_LIST}"
        ),
        lambda numbers: f"({' + '.join(numbers)}) / {len(numbers)}",
    ),
)
_PLACES = {
    "heltal|whole number|integer": 0,
    "tiondel|tenth": 1,
    "hundradel|hundredth": 2,
    "tiotal|ten": -1,
    "hundratal|hundred": -2,
    "tusental|thousand": -3,
}
_PLACE = {name: decimals for names, decimals in _PLACES.items() for name in names.split("|")}
_ROUNDED = re.compile(
    r"(?:avrunda|runda av|round(?: off)?) (?P<value>.+?) (?:till|to) (?:"
    rf"(?P<decimals>{NUMBER}) (?:decimal(?:er|s)?|decimal places?)"
    rf"|(?:(?:narmaste|(?:the )?nearest|ett|a) )?(?P<place>{'|'.join(_PLACE)}))"
)
_MOST_DECIMALS = 20
_HINT = re.compile(
    r"%|procent|per ?cent|summa|sum |produ|skill|diff|kvadraten|square of|oka|hoj|minsk|sank"
    r"|sankt|increas|rais|decreas|reduc|lower|dra |subtra|multi|divi|dela |fakult|factor|snitt"
    r"|medel|average|mean|avrund|runda|round|lagg |add"
)


def rephrased(text: str, language: str) -> Rephrased:
    """Put `text` in signs where its words call for that; else as it stands."""
    folded = fold(text.lower())
    if not _HINT.search(folded):
        return Rephrased(text)
    for pattern, template in _TEMPLATES:
        if found := pattern.fullmatch(folded):
            return Rephrased(template.format(**found.groupdict()))
    for pattern, joined in _LISTS:
        if (found := pattern.fullmatch(folded)) and (numbers := _listed(found["list"], language)):
            return Rephrased(joined(numbers))
    if found := _ROUNDED.fullmatch(folded):
        decimals = _PLACE.get(found["place"]) if found["place"] else number_of(found["decimals"])
        if decimals is not None and decimals in range(-3, _MOST_DECIMALS + 1):
            return Rephrased(found["value"], int(decimals))
    return Rephrased(text)


def _listed(text: str, language: str) -> list[str]:
    """Take apart "3, 5 och 10"; empty unless it is two numbers or more."""
    first, linked, last = text.rpartition(" and " if " and " in text else " och ")
    numbers = re.split(r",? plus |, ", first.rstrip(",") if linked else last)
    if linked:
        numbers.append(last)
    sound = len(numbers) > 1 and all(
        number_of(number, language=language) is not None for number in numbers
    )
    return numbers if sound else []
