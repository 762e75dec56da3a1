"""What a turn draws on its caller's budgets: one turn, and model tokens if a model is asked.

A remembered answer costs a turn and no tokens: it asks no model. Tokens are reserved before a model
is asked, as many as question and answer may come to, and settled when the turn is over, however it
ended.
"""

from functools import lru_cache

from guardian.core.buckets import Lack
from guardian.core.limits import Book, Holders

from .errors import NoTokensToday, OverLimit, TooFast, TooManyAtOnce, TooManyTokens
from .events import text_of
from .kit import Limiter
from .policy import Policy
from .turn import Caller, Outcome, Turn

CHARS_PER_TOKEN = 3
"""Of Swedish in the models that Alice is used with, on the cautious side."""

FREE_CHANNELS = frozenset({"warm"})
"""Turns that staff have ordered, at a pace that they have chosen."""

_ERRORS: dict[str, type[OverLimit]] = {
    "turns": TooFast,
    "tokens": TooManyTokens,
    "day": NoTokensToday,
    "at_once": TooManyAtOnce,
}


def holders_of(caller: Caller, policy: Policy, address: str) -> Holders:
    """Name all whose budgets a caller draws on."""
    return _book(_Limits(policy)).holders(
        role=caller.role,
        person=caller.person,
        user_id=caller.user_id,
        tenant=caller.tenant,
        address=address,
    )


def holders_of_turn(turn: Turn) -> Holders:
    """Name all whose budgets a turn draws on; nobody where staff have ordered it."""
    if turn.channel in FREE_CHANNELS:
        return Holders()
    return holders_of(turn.caller, turn.policy, turn.address)


async def enter(holders: Holders, limiter: Limiter) -> None:
    """Take one of this minute's turns.

    Raises:
        TooFast: they are used up.
    """
    if (lack := await limiter.enter(holders)) is not None:
        raise refusal(lack)


async def begin(turn: Turn, limiter: Limiter) -> None:
    """Reserve what a model may spend on a turn.

    Raises:
        TooManyTokens: those of the minute or the day are used up.
        TooManyAtOnce: a model has as many answers under way for this caller as it may.
    """
    holders = holders_of_turn(turn)
    if holders.each and (lack := await limiter.begin(holders, turn.id, reserved(turn))):
        raise refusal(lack)


def refusal(lack: Lack) -> OverLimit:
    """Make the error that says what there is too little of, and for whom."""
    return _ERRORS[lack.measure](retry_after_s=lack.wait_s, whose=lack.kind)


def reserved(turn: Turn) -> int:
    """Estimate the most tokens that a model spends on a turn, if it is asked once."""
    most = turn.policy.routing.max_tokens
    return asked(turn) + min(turn.options.max_tokens or most, most)


def asked(turn: Turn) -> int:
    """Estimate the tokens of what a model is shown."""
    routing = turn.policy.routing
    earlier = [said for said in turn.context if said.role != "system"]
    shown = [said for said in turn.context if said.role == "system"]
    shown += earlier[len(earlier) - min(len(earlier), 2 * routing.history_turns) :]
    chars = len(routing.system_prompt) + len(turn.question) + sum(len(said.text) for said in shown)
    return estimated(chars)


def estimated(chars: int) -> int:
    """Estimate the tokens of a text of so many characters."""
    return -(-chars // CHARS_PER_TOKEN)


def spent(outcome: Outcome) -> int:
    """Count the tokens that a turn's model spent; an estimate where the model does not say.

    Nothing for what no model said, for words that another turn's model said, and for a model that
    failed before its first word. Whoever leaves pays for what was said until then, and for the
    question: the model had read it.
    """
    reply, ended = outcome.reply, outcome.ended
    if reply is None or reply.source != "planner" or reply.why.get("joined"):
        return 0
    if ended is not None:
        usage = ended.usage.prompt_tokens + ended.usage.completion_tokens
        if usage or not ended.model:
            return usage
    said = len(text_of(outcome.raw))
    if not said and not outcome.cancelled and ended is None:
        return 0
    return asked(outcome.turn) + estimated(said)


class _Limits:
    """A policy, told from others by its limits alone, which are long and seldom change."""

    def __init__(self, policy: Policy) -> None:
        self.limits, self.own = policy.limits, policy.own_limits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Limits) and self.limits is other.limits and self.own is other.own

    def __hash__(self) -> int:
        return hash((id(self.limits), id(self.own)))


@lru_cache(maxsize=8)
def _book(limits: _Limits) -> Book:
    return Book(limits.limits, limits.own)
