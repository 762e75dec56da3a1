"""Personal data, rules and tools: what may be said, stored and used."""

from collections.abc import AsyncIterator
from dataclasses import replace

from chat.core.errors import AgainstRules
from chat.core.events import Spoken, Token, ToolCalled, ToolReturned
from chat.core.kit import Kit
from chat.core.turn import Said, Turn
from guardian.core.pii import Pseudonyms, Restorer
from guardian.core.rules import granted, judge


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
    """Apply Guardian's rules to the message."""
    verdict = judge(turn.question, turn.policy.rules, role=turn.caller.role)
    if verdict.refused_by is not None:
        raise AgainstRules(detail=verdict.refused_by.sentence(turn.language))
    return replace(turn, flags=verdict.flags) if verdict.flags else turn


async def grant_tools(turn: Turn, kit: Kit) -> Turn:
    """Note which tools this caller may use."""
    return replace(turn, tools=granted(kit.tools, turn.policy.gates, role=turn.caller.role))
