"""Who may ask, how often, and whether this was asked and answered before."""

from chat.core.errors import EmptyMessage, LockedDown, NotAllowed, NotSignedIn, TooLong
from chat.core.kit import Kit
from chat.core.limiting import enter, holders_of_turn
from chat.core.policy import Policy
from chat.core.turn import Caller, Reply, Turn
from guardian.core.state import State


def let_in(caller: Caller, policy: Policy) -> None:
    """Let in whoever may chat.

    Raises:
        NotSignedIn: a guest, where there are to be none.
        NotAllowed: the caller's key is for something else.
    """
    if caller.role == "guest" and "guests" in policy.off:
        raise NotSignedIn()
    if "chat" not in caller.scopes:
        raise NotAllowed()


async def admit(turn: Turn, kit: Kit) -> Turn:
    """Let in callers who may chat, with a message of a sensible length."""
    let_in(turn.caller, turn.policy)
    if turn.state >= State.LOCKDOWN and turn.caller.role != "staff":
        raise LockedDown(retry_after_s=turn.policy.ladder.stay_s)
    if not turn.text.strip():
        raise EmptyMessage()
    if len(turn.text) > turn.policy.bounds.message_chars:
        raise TooLong()
    return turn


async def limit_rate(turn: Turn, kit: Kit) -> Turn:
    """Take one of this minute's turns, from everybody whose budget the caller draws on."""
    await enter(holders_of_turn(turn), kit.limiter)
    return turn


async def replay(turn: Turn, kit: Kit) -> Turn | Reply:
    """Say the same again to a request that came before under the same Idempotency-Key."""
    if not turn.idempotency_key:
        return turn
    return await kit.replays.claim(turn) or turn
