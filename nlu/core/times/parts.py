"""A single part of what names a time: a day, a clock, a length, a feast."""

from datetime import datetime, timedelta

from . import clocks, days, lengths, periods, repeats
from .found import Found
from .values import local
from .words import NUMBERS, Words, phrases

_NOW = (
    ("just", "nu"),
    ("nu", "direkt"),
    ("nu", "genast"),
    ("right", "now"),
    ("nu",),
    ("now",),
    ("genast",),
    ("omedelbart",),
)
_REST_OF_DAY = phrases("resten av dagen|rest of the day|the rest of the day")


class Parts:
    """Reads parts one by one.

    Args:
        bare: the text is a time and nothing else, and may say it shorter.
    """

    def __init__(self, words: Words, now: datetime, *, bare: bool = False) -> None:
        self.words, self.now, self.today = words, now, now.date()
        self.bare = bare

    def one(self, at: int, *, loose: bool, inner: bool = False) -> tuple[Found, int] | None:
        """Read a single part: the longest reading wins."""
        words, today = self.words, self.today
        word = words[at]
        if not word:
            return None
        for phrase in _NOW:
            if not inner and words.has(at, *phrase):
                if phrase == ("nu",) and not self.bare:
                    break
                return Found(moments=(self.now, self.now)), at + len(phrase)
        if words.one_of(at, _REST_OF_DAY) > at:
            midnight = local(today + timedelta(1), 0, 0, self.now)
            return Found(moments=(self.now, midnight)), words.one_of(at, _REST_OF_DAY)
        small = self.now.hour < 6
        options = [
            repeats.every(words, at),
            days.placed(words, at, today),
            self._beside(at),
            lengths.counted(words, at, self.now),
            days.named(words, at, today, small_hours=small),
            days.weekday(words, at, today),
            days.dated(words, at, today, bare=self.bare),
            periods.feast(words, at, today),
            periods.longer(words, at, today),
            self._night_before(at),
            clocks.part(words, at, bare=self.bare or inner),
            self._clock(at, loose=loose or (inner and words[at + 1] == ".")),
            self._length(at),
        ]
        best: tuple[Found, int] | None = None
        for option in options:
            if option and (best is None or option[1] > best[1]):
                best = option
        return best

    def _beside(self, at: int) -> tuple[Found, int] | None:
        far = days.beside(self.words, at)
        other = self.one(far[1], loose=False) if far else None
        if far is None or other is None or not other[0].days:
            return None
        first, last = other[0].days
        return (days.one(first + far[0]), other[1]) if first == last else None

    def _night_before(self, at: int) -> tuple[Found, int] | None:
        """Read "natten till lördag", which begins on Friday."""
        if self.words[at] not in ("natten", "night") or self.words[at + 1] not in ("till", "mot"):
            return None
        other = self.one(at + 2, loose=False)
        if other is None or not other[0].days or other[0].days[0] != other[0].days[1]:
            return None
        day = other[0].days[0] - timedelta(1)
        return Found(days=(day, day), part="night"), other[1]

    def _length(self, at: int) -> tuple[Found, int] | None:
        found = lengths.length(self.words, at)
        return (Found(length=found[0]), found[1]) if found else None

    def _clock(self, at: int, *, loose: bool) -> tuple[Found, int] | None:
        words, start = self.words, at
        while words[start] in clocks.LOOSE or (start > at and words[start] in (".", "ca")):
            loose, start = True, start + 1
        if words.waking and words[at] in ("pa", "till", "for") and start == at:
            loose, start = True, at + 1
        said = clocks.clock(words, start, loose=loose or self._before_part(start))
        return (Found(clock=said[0]), said[1]) if said else None

    def _before_part(self, at: int) -> bool:
        """Tell whether a number is an hour by what follows: "sju på kvällen", "nio på fredag"."""
        words = self.words
        hour = clocks.hour(words, at)
        if hour is None or words[at - 1] in ("for", "till"):
            return False
        after = hour[1]
        if NUMBERS.get(words[after], 0) >= 10:
            after += 1
        return (
            clocks.part(words, after, bare=False) is not None
            or days.weekday(words, after, self.today) is not None
            or days.named(words, after, self.today, small_hours=False) is not None
            or (words.waking and words[after] in ("och", "noll"))
            or bool(clocks.AFTERNOON.match(words.folded, words.start(after)) if words[after] else 0)
        )
