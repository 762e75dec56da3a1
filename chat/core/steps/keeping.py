"""What is kept of a turn for the caller, and what is counted of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

from chat.core.events import Spoken
from chat.core.kit import Kit, OutOfReach
from chat.core.limiting import spent
from chat.core.turn import Outcome, Turn


async def save_question(turn: Turn, kit: Kit) -> Turn:
    """Save the message before anything is promised, so that it survives a crash.

    What was said before in its conversation comes back on the same way to the database.
    Without a database Alice still answers; the reply is then told as unsaved, unless both can be
    saved in the end.
    """
    if turn.conversation_id is None:
        return turn
    try:
        history = await kit.journal.save_question(turn)
    except OutOfReach:
        return replace(turn, unsaved=True)
    return replace(turn, history=tuple(history))


def tell_joiners(events: AsyncIterator[Spoken], turn: Turn, kit: Kit) -> AsyncIterator[Spoken]:
    """Let those who ask the same under the same Idempotency-Key stream along."""
    if not turn.idempotency_key:
        return events
    return _told(events, turn, kit)


async def _told(events: AsyncIterator[Spoken], turn: Turn, kit: Kit) -> AsyncIterator[Spoken]:
    async for event in events:
        kit.replays.tell(turn, event)
        yield event


async def save_messages(outcome: Outcome, kit: Kit) -> None:
    """Save what was answered, complete or not, beside its question."""
    reply = outcome.reply
    if outcome.turn.conversation_id is None or (reply and reply.source == "replay"):
        return
    outcome.saved = False
    await kit.journal.save_reply(outcome)
    outcome.saved = True


async def settle_tokens(outcome: Outcome, kit: Kit) -> None:
    """Let the turn go, and count the tokens that it really spent in place of those reserved."""
    await kit.limiter.settle(outcome.turn.id, spent(outcome))


async def measure(outcome: Outcome, kit: Kit) -> None:
    """Count and time the turn."""
    kit.meter.turn(outcome)
