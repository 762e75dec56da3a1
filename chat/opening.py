"""Opening a turn: a fresh id, one snapshot of the live settings, and what was said before."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

from chat import live
from chat.core.errors import NoSuchConversation, TooLong
from chat.core.policy import Policy
from chat.core.turn import Caller, Options, Said, Turn
from chat.strain import STRAIN

NEW = "new"
"""Asks for a conversation that is not there yet."""

HOME_TIMEZONE = "Europe/Stockholm"

_BY_KEY = uuid.UUID("6d1f6a3e-0d0c-5c43-9d0b-a11ce0000001")


def fresh_id() -> str:
    """Make an id that nobody has had: a random UUID as text."""
    return str(uuid.uuid4())


async def open_turn(
    caller: Caller,
    text: str,
    *,
    channel: str,
    address: str = "",
    streamed: bool = False,
    turn_id: str = "",
    language: str = "sv",
    timezone: str = HOME_TIMEZONE,
    conversation_id: str | None = None,
    client_id: str = "",
    idempotency_key: str = "",
    fingerprint: str = "",
    confirmed: bool = False,
    options: Options | None = None,
    history: Sequence[Said] = (),
) -> Turn:
    """Open the turn of one message.

    Args:
        address: where the message came from, whose budget it draws on too.
        streamed: the words are heard one by one, not when the answer is whole.
        conversation_id: None saves nothing; "new" makes a conversation; else the one to go on with.
            Nothing is read of it here: a flood must be refused before it costs a query.
        client_id: the sender's own id of the message; the Idempotency-Key where it has no other.
        confirmed: the sender was asked to confirm the message, and means it.
        history: what was said before, where the sender keeps it; only the last turns are used.
    Raises:
        NoSuchConversation: `conversation_id` is none.
        TooLong: the sender's history is longer than so many messages can be.
    """
    policy = await live.current()
    client_id = client_id or idempotency_key
    continues = False
    if conversation_id is None:
        history = _recent(history, policy)
    elif conversation_id == NEW:
        conversation_id = _new_conversation(caller, idempotency_key)
    else:
        conversation_id = _as_uuid(conversation_id)
        continues = True
    return Turn(
        id=turn_id or fresh_id(),
        caller=caller,
        text=text,
        policy=policy,
        opened=datetime.now(UTC),
        channel=channel,
        address=address,
        streamed=streamed,
        language=language,
        timezone=timezone if is_timezone(timezone) else HOME_TIMEZONE,
        conversation_id=conversation_id,
        continues=continues,
        client_id=client_id,
        history=tuple(history),
        options=options or Options(),
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        confirmed=confirmed,
        state=STRAIN.state,
    )


def is_timezone(name: str) -> bool:
    """Tell whether `name` is a time zone that there is, such as "Asia/Tokyo"."""
    return name in _timezones()


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _new_conversation(caller: Caller, idempotency_key: str) -> str:
    """Make the id of a new conversation.

    Under an Idempotency-Key the id follows from the key: a request that is sent again, after a
    crash say, finds the conversation that the first one made instead of making another.
    """
    if not idempotency_key:
        return fresh_id()
    return str(uuid.uuid5(_BY_KEY, f"{caller.tenant}\n{caller.person}\n{idempotency_key}"))


def _recent(history: Sequence[Said], policy: Policy) -> Sequence[Said]:
    """Keep the instructions and the last turns, as many as a model is shown."""
    if not history:
        return ()
    latest = 2 * policy.routing.history_turns
    spoken = sum(said.role != "system" for said in history)
    kept = []
    for said in history:
        if said.role != "system":
            spoken -= 1
            if spoken >= latest:
                continue
        kept.append(said)
    if sum(len(said.text) for said in kept) > policy.bounds.message_chars * (latest + 1):
        raise TooLong()
    return kept


def _as_uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise NoSuchConversation() from None
