"""All that is read from a message: its language, what it asks for and the arguments it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .intents import Encoder, IntentModel, shipped
from .language import language_of
from .memory import give_back
from .slots import LANGUAGES, Slot, SlotTagger
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
    model: str = ""  # fingerprint of the intent model that read it


class Understanding:
    """Reads messages.

    Args:
        models: of intents, by language; one of them is Swedish.
        taggers: of slots, by language; none are found where there is none.
    """

    def __init__(
        self,
        models: Mapping[str, IntentModel],
        taggers: Mapping[str, SlotTagger] | None = None,
    ) -> None:
        self.models = models
        self.taggers = taggers or {}

    @classmethod
    def load(cls, encoder: Encoder) -> "Understanding":
        """Read the files that Alice comes with.

        Raises BadIntentsFile, BadSlotFile, BadWordsFile.
        """
        models = {name: IntentModel.load(encoder, shipped(name), name) for name in LANGUAGES}
        taggers = {name: shipped_slots(name) for name in LANGUAGES}
        give_back()
        return cls(models, taggers)

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
        spoken = heard if heard in self.models else LANGUAGE
        model = self.models[spoken]
        guess = model.read(text)
        slots: tuple[Slot, ...] = ()
        if tagger := self.taggers.get(spoken):
            slots = tagger.slots_of(text, now, timezone or "UTC", guess.intent, model.mender)
        return Reading(
            heard, guess.intent, guess.confidence, guess.alternatives, slots, model.fingerprint
        )
