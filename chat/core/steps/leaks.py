"""The way out: what must not leave with a model's answer."""

from collections.abc import AsyncIterator
from dataclasses import replace

from chat.core.events import WITHHELD, Noted, Spoken, Token, ToolCalled, ToolReturned
from chat.core.kit import Kit
from chat.core.turn import Turn
from guardian.core.leaks import Watch, sentence


def withhold_leaks(events: AsyncIterator[Spoken], turn: Turn, kit: Kit) -> AsyncIterator[Spoken]:
    """Take instructions, credentials and links that carry data away out of a model's words.

    Before personal data is put back, so that a placeholder in a link is seen for what it is. Words
    that staff wrote, and tools on their own route, pass as they are.
    """
    if turn.route != "planner":
        return events
    leaks, prompt = turn.policy.leaks, turn.policy.routing.system_prompt
    own = [said.text for said in turn.context if said.role == "system"]
    watch = Watch(
        leaks,
        instructions=[prompt, *own] if leaks.client_instructions else [prompt],
        conversation=[prompt, turn.question, *(said.text for said in turn.context)],
        language=turn.language,
    )
    return _withheld(events, watch, turn.language)


async def _withheld(
    events: AsyncIterator[Spoken], watch: Watch, language: str
) -> AsyncIterator[Spoken]:
    told = 0
    async for event in events:
        if isinstance(event, Noted):
            yield event
            continue
        if isinstance(event, Token):
            if text := watch.feed(event.text):
                yield Token(text)
        else:
            if text := watch.rest():
                yield Token(text)
            yield _whole(event, watch)
        for kind in list(watch.found)[told:]:
            told += 1
            yield Noted(f"{WITHHELD}{kind}", sentence(kind, language))
    if text := watch.rest():
        yield Token(text)
    for kind in list(watch.found)[told:]:
        yield Noted(f"{WITHHELD}{kind}", sentence(kind, language))


def _whole(event: Spoken, watch: Watch) -> Spoken:
    """Take leaks out of an event that is told in one piece, and learn what a tool said."""
    if isinstance(event, ToolCalled):
        written = {
            name: watch.whole(value) if isinstance(value, str) else value
            for name, value in event.arguments.items()
        }
        return replace(event, arguments=written)
    if isinstance(event, ToolReturned):
        watch.conversation.append(event.text)
        return replace(event, text=watch.whole(event.text))
    return event
