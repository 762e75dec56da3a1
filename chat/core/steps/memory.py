"""The cache: has this, or something that means the same, been answered before?"""

from dataclasses import replace

from chat.core.address import address_of
from chat.core.events import Ended, Noted, text_of
from chat.core.kit import Kit
from chat.core.replaying import SaidAgain, paced
from chat.core.turn import Outcome, Reply, Turn
from fibcache.core.entry import Entry, Hit
from nlu.core.freshness import freshness_of
from nlu.core.traits import NEVER, life_of, shorter


async def recall_exact(turn: Turn, kit: Kit) -> Turn | Reply:
    """Answer from L1..L10 when just this was asked before, in the same scope and context."""
    hit = await kit.cache.recall(address_of(turn).key, tiers=turn.policy.tiers)
    return turn if hit is None else _reply(hit, turn)


async def recall_similar(turn: Turn, kit: Kit) -> Turn | Reply:
    """Answer along the spiral when something was asked that means the same."""
    hit = await kit.cache.recall_similar(
        address_of(turn).scope,
        turn.question,
        tiers=turn.policy.tiers,
        spiral=turn.policy.spiral,
    )
    if hit is None:
        return turn
    return replace(turn, doubted=hit) if hit.doubt else _reply(hit, turn)


def _reply(hit: Hit, turn: Turn) -> Reply:
    events = [*hit.entry.events, Ended()]
    words_per_s = turn.policy.bounds.recalled_words_per_s
    at_a_pace = turn.streamed and words_per_s > 0
    return Reply(
        source="spiral" if hit.similar else hit.tier,
        route=hit.entry.route,
        events=paced(events, words_per_s=words_per_s) if at_a_pace else SaidAgain(events),
        why={**hit.why, "freshness": hit.entry.freshness},
        tier=hit.tier,
    )


async def remember(outcome: Outcome, kit: Kit) -> None:
    """Keep a complete answer that is nobody's own and bound to no moment."""
    turn, reply = outcome.turn, outcome.reply
    if reply is None:
        return
    outcome.tier = reply.tier
    ended = outcome.ended
    if ended is None or ended.finish != "stop" or ended.fleeting:
        return
    if outcome.withheld:  # what was said is less than the answer, and the answer is not to be said
        return
    if not (reply.keep and outcome.complete and kit.flights.first_home(turn)):
        return
    freshness = _freshness(turn)
    if freshness == NEVER:
        return
    address = address_of(turn)
    entry = Entry(
        key=address.key,
        scope=address.scope,
        question=turn.question,
        # A note ("still waiting") tells how this answer came about, not what it is.
        events=tuple(event for event in outcome.raw if not isinstance(event, Noted)),
        route=reply.route,
        text_chars=len(text_of(outcome.raw)),
        tenant=turn.caller.tenant,
        person=address.person,
        intent=turn.intent.name,
        freshness=freshness,
        model=ended.model,
        revision=turn.policy.revision,
    )
    outcome.tier = await kit.cache.remember(
        entry, tiers=turn.policy.tiers, spiral=turn.policy.spiral
    )


def _freshness(turn: Turn) -> str:
    """Give the shorter life of two: what the words about time allow, and what the intent does."""
    by_words = freshness_of(turn.question)
    reading = turn.intent.reading
    if reading is None or reading.confidence < turn.policy.understanding.sure_at_least:
        return by_words
    return shorter(by_words, life_of(reading.intent, turn.question))


async def land_flight(outcome: Outcome, kit: Kit) -> None:
    """Let go of an answer that was shared while it was made."""
    await kit.flights.land(outcome)


async def check_in_shadow(outcome: Outcome, kit: Kit) -> None:
    """See to it that a few similar hits are compared with what the model says; waits for none."""
    turn = outcome.turn
    if turn.state:  # a strained Alice has better things to do
        return
    if not turn.verdict.by("cache_only"):  # a rule keeps it from the model
        kit.checks.consider(outcome)


async def keep_for_replay(outcome: Outcome, kit: Kit) -> None:
    """Keep the answer for a client that asks again under the same Idempotency-Key."""
    if outcome.turn.idempotency_key:
        await kit.replays.keep(outcome)
