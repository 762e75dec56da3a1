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
from .phrasing import LEAD, as_written
from .rephrasing import rephrased
from .shares import Share, share_in

_DECIMALS = 10  # of a printed result
_NOISE = Decimal("1e-25")  # that a third and the like bring in

_POLITE = re.compile(r"\s*" + LEAD)
_LEAD = re.compile(
    r"(?:vad (?:ar|blir) (?:det )?|hur mycket (?:ar|blir) (?:det )?|rakna ut|berakna|rakna"
    r"|what(?:'s| is| are)|whats|how much (?:is|are)|calculate|compute|work out)?:?\s*"
)
_ENDS = ("=", " är lika med", " är", " blir", " blir det", " lika med", " vad", " what", " equals")
_MONEY = re.compile(
    r"(?<=[\d\s])(kr|kronor|sek)\b|(?<=\d)(:-)|(€)|(\$)|(?<=[\d\s])(euro|dollars?)\b"
)
# Alone, "5-3" may be a score, "1/2" a date and "112!" a shout.
_BARE = re.compile(r"\s*(?:\d+[-/]\d+|\d{3,}!)\s*", re.A)
_FACTORIAL = re.compile(r"\d+!|.*\d!.*\d!", re.A)  # else "!" at the end is a raised voice
_HINT = re.compile(
    r"[-+*/^%×·÷√²³−x(!½¼¾π]|\dpi\b|\bpi\b|plus|minus|gang|times|rot|root|delat|procent"
    r"|per ?cent|upph|half|halv|del|kubik|cube|power|third|quarter|multi|divi|kvadr|squar"
    r"|summa|sum of|produ|skill|diff|moms|\bvat\b|oka|hoj|minsk|sank|increas|decreas|reduc|lower"
    r"|rais|snitt|medel|average|mean|andel|share|rund|round|lagg |add|dra |subtra|fakult|factor"
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
        text = as_written(text)
        folded = fold(text.lower())
        if len(folded) != len(text) or not _HINT.search(folded):
            return None
        if unsure_of_size(text, context.language):
            return None
        start = polite.end() if (polite := _POLITE.match(folded)) else 0
        question = text[start:].rstrip(" ?!.\n")
        if _share(question, context.language):
            return {"expression": question}
        lead = _LEAD.match(folded, start)
        asked = start > 0 or (lead is not None and lead.end() > start)
        expression = text[lead.end() if lead else start :].strip(" ?.\n")
        if not _FACTORIAL.fullmatch(expression):
            if not asked and re.search(r"\d!+$", expression):
                return None
            expression = expression.rstrip(" ?!.")
        for end in _ENDS * 2:  # "… är lika med vad"
            if expression.lower().endswith(end):
                expression, asked = expression[: -len(end)].rstrip(), True
        if not asked and _BARE.fullmatch(expression):
            return None
        if _calculation(expression, context.language) is None:
            return None
        return {"expression": expression}

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Say the calculation and what it comes to."""
        expression = text_argument(arguments, "expression", chars=MOST_CHARS)
        if share := _share(expression, context.language):
            return share.said(context.language)
        calculation = _calculation(expression, context.language)
        if calculation is None:
            raise ToolTrouble(
                sv="Det där kan jag inte räkna ut. Skriv till exempel 15 % av 1 250 eller 12 * 12.",
                en="I can't work that out. Write for example 15 % of 1,250 or 12 * 12.",
            )
        terms, decimals = calculation
        value = worked_out(terms)
        shown = value
        if decimals is not None and value.adjusted() < MOST_DIGITS:
            shown = rounded(value, decimals=decimals)
        elif -8 < value.adjusted() < MOST_DIGITS:
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


def _share(question: str, language: str) -> Share | None:
    bare = _without_currency(question)
    return None if bare is None else share_in(bare, language)


def _calculation(expression: str, language: str) -> tuple[tuple[Term, ...], int | None] | None:
    """Read an expression, and the decimals to round it to where that is asked for."""
    bare = _without_currency(expression)
    if bare is None or len(bare) > MOST_CHARS:
        return None
    meant = rephrased(bare, language)
    terms = terms_of(meant.expression, language=language, alone=meant.decimals is not None)
    return None if terms is None else (terms, meant.decimals)


def _without_currency(text: str) -> str | None:
    """Take a currency away, if there is one; None where there are two."""
    money = {found.lastindex for found in _MONEY.finditer(text.lower())}
    if len(money) > 1:
        return None
    return " ".join((_MONEY.sub("", text) if money else text).split())


def _written(terms: Sequence[Term], context: ToolContext) -> str:
    """Print the calculation evenly, whatever way it was written."""
    percent = context.say("\u00a0%", "%")
    spaced = {"*": " × ", "/": " / ", "of": context.say(" av ", " of ")}
    closed = {"^": "^", "%": percent, "!": "!", "(": "(", ")": ")", "sqrt": "√", "cbrt": "∛"}
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
        operand = term.sign in ("", ")", "%", "!")
    return "".join(parts)
