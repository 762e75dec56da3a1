"""One message on its way to a reply."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fibcache.core.entry import Hit
from guardian.core.rules import NOTHING, Verdict
from guardian.core.state import State
from nlu.core.understanding import Reading

from .errors import AliceError
from .events import WITHHELD, Ended, Noted, Spoken
from .policy import Policy

ROLES = ("guest", "member", "staff", "program")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `person` is unique over all tenants; `name` is for logs, never a real name."""

    tenant: str
    person: str  # "user:12", "key:9", "guest:…"
    role: str = "guest"
    scopes: frozenset[str] = frozenset({"chat"})  # of chat, documents, staff
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier message. `role` is "user", "assistant", "system" or "tool"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Options:
    """What an OpenAI client may ask of the answer; None leaves it to the policy."""

    model: str | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message asks for. `slots` are the arguments that were read from it."""

    name: str  # "answer" (a curated one), a tool's name, or "open"
    confidence: float = 0.0
    language: str = "sv"  # of the message
    slots: Mapping[str, Any] = field(default_factory=dict)
    reading: Reading | None = None  # what was understood beyond that; it routes nothing


OPEN = Intent("open")


@dataclass(frozen=True, slots=True)
class Turn:
    """One message and all that the steps have learned about it. Steps return `replace(turn, …)`."""

    id: str
    caller: Caller
    text: str  # as written
    policy: Policy
    opened: datetime  # aware
    channel: str = "api"  # web, api, openai, shell, warm
    address: str = ""  # where it came from; counted, never kept
    language: str = "sv"  # the caller's; the message's own is in `intent`
    timezone: str = "Europe/Stockholm"
    conversation_id: str | None = None
    streamed: bool = False  # the caller hears the words as they are said
    continues: bool = False  # a conversation that is there already
    client_id: str = ""  # the sender's own id of the message, so that it is never saved twice
    history: tuple[Said, ...] = ()  # oldest first; a saved conversation's comes with its saving
    options: Options = Options()
    idempotency_key: str = ""
    fingerprint: str = ""  # of the whole request, to compare under one idempotency key
    state: State = State.NORMAL  # how strained Alice was when the turn was opened
    confirmed: bool = False  # the caller has been asked, and means it

    # Learned on the way:
    unsaved: bool = False  # the message could not be saved before it was answered
    question: str = ""  # the message with personal data masked
    context: tuple[Said, ...] = ()  # the history with personal data masked
    secrets: Mapping[str, str] = field(default_factory=dict)  # placeholder -> what was written
    verdict: Verdict = NOTHING  # of Guardian's rules
    tools: tuple[str, ...] = ()  # granted
    intent: Intent = OPEN
    routes: tuple[str, ...] = ()  # in the order in which they are tried
    route: str = ""  # that replied
    doubted: Hit | None = None  # a remembered answer that the false-hit budget had no room for


@dataclass(slots=True)
class Sharing:
    """Tells of an answer, while it is being said, whether others who ask the same may hear it.

    None until the speaker knows, at the latest with its first word: True when nothing can make
    the answer hold for the moment only (`Ended.fleeting`) any more, False when it does.
    """

    settled: bool | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a step answers with. `events` ends with `Ended`; nothing is said before it is read."""

    source: str  # replay, L1..L10, spiral, micro, tool, planner
    route: str  # micro, tool, planner
    events: AsyncIterator[Spoken | Ended]
    keep: bool = False  # may be remembered: impersonal and not bound to a moment
    sharing: Sharing | None = None  # None: never for others while it is being said
    why: Mapping[str, Any] = field(default_factory=dict)  # for the "Varför detta svar?" card
    tier: str = ""  # of the remembered answer
    turn_id: str = ""  # whose answer it is, when it is said again under an Idempotency-Key
    conversation_id: str | None = None  # likewise


@dataclass(slots=True)
class Outcome:
    """How a turn went, for the after-steps."""

    turn: Turn
    reply: Reply | None = None
    raw: list[Spoken] = field(default_factory=list)  # as the speaker said it, masked
    said: list[Spoken] = field(default_factory=list)  # as the caller saw it
    ended: Ended | None = None  # the speaker reached its end
    error: AliceError | None = None
    cancelled: bool = False
    steps_ms: dict[str, float] = field(default_factory=dict)
    elapsed_ms: float = 0.0
    first_word_ms: float | None = None
    waited_ms: float | None = 0.0  # in line for a model; None while it has not come to its turn
    tier: str = ""
    saved: bool | None = None

    @property
    def rules(self) -> Sequence[Mapping[str, Any]]:
        """Tell which of Guardian's rules held, without a word of what was written."""
        if self.error is not None and "rules" in self.error.why:
            told: Sequence[Mapping[str, Any]] = self.error.why["rules"]
            return told
        return self.turn.verdict.told()

    @property
    def withheld(self) -> tuple[str, ...]:
        """Name the kinds of leaks that were taken out of the answer."""
        codes = (event.code for event in self.said if isinstance(event, Noted))
        return tuple(code.removeprefix(WITHHELD) for code in codes if code.startswith(WITHHELD))

    @property
    def complete(self) -> bool:
        """Tell whether the whole answer was said."""
        return self.ended is not None and self.error is None and not self.cancelled
