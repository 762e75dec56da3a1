"""A question taken apart for the guards: its words, without the politeness around them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from unicodedata import normalize

from .frames import framed
from .spelling import joined, respelt
from .voices import active
from .word import Word

_POLITE = re.compile(
    r"""\A(?:(?:hej|hejsan|hallå|tjena|tjenare|god\s*(?:morgon|dag|kväll)|hello|hi|hey|good\s+(?:morning|day|evening))
    (?:\s+(?:alice|där|there|igen|hej|på\s+dig|på\s+er))?[\s,!.]+)?
    (?:
      (?:oh|well|no|yes|okay|ok|jo|ja|nej|jaha|i\s+mean|so)\s*,\s+(?=\S+\s+\S)
    | (?:snälla|please|du|alice|tack|excuse\s+me|sorry)[\s,]+
    | (?:ursäkta|förlåt)(?:\s+(?:att|om)\s+jag\s+(?:stör|frågar)(?:\s+igen)?)?(?:,\s+men)?[\s,]+
    | (?:jag\s+har\s+)?en\s+(?:kort\s+|snabb\s+|liten\s+)?fråga(?:\s+bara)?[.:,!]\s+
    | (?:kan|kunde|skulle|vill)\s+du\s+(?:kunna\s+)?(?:snälla\s+|vara\s+(?:så\s+)?snäll\s+och\s+)?
      (?:säga|berätta|tala\s+om|svara\s+på)(?:\s+för\s+mig)?[\s,]+
    | (?:säg|berätta|tala\s+om)(?:\s+för\s+mig)?[\s,]+(?=v|h|n)
    | vet\s+(?:du|ni)(?:\s+(?:möjligtvis|möjligen|händelsevis|kanske))?(?:\s+om)?[\s,]+(?=v|h|n)
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
_TAG = re.compile(  # "isn't it?" asks for nothing more
    r",\s+(?:is|are|am|was|were|do|does|did|has|have|can|could|will|would)(?:n['’]t)?"
    r"\s+(?:i|it|he|she|we|you|they|there)(?=[\s!?.]*$)|,\s+eller\s+hur(?=[\s!?.]*$)",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(  # said first or last: "På måndag, när går bussen?"
    r"\A(?P<first>(?:på|i|vid|under|efter|före|inför|om|när|ifall|in|on|at|after|before|if|when|for)"
    r"\s[^,?.!]+),\s+(?P<rest>(?:vad|vem|var|vart|när|hur|varför|vilken|vilket|vilka|kan|får|ska"
    r"|måste|what|who|where|when|how|why|which|can|should|do|does|is|are)\s[^?.!]*)(?=[\s!?.]*$)",
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
_ASKING = "what who where how when why that there here he she"
_SHORT = {
    **{f"{word}'s": f"{word} is" for word in _ASKING.split()},
    **{f"{word}s": f"{word} is" for word in ("what", "where")},
    "it's": "it is",
    "i'm": "i am",
    "im": "i am",
    "can't": "can not",
    "cant": "can not",
    "won't": "will not",
    "cannot": "can not",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "n't": "not",  # written apart: "do n't"
    "ive": "i have",
    "&": "and",
    "america": "usa",
    "u.s": "usa",
    "u.s.a": "usa",
    "u.k": "uk",
}
_TAILS = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would"}
_TWO_WORDS = re.compile(r"\bi\s+(dag|morgon|morron|går|kväll|natt|morse)\b", re.IGNORECASE)


def essence(question: str) -> str:
    """Take the greeting, the politeness and the thanks from around a question."""
    core = _TAG.sub("", _THANKS.sub("", question.strip()))
    core = _POLITE.sub("", core, count=1)
    return core if any(map(str.isalnum, core)) else question


@lru_cache(maxsize=2048)
def words_of(question: str) -> tuple[Word, ...]:
    """Take a question apart, in order and in its plainest frame."""
    words = as_said(question)
    plain = framed([word.text for word in words])
    return active(
        [Word(word, False) if isinstance(word, str) else words[word] for word in plain]
        or words  # a frame never empties a question
    )


def plain(question: str) -> str:
    """Give a question in its plainest frame, as one line."""
    return " ".join(word.text for word in words_of(question))


@lru_cache(maxsize=2048)
def as_said(question: str) -> tuple[Word, ...]:
    """Take a question apart as it was put."""
    words: list[Word] = []
    text = _TWO_WORDS.sub(r"i\1", normalize("NFC", essence(question)))
    text = _CIRCUMSTANCE.sub(_said_last, text)
    aside = "" if _FORMULA.search(text) else "()"
    end = 0
    for match in _TOKEN.finditer(text):
        if match[0] in aside:
            continue
        written = match[0].replace("’", "'")
        first = not words or not _MARKS.isdisjoint(text[end : match.start()])
        end = match.end()
        words += _heard(written, named=not first and written[0].isupper())
    texts = [word.text if word.named else respelt(word.text) for word in words]
    cut = joined(texts)
    if cut is not None:
        texts[cut : cut + 2] = [texts[cut] + texts[cut + 1]]
        del words[cut + 1]
    words = [
        word if word.text == text else Word(text, word.named, word.written)
        for word, text in zip(words, texts, strict=True)
    ]
    if sum(word.named for word in words) > TITLE * len(words):
        words = [Word(word.text, False, word.written) for word in words]  # Every Word Has One
    return tuple(words)


def _said_last(match: re.Match[str]) -> str:
    first = match["first"]
    return f"{match['rest']} {first[0].lower()}{first[1:]}"


_MARKS = frozenset('.?!:"”“')  # after these a capital makes no name
TITLE = 0.6  # with more words than this in capitals, a capital makes no name


def _heard(written: str, *, named: bool) -> Iterator[Word]:
    lower = written.casefold().replace(" ", "").replace("\u00a0", "")
    if written in ("US", "U.S", "USA"):
        lower = "usa"
    if lower in _SHORT:
        yield from (Word(part, False) for part in _SHORT[lower].split())
        return
    if lower.endswith("n't"):
        yield Word(lower[:-3], False)
        yield Word("not", False)
        return
    head, mark, tail = lower.rpartition("'")
    if mark and f"'{tail}" in _TAILS:
        yield Word(head, named and head != "i")
        yield Word(_TAILS[f"'{tail}"], False)
    elif mark and tail == "s":
        yield Word(head, named, written[:-2])
    else:
        yield Word(lower, named and lower != "i", written)
