"""Which entries are meant: by what they are, whose they are and where they came from."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from .store import Kept
from .tiers import Tier, tier_for


@dataclass(frozen=True, slots=True)
class Choice:
    """Narrows all entries down. What is given must agree; an empty choice means them all."""

    key: str = ""
    tier: str = ""
    route: str = ""
    intent: str = ""
    model: str = ""
    document: str = ""  # that the answer was made from
    revision: int | None = None  # of the live settings it was made under
    tenant: str = ""
    person: str = ""
    text: str = ""  # words of the masked question, all of which must be in it

    @property
    def everything(self) -> bool:
        """Tell whether nothing narrows it."""
        return self == Choice()

    def told(self) -> str:
        """Say it in a line, for a log: `tier=L1 tenant=alice`; the words are not for one."""
        given = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) not in ("", None)
        }
        if "text" in given:
            given["text"] = "…"
        return " ".join(f"{name}={value}" for name, value in given.items()) or "*"

    def takes(self, kept: Kept, tiers: Sequence[Tier]) -> bool:
        """Tell whether an entry is among those meant."""
        entry = kept.entry
        exact = (
            (self.key, entry.key),
            (self.route, entry.route),
            (self.intent, entry.intent),
            (self.model, entry.model),
            (self.tenant, entry.tenant),
            (self.person, entry.person),
        )
        return (
            all(wanted in ("", held) for wanted, held in exact)
            and self.revision in (None, entry.revision)
            and (not self.document or self.document in entry.documents)
            and (not self.tier or self.tier == tier_for(kept.standing.verified, tiers).name)
            and (not self.text or self._said(kept))
        )

    def _said(self, kept: Kept) -> bool:
        # What was asked in one person's conversation is not for others to look through.
        asked = kept.entry.question.casefold()
        return not kept.entry.person and all(word in asked for word in self.text.casefold().split())
