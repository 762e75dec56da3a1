"""Arithmetic as people write it, as a short row of terms: "tolv gånger 15 %" is 12, ×, 15, %."""

import re
from dataclasses import dataclass
from decimal import Decimal

from nlu.core.numbers import number_of
from nlu.core.text import fold

MOST_CHARS, MOST_TERMS, DEEPEST = 200, 80, 12
_PI = Decimal("3.14159265358979323846264338327950288419716939937511")


@dataclass(frozen=True, slots=True)
class Term:
    """A number, or a sign: + - * / ^ % ! ( ) of, sqrt, cbrt. `words` is a fraction as written."""

    sign: str
    value: Decimal = Decimal(0)
    words: str = ""


_SIGNS = {  # patterns over folded lower-case text, longest first
    "sqrt": r"kvadratroten (?:ur|av)|roten (?:ur|av)|square root of|\bsqrt\b|√",
    "cbrt": r"kubikroten (?:ur|av)|cube root of|∛",
    "^": r"upphojt (?:till|i)|(?:raised )?to the power of|\*\*|\^",
    "^2": r"\bi kvadrat\b|\bsquared\b|²",
    "^3": r"\bi kubik\b|\bcubed\b|³",
    "/": r"\b(?:delat|dividerat) (?:med|pa)\b|\bdivided by\b|[/÷]",
    "*": r"\b(?:multiplicerat med|multiplied by|ganger|times)\b|[*×·⋅]|(?<=\d)\s?x\s?(?=\d)",
    "%": r"\bprocent(?:en)?\b|\bper ?cent\b|%",
    "!": r"\b(?:fakultet|factorial)\b|!",
    "+": r"\bplus\b|\+",
    "-": r"\bminus\b|(?<![a-z])[-−–]|[-−–](?![a-z])",
    "of": r"\bav\b|\bof\b",
    "(": r"\(",
    ")": r"\)",
}
_NAMES = dict(zip((f"s{index}" for index in range(len(_SIGNS))), _SIGNS, strict=True))
_SIGN = re.compile("|".join(f"(?P<{name}>{_SIGNS[sign]})" for name, sign in _NAMES.items()))

# What looks like arithmetic and is not: dates, personal and telephone numbers, versions, times.
_NOT_ARITHMETIC = re.compile(
    r"\d{4}-\d{1,2}(-\d|\b(?!\s*[=+*/]))|\d{6}-\d{4}|\d/\d+/\d|\d+-\d+-\d|\d:\d"
    r"|(?<![\d.,])(?<!\d[ \u00a0])0\d|^\s*\+\s*\d"
    r"|\d\.\d+\.(?!\d{3}(\D|$))|^\s*(24/7|9/11)\s*$",
    re.A,
)
_THOUSANDS_OR_NOT = re.compile(r"(?<![\d.,])[1-9]\d{0,2}\.\d{3}(?![\d.,])", re.A)
_PIS = re.compile(r"(?P<count>.*?)\s?(?:pi|π)")
_HALF = re.compile(r"\b(?:halften|half)\s+(?=av\b|of\b)")


def terms_of(text: str, *, language: str = "sv", alone: bool = False) -> tuple[Term, ...] | None:
    """Read `text` as arithmetic and nothing else; None when it is not, or is too long.

    A number by itself is arithmetic only if it may stand `alone`.
    """
    folded = fold(text.lower())
    if len(text) > MOST_CHARS or len(folded) != len(text) or _NOT_ARITHMETIC.search(folded):
        return None
    folded = _HALF.sub(lambda half: "halv".ljust(len(half[0])), folded)
    terms: list[Term] = []
    at = 0
    for found in _SIGN.finditer(folded):
        if not _operand(folded[at : found.start()], text[at : found.start()], language, terms):
            return None
        sign = _NAMES[str(found.lastgroup)]
        terms.append(Term(sign[0] if sign in ("^2", "^3") else sign))
        if sign in ("^2", "^3"):
            terms.append(Term("", Decimal(sign[1])))
        at = found.end()
        if len(terms) > MOST_TERMS:
            return None
    if not _operand(folded[at:], text[at:], language, terms) or not _well_formed(terms, alone):
        return None
    return tuple(terms)


def unsure_of_size(text: str, language: str) -> bool:
    """Tell whether a number in `text` may be a thousand times another: a Swede's "10.000"."""
    return language != "en" and _THOUSANDS_OR_NOT.search(text) is not None


def _operand(folded: str, written: str, language: str, terms: list[Term]) -> bool:
    """Add the number between two signs, if any. False when it is something else."""
    folded = folded.strip()
    if not folded:
        return True
    if pis := _PIS.fullmatch(folded):
        return _times_pi(pis["count"], language, terms)
    value = number_of(folded, language=language)
    if value is None:
        return False
    if [term.sign for term in terms[-2:]] in (["sqrt", "-"], ["cbrt", "-"]):
        terms.pop()  # the sign belongs to the number: "roten ur -4"
        value = -value
    broken = value != value.to_integral_value() and not folded[-1].isdecimal()
    terms.append(Term("", value, written.strip().lower() if broken else ""))
    return True


def _times_pi(count: str, language: str, terms: list[Term]) -> bool:
    """Add pi, or so many of it: "2pi". False where that may mean two things: "1/2pi"."""
    if count:
        before = next((term.sign for term in reversed(terms) if term.sign != "-"), "")
        value = number_of(count, language=language)
        if value is None or before in ("/", "^", "sqrt", "cbrt"):
            return False
        terms += [Term("", value), Term("*")]
    terms.append(Term("", _PI, "π"))
    return True


def _well_formed(terms: list[Term], done: bool) -> bool:
    """Tell whether numbers and signs follow each other as they should, and anything is `done`."""
    depth, operand = 0, False  # `operand`: a value stands to the left
    before = Term("(")
    for at, term in enumerate(terms):
        match term.sign:
            case "" | "(" | "sqrt" | "cbrt":
                if operand:
                    return False
                depth += term.sign == "("
                operand = term.sign == ""
                done = done or term.sign in ("sqrt", "cbrt")
            case "-" | "+" if not operand:
                if before.sign in ("-", "+", "of", "sqrt", "cbrt"):
                    return False
            case ")" | "%":
                if not operand:
                    return False
                depth -= term.sign == ")"
            case "!":  # of a whole number; "2^3!" may be read in two ways
                whole = before.sign == "" and before.value == before.value.to_integral_value()
                if not whole or (at > 1 and terms[at - 2].sign == "^"):
                    return False
                done = True
            case "of":
                if not operand or (before.sign != "%" and not before.words):
                    return False
                operand, done = False, True
            case _:
                if not operand:
                    return False
                operand, done = False, True
        if not 0 <= depth <= DEEPEST:
            return False
        before = term
    return operand and done and depth == 0
