"""A conversation to take along: everything in it as JSON, or as Markdown for reading."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from msgspec import json

from chat.core.turn import Caller
from chat.models import Conversation, TurnRecord

from .conversations import open_conversation, turns_of


def export_json(*, caller: Caller, conversation_id: str | UUID) -> str:
    """Write one of the caller's conversations as JSON, with all that is kept of it.

    Raises:
        NoSuchConversation: it is not there, deleted or somebody else's.
    """
    conversation = open_conversation(caller=caller, conversation_id=conversation_id)
    turns = turns_of(caller=caller, conversation_id=conversation_id)
    whole = {
        "id": conversation.pk,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "turns": [_as_json(turn) for turn in turns],
    }
    return json.format(json.encode(whole), indent=2).decode()


def export_markdown(*, caller: Caller, conversation_id: str | UUID) -> str:
    """Write one of the caller's conversations as Markdown, in the language that is active.

    Raises:
        NoSuchConversation: it is not there, deleted or somebody else's.
    """
    conversation = open_conversation(caller=caller, conversation_id=conversation_id)
    turns = turns_of(caller=caller, conversation_id=conversation_id)
    parts = [f"# {_heading(conversation)}", f"*{_moment(conversation.created)}*"]
    for turn in turns:
        parts.append(f"## {_('Du')}, {_moment(turn.asked_at)}")
        parts.append(_quoted(turn.question))
        parts.append("## Alice")
        parts.append(turn.reply or f"*{_('Inget svar.')}*")
        if remark := _remark(turn):
            parts.append(f"*{remark}*")
    return "\n\n".join(parts) + "\n"


def file_name(*, conversation: Conversation, ending: str) -> str:
    """Name the exported file, such as "alice-2026-06-19.md"."""
    day = timezone.localdate(conversation.created).isoformat()
    return f"alice-{day}.{ending}"


def _as_json(turn: TurnRecord) -> dict[str, Any]:
    feedback = getattr(turn, "feedback", None)
    return {
        "id": turn.pk,
        "question": turn.question,
        "reply": turn.reply,
        "state": turn.state,
        "error_code": turn.error_code,
        "route": turn.route,
        "source": turn.source,
        "tier": turn.tier,
        "model": turn.model,
        "finish": turn.finish,
        "notes": turn.notes,
        "why": turn.why,
        "steps_ms": turn.steps_ms,
        "elapsed_ms": turn.elapsed_ms,
        "prompt_tokens": turn.prompt_tokens,
        "completion_tokens": turn.completion_tokens,
        "channel": turn.channel,
        "asked_at": turn.asked_at,
        "answered_at": turn.answered_at,
        "feedback": feedback and {"thumb": feedback.thumb, "comment": feedback.comment},
    }


def _heading(conversation: Conversation) -> str:
    return conversation.title or _("Samtal med Alice")


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _quoted(text: str) -> str:
    """Quote what a person wrote: a "# " in it must not become a heading of ours."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _remark(turn: TurnRecord) -> str:
    if turn.state == TurnRecord.State.STOPPED:
        return _("Svaret avbröts.")
    if turn.state == TurnRecord.State.FAILED:
        return _("Svaret blev inte klart.")
    return ""
