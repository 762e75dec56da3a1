"""The levers of a strained Alice: what a turn may ask of a model, by the state it was opened in."""

from dataclasses import replace
from functools import lru_cache

from guardian.core.queue import BACKGROUND
from guardian.core.state import State

from .errors import Overloaded
from .policy import Policy
from .turn import Turn

UNHURRIED = frozenset({"warm"})
"""Channels on which nobody waits; the first that a strained Alice asks no model for."""


def let_to_model(turn: Turn) -> None:
    """Let those pass whom a model still answers.

    What is remembered, curated or reckoned by a tool is told to everybody below lockdown.

    Raises:
        Overloaded: the turn has to wait for better times.
    """
    if turn.state is State.NORMAL:
        return
    ladder = turn.policy.ladder
    may_wait = turn.channel in UNHURRIED
    shut_out = turn.state >= State.EMERGENCY and turn.caller.role not in ladder.model_in_emergency
    if may_wait or shut_out:
        raise Overloaded(retry_after_s=ladder.stay_s)


def rank_of(turn: Turn) -> str:
    """Tell the rank of a turn among those that wait for a model."""
    return BACKGROUND if turn.channel in UNHURRIED else turn.caller.role


def eased(turn: Turn) -> Turn:
    """Ask less of the model when Alice is strained; the turn itself when she is not."""
    if turn.state is State.NORMAL:
        return turn
    return replace(turn, policy=_eased(_Same(turn.policy), turn.state >= State.EMERGENCY))


class _Same:
    """A policy, told from others by identity: to compare two would read all of both."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.policy is other.policy

    def __hash__(self) -> int:
        return id(self.policy)


@lru_cache(maxsize=8)
def _eased(same: _Same, emergency: bool) -> Policy:
    """Make the lesser policy once: the address of an answer is summed up once for each policy."""
    policy = same.policy
    ladder, routing = policy.ladder, policy.routing
    return replace(
        policy,
        routing=replace(
            routing,
            training_mode=routing.training_mode or ladder.small_model,
            tool_rounds=0 if emergency else min(routing.tool_rounds, ladder.tool_rounds),
            passages=() if emergency else _fewer(routing.passages, ladder.passages),
            max_tokens=min(routing.max_tokens, ladder.max_tokens),
        ),
    )


def _fewer(steps: tuple[int, ...], most: int) -> tuple[int, ...]:
    """Widen no further than to `most`; none at all where that is 0."""
    within = tuple(step for step in steps if step <= most)
    return within or ((most,) if most else ())
