"""What kind of answer a question asks for, and whether a text gives one of that kind.

"Hur länge" wants a time, "hur många" a number, "får jag" a yes or no, and "vad är X" a text that
begins by saying what X is; words that question and answer share can't tell that.

Source:
    X. Li and D. Roth, Learning Question Classifiers, COLING 2002 (kinds of answers).
"""

import re
from dataclasses import dataclass

_NUMBER = (
    r"\d+|en|ett|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|femton|tjugo|hundra|tusen|halv\w*"
    r"|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half"
)
_UNIT = (
    r"sekund\w*|minut\w*|timm\w*|dag\w*|dygn\w*|veck\w*|månad\w*|år"
    r"|(?:second|minute|hour|day|week|month|year)s?"
)
_VERB = (
    r"kan|får|har|är|måste|ska|skall|bör|gäller|behöver|finns|blir|räknas|kommer|går|ingår|krävs|vill"
    r"|can|may|must|should|is|are|do|does|has|have|will"
)
_MEANS = "är|innebär|betyder|kallas|is|are|means"

SHORTEST = 4  # letters of a term that are looked for, if it has them
ENDING = 2  # letters of a longer term that may differ


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of answer.

    Attributes:
        asked: what asks for it, in lower case; may hold a group `term`.
        given: what gives it away, a pattern in which `{term}` stands for how that term begins.
    """

    name: str
    asked: re.Pattern[str]
    given: str

    def wanted(self, question: str) -> re.Pattern[str] | None:
        """Give what to look for in lower-case texts; None where it is not asked for."""
        if not (found := self.asked.search(question.lower())):
            return None
        term = found.groupdict().get("term", "")
        start = term[: max(SHORTEST, len(term) - ENDING)]  # whatever its ending
        return re.compile(self.given.replace("{term}", re.escape(start)))


KINDS = (
    Kind(
        "duration",
        re.compile(
            r"\bhur (?:länge|lång|snabbt|fort|ofta|gammal)|vilken ålder|\bhow (?:long|often|old)\b"
        ),
        rf"\b(?:{_NUMBER})\s+(?:{_UNIT})\b",
    ),
    Kind(
        "amount",
        re.compile(
            r"\bhur (?:många|mycket|stor|hög|dyr)|\bkostar\b|vilken avgift|\bhow (?:many|much)\b"
        ),
        r"\d",
    ),
    Kind(
        "yes_or_no",
        re.compile(rf"^\W*(?:{_VERB})\b|[.,:?] (?:{_VERB})\b[^.?]*\?"),
        r"^\W*(?:ja|nej|jo|yes|no|det beror|it depends)\b",
    ),
    Kind(
        "definition",
        re.compile(
            r"^\W*(?:vad (?:är|innebär|betyder|menas med)|what (?:is|are|does))"
            r"(?: det)?(?: att)?(?: (?:en|ett|an?|the))? (?P<term>\w{2,})"
        ),
        rf"^\W*(?:\w+\W+){{0,2}}{{term}}\w*\b.{{0,60}}?\b(?:{_MEANS})\b",
    ),
)


def asked_for(question: str) -> list[re.Pattern[str]]:
    """Give what the kinds of answer that would do look like; [] where the question doesn't say."""
    return [pattern for kind in KINDS if (pattern := kind.wanted(question))]
