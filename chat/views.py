"""The chat page: a conversation, and the list of those there are."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from chat import live
from chat.core.errors import NoSuchConversation
from chat.core.policy import Policy
from chat.core.turn import Caller
from chat.models import Conversation
from chat.services import conversations
from chat.sessions import caller_of_session
from chat.showing import Shown, shown
from chat.strain import STRAIN

LISTED = 89
"""Conversations in the side list; the others are found by searching."""


@never_cache
@ensure_csrf_cookie
@require_safe
def page(request: HttpRequest, conversation_id: UUID | None = None) -> HttpResponseBase:
    """Show a conversation, or the beginning of a new one."""
    policy = live.current_sync()
    if _is_closed_to(request, policy):
        return redirect_to_login(request.get_full_path())
    caller = caller_of_session(request.session, request.user)
    query = request.GET.get("q", "")[:100]
    context = {
        "talk": _talk(caller, conversation_id),
        "blank": Shown(),
        "groups": _grouped(caller, query),
        "query": query,
        "limit": policy.bounds.message_chars,
        "person": caller.person,
        "examples": _examples(),
        "texts": _texts(),
        "state": STRAIN.state.told,
    }
    return render(request, "chat/page.html", context)


@never_cache
@require_safe
def side_list(request: HttpRequest) -> HttpResponse:
    """Show the list of conversations alone, for a page that is there already."""
    if _is_closed_to(request, live.current_sync()):
        return HttpResponse(status=401)
    caller = caller_of_session(request.session, request.user)
    query = request.GET.get("q", "")[:100]
    context = {"groups": _grouped(caller, query), "query": query}
    return render(request, "chat/_conversations.html", context)


def _is_closed_to(request: HttpRequest, policy: Policy) -> bool:
    return not request.user.is_authenticated and "guests" in policy.off


def _talk(caller: Caller, conversation_id: UUID | None) -> dict[str, object]:
    """Make ready one conversation; nothing where a new one begins."""
    if conversation_id is None:
        return {}
    try:
        conversation = conversations.open_conversation(
            caller=caller, conversation_id=conversation_id
        )
        records = conversations.turns_of(caller=caller, conversation_id=conversation_id)
    except NoSuchConversation:
        raise Http404 from None
    turns = [shown(record) for record in records]
    return {"id": conversation.id, "title": conversation.title, "turns": turns}


def _grouped(caller: Caller, query: str) -> list[dict[str, object]]:
    """Put the caller's conversations under the day they were last used."""
    listed = conversations.list_conversations(caller=caller, search=query, per_page=LISTED)
    today = timezone.localdate()
    groups: dict[str, list[Conversation]] = {}
    for conversation in listed.conversations:
        heading = _day(timezone.localdate(conversation.updated), today)
        groups.setdefault(heading, []).append(conversation)
    return [{"heading": day, "conversations": found} for day, found in groups.items()]


def _day(day: date, today: date) -> str:
    if day >= today:
        return _("I dag")
    if day == today - timedelta(days=1):
        return _("I går")
    if day > today - timedelta(days=7):
        return _("Senaste veckan")
    return _("Tidigare")


def _examples() -> list[dict[str, str]]:
    """Give questions that are answered without a language model."""
    return [
        {"about": _("Klockan"), "question": _("Vad är klockan i Tokyo?")},
        {"about": _("Räkning"), "question": _("Hur mycket är 15 % av 1 250?")},
        {"about": _("Mått"), "question": _("Hur många dl är 3 msk?")},
        {"about": _("Kalendern"), "question": _("När är midsommarafton?")},
    ]


def _texts() -> dict[str, str]:
    """Give what the script says."""
    return {
        "lost": _("Ingen kontakt med Alice. Jag försöker igen, och inget du skrivit går förlorat."),
        "back": _("Kontakten är tillbaka."),
        "unreachable": _("Alice går inte att nå just nu. Försök igen om en stund."),
        "copied": _("Kopierat."),
        "deleted": _("Samtalet är raderat."),
        "stopped": _("Svaret stoppades."),
        "thanks": _("Tack!"),
        "retry_after": _("Försök igen om {n} s."),
        "left": _("{n} tecken kvar"),
        "too_long": _("{n} tecken för mycket"),
    }
