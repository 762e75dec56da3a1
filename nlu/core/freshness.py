"""How long the answer to a question can stay true, by the question's own words about time.

What holds for a single moment ("vad är klockan?") is not for a class: whoever answers it says so.
"""

import re

CLASSES = ("minutes", "hours", "days", "stable")
"""From the shortest-lived; how long each may be kept is the keeper's to say."""

_MINUTES = re.compile(
    r"""\b(
    nu | just\s+nu | för\s+(tillfället|närvarande|ögonblicket) | i\s+skrivande\s+stund
    | nuvarande | aktuell(a|t)? | senaste\s+(nytt|nyheterna) | nyhet(er|erna)? | nyss
    | now | right\s+now | at\s+the\s+moment | currently | current | latest | breaking | news
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HOURS = re.compile(
    r"""\b(
    i\s?dag(ens)? | dagens | i\s?kväll | kvällens | i\s?natt | i\s?morgon | i\s?övermorgon
    | i\s?går | i\s?förrgår | i\s?morse | i\s?eftermiddag | snart | alldeles\s+strax
    | (på|nu\s+på|i|till|efter|före)\s+(mån|tis|ons|tors|fre|lör|sön)da(g|gen|gs)
    | (nästa|förra)\s+(mån|tis|ons|tors|fre|lör|sön)dag | i\s+helgen | till\s+helgen
    | väd(er|ret) | prognos(en)? | temperatur(en)?\s+ute
    | today('s)? | tonight | tomorrow | yesterday | this\s+(morning|afternoon|evening|weekend)
    | (on|next|last|this|until)\s+(mon|tues|wednes|thurs|fri|satur|sun)day | soon
    | weather | forecast
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DAYS = re.compile(
    r"""\b(
    (den\s+här|denna|nästa|förra)\s+(vecka|veckan|månad|månaden|säsong(en)?|termin(en)?|år(et)?)
    | i\s+(år|fjol|sommar|vinter|höst|vår|veckan|månaden) | (årets|veckans|månadens)
    | senaste | senast | kommande | hittills | numera | fortfarande | ännu | nuförtiden
    | öppettid(er|erna)? | (har|är)\b.{0,30}\böppet | öppnar | stänger
    | kosta(r|de)? | pris(et|er|erna|lista|lapp)? | avgift(en|er)? | hyra(n)? | kurs(en|er)?
    | ränta(n)? | räntor(na)? | inflation(en)? | lön(en)? | taxa(n)?
    | statsminister(n)? | president(en)? | minister(n)? | regering(en)? | kung(en)? | vd(:n|n)?
    | rekord(et)? | version(en|er)? | hur\s+(gammal|gamla)
    | (this|next|last)\s+(week|month|year|season|summer|winter|spring|autumn|fall)
    | most\s+recent | recent(ly)? | upcoming | so\s+far | nowadays | still | yet
    | opening\s+hours | open(s|ing)?\s+(at|on|until) | (open|close)s?\s*\? | price(s|d)? | cost(s)?
    | fee(s)? | rent | exchange\s+rate(s)? | interest\s+rate(s)? | salary | salaries
    | prime\s+minister | president | minister | government | king | queen | ceo
    | record | version | how\s+old
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)


def freshness_of(question: str) -> str:
    """Give the shortest-lived class that the question's words ask for, of `CLASSES`.

    Errs towards the shorter: an answer forgotten too early is asked for once more, one kept too
    long is believed.
    """
    for name, words in (("minutes", _MINUTES), ("hours", _HOURS), ("days", _DAYS)):
        if words.search(question):
            return name
    return "stable"
