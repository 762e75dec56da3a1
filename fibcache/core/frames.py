"""Ways of asking the same thing: "vad är priset på X" is "vad kostar X".

`fibcache/data/frames.txt` tells how each is put, `phrases.txt` which words stand for one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from .lexicon import lines
from .words import PERSONS

SLOTS = frozenset("XYZV")  # V holds one word, the others one or more
_ROUNDS = 4  # frames may lie inside each other: politeness, wish, question
_MACRO = re.compile(r"<(\w+)>")
_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Frame:
    """A way of asking, and the words that stand for it; a slot in them is a place in `found`."""

    pattern: re.Pattern[str]
    said: tuple[str, ...]


def framed(texts: Sequence[str]) -> list[str | int]:
    """Put a question in its plainest frame.

    Args:
        texts: the words of a question, in lower case and without spaces inside.
    Returns:
        for each word of the plain question a new word, or the place of the old one in `texts`.
    """
    words: list[str | int] = _phrased(texts)
    for _ in range(_ROUNDS):
        again = _once(words, [texts[word] if isinstance(word, int) else word for word in words])
        if again is None:
            return words
        words = again
    return words


def _once(words: list[str | int], texts: list[str]) -> list[str | int] | None:
    if not texts:
        return None
    by_first, by_last = _frames()
    line = " ".join(texts) + " "
    for frame in (*by_first.get(texts[0], ()), *by_last.get(texts[-1], ())):
        match = frame.pattern.fullmatch(line)
        if match is not None:
            return [*_filled(frame, match, words, line)]
    return None


def _filled(
    frame: Frame, match: re.Match[str], words: list[str | int], line: str
) -> Iterator[str | int]:
    for part in frame.said:
        if part in SLOTS:
            start, end = match.span(part)
            first = line.count(" ", 0, start)
            yield from words[first : first + line.count(" ", start, end)]
        else:
            yield part


def _phrased(texts: Sequence[str]) -> list[str | int]:
    """Put one word for several: "tar jag bort" is "raderar jag"."""
    table = _phrases()
    words: list[str | int] = []
    place = 0
    while place < len(texts):
        for phrase, said in table.get(texts[place], ()):
            end = place + len(phrase)
            if tuple(texts[place:end]) == phrase:
                words += said
                place = end
                break
            # Swedish puts the subject, and "inte", inside a verb of two words.
            inside = texts[place + 1] if place + 1 < len(texts) else ""
            if (
                inside in _INSIDE
                and len(phrase) > 1
                and tuple(texts[place + 2 : end + 1]) == phrase[1:]
            ):
                words += (*said[:1], place + 1, *said[1:])
                place = end + 1
                break
        else:
            words.append(place)
            place += 1
    return words


_INSIDE = frozenset(PERSONS) | {"inte", "sig", "mig"}


@cache
def vocabulary() -> frozenset[str]:
    """Give the words that frames and phrases are made of."""
    found: set[str] = set()
    for name in ("frames.txt", "phrases.txt"):
        for line in lines(name):
            found.update(re.findall(r"[^\W\d_]+", line.partition("=>")[0] or line))
    return frozenset(word for word in found if word.islower())


@cache
def _phrases() -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for line in lines("phrases.txt"):
        left, said = line.split("=>")
        for pattern in _expanded(left):
            phrase = tuple(pattern.split())
            table[phrase[0]].append((phrase, tuple(said.split())))
    for found in table.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return dict(table)


@cache
def _frames() -> tuple[dict[str, list[Frame]], dict[str, list[Frame]]]:
    macros: dict[str, str] = {}
    by_first: dict[str, list[Frame]] = defaultdict(list)
    by_last: dict[str, list[Frame]] = defaultdict(list)
    for line in lines("frames.txt"):
        if "=>" not in line:
            name, _, choices = line.partition("=")
            macros[name.strip(" <>")] = "|".join(choices.split())
            continue
        left, said = line.split("=>")
        left = _spelt(left, macros)
        frame = Frame(re.compile(_regex(left)), tuple(said.split()))
        if SLOTS.intersection(frame.said) - frame.pattern.groupindex.keys():
            raise ValueError(f"frames.txt: says what it never heard: {line}")
        parts = _parts(left)
        if parts[0] in SLOTS:
            for last in _ends(parts[::-1]):
                by_last[last.split()[-1]].append(frame)
        else:
            for first in _ends(parts):
                by_first[first.split()[0]].append(frame)
    return dict(by_first), dict(by_last)


def _spelt(left: str, macros: Mapping[str, str]) -> str:
    """Write out the named lists, also where they stand among other choices."""

    def choices(group: re.Match[str]) -> str:
        spelt = (
            choice[: name.start()] + one + choice[name.end() :] if name else choice
            for choice in group[1].split("|")
            for name in [_MACRO.search(choice)]
            for one in (macros[name[1]].split("|") if name else [""])
        )
        return f"({'|'.join(spelt)})"

    return _MACRO.sub(lambda name: f"({macros[name[1]]})", _CHOICE.sub(choices, left))


def _parts(left: str) -> list[str]:
    return re.findall(r"[VXYZ]?\([^()]*\)|\S+", left)


def _ends(parts: Sequence[str]) -> set[str]:
    """Give the words that a pattern may begin with; what is optional lets the next one in."""
    found: set[str] = set()
    for part in parts:
        choices = part.lstrip("VXYZ")[1:-1].split("|") if part.endswith(")") else [part]
        found.update(choice for choice in choices if choice)
        if "" not in choices:
            break
    return found


def _regex(left: str) -> str:
    pieces = []
    for part in _parts(left):
        if part == "V":
            pieces.append(r"(?P<V>\S+ )")
        elif part in SLOTS:
            pieces.append(f"(?P<{part}>.+? )")
        elif part.endswith(")"):
            slot, _, rest = part[:-1].partition("(")
            choices = (re.escape(choice) + " " if choice else "" for choice in rest.split("|"))
            pieces.append(f"(?{f'P<{slot}>' if slot else ':'}{'|'.join(choices)})")
        else:
            pieces.append(re.escape(part) + " ")
    return "".join(pieces)


def _expanded(pattern: str) -> Iterator[str]:
    match = _CHOICE.search(pattern)
    if match is None:
        yield pattern
        return
    for choice in match[1].split("|"):
        yield from _expanded(pattern[: match.start()] + choice + pattern[match.end() :])
