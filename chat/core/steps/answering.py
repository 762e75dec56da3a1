"""Understanding a message, choosing its route and answering it."""

from dataclasses import replace

from chat.core.errors import Unexpected
from chat.core.kit import Kit
from chat.core.turn import Reply, Turn


async def understand(turn: Turn, kit: Kit) -> Turn:
    """Read the language, the intent and its arguments from the message."""
    return replace(turn, intent=await kit.reader.read(turn))


async def choose_route(turn: Turn, kit: Kit) -> Turn:
    """Choose the routes to try: a curated answer or a tool when Alice is sure, else the model."""
    intent = turn.intent
    if intent.confidence < turn.policy.understanding.sure_at_least:
        return replace(turn, routes=("planner",))
    if intent.name == "answer":
        return replace(turn, routes=("micro", "planner"))
    if intent.name in turn.tools:
        return replace(turn, routes=("tool", "planner"))
    return replace(turn, routes=("planner",))


async def generate(turn: Turn, kit: Kit) -> Reply:
    """Answer along the first route that can; the planner always can.

    Nothing is said before the reply is read. So each turn gets a speaker of its own ready, and of
    those that ask the same at once only one is let to speak.
    """
    for route in turn.routes:
        reply = await kit.speakers[route].answer(turn)
        if reply is not None:
            return kit.flights.share(reply, turn)
    raise Unexpected()
