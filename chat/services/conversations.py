"""A person's own conversations. Everything asks for the caller, and finds only what is theirs."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from chat.core.errors import NoSuchConversation
from chat.core.turn import Caller, Said
from chat.models import ApiKey, Conversation, ReplayRecord, TurnRecord, User

from .storable import storable

PAGE = 34
"""Conversations in one page of the list."""

UNDO_FOR = timedelta(days=7)
"""How long a deleted conversation can be brought back; then it is purged."""

TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Page:
    """Some conversations, newest first, and whether there are more."""

    conversations: tuple[Conversation, ...]
    more: bool


def of_caller(*, caller: Caller) -> QuerySet[Conversation]:
    """Give all of the caller's conversations that are not deleted, newest first."""
    return Conversation.objects.filter(
        tenant_id=caller.tenant, person=caller.person, deleted=None
    ).order_by("-updated", "-created")


def list_conversations(
    *, caller: Caller, search: str = "", page: int = 1, per_page: int = PAGE
) -> Page:
    """List the caller's conversations; with `search`, those where every word of it was said.

    Case does not matter, not even in å, ä and ö. Pages count from 1.
    """
    found = of_caller(caller=caller)
    for word in storable(search).casefold().split()[:8]:
        said = TurnRecord.objects.filter(search__contains=word).values("conversation")
        mine = said.filter(conversation__tenant=caller.tenant, conversation__person=caller.person)
        found = found.filter(Q(search__contains=word) | Q(pk__in=mine))
    first = max(page - 1, 0) * per_page
    rows = tuple(found[first : first + per_page + 1])
    return Page(rows[:per_page], more=len(rows) > per_page)


def open_conversation(*, caller: Caller, conversation_id: str | UUID) -> Conversation:
    """Get one of the caller's conversations.

    Raises:
        NoSuchConversation: it is not there, deleted or somebody else's; one can't tell which.
    """
    return _one(of_caller(caller=caller), conversation_id)


def turns_of(*, caller: Caller, conversation_id: str | UUID) -> tuple[TurnRecord, ...]:
    """Give the turns of one of the caller's conversations, oldest first, with their feedback.

    Raises:
        NoSuchConversation: as `open_conversation`.
    """
    conversation = open_conversation(caller=caller, conversation_id=conversation_id)
    return tuple(conversation.turns.select_related("feedback"))


def history_of(conversation: Conversation, *, turns: int, but: str = "") -> tuple[Said, ...]:
    """Give the last `turns` turns that have a reply, oldest first, as `Turn.history` wants them.

    Args:
        but: the sender's id of the message that is asked now; a retry must not lean on itself.
    """
    answered = conversation.turns.exclude(reply="").order_by("-asked_at", "-id")
    if but:
        answered = answered.exclude(client_id=but)
    newest_first = answered.values_list("question", "reply")[: max(turns, 0)]
    return tuple(
        said
        for question, reply in reversed(newest_first)
        for said in (Said("user", question), Said("assistant", reply))
    )


def create(*, caller: Caller, title: str = "") -> Conversation:
    """Begin a conversation of the caller's, with nothing said in it yet."""
    return Conversation.objects.create(
        tenant_id=caller.tenant, person=caller.person, title=" ".join(storable(title).split())[:100]
    )


def rename(*, caller: Caller, conversation_id: str | UUID, title: str) -> Conversation:
    """Give a conversation another title; an empty one leaves the old.

    Raises:
        NoSuchConversation: as `open_conversation`.
    """
    conversation = open_conversation(caller=caller, conversation_id=conversation_id)
    if title := " ".join(storable(title).split())[:100]:
        conversation.title, conversation.search = title, title.casefold()
        conversation.save(update_fields=["title", "search"])
    return conversation


def delete(*, caller: Caller, conversation_id: str | UUID) -> None:
    """Delete a conversation. It can be brought back for a week.

    Raises:
        NoSuchConversation: as `open_conversation`.
    """
    conversation = open_conversation(caller=caller, conversation_id=conversation_id)
    conversation.deleted = timezone.now()
    conversation.save(update_fields=["deleted"])
    # The answers kept for a repeated Idempotency-Key hold the same words, and have no undo.
    ReplayRecord.objects.filter(conversation_id=conversation.pk, person=caller.person).delete()


def restore(*, caller: Caller, conversation_id: str | UUID) -> Conversation:
    """Bring back a deleted conversation; one that is not deleted stays as it is.

    Raises:
        NoSuchConversation: it is not there, purged or somebody else's.
    """
    mine = Conversation.objects.filter(tenant_id=caller.tenant, person=caller.person)
    conversation = _one(mine, conversation_id)
    conversation.deleted = None
    conversation.save(update_fields=["deleted"])
    return conversation


def purge_conversations() -> int:
    """Remove for good what was deleted a week ago, and what nobody can reach any more.

    That is what people and keys that are gone have left, and guests who have been silent for as
    long as a session lasts: theirs began before they said anything, so it has run out.

    Returns:
        How many conversations were removed.
    """
    now = timezone.now()
    old = Conversation.objects.filter(deleted__lt=now - UNDO_FOR)
    out_of_session = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    guests = Conversation.objects.filter(person__startswith="guest:", updated__lt=out_of_session)
    # Who has conversations is read before who there is: somebody new must not look gone.
    having = set(Conversation.objects.order_by().values_list("person", flat=True).distinct())
    users = {f"user:{pk}" for pk in User.objects.values_list("pk", flat=True)}
    keys = {f"key:{key.mark}" for key in ApiKey.objects.only("prefix", "line", "revoked")}
    removed = _remove(old) + _remove(guests)
    for person in having - users - keys:
        if not person.startswith("guest:"):
            removed += _remove(Conversation.objects.filter(person=person))
    return removed


def title_of(question: str) -> str:
    """Make a title of the first question: its beginning, ended at a word."""
    words = " ".join(storable(question).split())
    if len(words) <= TITLE_CHARS:
        return words
    head = words[:TITLE_CHARS]
    return f"{head.rpartition(' ')[0] or head} …"


def _remove(conversations: QuerySet[Conversation]) -> int:
    return conversations.delete()[1].get(Conversation._meta.label, 0)


def _one(among: QuerySet[Conversation], conversation_id: str | UUID) -> Conversation:
    try:
        return among.get(pk=UUID(str(conversation_id)))
    except (Conversation.DoesNotExist, ValueError):
        raise NoSuchConversation() from None
