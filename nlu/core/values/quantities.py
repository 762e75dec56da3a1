"""How much: money and currencies, shares, measures and mere numbers."""

import re

from ..amounts import Amount, amounts_in, currency_called, number_in, plain
from ..text import fold
from .ucum import in_ucum
from .value import Said, Value

_LEADING = re.compile(r"^(?:(?:till|med|pa|niva|to|by|at|level|volym|volume)\s+)+")
_STEPS = re.compile(r"\s+(?:nivaer|niva|steg|snapp|levels?|steps?|notches|notch)$")
# What people say instead of a share, in percent.
_SHARES = {
    name: percent
    for percent, names in (
        ("100", "max|maximum|maximal|maximalt|full|fullt|full styrka|högsta|det högsta|maxvolym"),
        ("100", "högsta volym|full power|full volume|loudest|highest"),
        ("50", "hälften|halva|half"),
        ("0", "minimum|min|minst|lägsta|lowest"),
    )
    for name in fold(names).split("|")
}
# Of currencies only: in other places "pound" is a weight.
_ALONE = {
    fold(name): code
    for code, names in (
        ("GBP", "pound|pounds|pundet|british pound|brittiska pundet|engelska pund"),
        ("USD", "us dollar|u s dollar|us dollars|american dollar|american dollars|bucks"),
        ("USD", "united states dollar|u s|usa|us-dollarn|amerikansk dollar"),
        ("CAD", "canadian dollar"),
        ("AUD", "australian dollar"),
        ("INR", "rupee|indian rupee|indian rupees|indiska rupies"),
        ("MXN", "mexican peso|mexican pesos"),
        ("HKD", "hongkong dollar|hongkongdollar|hong kong dollar|hong kong dollars"),
    )
    for name in names.split("|")
}


def currency(said: Said) -> Value | None:
    """Read the name of a currency; its code is the value. Letters may be said one by one."""
    name = fold(said.text.lower())
    spelt = re.sub(r"[\s.]", "", name)
    words = " ".join(name.replace(".", " ").split())
    for one in (name, words, spelt, *_bare(name)):
        if code := _ALONE.get(one) or currency_called(one):
            return Value("currency", code)
    return None


def _bare(name: str) -> list[str]:
    """Take endings off: "kronans", "dollarns", "svenska kronan"."""
    bare = re.sub(r"(?:n|ns|en|ens|s|'s)$", "", name)
    return [bare, re.sub(r"kron[a-z]+$", "kronor", name)]


def amount(said: Said) -> Value | None:
    """Read a number, with its unit if it has one: "till max" is 100 %, "lite" is no number."""
    words = " ".join(fold(said.text.lower()).split())
    words = _STEPS.sub("", _LEADING.sub("", words, count=1))
    if words in _SHARES:
        return Value("share", _SHARES[words], unit="%")
    amounts = amounts_in(said.text, language=said.language)
    if amounts:
        return _of(amounts[0]) if len(amounts) == 1 else None
    number = number_in(words, language=said.language)
    return None if number is None else Value("number", plain(number))


def _of(found: Amount) -> Value | None:
    if found.measure is None:
        return Value(found.kind, plain(found.value), unit=found.unit)
    told = in_ucum(found.value, found.measure)
    return None if told is None else Value(found.kind, plain(told[0]), unit=told[1])
