"""Where in a text personal data stands: one finder a kind, in one table.

Each finder is a generator `(text) -> spans`. What follows a standard is checked by libraries that
follow it (python-stdnum, phonenumbers, ipaddress), so that order numbers, ISBN, versions, years
and prices are left alone.
"""

from .addresses import addresses
from .contacts import emails, ips, phones
from .identities import coordination_numbers, organisation_numbers, personal_numbers
from .payments import bankgiros, cards, ibans, plusgiros
from .plates import plates
from .span import Finder, Span

FINDERS: dict[str, Finder] = {  # by kind, the most certain first
    "EPOST": emails,
    "IBAN": ibans,
    "PNR": personal_numbers,
    "SAM": coordination_numbers,
    "KORT": cards,
    "IP": ips,
    "ORGNR": organisation_numbers,
    "ADRESS": addresses,
    "TEL": phones,
    "BG": bankgiros,
    "PG": plusgiros,
    "REG": plates,
}

__all__ = ["FINDERS", "Finder", "Span"]
