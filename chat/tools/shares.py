"""Questions about shares and value-added tax, whose answer is a sentence and not a sum."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nlu.core.numbers import number_of
from nlu.core.text import fold

from .arithmetic import terms_of
from .evaluation import worked_out
from .figures import in_figures, rounded
from .rephrasing import NUMBER, PERCENT_SIGN

_USUAL_RATE = "25"  # per cent, of Swedish value-added tax
_DECIMALS = 2
_MOST_CHARS = 80
_NOISE = Decimal("1e-25")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Ways to ask, what to work out from the numbers named, and the sentence that answers."""

    patterns: tuple[str, ...]
    results: Mapping[str, str]
    sv: str
    en: str


_PART, _WHOLE = (rf"(?P<{name}>{NUMBER})" for name in ("part", "whole"))
_RATE = rf"(?:(?P<rate>{NUMBER}){PERCENT_SIGN} )?"
_AFTER = rf"(?: (?:med|vid|at|om) (?P<rate>{NUMBER}){PERCENT_SIGN})?"
_TAX = r"(?:moms(?:en)?|(?:the )?vat)"
_HOW_MUCH = r"(?:(?:vad|hur mycket) (?:ar |blir )?(?:det i )?|what(?:'s| is) |how much (?:is )?)?"
_IS_IT = r"(?: (?:ar|blir) det| is there)?"
_WORTH = r"(?:vad|hur mycket|what|how much) (?:ar|blir|is) "
_MANY = r"(?:hur (?:manga procent|stor (?:andel|del))|what (?:per ?cent(?:age)?|share))"
_KINDS = (
    _Kind(
        (
            rf"{_MANY} (?:ar|utgor|motsvarar|blir|is) {_PART} (?:out )?(?:av|of) {_WHOLE}",
            rf"{_MANY} (?:av|of) {_WHOLE} (?:ar|utgor|motsvarar|blir|is) {_PART}",
            rf"{_PART} (?:ar|utgor|motsvarar|blir|is) {_MANY} (?:av|of) {_WHOLE}",
            rf"{_HOW_MUCH}{_PART} (?:av|of|out of) {_WHOLE} (?:i procent|in per ?cent)",
            rf"{_HOW_MUCH}{_PART} as a percentage of {_WHOLE}",
        ),
        {"share": "{part} / {whole} * 100"},
        "{part} av {whole} är {share}\u00a0%.",
        "{part} of {whole} is {share}%.",
    ),
    _Kind(
        (
            rf"{_HOW_MUCH}{_RATE}{_TAX}{_IS_IT} (?:pa|on) {_WHOLE}",
            rf"{_HOW_MUCH}{_TAX} (?:pa|on) {_WHOLE}{_AFTER}",
            rf"{_HOW_MUCH}{_TAX} (?P<rate>{NUMBER}){PERCENT_SIGN} (?:pa|av|on) {_WHOLE}",
            rf"{_HOW_MUCH}{_WHOLE} plus {_TAX}",
            rf"{_WORTH}{_WHOLE} (?:med|inklusive|inkl\.?|with|including) {_TAX}",
        ),
        {"tax": "{whole} * {rate} %", "sum": "{whole} + {rate} %"},
        "{rate}\u00a0% moms på {whole} utan moms är {tax}; med moms blir det {sum}.",
        "{rate}% VAT on {whole} before VAT is {tax}; with VAT that makes {sum}.",
    ),
    _Kind(
        (
            rf"{_HOW_MUCH}{_RATE}{_TAX}{_IS_IT} (?:ingar )?(?:i|in) {_WHOLE}",
            rf"(?:hur mycket|how much) (?:av|of) {_WHOLE} (?:ar|is) {_TAX}",
            rf"{_WORTH}{_WHOLE} (?:utan|exklusive|exkl\.?|without|excluding) {_RATE}{_TAX}",
        ),
        {
            "tax": "{whole} - {whole} / (1 + {rate} %)",
            "net": "{whole} / (1 + {rate} %)",
        },
        "I {whole} med {rate}\u00a0% moms ingår {tax} i moms; utan moms är det {net}.",
        "{whole} with {rate}% VAT holds {tax} of VAT; without VAT it is {net}.",
    ),
)
_COMPILED = tuple((re.compile(pattern), kind) for kind in _KINDS for pattern in kind.patterns)
_HINT = re.compile(r"moms|\bvat\b|procent|per ?cent|andel|stor del|share")


@dataclass(frozen=True, slots=True)
class Share:
    """A question that was understood: its kind and the numbers in it, as expressions."""

    kind: _Kind
    numbers: Mapping[str, Decimal]

    def said(self, language: str) -> str:
        """Answer it.

        Raises:
            ToolTrouble: there is no such share.
        """
        figures = {name: in_figures(value, language) for name, value in self.numbers.items()}
        plain = {name: format(value, "f") for name, value in self.numbers.items()}
        about = "about " if language == "en" else "ungefär "
        for name, expression in self.kind.results.items():
            value = worked_out(terms_of(expression.format(**plain)) or ())
            shown = value
            if -8 < value.adjusted() < 30:
                shown = rounded(value, decimals=max(_DECIMALS, 3 - value.adjusted()))
            near = abs(shown - value) > abs(value) * _NOISE
            figures[name] = f"{about if near else ''}{in_figures(shown, language)}"
        return (self.kind.en if language == "en" else self.kind.sv).format(**figures)


def share_in(text: str, language: str) -> Share | None:
    """Read a question about a share or a tax and nothing else; None otherwise."""
    folded = fold(text.lower())
    if len(folded) > _MOST_CHARS or not _HINT.search(folded):
        return None
    for pattern, kind in _COMPILED:
        if found := pattern.fullmatch(folded):
            written = {"rate": _USUAL_RATE} | {
                name: phrase for name, phrase in found.groupdict().items() if phrase
            }
            numbers = {
                name: number_of(phrase, language=language) for name, phrase in written.items()
            }
            known = {name: value for name, value in numbers.items() if value is not None}
            if len(known) == len(numbers) and all(value >= 0 for value in known.values()):
                return Share(kind, known)
    return None
