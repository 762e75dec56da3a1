"""What is wrong with a rule, in a sentence for the one who wrote it."""

from collections.abc import Callable

from .judging import Checked
from .patterns import WORD_CHARS, WORDS_AT_MOST, check_pattern
from .rules import SCORES, Rule


def check_rule(rule: Rule, language: str = "sv") -> str | None:
    """Tell what is wrong with a rule in a sentence for the one who wrote it, or None."""
    swedish = language != "en"
    if rule.pattern and (trouble := check_pattern(rule.pattern, language)):
        return trouble
    for wrong, sv, en in _TROUBLES:
        if wrong(rule):
            return sv if swedish else en
    try:
        Checked(rule)
    except ValueError:
        sv, en = "Ordlistan blir för stor för RE2.", "The word list is too large for RE2."
        return sv if swedish else en
    return None


_TROUBLES: tuple[tuple[Callable[[Rule], bool], str, str], ...] = (
    (
        lambda rule: not (set(rule.conditions) - {"sources"}),
        "Regeln har inget villkor och skulle träffa allt.",
        "The rule has no condition and would match everything.",
    ),
    (
        lambda rule: not set(rule.unless) <= set(rule.conditions),
        "Ett villkor som vänds på måste finnas i regeln.",
        "A condition that is negated must be one that the rule has.",
    ),
    (
        lambda rule: rule.action == "mask" and not rule.texts,
        "En regel som maskerar behöver ett mönster eller en ordlista som inte vänds på.",
        "A rule that masks needs a pattern or a word list that is not negated.",
    ),
    (
        lambda rule: bool(rule.score) and rule.score not in SCORES,
        "Det finns ingen klassificerare med det namnet.",
        "There is no classifier of that name.",
    ),
    (
        lambda rule: len(rule.words) > WORDS_AT_MOST,
        f"Ordlistan får ha högst {WORDS_AT_MOST} ord.",
        f"The word list may have at most {WORDS_AT_MOST} words.",
    ),
    (
        lambda rule: any(not _is_word(word) for word in rule.words),
        f"Ord i listan har högst {WORD_CHARS} tecken, börjar och slutar med en bokstav eller "
        "siffra, och får sist ha en * som står för varje slut.",
        f"Words in the list have at most {WORD_CHARS} characters, begin and end with a letter or "
        "digit, and may have a * last that stands for any ending.",
    ),
)


def _is_word(word: str) -> bool:
    stem = word.removesuffix("*")
    return len(word) <= WORD_CHARS and stem[:1].isalnum() and stem[-1:].isalnum()
