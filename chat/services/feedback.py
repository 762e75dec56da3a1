"""What people think of answers."""

from uuid import UUID

from django.db import transaction

from chat.core.errors import BadRequest, NoSuchConversation
from chat.core.turn import Caller
from chat.models import Feedback, TurnRecord
from fibcache import evidence, quarantine
from guardian.core.pii import Pseudonyms

from .storable import storable

COMMENT_CHARS = 2000


def give_feedback(
    *, caller: Caller, turn_id: str | UUID, thumb: str, comment: str = ""
) -> tuple[Feedback, bool]:
    """Keep the caller's thumb ("up" or "down") and comment on one of their own turns.

    A second thumb on the same turn takes the place of the first; tells whether it is the first
    that points that way. However often a person takes it back, the cache is to hear of it once:
    else one person could lift an answer through every tier.

    Raises:
        NoSuchConversation: the turn is not there, or in a conversation that is somebody else's.
        BadRequest: the thumb points nowhere, or the comment is too long.
    """
    if thumb not in Feedback.Thumb.values or len(comment) > COMMENT_CHARS:
        raise BadRequest()
    turn = _own_turn(caller, turn_id)
    with transaction.atomic():
        feedback, _ = Feedback.objects.update_or_create(
            turn=turn, defaults={"thumb": thumb, "comment": storable(comment).strip()}
        )
        if thumb == Feedback.Thumb.DOWN:
            quarantine.put_pair(
                tenant=caller.tenant, turn_id=turn.pk, why=turn.why, asked=_for_staff(turn)
            )
        else:
            quarantine.take_back(turn_id=turn.pk)
        up = thumb == Feedback.Thumb.UP
        evidence.note_thumb(why=turn.why, up=up, tenant=caller.tenant, turn_id=turn.pk)
        return feedback, _first(turn, "praised" if up else "blamed")


def withdraw_feedback(*, caller: Caller, turn_id: str | UUID) -> None:
    """Forget what the caller thought of one of their own turns.

    Raises:
        NoSuchConversation: as `give_feedback`.
    """
    turn = _own_turn(caller, turn_id)
    with transaction.atomic():
        Feedback.objects.filter(turn=turn).delete()
        quarantine.take_back(turn_id=turn.pk)
        evidence.forget_thumb(turn_id=turn.pk)


def _first(turn: TurnRecord, heard: str) -> bool:
    """Note that the cache hears of a thumb. Tells it to one of those who ask at the same time."""
    unheard = TurnRecord.objects.filter(pk=turn.pk, **{heard: False})
    return bool(unheard.update(**{heard: True}))


def _for_staff(turn: TurnRecord) -> str:
    """Mask a question so that staff may read it; nothing of one in the midst of a conversation."""
    earlier = TurnRecord.objects.filter(
        conversation=turn.conversation_id, asked_at__lt=turn.asked_at
    )
    return "" if earlier.exists() else Pseudonyms().mask(turn.question)


def _own_turn(caller: Caller, turn_id: str | UUID) -> TurnRecord:
    try:
        return TurnRecord.objects.get(
            pk=UUID(str(turn_id)),
            conversation__tenant=caller.tenant,
            conversation__person=caller.person,
            conversation__deleted=None,
        )
    except (TurnRecord.DoesNotExist, ValueError):
        raise NoSuchConversation() from None
