"""Places and their time zones: countries and cities, in Swedish and English.

Names are Unicode CLDR's (by Babel), zones and which country they are in are the tz database's; what
neither has and people ask for is in `_MORE`.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlu.core.text import plain

_MORE = {
    "Europe/Stockholm": "Göteborg|Gothenburg Malmö Lund Uppsala Linköping Örebro Västerås Umeå "
    "Helsingborg Norrköping Jönköping Luleå Kiruna Gävle Sundsvall Karlstad Växjö Visby Gotland",
    "Europe/Oslo": "Bergen Trondheim Stavanger Svalbard",
    "Europe/Copenhagen": "Århus|Aarhus Odense",
    "Europe/Helsinki": "Åbo|Turku Tammerfors|Tampere",
    "Europe/London": "England Skottland|Scotland Wales Edinburgh Manchester Liverpool Oxford "
    "Cambridge Nordirland|Northern_Ireland UK|UK",
    "Europe/Berlin": "Hamburg München|Munich Frankfurt Köln|Cologne Stuttgart Dresden",
    "Europe/Paris": "Lyon Marseille Nice Bordeaux",
    "Europe/Madrid": "Barcelona Sevilla|Seville Valencia Malaga Mallorca|Majorca",
    "Atlantic/Canary": "Kanarieöarna|the_Canary_Islands Gran_Canaria Teneriffa|Tenerife Las_Palmas",
    "Europe/Rome": "Milano|Milan Venedig|Venice Florens|Florence Neapel|Naples Turin "
    "Sicilien|Sicily",
    "Europe/Zurich": "Genève|Geneva Basel Bern",
    "Europe/Amsterdam": "Rotterdam Haag|The_Hague Holland",
    "Europe/Warsaw": "Kraków|Krakow Gdansk",
    "Europe/Athens": "Kreta|Crete Rhodos|Rhodes",
    "Europe/Moscow": "Sankt_Petersburg|Saint_Petersburg",
    "Europe/Istanbul": "Ankara Antalya",
    "America/New_York": "Washington Boston Miami Philadelphia Atlanta Orlando Florida",
    "America/Chicago": "Houston Dallas Texas New_Orleans Minneapolis",
    "America/Los_Angeles": "San_Francisco San_Diego Seattle Las_Vegas Kalifornien|California "
    "Silicon_Valley Portland",
    "Pacific/Honolulu": "Hawaii",
    "America/Anchorage": "Alaska",
    "America/Toronto": "Montreal Ottawa Quebec",
    "America/Edmonton": "Calgary",
    "America/Sao_Paulo": "Rio_de_Janeiro Brasilia",
    "Asia/Shanghai": "Peking|Beijing Shenzhen Guangzhou",
    "Asia/Kolkata": "New_Delhi Delhi Mumbai Bombay Bangalore Chennai Goa",
    "Asia/Tokyo": "Osaka Kyoto",
    "Asia/Dubai": "Abu_Dhabi Förenade_Arabemiraten|the_UAE",
    "Asia/Jerusalem": "Tel_Aviv",
    "Asia/Ho_Chi_Minh": "Hanoi Saigon",
    "Asia/Bangkok": "Phuket",
    "Asia/Makassar": "Bali",
    "Africa/Johannesburg": "Kapstaden|Cape_Town Pretoria",
    "Africa/Casablanca": "Marrakech",
    "Australia/Sydney": "Canberra",
    "UTC": "UTC GMT|GMT",
}
_MORE_COUNTRIES = {
    "GB": "Storbritannien|Great Britain",
    "US": "Amerika|America|Förenta staterna|the United States|usa|us|united states of america",
    "AE": "Emiraten|the Emirates",
    "CZ": "Tjeckien|Czech Republic",
    "NL": "Holland|Holland",
}
_MAIN_ZONES = {  # where a country's own table would bury the zones that most people live in
    "US": "New_York Chicago Denver Los_Angeles Anchorage",
    "CA": "Toronto Winnipeg Edmonton Vancouver Halifax St_Johns",
    "AU": "Sydney Brisbane Adelaide Darwin Perth",
    "BR": "Sao_Paulo Manaus Rio_Branco",
    "RU": "Moscow Kaliningrad Yekaterinburg Novosibirsk Vladivostok",
    "MX": "Mexico_City Cancun Tijuana",
    "CN": "Shanghai",
    "NZ": "Auckland",
    "CL": "Santiago",
    "EC": "Guayaquil",
    "GL": "Nuuk",
}
_ISLAND_NAMES = """
    Island Malta Cypern Kuba Jamaica Grönland Hawaii Madagaskar Mauritius Maldiverna Bali Irland
    Kanarieöarna Gotland Färöarna Nordirland Mallorca Kreta Rhodos Sicilien Svalbard Bermuda
    Barbados Teneriffa Bahamas Seychellerna Filippinerna
