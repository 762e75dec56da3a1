"""The micro route: curated answers."""

from chat.core.events import Ended
from chat.core.replaying import SaidAgain
from chat.core.turn import Reply, Turn

from .words import spoken_language, tokens_of


class MicroSpeaker:
    """Says the curated answer that the reader found.

    Never kept in the cache: finding it again is as quick, and an edit must be heard at once.
    """

    async def answer(self, turn: Turn) -> Reply | None:
        """Give the answer in the message's language; None when it is gone or there was none."""
        if turn.intent.name != "answer":
            return None
        name = turn.intent.slots.get("answer")
        found = next((answer for answer in turn.policy.answers if answer.name == name), None)
        if found is None:
            return None
        english = spoken_language(turn) == "en" and found.text_en
        text = found.text_en if english else found.text_sv
        return Reply(
            source="micro",
            route="micro",
            events=SaidAgain([*tokens_of(text), Ended()]),
            why={"answer": found.name, "confidence": turn.intent.confidence},
        )
