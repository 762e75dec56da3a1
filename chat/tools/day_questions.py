"""Questions for the calendar, as patterns: what is asked, and which days are named."""

import re
from datetime import date
from typing import Any

from nlu.core.dates import date_of
from nlu.core.text import fold

from .phrasing import LEAD, TAIL, as_written
from .year_questions import year_question

_MOST_CHARS = 120
_HINT = re.compile(
    r"dag|day|veck|week|dat|nar |when|helg|rod|holiday|infall|lang|long|ledig|gammal|old\b"
    r"|\bar\b|skottar|year|manad|month"
)
_LEAD, _TAIL = re.compile(LEAD + r"(?:(?:och|men) )?"), re.compile(f"{TAIL}$")
_NOW = r"(?: ar det| har vi| is it)?(?: (?P<date>i ?dag|today|just nu|nu|now))?"
_QUESTIONS = tuple(
    (re.compile(pattern), ask)
    for ask, patterns in (
        (
            "day",
            (
                rf"(?:vilken|vad ar det for) (?:vecko)?dag{_NOW}",
                rf"(?:vilket|vad ar det for|dagens|vad ar dagens) (?:dagens )?datum{_NOW}",
                rf"what(?:'s| is) (?:the date|today's date|the day){_NOW}",
                rf"(?:what|which) (?:day|date|weekday)(?: of the week)?{_NOW}",
                r"(?:vilken|vilket|vad) (?:vecko)?(?:dag|datum) (?:ar|var|blir|infaller) (?:det )?"
                r"(?P<date>.+)",
                r"vad (?:ar|var|blir) det for (?:vecko)?(?:dag|datum) (?P<date>.+)",
                r"(?:what|which) (?:day|date|weekday)(?: of the week)? (?:is|was|will be)"
                r"(?: it)? (?P<date>.+)",
                r"what(?:'s| is) the date (?P<date>.+)",
                r"nar (?:ar|var|infaller|inf?oll|firas|firar (?:vi|man)) (?:det )?(?P<feast>.+)",
                r"when(?:'s| is| was) (?P<feast>.+)",
            ),
        ),
        (
            "week",
            (
                rf"(?:vilken|vad ar det for) vecka{_NOW}",
                rf"(?:vilket|vad ar det for|vilket ar dagens) veckonummer{_NOW}",
                r"veckonummer|vecka nu",
                rf"(?:what|which) week(?: number)?{_NOW}",
                r"(?:vilken|vad ar det for) (?:vecka|veckonummer) (?:ar|var|blir|infaller|har) "
                r"(?:det )?(?P<date>.+)",
                r"i vilken vecka (?:ar|infaller) (?P<date>.+)",
                r"(?:what|which) week(?: number)? (?:is|was)(?: it)? (?P<date>.+)",
            ),
        ),
        (
            "week_days",
            (
                r"(?:nar|vilka (?:datum|dagar)) (?:ar|infaller|har|borjar|startar|slutar|omfattar) "
                r"(?:det )?(?:i )?(?:vecka|v\.?) ?(?P<week>\d{1,2})(?: (?:ar )?(?P<year>\d{4}))?",
                r"when (?:is|does) week (?P<week>\d{1,2})(?: (?:of |in )?(?P<year>\d{4}))?"
                r"(?: start| begin| end)?",
            ),
        ),
        (
            "days_between",
            (
                r"hur (?:manga (?:dagar|dygn|veckor)|lang tid|lange) (?:ar |gar )?(?:det )?"
                r"(?:ar det )?(?:mellan|fran) (?P<date>.+?) (?:och|till) (?P<until>.+)",
                r"how (?:many (?:days|weeks)|long) (?:is |are )?(?:it |there )?"
                r"(?:between|from) (?P<date>.+?) (?:and|to|until) (?P<until>.+)",
            ),
        ),
        (
            "days_until",
            (
                r"hur (?:manga (?:dagar|dygn|veckor|natter)|lange|lang tid) "
                r"(?:ar |aterstar )?(?:det )?(?:kvar )?(?:till|tills|innan) "
                r"(?:det (?:ar|blir) )?(?P<date>.+)",
                r"how (?:many (?:days|weeks)|long) (?:is it |are there |left )*"
                r"(?:until|till|til|to|before) (?P<date>.+)",
            ),
        ),
        (
            "days_since",
            (
                r"hur (?:manga (?:dagar|dygn|veckor)|lange|lang tid) (?:sedan )?"
                r"(?:(?:ar|har) det )?(?:gatt )?(?:sedan|sen) (?:det var )?(?P<date>.+)",
                r"how (?:many (?:days|weeks)|long) (?:is it |has it been )?since (?P<date>.+)",
                r"how (?:many (?:days|weeks)|long) ago (?:is|was) (?P<date>.+)",
            ),
        ),
        (
            "holiday",
            (
                r"(?:ar|blir|var) det (?:en )?(?:rod dag|helgdag|rott|ledigt) (?P<date>.+)",
                r"(?:ar|blir|var) (?P<date>.+?) (?:en )?(?:rod dag|helgdag|rod)",
                r"is (?:it|there) a (?:public |bank )?holiday (?P<date>.+)",
                r"is (?P<date>.+?) a (?:public |bank )?holiday(?: in sweden)?",
            ),
        ),
        (
            "next_holiday",
            (
                r"(?:nar ar |vilken ar |vilken dag ar )?(?:den )?nasta (?:helgdag|roda? dag)"
                r"(?: i sverige)?",
                r"(?:when is |what is |what's )?(?:the )?next (?:public |bank )?holiday"
                r"(?: in sweden)?",
            ),
        ),
    )
    for pattern in patterns
)


def day_question(text: str, today: date) -> dict[str, Any] | None:
    """Read a question for the calendar, every part of which is understood; None otherwise."""
    written = " ".join(as_written(text.lower()).replace("’", "'").split())
    folded = fold(written)
    if len(text) > _MOST_CHARS or len(folded) != len(written) or not _HINT.search(folded):
        return None
    lead, tail = _LEAD.match(folded), _TAIL.search(folded)
    start, end = lead.end() if lead else 0, tail.start() if tail else len(folded)
    for pattern, ask in _QUESTIONS:
        if found := pattern.fullmatch(folded, start, end):
            named = {name: written[slice(*found.span(name))] for name in found.groupdict()}
            if (arguments := _arguments(ask, named, today)) is not None:
                return arguments
    return year_question(folded[start:end], today)


def _arguments(ask: str, named: dict[str, str], today: date) -> dict[str, Any] | None:
    if ask == "week_days":
        week, year = int(named["week"]), int(named["year"] or today.isocalendar().year)
        try:
            date.fromisocalendar(year, week, 1)
        except ValueError:
            return None
        return {"ask": ask, "week": week, "year": year}
    arguments: dict[str, Any] = {"ask": ask}
    for name, phrase in named.items():
        if phrase.strip() in ("", "just nu", "nu", "now"):
            continue
        if date_of(phrase, today) is None:
            return None
        arguments["until" if name == "until" else "date"] = phrase.strip()
    return arguments
