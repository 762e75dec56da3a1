"""Time zones that people name, by the IANA name of each."""

import re

from ..text import fold
from .value import Said, Value

# America's zones are named for the city that the tz database takes for each.
_ROWS = """
Etc/GMT ; gmt|greenwich mean time|greenwichtid
Etc/UTC ; utc|zulu
CET ; cet|centraleuropeisk|centraleuropeiska tiden|central european|mellaneuropeisk
America/New_York ; est|edt|eastern|ostlig|ostliga|ostra|ostkusten|east coast|osttid
America/Chicago ; cst|cdt|central|centrala|centraltiden|mellanvastern
America/Denver ; mst|mdt|mountain|bergs|bergsstandard|rocky mountain
America/Los_Angeles ; pst|pdt|pacific|stillahavs|stillahavstid|stillahavstiden|vastkusten|west coast
Asia/Kolkata ; indien|india|indisk|indian
Europe/Moscow ; moskva|moscow
Europe/Dublin ; irlandsk|irish
Europe/London ; london|london england|brittisk|british
Europe/Stockholm ; svensk|sverige|stockholm|swedish|sweden
"""
_ZONES = {
    name: zone
    for zone, names in (row.split(" ; ") for row in _ROWS.strip().splitlines())
    for name in names.split("|")
}
_ASIDE = re.compile(r"\b(?:lokal|local|standard|tids?zon(?:en)?|time ?zone|zone|tid|time|i|in)\b")


def zone(said: Said) -> Value | None:
    """Read the name of a time zone, and letters that are said one by one: "g. m. t."."""
    words = fold(said.text.lower()).replace(".", " ")
    words = " ".join(_ASIDE.sub(" ", re.sub(r"\b(\w) (?= *\w\b)", r"\1", words)).split())
    found = _ZONES.get(words) or _ZONES.get(words.replace(" ", ""))
    return None if found is None else Value("time_zone", found)
