"""Places: countries, Swedish counties and cities by ISO 3166; other places by name."""

import re
from functools import cache

from ..text import fold
from ..times.words import several
from .sweden import CITIES, COUNTIES
from .value import Said, Value

# What CLDR doesn't call them: a code, and names folded.
_MORE = """
US ; amerika|america|forenta staterna|u s a|u s|us|usa|the united states|the us|the usa|the states
GB ; uk|u k|the uk|great britain|storbritannien|britain
GB-ENG ; england
GB-SCT ; skottland|scotland
GB-WLS ; wales
GB-NIR ; nordirland|northern ireland
CZ ; tjeckien|czech republic
NL ; holland|nederlanderna|the netherlands
AE ; emiraten|the emirates
TR ; turkiet|turkey
"""
_ENGLISH_PARTS = {
    "GB-ENG": ("England", "England"),
    "GB-SCT": ("Skottland", "Scotland"),
    "GB-WLS": ("Wales", "Wales"),
    "GB-NIR": ("Nordirland", "Northern Ireland"),
}
_NOT_COUNTRIES = several("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ")
_MARKS = re.compile(r"[^\w' ]+")
_POSSESSIVE = re.compile(r"['’]s$")


def place(said: Said) -> Value | None:
    """Read the name of a place: "Stockholms" is Stockholm, in the county SE-AB."""
    name = _POSSESSIVE.sub("", " ".join(said.text.split()))
    plain = _plain(name)
    if not any(sign.isalpha() for sign in name):
        return None
    for one in (plain, plain.removesuffix("s") if len(plain) > 3 else ""):
        if found := _of_sweden(one) or _country(one, said.language):
            return found
    return Value("place", name)


def _plain(name: str) -> str:
    return " ".join(_MARKS.sub(" ", fold(name.lower())).split())


def _of_sweden(plain: str) -> Value | None:
    if plain in CITIES:
        name, county = CITIES[plain]
        return Value("city", name, code=county)
    bare = plain.removesuffix(" lan").removesuffix(" county")
    for one in (bare, bare.removesuffix("s")):
        if one in COUNTIES and (bare != plain or one not in CITIES):
            name, code = COUNTIES[one]
            return Value("county", name, code=code)
    return None


def _country(plain: str, language: str) -> Value | None:
    code = _countries().get(plain)
    if code is None:
        return None
    if code in _ENGLISH_PARTS:
        return Value("country", _ENGLISH_PARTS[code][language == "en"], code=code)
    return Value("country", _territories(language)[code], code=code)


@cache
def _countries() -> dict[str, str]:
    """Index countries by their Swedish and English names, plain."""
    codes: dict[str, str] = {}
    for language in ("sv", "en"):
        for code, name in _territories(language).items():
            codes.setdefault(_plain(name), code)
    for row in _MORE.strip().splitlines():
        code, _, names = row.partition(" ; ")
        codes.update(dict.fromkeys(names.split("|"), code))
    return codes


@cache
def _territories(language: str) -> dict[str, str]:
    from babel import Locale  # late: Alice may never be told of a country

    told = Locale("en" if language == "en" else "sv").territories
    return {
        code: name
        for code, name in told.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
