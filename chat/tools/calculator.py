"""The calculator: exact decimal arithmetic on what people write, evaluated by simpleeval."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from nlu.core.text import fold

from .arithmetic import MOST_CHARS, Term, terms_of, unsure_of_size
from .base import ToolContext, ToolTrouble, text_argument
from .evaluation import worked_out
from .figures import MOST_DIGITS, in_figures, rounded
from .phrasing import LEAD

_DECIMALS = 10  # of a printed result
_NOISE = Decimal("1e-25")  # that a third and the like bring in

_LEAD = re.compile(
    r"\s*"
    + LEAD
    + r"(?:vad (?:ar|blir) (?:det )?|hur mycket (?:ar|blir) (?:det )?|rakna ut|berakna|rakna"
    r"|what(?:'s| is| are)|whats|how much (?:is|are)|calculate|compute|work out)?:?\s*"
)
_ENDS = ("=", " är lika med", " är", " blir", " blir det", " lika med", " vad", " what", " equals")
_NUMBER = r"[\d \u00a0.,]*\d|[a-z ]+?"
_PERCENT = rf"(?P<percent>{_NUMBER})\s*(?:%|procent(?:s|ig)?|percent)"
_WHOLE = rf"(?P<whole>{_NUMBER})"
_TAX = r"(?:moms|dricks|ranta|vat|tax|tip|interest)"
_SAID_OTHERWISE = tuple(
    (re.compile(pattern), template)
    for pattern, template in (
        (rf"{_PERCENT} {_TAX} (?:pa|on) {_WHOLE}", "{percent} % av {whole}"),
        (rf"{_TAX}(?:en)? (?:pa )?{_PERCENT} (?:pa|av|on) {_WHOLE}", "{percent} % av {whole}"),
        (rf"{_TAX}(?:en)? pa {_WHOLE} (?:om|med|vid) {_PERCENT}", "{percent} % av {whole}"),
        (rf"{_WHOLE} (?:plus|med|inklusive|with) {_PERCENT} {_TAX}", "{whole} + {percent} %"),
        (rf"{_PERCENT} (?:rabatt (?:pa|av)|off|discount on) {_WHOLE}", "{whole} - {percent} %"),
        (rf"{_WHOLE} (?:med|with) {_PERCENT} (?:rabatt|discount)", "{whole} - {percent} %"),
        (rf"rabatt(?:en)? {_PERCENT} pa {_WHOLE}", "{whole} - {percent} %"),
        (r"(?:summan av|(?:the )?sum of) (?P<a>.+) (?:och|and) (?P<b>.+)", "{a} + {b}"),
        (r"(?:produkten av|(?:the )?product of) (?P<a>.+) (?:och|and) (?P<b>.+)", "{a} * {b}"),
        (r"(?:skillnaden mellan|difference between) (?P<a>.+) (?:och|and) (?P<b>.+)", "{a} - {b}"),
        (r"(?:kvadraten (?:pa|av)|(?:the )?square of) (?P<a>.+)", "{a} ^ 2"),
    )
)
_OTHERWISE = re.compile(rf"{_TAX}|rabatt|off|discount|sum|produ|skill|diff|kvadraten|square of")
_MONEY = re.compile(
    r"(?<=[\d\s])(kr|kronor|sek)\b|(?<=\d)(:-)|(€)|(\$)|(?<=[\d\s])(euro|dollars?)\b"
)
_BARE = re.compile(r"\s*\d+[-/]\d+\s*", re.A)  # "5-3" alone may be a score, "1/2" a date
_HINT = re.compile(
    r"[-+*/^%×·÷√²³−x(]|plus|minus|gang|times|rot|root|delat|procent|per ?cent|upph"
    r"|half|halv|del|kubik|cube|power|third|quarter|multi|divi|kvadr|squar"
    r"|summa|sum of|produ|skill|diff"
)


class Calculator:
    """Works out sums, with per cent, powers and roots, from figures or words."""

    name = "calculator"
    title_sv, title_en = "Räknare", "Calculator"
    description = (
        "Work out arithmetic exactly: + - * / ^, parentheses, sqrt, per cent "
        "('15 % of 1250', '400 + 25 %'). Use it for every calculation."
    )
    parameters: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "expression": {
                "type": "string",
                "description": "The calculation, e.g. '3 * (4 + 5)' or '15 % of 1250'.",
                "maxLength": MOST_CHARS,
            }
        },
        "required": ["expression"],
        "additionalProperties": False,
    }
    moment = False

    def read(self, text: str, context: ToolContext) -> dict[str, Any] | None:
        """Find a calculation that is the whole message, but for "vad blir" and the like."""
        if len(text) > MOST_CHARS:
            return None
        folded = fold(text.lower())
        if len(folded) != len(text) or not _HINT.search(folded):
            return None
        if unsure_of_size(text, context.language):
            return None
        expression = text.rstrip(" ?!.\n")
        start = lead.end() if (lead := _LEAD.match(folded)) else 0
        asked = start > 0
        for end in _ENDS * 2:  # "… är lika med vad"
            if expression.lower().endswith(end):
                expression, asked = expression[: -len(end)].rstrip(), True
        expression = expression[start:].strip()
        if not asked and _BARE.fullmatch(expression):
            return None
        if _terms(expression, context.language) is None:
            return None
        return {"expression": expression}

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Say the calculation and what it comes to."""
        terms = _terms(text_argument(arguments, "expression", chars=MOST_CHARS), context.language)
        if terms is None:
            raise ToolTrouble(
                sv="Det där kan jag inte räkna ut. Skriv till exempel 15 % av 1 250 eller 12 * 12.",
                en="I can't work that out. Write for example 15 % of 1,250 or 12 * 12.",
            )
        value = worked_out(terms)
        shown = value
        if -8 < value.adjusted() < MOST_DIGITS:
            shown = rounded(value, decimals=max(_DECIMALS, 3 - value.adjusted()))
        same = abs(shown - value) <= abs(value) * _NOISE and value.adjusted() < MOST_DIGITS
        result = in_figures(shown, context.language)
        written = _written(terms, context)
        if [term.sign for term in terms] in (["", "%", "of", ""], ["", "of", ""]) and same:
            written = written[0].upper() + written[1:]
            return context.say(f"{written} är {result}.", f"{written} is {result}.")
        return f"{written} {'=' if same else '≈'} {result}"

    def warm(self) -> None:
        """Load simpleeval and the way numbers are printed."""
        for language in ("sv", "en"):
            self.run({"expression": "1 + 1"}, ToolContext(datetime.now(UTC), language=language))


