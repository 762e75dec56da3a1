"""All that is read from a message: its language, what it asks for and the arguments it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .intents import Encoder, IntentModel, shipped
from .language import language_of
from .slots import Slot, SlotTagger
from .slots import shipped as shipped_slots

LANGUAGE = "sv"  # a message too short to tell, or in a language with no model, is read as this


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
        tagger: of slots in Swedish; without one, none are found.
    """

    def __init__(self, models: Mapping[str, IntentModel], tagger: SlotTagger | None = None) -> None:
        self.models = models
        self.tagger = tagger

    @classmethod
    def load(cls, encoder: Encoder) -> "Understanding":
        """Read the files that Alice comes with. Raises BadIntentsFile, BadSlotFile."""
        models = {name: IntentModel.load(encoder, shipped(name)) for name in ("sv", "en")}
        return cls(models, shipped_slots())

    def read(
        self, text: str, *, now: datetime | None = None, timezone: str = "", language: str = ""
    ) -> Reading:
        """Read `text`.

        Args:
            now: when it was said, aware; times have values, counted from there.
            timezone: of whoever said it, as IANA names it; UTC if it is left out.
            language: to take for granted where the text is too short to tell.
        """
        heard = language_of(text, language or LANGUAGE).language
        model = self.models.get(heard) or self.models[LANGUAGE]
        guess = model.read(text)
        slots: tuple[Slot, ...] = ()
        if self.tagger and model is self.models[LANGUAGE]:
            slots = self.tagger.slots_of(text, now, timezone or "UTC")
        return Reading(heard, guess.intent, guess.confidence, guess.alternatives, slots)
