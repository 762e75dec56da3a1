"""Staff see in the console how conversations went, and never what others said in them."""

import asyncio
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.core.turn import Caller
from chat.journal import DatabaseJournal
from chat.models import ApiKey, Conversation, Feedback, TurnRecord, User
from chat.services.callers import caller_for_key
from tests.fakes import ScriptedSpeaker, a_kit, a_turn, hear

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def console() -> Client:
    admin = User.objects.create_superuser("admin")
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def a_talk() -> TurnRecord:
    speaker = ScriptedSpeaker("hemligt svar", why={"för": "hemligheten"})
    kit = a_kit(speaker=speaker, journal=DatabaseJournal())
    caller = Caller(tenant="alice", person="user:77", role="member")
    turn = a_turn("hemlig fråga", conversation_id=str(uuid4()), caller=caller)
    asyncio.run(hear(turn, kit))
    return TurnRecord.objects.get()


def page(console: Client, model: type, pk: object = None, query: str = "") -> str:
    name = f"admin:chat_{model._meta.model_name}_{'changelist' if pk is None else 'change'}"
    response = console.get(reverse(name, args=() if pk is None else (pk,)) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_conversations_and_turns_are_shown_without_their_words(console: Client, a_talk: TurnRecord):
    pages = (
        page(console, Conversation),
        page(console, Conversation, a_talk.conversation_id),
        page(console, TurnRecord),
        page(console, TurnRecord, a_talk.pk),
        page(console, TurnRecord, query="?q=user:77"),
    )
    for html in pages:
        assert "hemlig" not in html
        assert "user:77" in html


def test_words_can_not_be_searched_for_either(console: Client, a_talk: TurnRecord):
    for model in (Conversation, TurnRecord):
        assert "user:77" not in re.sub(r"<input[^>]*>", "", page(console, model, query="?q=hemlig"))


def test_feedback_is_read_with_its_comment(console: Client, a_talk: TurnRecord):
    TurnRecord.objects.update(model="qwen2.5:3b")
    given = Feedback.objects.create(turn=a_talk, thumb="down", comment="Det stämmer inte.")

    for html in (page(console, Feedback), page(console, Feedback, given.pk)):
        assert "Det stämmer inte." in html and "planner" in html and "qwen2.5:3b" in html
        assert "hemlig" not in html


def test_nothing_said_can_be_changed(console: Client, a_talk: TurnRecord):
    url = reverse("admin:chat_turnrecord_change", args=(a_talk.pk,))

    assert console.post(url, {"state": "failed"}).status_code == 403
    assert TurnRecord.objects.get().state == "complete"


def test_lists_never_count_the_whole_table(console: Client, a_talk: TurnRecord):
    for model in (Conversation, TurnRecord, Feedback):
        with CaptureQueriesContext(connection) as queries:
            page(console, model)
        counts = [q["sql"] for q in queries if q["sql"].startswith("SELECT COUNT(")]
        assert counts == []


def test_a_key_is_made_shown_once_and_revoked(console: Client):
    add = reverse("admin:chat_apikey_add")
    form = {"name": "skript", "owner": User.objects.get().pk, "scopes": ["chat", "staff"]}

    shown = console.post(add, form, follow=True).content.decode()
    key = re.search(r"alice_\w{8}\.\w{32}", shown)

    assert key is not None
    assert caller_for_key(key=key[0]).scopes == {"chat", "staff"}
    record = ApiKey.objects.get()
    for html in (page(console, ApiKey), page(console, ApiKey, record.pk)):
        assert record.visible in html and key[0] not in html
    console.post(
        reverse("admin:chat_apikey_changelist"), {"action": "revoke", "_selected_action": record.pk}
    )
    assert ApiKey.objects.get().revoked


def test_the_console_names_in_swedish_only_what_is_written(console: Client):
    html = console.get(reverse("admin:index")).content.decode()

    assert "Misslyckade inloggningar" in html
    assert "Access" not in html


def test_a_turn_tells_its_steps_in_words(console: Client, a_talk: TurnRecord):
    html = page(console, TurnRecord, a_talk.pk)

    assert "Väljer väg: " in html
    assert "choose_route" not in html


def test_a_key_for_staff_is_refused_to_others(console: Client):
    ida = User.objects.create_user("ida")
    form = {"name": "skript", "owner": ida.pk, "scopes": ["staff"]}

    answer = console.post(reverse("admin:chat_apikey_add"), form)

    assert "driftansvarigs nyckel" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_whose_owner_is_staff_no_more_can_still_be_revoked(console: Client):
    ida = User.objects.create_user("ida", is_staff=True)
    record, _ = ApiKey.objects.create_key(name="skript", owner=ida, scopes=["staff"])
    User.objects.filter(pk=ida.pk).update(is_staff=False)

    url = reverse("admin:chat_apikey_change", args=(record.pk,))
    console.post(url, {"name": "skript", "revoked": "on"})

    assert ApiKey.objects.get().revoked
