"""Personal data, rules and tools: what may be said, stored and used."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from chat.core.errors import AgainstRules, NeedsConfirmation
from chat.core.events import Noted, Spoken, Token, ToolCalled, ToolReturned
from chat.core.kit import Kit
from chat.core.turn import OPEN, Said, Turn
from guardian.core.gates import granted
from guardian.core.judging import book_of, decide, masked
from guardian.core.pii import Pseudonyms, Restorer
from guardian.core.rules import Facts, Verdict
from nlu.core.language import language_of


async def mask_pii(turn: Turn, kit: Kit) -> Turn:
    """Put placeholders in place of personal data: "070-123 45 67" becomes "[TEL_1]".

    Before the cache key is made: two callers asking about their own number share one entry.
    """
    names = Pseudonyms()
    question = names.mask(turn.text)
    context = tuple(Said(said.role, names.mask(said.text)) for said in turn.history)
    return replace(turn, question=question, context=context, secrets=names.secrets)


def unmask_pii(events: AsyncIterator[Spoken], turn: Turn, kit: Kit) -> AsyncIterator[Spoken]:
    """Put the caller's own data back into the words, also where a placeholder is cut in two."""
    if not turn.secrets:
        return events
    return _restored(events, Restorer(turn.secrets))


async def _restored(events: AsyncIterator[Spoken], restorer: Restorer) -> AsyncIterator[Spoken]:
    async for event in events:
        if isinstance(event, Token):
            if text := restorer.feed(event.text):
                yield Token(text)
            continue
        if isinstance(event, Noted):  # stands beside the words, and may come in the midst of one
            yield event
            continue
        if text := restorer.rest():
            yield Token(text)
        yield _whole(event, restorer)
    if text := restorer.rest():
        yield Token(text)


def _whole(event: Spoken, restorer: Restorer) -> Spoken:
    """Put the data back into an event that is told in one piece."""
    if isinstance(event, ToolCalled):
        written = {
            name: restorer.whole(value) if isinstance(value, str) else value
            for name, value in event.arguments.items()
        }
        return replace(event, arguments=written)
    if isinstance(event, ToolReturned):
        return replace(event, text=restorer.whole(event.text))
    return event


async def guard(turn: Turn, kit: Kit) -> Turn:
    """Apply Guardian's rules to the message.

    Raises:
        AgainstRules: a rule refuses the message.
        NeedsConfirmation: a rule asks the caller to confirm it, and the caller has not.
    """
    turn, verdict, facts = await judged(turn, kit)
    if (rule := verdict.refused_by) is not None:
        raise AgainstRules(detail=rule.sentence(turn.language), why={"rules": verdict.told()})
    if not turn.confirmed and (asking := verdict.by("confirm")):
        raise NeedsConfirmation(
            detail=asking[0].sentence(turn.language), why={"rules": verdict.told()}
        )
    if (rules := turn.policy.rules) and (book := book_of(rules)).masks and turn.context:
        turn = replace(
            turn,
            context=tuple(
                Said(said.role, book.masked_before(said.text, facts)) for said in turn.context
            ),
        )
    if not verdict.findings:
        return turn
    return replace(turn, verdict=verdict, question=masked(turn.question, verdict))


async def judged(turn: Turn, kit: Kit, source: str = "user") -> tuple[Turn, Verdict, Facts]:
    """Judge a turn's masked question by its rules, as a text from `source`.

    What costs time (language, intent, scores) is found out only where a rule that could hold asks
    for it; an intent read here stays with the turn and is not read again.
    """
    caller = turn.caller
    facts = Facts(role=caller.role, tenant=caller.tenant, channel=turn.channel, source=source)

    async def find_out(name: str) -> Any:
        nonlocal turn
        if name == "language":
            return language_of(turn.question, turn.language).language
        if name == "scores":
            return scores_of(turn.question, kit, source)
        if turn.intent is OPEN:
            turn = replace(turn, intent=await kit.reader.read(turn))
        return _intents(turn)

    verdict, facts = await decide(turn.question, turn.policy.rules, facts, find_out)
    return turn, verdict, facts


def scores_of(text: str, kit: Kit, source: str) -> dict[str, float]:
    """Give every classifier's score of a masked text, 0..1, by its name."""
    return {name: score(text, source) for name, score in kit.scorers.items()}


def _intents(turn: Turn) -> frozenset[str]:
    """Name what the message asks for, as far as Alice is sure."""
    sure_at_least = turn.policy.understanding.sure_at_least
    intent, reading = turn.intent, turn.intent.reading
    names = {intent.name} if intent.confidence >= sure_at_least else {"open"}
    if reading is not None and reading.confidence >= sure_at_least:
        names.add(reading.intent)
    return frozenset(names)


async def grant_tools(turn: Turn, kit: Kit) -> Turn:
    """Note which tools this caller may use."""
    return replace(turn, tools=granted(kit.tools, turn.policy.gates, role=turn.caller.role))
