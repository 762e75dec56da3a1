"""Two cheap looks at a question: is it bound to a moment, and could a tool be of use?"""

import re

_BOUND = re.compile(
    r"""\b(
    i\s?dag|idag\w*|i\s?går|igår\w*|i\s?morgon|imorgon\w*|i\s?kväll|i\s?natt|i\s?år|i\s?veckan
    |denna\s(vecka|månad)|den\shär\s(veckan|månaden)|nu|just\snu|nuvarande|klockan|datum\w*|veckodag\w*
    |väd(er|ret)\w*|prognos\w*|nyhet\w*|senaste|aktuell\w*|kurs(en)?|hur\s(gammal|gamla|länge)
    |nästa|förra
    |hur\smånga\s(dagar|dygn|veckor|månader|år|timmar|minuter)\b.{0,34}\b(kvar|till|tills|sedan|sen)
    |today\w*|tonight|tomorrow\w*|yesterday\w*|now|right\snow|o'?clock|the\stime|date|weekday
    |this\s(week|month|year|morning|evening)|weather|forecast|news|latest|current\w*|recent\w*
    |how\s(old|long)|next|last|price
    |how\smany\s(days|weeks|months|years|hours|minutes)\b.{0,34}\b(until|till|to|left|since|ago)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)

_TOOLS = re.compile(
    r"""\d|%|\b(
    procent|percent|plus|minus|gånger|delat|times|divided|dividera\w*|multiplicera\w*|räkna\w*|beräkna
    |calculate|kvadrat\w*|roten|sum(ma|man)?|
    tv[åa]|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|tjugo\w*|trettio\w*
    |fyrtio\w*|femtio\w*|hundra\w*|tusen\w*|miljon\w*|hälften|dubbelt|dussin
    |two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|hundred|thousand|half|dozen
    |när|vilken\sdag|dag(ar)?|vecka\w*|veckor|månad\w*|årtal|timm\w*|minut\w*|sekund\w*|helgdag\w*
    |röd\w*\sdag\w*|påsk\w*|midsommar\w*|jul(en|afton|dagen)?|tidszon\w*|tid|måndag|tisdag|onsdag
    |torsdag|fredag|lördag|söndag
    |when|days?|weeks?|months?|hours?|minutes?|seconds?|holidays?|time\s?zone|easter|christmas
    |monday|tuesday|wednesday|thursday|friday|saturday|sunday
    |omvandla\w*|konvertera\w*|convert\w*|mil|km|kilometer|meter|cm|mm|tum|fot|feet|foot|inch\w*|miles?
    |kilo\w*|kg|gram|hekto|pund|pounds?|liter|dl|deciliter|cups?|gallons?|grader|celsius|fahrenheit
    |degrees|mph|km/h|hektar|acres?
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def time_bound(question: str) -> bool:
    """Tell whether the right answer may change from one day to the next.

    Errs towards yes: forgetting a good answer costs a question to the model, keeping a stale one
    costs the reader's trust.
    """
    return _BOUND.search(question) is not None


def could_use_tools(question: str) -> bool:
    """Tell whether the question may need a calculator, a calendar or units."""
    return _TOOLS.search(question) is not None or time_bound(question)