def _terms(expression: str, language: str) -> tuple[Term, ...] | None:
    """Read an expression, after taking away one currency and saying otherwise what needs it."""
    money = {found.lastindex for found in _MONEY.finditer(expression.lower())}
    if len(money) > 1:
        return None
    expression = _MONEY.sub("", expression) if money else expression
    expression = " ".join(expression.split())
    folded = fold(expression.lower())
    if len(expression) <= MOST_CHARS and _OTHERWISE.search(folded):
        for pattern, template in _SAID_OTHERWISE:
            if found := pattern.fullmatch(folded):
                expression = template.format(**found.groupdict())
                break
    return terms_of(expression, language=language)


def _written(terms: Sequence[Term], context: ToolContext) -> str:
    """Print the calculation evenly, whatever way it was written."""
    percent = context.say("\u00a0%", "%")
    spaced = {"*": " × ", "/": " / ", "of": context.say(" av ", " of ")}
    closed = {"^": "^", "%": percent, "(": "(", ")": ")", "sqrt": "√", "cbrt": "∛"}
    parts: list[str] = []
    operand = False
    for at, term in enumerate(terms):
        if term.sign == "":
            as_words = term.words == "π" or [after.sign for after in terms[at + 1 : at + 2]] == [
                "of"
            ]
            figures = in_figures(term.value, context.language)
            parts.append(term.words or figures if as_words else figures)
        elif term.sign in "+-":
            sign = "−" if term.sign == "-" else "+"
            parts.append(f" {sign} " if operand else sign)
        else:
            parts.append(spaced.get(term.sign) or closed[term.sign])
        operand = term.sign in ("", ")", "%")
    return "".join(parts)
