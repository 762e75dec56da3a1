"""Conversations on disk: the `Journal` of the pipeline."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from chat.core.errors import NoSuchConversation
from chat.core.events import Token, text_of
from chat.core.turn import Outcome, Said, Turn
from chat.models import Conversation, TurnRecord
from chat.reach import reach
from chat.services.conversations import history_of, title_of
from chat.services.storable import storable, storable_json


class DatabaseJournal:
    """Keeps each turn as one row, written when it is asked and completed when it is answered."""

    async def save_question(self, turn: Turn) -> tuple[Said, ...]:
        """Save the message as written and give what was said before it, oldest first.

        When this returns, the message survives a crash.

        Raises:
            NoSuchConversation: the conversation is deleted or somebody else's.
            OutOfReach: nothing can be saved right now.
        """
        return await reach(keep_question, turn=turn)

    async def save_reply(self, outcome: Outcome) -> None:
        """Save what was answered, complete or not, and the message too if that was not saved.

        Raises:
            NoSuchConversation: as `save_question`, when the message was not saved before.
            OutOfReach: nothing can be saved right now.
        """
        await reach(keep_reply, outcome=outcome)


@transaction.atomic
def keep_question(*, turn: Turn) -> tuple[Said, ...]:
    """Save a turn's message in its conversation, made if it begins there. Give what came before.

    Doing it twice is doing it once. A message that comes again under the sender's own id takes
    the place of the one before, which was never answered to the end.
    """
    conversation = _conversation_of(turn)
    history: tuple[Said, ...] = ()
    if turn.continues:
        most = turn.policy.routing.history_turns
        history = history_of(conversation, turns=most, but=turn.client_id)
    if conversation.turns.filter(pk=turn.id).exists():
        return history
    asked_at = turn.opened
    if turn.client_id:
        before = conversation.turns.filter(client_id=turn.client_id).first()
        if before is not None:
            asked_at = before.asked_at
            before.delete()
    question = storable(turn.text)
    TurnRecord.objects.create(
        id=turn.id,
        conversation=conversation,
        client_id=turn.client_id or None,
        question=question,
        search=question.casefold(),
        channel=turn.channel,
        asked_at=asked_at,
    )
    Conversation.objects.filter(pk=conversation.pk).update(updated=timezone.now())
    return history


@transaction.atomic
def keep_reply(*, outcome: Outcome) -> None:
    """Save how a turn went beside its message.

    A turn that was refused before its message was saved leaves nothing; one whose message could
    not be saved then is saved whole now.
    """
    turn, reply, ended = outcome.turn, outcome.reply, outcome.ended
    if turn.unsaved:
        keep_question(turn=turn)
    text = storable(text_of(outcome.said))
    answered: dict[str, Any] = {
        "reply": text,
        "search": f"{storable(turn.text)}\n{text}".casefold(),
        "state": _state_of(outcome),
        "error_code": outcome.error.code if outcome.error else "",
        "notes": storable_json([event for event in outcome.said if not isinstance(event, Token)]),
        "steps_ms": {name: round(ms, 3) for name, ms in outcome.steps_ms.items()},
        "elapsed_ms": round(outcome.elapsed_ms, 3),
        "tier": outcome.tier,
        "answered_at": timezone.now(),
    }
    if reply is not None:
        told = {"withheld": outcome.withheld} if outcome.withheld else {}
        why = storable_json({**reply.why, **told})
        answered |= {"source": reply.source, "route": reply.route, "why": why}
    if ended is not None:
        answered |= {
            "finish": ended.finish,
            "model": ended.model[:100],
            "prompt_tokens": ended.usage.prompt_tokens,
            "completion_tokens": ended.usage.completion_tokens,
        }
    TurnRecord.objects.filter(pk=turn.id).update(**answered)


def _conversation_of(turn: Turn) -> Conversation:
    """Get the turn's conversation, locked, or make it where it is to begin."""
    assert turn.conversation_id is not None
    caller, title = turn.caller, title_of(turn.text)
    locked = Conversation.objects.select_for_update()
    try:
        if turn.continues:
            conversation = locked.get(pk=UUID(turn.conversation_id))
        else:
            conversation, _ = locked.get_or_create(
                pk=UUID(turn.conversation_id),
                defaults={
                    "tenant_id": caller.tenant,
                    "person": caller.person,
                    "title": title,
                    "search": title.casefold(),
                },
            )
    except (ValueError, Conversation.DoesNotExist):
        raise NoSuchConversation() from None
    theirs = (conversation.tenant_id, conversation.person) != (caller.tenant, caller.person)
    if theirs or conversation.deleted is not None:
        raise NoSuchConversation()
    return conversation


def _state_of(outcome: Outcome) -> str:
    if outcome.error is not None:
        return TurnRecord.State.FAILED
    return TurnRecord.State.COMPLETE if outcome.complete else TurnRecord.State.STOPPED
