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
from sys import intern
from zipfile import ZIP_LZMA, BadZipFile, ZipFile, ZipInfo

import pycrfsuite

from .brackets import Span
from .mending import Mender
from .slot_features import VERSION, Lexicon, cut, features
from .slot_words import read_words
from .values import Said, Value, value_of

DATA = Path(__file__).resolve().parent.parent / "data"
LANGUAGES = ("sv", "en")
MOST_WORDS = 100
"""Of a text are read; commands are short."""

_MODEL, _WORDS = "slots.crf", "words.tsv"
_MAGIC = b"lCRF"


class BadSlotFile(ValueError):
    """The slot model is missing or damaged, or learnt from other features; the text says which."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument as it stands in the message, `text[start:end]`, and what it means.

    `name` is one of MASSIVE's types, such as "date"; `value` is None where it can't be read.
    """

    name: str
    start: int
    end: int
    text: str
    value: Value | None

    @property
    def span(self) -> Span:
        """Tell its name and place only."""
        return self.name, self.start, self.end

    def as_json(self) -> dict[str, object]:
        """Tell it as JSON does; the value is null where it can't be read."""
        return {
            "name": self.name,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "value": self.value.as_json() if self.value else None,
        }


class SlotTagger:
    """Finds slots in one language. May be shared between threads: a sentence is tagged in one call.

    Raises:
        BadSlotFile: `packed` is no model for these features.
    """

    def __init__(self, packed: bytes, language: str = "sv") -> None:
        self.language = language
        # CRFsuite reads the model where it lies and doesn't keep it: it must live as long as we do.
        self._model, self._lexicon = _unpacked(packed)
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(self._model)

    @classmethod
    def load(cls, path: Path, language: str = "sv") -> "SlotTagger":
        """Read a model from a file. Raises BadSlotFile."""
        try:
            return cls(path.read_bytes(), language)
        except (OSError, BadSlotFile) as error:
            raise BadSlotFile(f"{path}: {error}") from error

    def spans(self, text: str, intent: str = "", mender: Mender | None = None) -> tuple[Span, ...]:
        """Find the slots of a text: type, beginning, end. `intent`: what it seems to ask for."""
        return tuple(
            (name, start, end) for name, start, end, _ in self._found(text, intent, mender)
        )

    def slots_of(
        self,
        text: str,
        now: datetime | None = None,
        timezone: str = "UTC",
        intent: str = "",
        mender: Mender | None = None,
    ) -> tuple[Slot, ...]:
        """Find the slots of a text with their values; times have one only with `now`.

        With a `mender`, words are read as they were meant; a slot's text stays as it was typed.
        """
        return tuple(
            Slot(
                name,
                start,
                end,
                text[start:end],
                value_of(name, Said(said, now, timezone, self.language)),
            )
            for name, start, end, said in self._found(text, intent, mender)
        )

    def _found(
        self, text: str, intent: str, mender: Mender | None
    ) -> list[tuple[str, int, int, str]]:
        """Give each slot's type, beginning, end and what was meant by it."""
        places = cut(text)[:MOST_WORDS]
        words = [text[start:end] for start, end in places]
        if not words:
            return []
        read = read_words(words, places, mender)
        tags = self._tagger.tag(features([one.word for one in read], self._lexicon, intent))
        found = []
        for name, first, last in chunks(tags):
            start, end = read[first].start, read[last].end
            mended = any(one.mended for one in read[first : last + 1])
            said = " ".join(one.word for one in read[first : last + 1]) if mended else ""
            found.append((name, start, end, said or text[start:end]))
        return found


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
        alike: dict[tuple[str, str, str], tuple[str, str, str]] = {}  # kept once: few are different
        lexicon = {
            intern(word): alike.setdefault((small, large, names), (small, large, names))
            for word, small, large, names in rows
        }
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


def path_of(language: str = "sv") -> Path:
    """Name the file that ships with Alice."""
    return DATA / f"slots.{language}.zip"


@cache
def shipped(language: str = "sv") -> SlotTagger:
    """Load the model that ships with Alice, once."""
    return SlotTagger.load(path_of(language), language)


def slots_of(
    text: str,
    now: datetime | None = None,
    timezone: str = "UTC",
    *,
    language: str = "sv",
    intent: str = "",
) -> tuple[Slot, ...]:
    """Find the slots of a text by the model that ships."""
    return shipped(language).slots_of(text, now, timezone, intent)
