"""Personal data, rules and tools: what may be said, stored and used."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from chat.core.errors import AgainstRules, NeedsConfirmation
from chat.core.events import Spoken, Token, ToolCalled, ToolReturned
from chat.core.kit import Kit
from chat.core.turn import OPEN, Said, Turn
from guardian.core.gates import granted
from guardian.core.judging import book_of, judge, masked
from guardian.core.pii import Pseudonyms, Restorer
from guardian.core.rules import Facts
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

    What costs time (language, intent, scores) is found out only where a rule that could hold asks
    for it; an intent read here is not read again.

    Raises:
        AgainstRules: a rule refuses the message.
        NeedsConfirmation: a rule asks the caller to confirm it, and the caller has not.
    """
    rules = turn.policy.rules
    caller = turn.caller
    facts = Facts(role=caller.role, tenant=caller.tenant, channel=turn.channel)
    verdict = judge(turn.question, rules, facts)
    while verdict.lacks:
        if verdict.lacks == "intents" and turn.intent is OPEN:
            turn = replace(turn, intent=await kit.reader.read(turn))
        facts = replace(facts, **{verdict.lacks: _fact(verdict.lacks, turn, kit)})
        verdict = judge(turn.question, rules, facts)
    if (rule := verdict.refused_by) is not None:
        raise AgainstRules(detail=rule.sentence(turn.language), why={"rules": verdict.told()})
    if not turn.confirmed and (asking := verdict.by("confirm")):
        raise NeedsConfirmation(
            detail=asking[0].sentence(turn.language), why={"rules": verdict.told()}
        )
    if rules and (book := book_of(rules)).masks and turn.context:
        turn = replace(
            turn,
            context=tuple(
                Said(said.role, book.masked_before(said.text, facts)) for said in turn.context
            ),
        )
    if not verdict.findings:
        return turn
    return replace(turn, verdict=verdict, question=masked(turn.question, verdict))


def _fact(name: str, turn: Turn, kit: Kit) -> Any:
    """Find out about the message what a rule asks for."""
    if name == "language":
        return language_of(turn.question, turn.language).language
    if name == "intents":
        return _intents(turn)
    return {each: score(turn.question, "user") for each, score in kit.scorers.items()}


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
