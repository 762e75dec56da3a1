"""The slots of a command, of MASSIVE's 55 types, each with its value: "på [date : fredag]".

A linear-chain conditional random field, learnt by `nlu/training/slots.py` (docs/nlu.md).

Source:
    J. Lafferty, A. McCallum and F. Pereira, Conditional Random Fields, ICML 2001; N. Okazaki,
    CRFsuite.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from lzma import LZMAError
from pathlib import Path
from zipfile import ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

import pycrfsuite

from .amounts import amounts_in, currency_called, number_in, plain
from .brackets import Span
from .slot_features import VERSION, Lexicon, cut, features
from .times import time_of, times_in

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "slots.zip"
MOST_WORDS = 100
"""Of a text are read; commands are short."""

_MODEL, _WORDS = "slots.crf", "words.tsv"
_MAGIC = b"lCRF"
_TIMES = frozenset(("date", "time", "timeofday", "general_frequency"))


class BadSlotFile(ValueError):
    """The slot model is missing or damaged, or learnt from other features; the text says which."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument as it stands in the message, `text[start:end]`, and what it means.

    `name` is one of MASSIVE's types, such as "date".
    `value` is ISO 8601 for a time (None where it can't be read), a number with its unit or code
    for an amount ("20 %"), a code for a currency, and else the text.
    """

    name: str
    start: int
    end: int
    text: str
    value: str | None

    @property
    def span(self) -> Span:
        """Tell its name and place only."""
        return self.name, self.start, self.end


class SlotTagger:
    """Finds slots. May be shared between threads: a sentence is tagged in one call.

    Raises:
        BadSlotFile: `packed` is no model for these features.
    """

    def __init__(self, packed: bytes) -> None:
        # CRFsuite reads the model where it lies and doesn't keep it: it must live as long as we do.
        self._model, self._lexicon = _unpacked(packed)
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "SlotTagger":
        """Read a model from a file. Raises BadSlotFile."""
        try:
            return cls(path.read_bytes())
        except (OSError, BadSlotFile) as error:
            raise BadSlotFile(f"{path}: {error}") from error

    def spans(self, text: str) -> tuple[Span, ...]:
        """Find the slots of a text: type, beginning, end."""
        places = cut(text)[:MOST_WORDS]
        if not places:
            return ()
        tags = self._tagger.tag(features([text[start:end] for start, end in places], self._lexicon))
        return tuple(
            (name, places[first][0], places[last][1]) for name, first, last in chunks(tags)
        )

    def slots_of(
        self, text: str, now: datetime | None = None, timezone: str = "UTC"
    ) -> tuple[Slot, ...]:
        """Find the slots of a text with their values; times have one only with `now`."""
        return tuple(
            Slot(name, start, end, text[start:end], _value(name, text, start, end, now, timezone))
            for name, start, end in self.spans(text)
        )


def packed(model: bytes, lexicon: Lexicon) -> bytes:
    """Write a CRFsuite model and its lexicon as `SlotTagger` reads them, always the same bytes."""
    words = "".join("\t".join((word, *lexicon[word])) + "\n" for word in sorted(lexicon))
    file = BytesIO()
    with ZipFile(file, "w", ZIP_LZMA) as archive:
        for name, content in ((VERSION, b""), (_WORDS, words.encode()), (_MODEL, model)):
            archive.writestr(ZipInfo(name), content, ZIP_LZMA)
    return file.getvalue()


def _unpacked(packed: bytes) -> tuple[bytes, Lexicon]:
    try:
        with ZipFile(BytesIO(packed)) as archive:
            if VERSION not in archive.namelist():
                raise ValueError(f"not of the features {VERSION}")
            model, words = archive.read(_MODEL), archive.read(_WORDS).decode()
        rows = (line.split("\t") for line in words.splitlines())
        lexicon = {word: (small, large, names) for word, small, large, names in rows}
    except (BadZipFile, LZMAError, KeyError, EOFError, ValueError) as error:
        raise BadSlotFile(f"is damaged ({error})") from error
    if not model.startswith(_MAGIC):
        raise BadSlotFile("holds no CRFsuite model")
    return model, lexicon


def chunks(tags: Sequence[str]) -> Iterable[tuple[str, int, int]]:
    """Read B-, I- and O tags: each slot's type, first and last word."""
    first = None
    for at, tag in enumerate([*tags, "O"]):
        name = tag[2:]
        if first is not None and (tag[0] != "I" or name != tags[first][2:]):
            yield tags[first][2:], first, at - 1
            first = None
        if first is None and tag != "O":
            first = at


@cache
def shipped() -> SlotTagger:
    """Load the model that ships with Alice, once."""
    return SlotTagger.load()


def slots_of(text: str, now: datetime | None = None, timezone: str = "UTC") -> tuple[Slot, ...]:
    """Find the slots of a text by the model that ships."""
    return shipped().slots_of(text, now, timezone)


def _value(
    name: str, text: str, start: int, end: int, now: datetime | None, timezone: str
) -> str | None:
    said = text[start:end]
    if name in _TIMES:
        return None if now is None else _time(said, now, timezone)
    if name == "currency_name":
        return currency_called(said) or said
    if name == "change_amount":
        amounts = amounts_in(said)
        if amounts:
            return str(amounts[0])
        number = number_in(said)
        return said if number is None else plain(number)
    return said


def _time(said: str, now: datetime, timezone: str) -> str | None:
    """Read the whole of it, else the only time in it."""
    whole = time_of(said, now, timezone)
    if whole is not None:
        return whole.value
    times = times_in(said, now, timezone)
    return times[0].value if len(times) == 1 else None
