"""All that is read from a message: its language, what it asks for and the arguments it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .intents import Encoder, IntentModel, shipped
from .language import language_of

LANGUAGE = "sv"  # a message too short to tell, or in a language with no model, is read as this


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument as it stands in the message, `text[start:end]`, and what it means."""

    name: str
    start: int
    end: int
    text: str
    value: Any = None  # ISO 8601, a number, a code …; None where only the words are known


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says. Confidences are calibrated, 0..1."""

    language: str  # "sv", "en" or "other"
    intent: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    slots: tuple[Slot, ...] = ()


class Understanding:
    """Reads messages.

    Args:
        models: of intents, by language; one of them is Swedish.
    """

    def __init__(self, models: Mapping[str, IntentModel]) -> None:
        self.models = models

    @classmethod
    def load(cls, encoder: Encoder) -> "Understanding":
        """Read the files that Alice comes with. Raises BadIntentsFile."""
        return cls({name: IntentModel.load(encoder, shipped(name)) for name in ("sv", "en")})

    def read(
        self, text: str, *, now: datetime | None = None, timezone: str = "", language: str = ""
    ) -> Reading:
        """Read `text`.

        Args:
            now: when it was said, aware; relative times are counted from there.
            timezone: of whoever said it.
            language: to take for granted where the text is too short to tell.
        """
        heard = language_of(text, language or LANGUAGE).language
        model = self.models.get(heard) or self.models[LANGUAGE]
        guess = model.read(text)
        return Reading(heard, guess.intent, guess.confidence, guess.alternatives)