"""
_WITH_ARTICLE = ("Netherlands", "United", "Philippines", "Bahamas", "Maldives", "Seychelles")
_ISLANDS = frozenset(_ISLAND_NAMES.split())


@dataclass(frozen=True, slots=True)
class Place:
    """A place and the zones in it, the most populous first. A city has one."""

    sv: str
    en: str
    zones: tuple[str, ...]

    def named(self, language: str) -> str:
        """Write the place with its preposition: "i Tokyo", "på Island", "in Tokyo"."""
        if language == "en":
            return f"in {'the ' if self.en.startswith(_WITH_ARTICLE) else ''}{self.en}"
        return f"{'på' if self.sv in _ISLANDS else 'i'} {self.sv}"


def place_called(name: str) -> Place | None:
    """Find a country or a city by its Swedish or English name, however it is typed."""
    found = plain(name)
    places = _places()
    return places.get(found) or places.get(found.removeprefix("the "))


def city_of(zone: str, language: str) -> str:
    """Name the city that a zone is named for."""
    from babel.dates import get_timezone, get_timezone_location

    return get_timezone_location(
        get_timezone(zone), locale="en" if language == "en" else "sv", return_city=True
    )


@cache
def _places() -> dict[str, Place]:
    """Index every name, plain. A city that shares its name with a country gives way to it."""
    from babel import Locale

    swedish, english = Locale("sv").territories, Locale("en").territories
    places: dict[str, Place] = {}

    def add(place: Place, *names: str) -> None:
        for name in (place.sv, place.en, *names):
            places.setdefault(plain(name), place)

    zones_in = _zones_by_country()
    for code, zones in zones_in.items():
        if code in swedish and code in english:
            add(Place(swedish[code], english[code], _main(code, zones)))
    for code, names in _MORE_COUNTRIES.items():
        add(places[plain(swedish[code])], *names.split("|"))
    for zone, rows in _MORE.items():
        for row in rows.split():
            sv, _, en = row.replace("_", " ").partition("|")
            add(Place(sv, en or sv, (zone,)))
    for zone in {zone for zones in zones_in.values() for zone in zones}:
        last = zone.rpartition("/")[2].replace("_", " ")
        add(Place(city_of(zone, "sv"), city_of(zone, "en"), (zone,)), last)
    return places


def _zones_by_country() -> dict[str, list[str]]:
    """Read the tz database's own table, whose rows are roughly by importance in each country."""
    zones: dict[str, list[str]] = defaultdict(list)
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            code, _, zone, *_ = line.split("\t")
            zones[code].append(zone)
    return zones


def _main(code: str, zones: list[str]) -> tuple[str, ...]:
    by_city = {zone.rpartition("/")[2]: zone for zone in zones}
    return tuple(by_city[city] for city in _MAIN_ZONES.get(code, " ".join(by_city)).split())


def warm() -> None:
    """Build the index."""
    _places()
