"""Which intents are taken for which, as a picture."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext

NAMED = 20  # pairs that are confused most often
_CELL, _LEFT, _TOP, _LINE = 14, 190, 40, 22  # in the units of the picture
_FAINTEST = 0.08  # so that a single mistake is seen


def worst(pairs: Iterable[tuple[str, str]], most: int = NAMED) -> list[tuple[str, str, int]]:
    """Give what is confused most often: the intent, what it is read as, how many times."""
    counted = Counter((wanted, told) for wanted, told in pairs if wanted != told)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return [(wanted, told, count) for (wanted, told), count in ordered[:most]]


def drawn(pairs: Sequence[tuple[str, str]]) -> str:
    """Draw an SVG of each message's intent and the one that it was read as.

    Lines are intents as they are, columns as they were read; a square is darker the larger the
    share of its line.
    """
    names = sorted({name for pair in pairs for name in pair})
    places = {name: place for place, name in enumerate(names)}
    counted = Counter(pairs)
    of_line = Counter(wanted for wanted, _ in pairs)
    right = sum(wanted == told for wanted, told in pairs)
    side = _CELL * len(names)
    told = {
        "title": gettext("Avsikter som förväxlas: %(right)s av %(count)s rätt")
        % {"right": right, "count": len(pairs)},
        "width": _LEFT + side + 420,
        "height": max(side, _LINE * (NAMED + 1)) + _TOP + 20,
        "cell": _CELL,
        "left": _LEFT,
        "top": _TOP,
        "side": side,
        "beside": _LEFT + side + 24,
        "lines": [
            {"name": name, "at": _TOP + _CELL * place, "text": _TOP + _CELL * place + 11}
            for name, place in places.items()
        ],
        "cells": [
            {
                "x": _LEFT + _CELL * places[read],
                "y": _TOP + _CELL * places[wanted],
                "shade": round(max(_FAINTEST, count / of_line[wanted]), 2),
                "right": wanted == read,
                "wanted": wanted,
                "read": read,
                "count": count,
            }
            for (wanted, read), count in sorted(counted.items())
        ],
        "worst": [
            {"at": _TOP + _LINE * (row + 1) + 11, "wanted": wanted, "read": read, "count": count}
            for row, (wanted, read, count) in enumerate(worst(pairs))
        ],
    }
    return render_to_string("nlu/confusions.svg", told)
