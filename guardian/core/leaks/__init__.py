"""What must not leave with an answer: instructions, credentials, and links that carry data away.

    chunk ─ links ─ private keys ─ credentials ─ instructions ─► what may be said

Each part reads the stream by itself, sign by sign in effect: the same words give the same result
wherever they are cut into chunks. Held back is only what may be the beginning of a leak.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from .credentials import Credentials
from .instructions import Instructions
from .links import Links
from .payloads import Payloads
from .private_keys import PrivateKeys

KINDS = ("link", "image", "secret", "instructions")
"""What an answer may leak, in the order in which it is looked for."""

_MARKS = {
    "link": ("[länk borttagen]", "[link removed]"),
    "image": ("[bild borttagen]", "[image removed]"),
    "secret": ("[hemlighet borttagen]", "[secret removed]"),
    "instructions": ("[instruktioner borttagna]", "[instructions removed]"),
}
_SENTENCES = {
    "link": (
        "En länk som kunde föra ut uppgifter ur samtalet togs bort ur svaret.",
        "A link that could carry data out of the conversation was removed from the answer.",
    ),
    "image": (
        "En bild som kunde föra ut uppgifter ur samtalet togs bort ur svaret.",
        "An image that could carry data out of the conversation was removed from the answer.",
    ),
    "secret": (
        "Något som ser ut som en nyckel eller ett lösenord togs bort ur svaret.",
        "What looks like a key or a password was removed from the answer.",
    ),
    "instructions": (
        "Alices egna instruktioner togs bort ur svaret.",
        "Alice's own instructions were removed from the answer.",
    ),
}


@dataclass(frozen=True, slots=True)
class Leaks:
    """What is taken out of a model's answer."""

    link: bool = True
    image: bool = True
    secret: bool = True
    instructions: bool = True
    client_instructions: bool = False  # those that an API client sent along, too
    allowed_hosts: tuple[str, ...] = ()  # with all below them; what they are sent is not looked at
    link_chars: int = 55  # of a query or an unreadable run, from which a link carries data
    image_chars: int = 1  # likewise of an image, which is fetched without a click
    quoted_words: int = 5  # in a row from the conversation, from which a link carries it
    instruction_words: int = 8  # in a row from the instructions, from which they have leaked


class Part(Protocol):
    """Looks for one thing in a stream."""

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""

    def rest(self) -> str:
        """Give what was held back, and begin anew."""


class Watch:
    """Takes leaks out of one answer.

    Args:
        leaks: what to look for.
        instructions: texts that the model was given to follow and not to repeat.
        conversation: what was said, which no link may carry away; more may be added to it.
        language: "sv" or "en", of the marks that are put in place of what is cut.
    """

    def __init__(
        self,
        leaks: Leaks,
        *,
        instructions: Iterable[str],
        conversation: Iterable[str],
        language: str = "sv",
    ) -> None:
        self._leaks, self._instructions, self._language = leaks, tuple(instructions), language
        self.conversation = [*conversation]
        self.found: dict[str, None] = {}  # kinds, in the order in which they were met
        self._payloads = Payloads(
            self.conversation,
            allowed_hosts=leaks.allowed_hosts,
            chars={"link": leaks.link_chars, "image": leaks.image_chars},
            quoted_words=leaks.quoted_words,
        )
        self._parts = self._made()

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""
        for part in self._parts:
            if not chunk:
                break
            chunk = part.feed(chunk)
        return chunk

    def rest(self) -> str:
        """Give what was held back; call it when the stream ends or something else is said."""
        said = ""
        for part in self._parts:
            said = (part.feed(said) if said else "") + part.rest()
        return said

    def whole(self, text: str) -> str:
        """Take leaks out of a text that is complete, beside the stream."""
        for part in self._made():
            text = part.feed(text) + part.rest()
        return text

    def _made(self) -> list[Part]:
        leaks, parts = self._leaks, list[Part]()
        if leaks.link or leaks.image:
            parts.append(Links(self._carries, {kind: self._cut(kind) for kind in KINDS[:2]}))
        if leaks.secret:
            parts += PrivateKeys(self._cut("secret")), Credentials(self._cut("secret"))
        if leaks.instructions and self._instructions:
            most = leaks.instruction_words
            parts.append(Instructions(self._instructions, most, self._cut("instructions")))
        return parts

    def _carries(self, address: str, kind: str) -> bool:
        wanted = self._leaks.image if kind == "image" else self._leaks.link
        return wanted and self._payloads.carries(address, kind)

    def _cut(self, kind: str) -> Callable[[], str]:
        def cut() -> str:
            self.found[kind] = None
            return _MARKS[kind][self._language == "en"]

        return cut


def sentence(kind: str, language: str) -> str:
    """Tell a reader what was taken out."""
    return _SENTENCES[kind][language == "en"]
