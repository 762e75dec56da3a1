"""A question taken apart for the guards: its words, without the politeness around them."""

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

_POLITE = re.compile(
    r"""\A(?:(?:hej|hejsan|hallå|tjena|hello|hi|hey)(?:\s+(?:alice|där|there))?[\s,!.]+)?
    (?:
      (?:snälla|please|du|alice|tack|ursäkta|excuse\s+me|sorry)[\s,]+
    | (?:kan|kunde|skulle|vill)\s+du\s+(?:kunna\s+)?(?:snälla\s+|vara\s+(?:så\s+)?snäll\s+och\s+)?
      (?:säga|berätta|tala\s+om|svara\s+på)(?:\s+för\s+mig)?[\s,]+
    | (?:säg|berätta|tala\s+om)(?:\s+för\s+mig)?[\s,]+(?=v|h|n)
    | vet\s+du(?:\s+om)?[\s,]+(?=v|h|n)
    | jag\s+(?:undrar|vill\s+veta|skulle\s+vilja\s+veta)(?:\s+bara)?[\s,]+
    | (?:can|could|would)\s+you\s+(?:please\s+)?tell\s+me[\s,]+
    | (?:please\s+)?tell\s+me[\s,]+(?=w|h)
    | do\s+you\s+know[\s,]+(?=w|h)
    | i\s+(?:wonder|would\s+like\s+to\s+know|want\s+to\s+know)[\s,]+
    )*""",
    re.IGNORECASE | re.VERBOSE,
)
_THANKS = re.compile(
    r"[\s,]+(?:tack(?:\s+på\s+förhand)?|snälla|please|thanks|thank\s+you)(?=[\s!?.]*$)",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"[0-9]{1,3}(?:[ \u00a0][0-9]{3})+(?![0-9])"  # 1 250 000
    r"|\[[A-Z]+_[0-9]+\]"  # masked personal data
    r"|[^\W_]+(?:[.,:'’/-][^\W_]+)*"
    r"|[−–-](?=\s?[0-9])"  # minus
    r"|(?<=[0-9)])!"  # 5! is 120
    r"|[^\w\s?!.,;:…\"'’”“«»–-]"  # C# is not C++, and one smile not another
)
_FORMULA = re.compile(r"[-−+*/^×÷·=]\s?[\w(]")  # there brackets count
_SHORT = {
    "what's": "what is",
    "who's": "who is",
    "where's": "where is",
    "how's": "how is",
    "when's": "when is",
    "it's": "it is",
    "i'm": "i am",
    "can't": "can not",
    "won't": "will not",
    "cannot": "can not",
}
_TWO_WORDS = re.compile(r"\bi\s+(dag|morgon|morron|går|kväll|natt|morse)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the guards see it."""

    text: str  # lower case
    named: bool  # written with a capital inside the sentence
    written: str = ""  # as it was written


def essence(question: str) -> str:
    """Take the greeting, the politeness and the thanks from around a question."""
    core = _THANKS.sub("", question.strip())
    core = _POLITE.sub("", core, count=1)
    return core if any(map(str.isalnum, core)) else question


@lru_cache(maxsize=2048)
def words_of(question: str) -> tuple[Word, ...]:
    """Take a question apart, in order."""
    words: list[Word] = []
    text = _TWO_WORDS.sub(r"i\1", normalize("NFC", essence(question)))
    aside = "" if _FORMULA.search(text) else "()"
    for match in _TOKEN.finditer(text):
        if match[0] in aside:
            continue
        written = match[0].replace("’", "'")
        lower = written.casefold()
        named = bool(words) and written[0].isupper() and lower != "i"
        if lower in _SHORT:
            words += (Word(part, False) for part in _SHORT[lower].split())
        elif lower.endswith("n't"):
            words += Word(lower[:-3], False), Word("not", False)
        else:
            words.append(Word(lower, named, written))
    return tuple(words)
