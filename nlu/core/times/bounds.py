"""Times that are open at one end: "senast fredag", "före kl 10", "från och med måndag".

Source:
    ISO 8601-2:2019, 4.4.2: ".." stands for an end that is open.
"""

from datetime import date, datetime, timedelta

from .found import Clock, Found
from .words import Words, phrases, several

BEFORE, UNTIL, FROM, AFTER, SINCE = "before", "until", "from", "after", "since"
EARLY = (BEFORE, UNTIL)
_WORDS = {
    BEFORE: "fore|innan|before",
    UNTIL: "senast|allra senast|till och med|t . o . m .|t o m|fram till|inte senare an|until"
    "|no later than|up to and including",
    FROM: "fran och med|fr . o . m .|fr o m|tidigast|starting|no earlier than",
    AFTER: "efter|after",
    SINCE: "sedan|alltsedan|anda sedan|since",
}
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _bound, _names in _WORDS.items():
    for _phrase in phrases(_names):
        _BY_FIRST.setdefault(_phrase[0], []).append((_phrase, _bound))
for _list in _BY_FIRST.values():
    _list.sort(key=lambda row: -len(row[0]))

_LASTING = several(
    "pagar varar galler gallde gallande giltig giltigt oppet oppen stangt stangd kvar stannar bort"
    " borta ledig sjukskriven"
)
"""After these "till" is an end; elsewhere it is a day to move something to."""

FIRST_WORDS = frozenset(_BY_FIRST)
HOURLY = frozenset((UNTIL, FROM))
"""After these a mere number is an hour: "senast nio"; "efter nio" may count anything."""


def bound(words: Words, at: int) -> tuple[str, int] | None:
    """Read the word that leaves an end open; with the place after it."""
    for phrase, said in _BY_FIRST.get(words[at], ()):
        if words.has(at, *phrase):
            return said, at + len(phrase)
    if words[at] == "till" and words[at - 1] in _LASTING:
        return UNTIL, at + 1
    return None


def meal(words: Words, at: int, said: str) -> tuple[Found, int] | None:
    """Read "lunch" as an end: it begins at noon and is over at one."""
    if words[at] not in ("lunch", "lunchen"):
        return None
    return Found(clock=Clock(12 if said in EARLY else 13, 0, True)), at + 1


def opened(kind: str, value: str, said: str) -> tuple[str, str] | None:
    """Leave one end of a time open; None of what has no ends."""
    if kind not in ("date", "time", "datetime", "interval"):
        return None
    first, _, last = value.partition("/")
    edge = {BEFORE: first, UNTIL: last or first, FROM: first, SINCE: first, AFTER: last or first}[
        said
    ]
    if said in (BEFORE, AFTER) and "T" not in edge:
        edge = (date.fromisoformat(edge) + timedelta(-1 if said == BEFORE else 1)).isoformat()
    return "interval", (f"../{edge}" if said in EARLY else f"{edge}/..")


def ends(first: str, second: str) -> tuple[datetime, datetime] | None:
    """Give where one value begins and another ends; None unless both are moments."""
    begin, end = first.split("/")[0], second.split("/")[-1]
    if any(not edge.partition("T")[0] or "T" not in edge for edge in (begin, end)):
        return None
    return datetime.fromisoformat(begin), datetime.fromisoformat(end)
