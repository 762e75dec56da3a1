"""Colours, as CSS names them: a name in its base form and its hexadecimal code.

Source:
    W3C, CSS Color Module Level 4, section 6.1, named colors.
"""

import re

from ..text import fold
from .value import Said, Value

_ROWS = """
#FF0000 ; röd ; red ; rött röda
#0000FF ; blå ; blue ; blått blåa blåaktig blåaktigt
#008000 ; grön ; green ; grönt gröna
#FFFF00 ; gul ; yellow ; gult gula
#FFA500 ; orange ; orange ; oranga orangea orangt
#FFC0CB ; rosa ; pink ; skär skärt
#800080 ; lila ; purple ; violett violetta violet
#FFFFFF ; vit ; white ; vitt vita
#000000 ; svart ; black ; svarta
#808080 ; grå ; gray ; grått gråa grey
#A52A2A ; brun ; brown ; brunt bruna
#40E0D0 ; turkos ; turquoise ; turkosa turkost
#00FFFF ; cyan ; cyan ; aqua
#FF00FF ; magenta ; magenta ; fuchsia
#FFD700 ; guld ; gold ; guldig guldigt gyllene
#C0C0C0 ; silver ; silver ;
#F5F5DC ; beige ; beige ; beigt
#E6E6FA ; lavendel ; lavender ;
#4B0082 ; indigo ; indigo ;
#000080 ; marinblå ; navy ; marinblått navyblue
#ADD8E6 ; ljusblå ; light blue ; ljusblått ljusblåa lightblue
#90EE90 ; ljusgrön ; light green ; ljusgrönt ljusgröna lightgreen
#00008B ; mörkblå ; dark blue ; mörkblått mörkblåa darkblue
#006400 ; mörkgrön ; dark green ; mörkgrönt mörkgröna darkgreen
#8B0000 ; mörkröd ; dark red ; mörkrött mörkröda darkred
"""
_BESIDE = re.compile(r"\b(?:farg(?:en)?|lyser?|shine|helt|till|i|colou?r|to)\b")


def _named() -> dict[str, tuple[str, str, str]]:
    named = {}
    for row in _ROWS.strip().splitlines():
        code, swedish, english, others = (part.strip() for part in f"{row} ".split(" ;"))
        for name in (swedish, english, *others.split()):
            named[fold(name)] = (code, swedish, english)
    return named


_COLOURS = _named()


def colour(said: Said) -> Value | None:
    """Read the name of a colour; a mood ("romantisk") is none."""
    words = " ".join(_BESIDE.sub(" ", fold(said.text.lower())).split())
    found = _COLOURS.get(words)
    if found is None:
        return None
    code, swedish, english = found
    return Value("colour", english if said.language == "en" else swedish, code=code)
