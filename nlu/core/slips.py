"""What it costs to have typed one word for another by slips of the keyboard.

Source:
    F. Damerau, CACM 7 (1964): nearly all slips are letters more, less, other or swapped. Here each
    costs by how easily it happens on a Swedish keyboard.
"""

from math import inf

_KEYS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
_PLACES = {
    key: (at + row / 3, row) for row, keys in enumerate(_KEYS) for at, key in enumerate(keys)
}
_NEIGHBOURS = frozenset(
    one + other
    for one, (x, y) in _PLACES.items()
    for other, (x_too, y_too) in _PLACES.items()
    if one != other and abs(x - x_too) < 1.1 and abs(y - y_too) <= 1
)
_ALIKE = frozenset(
    one + other
    for letters in ("aåä", "oöå", "eéä", "ckq", "szc", "vw", "iyj", "gj", "td")
    for one in letters
    for other in letters
)
_BARE = frozenset(("aå", "aä", "oö", "eé"))  # as typed, as meant

SWAPPED, DOUBLED, NEAR, ALIKE, BARE, LEFT_OUT, OTHER = 0.7, 0.5, 0.7, 0.7, 0.4, 0.9, 1.5


def cost_of_slips(typed: str, meant: str, most: int) -> float:
    """Tell what the cheapest slips cost that make `typed` of `meant`; infinite above `most` slips.

    A letter is touched once (optimal string alignment), whence the few ways tried are all there
    are: from the first letter that differs, one slip, and on.
    """
    return _rest(typed, meant, 0, 0, most)


def _rest(typed: str, meant: str, at: int, to: int, most: int) -> float:
    """Give the cost from `typed[at:]` and `meant[to:]` on."""
    left, right = len(typed), len(meant)
    if abs((left - at) - (right - to)) > most:
        return inf
    while at < left and to < right and typed[at] == meant[to]:
        at, to = at + 1, to + 1
    if at == left and to == right:
        return 0.0
    if most == 0:
        return inf
    ways = []
    if at < left and to < right:
        changed = _changed(typed[at], meant[to])
        ways.append(changed + _rest(typed, meant, at + 1, to + 1, most - 1))
        if typed[at : at + 2] == meant[to : to + 2][::-1] and at + 1 < left:
            ways.append(SWAPPED + _rest(typed, meant, at + 2, to + 2, most - 1))
    if at < left:
        ways.append(_more(typed, at) + _rest(typed, meant, at + 1, to, most - 1))
    if to < right:
        less = DOUBLED if to and meant[to] == meant[to - 1] else LEFT_OUT
        ways.append(less + _rest(typed, meant, at, to + 1, most - 1))
    return min(ways)


def _changed(typed: str, meant: str) -> float:
    pair = typed + meant
    if pair in _BARE:
        return BARE
    if pair in _NEIGHBOURS:
        return NEAR
    return ALIKE if pair in _ALIKE else OTHER


def _more(typed: str, at: int) -> float:
    """Tell what a letter more costs: easily the same once more, or a key beside the next finger."""
    around = typed[max(0, at - 1) : at] + typed[at + 1 : at + 2]
    if typed[at] in around:
        return DOUBLED
    return NEAR if any(typed[at] + one in _NEIGHBOURS for one in around) else OTHER
