"""Postal addresses: a street with its number, and the postcode and town that may follow."""

import re
from collections.abc import Iterator

from .span import Span

_STREET = (  # how names of streets end that hardly any other word before a number does
    r"gatan|gata|vägen|väg|stigen|stig|gränden|gränd|torget|torg|allén|allé|allen|esplanaden"
    r"|esplanad|promenaden|stråket|slingan|backen|backe|leden|kajen|kaj|kroken|svängen|liden"
)
_PLACE = (  # others do too: a capital or a postcode has to tell
    r"plan|planen|platsen|plats|parken|ringen|höjden|hamnen|gården|bron|byn|tunet|terrassen|gårdsväg"
    r"|gård|berget|kullen|dalen|ängen|åsen|viken|udden|hagen|vallen|brinken|gången|hörnet|strand"
    r"|stranden|bruk|tomten|lyckan|rundan|vreten|sluttningen"
)
_NUMBER = r"[0-9]{1,3}(?: ?[-–] ?[0-9]{1,3})?(?: ?[A-Za-z](?![\w]))?"
_CANDIDATE = re.compile(
    rf"(?:(?P<street>{_STREET})|(?P<place>{_PLACE}))[ \u00a0]{{1,2}}(?:nr\.? ?)?"
    rf"(?P<number>{_NUMBER})(?![\w])(?![.:,][0-9])",
    re.IGNORECASE,
)
_WHERE_IN = r"(?:,? ?(?:lgh|lägenhet|våning|vån|tr|uppgång|port)\.? ?[0-9]{1,4}| ?[0-9] ?tr\.?)"
_TOWN = r"[A-ZÅÄÖ][a-zåäöéA-ZÅÄÖ]{1,24}(?:[ -](?:på |i )?[A-ZÅÄÖ][a-zåäöé]{1,24})?"
_TAIL = re.compile(
    rf"(?P<flat>{_WHERE_IN}{{0,2}})(?P<post>(?:,| -|\n)?[ \u00a0\n]{{0,2}}(?:S(?:E)?-)?"
    rf"[1-9][0-9]{{2}}[ \u00a0]?[0-9]{{2}}(?![0-9])(?:,?[ \u00a0]{_TOWN})?)?"
    rf"(?P<town>,[ \u00a0]{_TOWN})?"
)
_LOWER_TAIL = re.compile(r"(?:,| )? ?[1-9][0-9]{2}[ \u00a0]?[0-9]{2}[ ,]{1,2}[^\W\d_]{2,24}")
_UNIT = re.compile(
    r"[ \u00a0]?(?:km|m|meter|mil|kr|kronor|min|minuter|gånger|år|procent|%|st|timmar|tim|dagar"
    r"|personer|platser|bilar|grader|kg|veckor|månader|januari|februari|mars|april|maj|juni|juli"
    r"|augusti|september|oktober|november|december|[-–]?åring)(?![\w])"
)
_COMMON = re.compile(  # nouns that only end like a street
    r"(?:motor|järn|riks|läns|lands|cykel|gång|om|hem|spår|europa|skol|bil|mellan|färd|buss|vatten"
    r"|andnings|urin|luft|tid|våning|vånings|läro|studie|affärs|handlings|budget|arbets|parkerings"
    r"|håll|hållplats|bad|camping|plats|sitt|lek|sido|förste|bo|spel|fotbolls|tränings|huvud|gå"
    r"|tvär|åter|start|mål|detalj|över|grupp|kurs|utbildnings|mat|sov|stå|första|in|ut|av|upp|ned)$",
    re.IGNORECASE,
)
_BOX = re.compile(
    rf"(?<![\w])Box[ \u00a0][0-9]{{1,5}}(?P<post>,?[ \u00a0\n](?:SE?-)?[1-9][0-9]{{2}}[ \u00a0]?"
    rf"[0-9]{{2}},?[ \u00a0]{_TOWN})"
)
_RURAL = re.compile(  # "Hultet 3, 571 91 Nässjö": only the postcode tells
    rf"(?<![\w])[A-ZÅÄÖ][a-zåäöé]{{1,24}}(?: [A-ZÅÄÖ][a-zåäöé]{{1,24}})?[ \u00a0]"
    rf"{_NUMBER},?[ \u00a0\n](?:SE?-)?[1-9][0-9]{{2}}[ \u00a0]?[0-9]{{2}},?[ \u00a0]{_TOWN}"
)
_FIRST = frozenset({  # words that streets' names begin with
    "stora", "lilla", "norra", "södra", "östra", "västra", "övre", "nedre", "gamla", "nya",
    "sankt", "sankta", "s:t", "s:ta", "st", "inre", "yttre", "mellersta", "kungliga",
    "drottning", "kung",
})  # fmt: skip
_NO_NAME = frozenset({
    "på", "i", "till", "från", "vid", "hos", "bor", "min", "mitt", "vi", "jag", "är", "adress",
    "adressen", "och",
})  # fmt: skip
_BACK = 60  # characters; so far before its end may a street's name begin


def addresses(text: str) -> Iterator[Span]:
    """Find postal addresses; a street alone, without a number, is none."""
    for match in _CANDIDATE.finditer(text):
        start = _name_from(text, match.start())
        if start is None or _UNIT.match(text, match.end()):
            continue
        tail = _TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        posted = bool(tail and tail["post"])
        if not posted and (lower := _LOWER_TAIL.match(text, match.end())):
            end, posted = lower.end(), True
        if match["place"] and not (posted or text[start].isupper()):
            continue
        yield start, end
    for pattern in (_BOX, _RURAL):
        for found in pattern.finditer(text):
            yield found.span()


def _name_from(text: str, ending: int) -> int | None:
    """Find where the name of a street begins that ends as a street's; None where it is none."""
    start, earliest = ending, max(0, ending - _BACK)
    while start > earliest and (text[start - 1].isalpha() or text[start - 1] in "-:é'"):
        start -= 1
    stem = text[start:ending]
    if stem and (len(stem) < 2 or _COMMON.search(stem)):
        return None
    apart = not stem  # "Karl Johans gata"
    for _ in range(3):  # words before it that belong to it
        space = start - 1
        word_at = space
        while word_at > earliest and (text[word_at - 1].isalpha() or text[word_at - 1] in "-:."):
            word_at -= 1
        word = text[word_at : max(space, 0)]
        if space < 0 or text[space] != " " or not word or word.casefold() in _NO_NAME:
            break
        named = word.casefold() in _FIRST or (apart and word[0].isupper())
        if not named:
            break
        start, stem = word_at, stem or word
    return start if stem else None
