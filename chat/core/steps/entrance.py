"""Who may ask, how often, and whether this was asked and answered before."""

from chat.core.errors import EmptyMessage, NotAllowed, NotSignedIn, TooFast, TooLong
from chat.core.kit import Kit
from chat.core.turn import Reply, Turn
from guardian.core.limits import limit_for


async def admit(turn: Turn, kit: Kit) -> Turn:
    """Let in callers who may chat, with a message of a sensible length."""
    caller, bounds = turn.caller, turn.policy.bounds
    if caller.role == "guest" and "guests" in turn.policy.off:
        raise NotSignedIn()
    if "chat" not in caller.scopes:
        raise NotAllowed()
    if not turn.text.strip():
        raise EmptyMessage()
    if len(turn.text) > bounds.message_chars:
        raise TooLong()
    return turn


async def limit_rate(turn: Turn, kit: Kit) -> Turn:
    """Refuse a caller who asks faster than the caller's role allows."""
    limit = limit_for(turn.caller.role, turn.policy.limits)
    wait_s = kit.limiter.take(
        turn.caller.person, per_minute=limit.turns_per_minute, burst=limit.burst
    )
    if wait_s > 0:
        raise TooFast(retry_after_s=wait_s)
    return turn


async def replay(turn: Turn, kit: Kit) -> Turn | Reply:
    """Say the same again to a request that came before under the same Idempotency-Key."""
    if not turn.idempotency_key:
        return turn
    return await kit.replays.claim(turn) or turn
