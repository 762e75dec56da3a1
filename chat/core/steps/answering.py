"""Understanding a message, choosing its route and answering it."""

from dataclasses import replace

from chat.core.easing import eased, let_to_model
from chat.core.errors import OnlyRemembered, Unexpected
from chat.core.kit import Kit
from chat.core.limiting import begin
from chat.core.turn import OPEN, Reply, Turn


async def understand(turn: Turn, kit: Kit) -> Turn:
    """Read the language, the intent and its arguments from the message."""
    if turn.intent is not OPEN:  # a rule of Guardian's asked for it
        return turn
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
    those that ask the same at once only one is let to speak. What a model may be asked for is
    limited, and what needs no model is not.
    """
    remembered_only = turn.verdict.by("cache_only")
    for route in turn.routes:
        if route == "planner" and remembered_only:
            raise OnlyRemembered(
                detail=remembered_only[0].sentence(turn.language),
                why={"rules": turn.verdict.told()},
            )
        if route == "planner":
            let_to_model(turn)
            turn = eased(turn)
            await begin(turn, kit.limiter)
        reply = await kit.speakers[route].answer(turn)
        if reply is not None:
            if route == "planner" and turn.state:
                # A lesser answer than usual is not to outlive the strain.
                reply = replace(reply, keep=False)
            return kit.flights.share(reply, turn)
    raise Unexpected()
