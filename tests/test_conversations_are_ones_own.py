"""`/api/conversations` and `/api/feedback` serve what is the caller's own, and nobody else's."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from chat.models import ApiKey, Conversation, Feedback, Tenant, TurnRecord, User

from .test_api_description_is_true import check

pytestmark = pytest.mark.django_db

ALL = "/api/conversations"


class Api:
    """A program with a key of its own."""

    def __init__(self, username: str, *, tenant: str = "alice", **key: Any) -> None:
        Tenant.objects.get_or_create(slug=tenant, defaults={"name": tenant})
        user, _ = User.objects.get_or_create(username=username, tenant_id=tenant)
        self.key, secret = ApiKey.objects.create_key(name="test", owner=user, **key)
        self.person, self.tenant = f"key:{self.key.prefix}", tenant
        self.client = Client(headers={"authorization": f"Bearer {secret}"})

    def __getattr__(self, method: str) -> Any:
        def call(path: str, body: Any = None, **more: Any) -> Any:
            sent = {} if body is None else {"data": body, "content_type": "application/json"}
            return getattr(self.client, method)(path, **sent, **more)

        return call

    def said(self, question: str, reply: str = "Svar.", **fields: Any) -> Conversation:
        conversation = Conversation.objects.create(
            tenant_id=self.tenant, person=self.person, title=question[:60]
        )
        TurnRecord.objects.create(
            id=uuid4(),
            conversation=conversation,
            question=question,
            reply=reply,
            search=f"{question} {reply}".casefold(),
            state="complete",
            **fields,
        )
        return conversation


@pytest.fixture
def mine() -> Api:
    return Api("anna")


@pytest.fixture
def theirs() -> Api:
    return Api("bo", tenant="grannen")


def test_the_list_is_ones_own_newest_first_and_can_be_searched(mine, theirs):
    old = mine.said("Hur lång är Storsjön?")
    Conversation.objects.filter(pk=old.pk).update(updated=timezone.now() - timedelta(days=1))
    new = mine.said("Vad väger en ÄLG?", "Omkring 400 kg.")
    theirs.said("Vad väger en älg hos grannen?")

    everything = mine.get(ALL).json()
    found = mine.get(ALL, headers={"accept": "application/json"}, query_params={"q": "älg 400"})

    assert [one["id"] for one in everything["results"]] == [str(new.pk), str(old.pk)]
    assert everything["page"] == 1 and everything["more"] is False
    assert [one["id"] for one in found.json()["results"]] == [str(new.pk)]


def test_a_long_list_comes_in_pages(mine):
    for number in range(35):
        mine.said(f"Fråga {number}")

    first = mine.get(ALL).json()
    second = mine.get(ALL, query_params={"page": "2"}).json()

    assert (len(first["results"]), first["more"]) == (34, True)
    assert (len(second["results"]), second["more"]) == (1, False)


def test_a_conversation_is_made_renamed_deleted_and_brought_back(mine):
    made = mine.post(ALL, {"title": " En  titel "})
    one = f"{ALL}/{made.json()['id']}"

    renamed = mine.patch(one, {"title": "En annan"})
    deleted = mine.delete(one)
    gone = mine.get(one)
    restored = mine.post(f"{one}/restore")

    assert made.status_code == 201 and made.json()["title"] == "En titel"
    assert renamed.json()["title"] == "En annan"
    assert deleted.status_code == 204
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "no_such_conversation")
    assert restored.status_code == 200 and mine.get(one).status_code == 200


def test_a_conversation_comes_with_its_turns(mine):
    conversation = mine.said("hej", "Hej på dig!", source="L1", tier="L1", route="micro")

    whole = mine.get(f"{ALL}/{conversation.pk}").json()

    (turn,) = whole["turns"]
    assert (turn["question"], turn["reply"], turn["source"]) == ("hej", "Hej på dig!", "L1")
    assert turn["feedback"] is None


@pytest.mark.parametrize(("wanted", "kind"), [("json", "application/json"), ("markdown", "text/")])
def test_a_conversation_can_be_taken_along(mine, wanted, kind):
    conversation = mine.said("Vad väger en älg?", "Omkring 400 kg.")

    file = mine.get(f"{ALL}/{conversation.pk}/export", query_params={"format": wanted})

    assert file["Content-Type"].startswith(kind)
    assert file["Content-Disposition"].startswith('attachment; filename="alice-')
    assert "Vad väger en älg?" in file.content.decode()
    if wanted == "json":
        assert json.loads(file.content)["turns"][0]["reply"] == "Omkring 400 kg."


def test_nobody_reaches_anybody_elses_conversation(mine, theirs):
    conversation = mine.said("Min hemlighet")
    turn = conversation.turns.get()
    one = f"{ALL}/{conversation.pk}"

    answers = [
        theirs.get(one),
        theirs.patch(one, {"title": "Stulen"}),
        theirs.delete(one),
        theirs.post(f"{one}/restore"),
        theirs.get(f"{one}/export"),
        theirs.post("/api/feedback", {"turn_id": str(turn.pk), "thumb": "up"}),
        theirs.put(f"/api/feedback/{turn.pk}", {"thumb": "up"}),
        theirs.delete(f"/api/feedback/{turn.pk}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 8
    assert all("hemlighet" not in answer.content.decode() for answer in answers)
    conversation.refresh_from_db()
    assert conversation.title == "Min hemlighet" and conversation.deleted is None


def test_a_thumb_is_given_changed_and_taken_back(mine):
    turn = mine.said("hej").turns.get()
    one = f"/api/feedback/{turn.pk}"

    given = mine.post("/api/feedback", {"turn_id": str(turn.pk), "thumb": "up"})
    changed = mine.put(one, {"thumb": "down", "comment": "Fel stad."})
    shown = mine.get(f"{ALL}/{turn.conversation_id}").json()["turns"][0]["feedback"]
    taken_back = mine.delete(one)

    assert given.status_code == 201 and given.json()["thumb"] == "up"
    assert changed.json()["comment"] == "Fel stad."
    assert shown == {"thumb": "down", "comment": "Fel stad."}
    assert taken_back.status_code == 204 and not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("patch", "{one}", {}, 400, "bad_request"),
        ("patch", "{one}", {"title": 7 * ["x"]}, 400, "bad_request"),
        ("patch", "{one}", {"title": "x" * 101}, 400, "bad_request"),
        ("patch", "{one}", {"title": "a\0b"}, 400, "bad_request"),
        ("patch", "{one}", [], 400, "bad_request"),
        ("put", "{one}", {"title": "x"}, 405, "method_not_allowed"),
        ("post", ALL, b'{"title": "\xff"}', 400, "bad_json"),
        ("post", ALL, b"[" * 99999, 400, "bad_json"),
        ("post", ALL, b'{"title": "' + b"a" * 10_000_000 + b'"}', 413, "body_too_large"),
        ("get", ALL + "/no-uuid", None, 404, "not_found"),
        ("get", ALL + "?page=-1", None, 400, "bad_request"),
        ("get", ALL + "?page=" + "9" * 99, None, 400, "bad_request"),
        ("get", ALL + "?q=%00", None, 400, "bad_request"),
        ("get", ALL + "?q=" + "a" * 201, None, 400, "bad_request"),
        ("get", "{one}/export?format=exe", None, 400, "bad_request"),
        ("post", "/api/feedback", {"thumb": "up"}, 400, "bad_request"),
        ("post", "/api/feedback", {"turn_id": "x", "thumb": "up"}, 400, "bad_request"),
        ("put", "/api/feedback/{turn}", {"thumb": "sideways"}, 400, "bad_request"),
        ("put", "/api/feedback/{turn}", {"thumb": "up", "comment": "a" * 2001}, 400, "bad_request"),
    ],
)
def test_bad_requests_get_clear_answers(mine, method, path, body, status, code):
    conversation = mine.said("hej")
    path = path.format(one=f"{ALL}/{conversation.pk}", turn=conversation.turns.get().pk)

    answer = getattr(mine, method)(path, body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["turn_id"] == answer["X-Request-ID"] != ""


def test_only_json_is_taken(mine):
    answer = mine.client.post(ALL, "title=x", content_type="text/plain")

    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "wrong_type")


@pytest.mark.parametrize(
    "key",
    [
        {"revoked": True},
        {"expiry_date": timezone.now() - timedelta(seconds=1)},
        {"scopes": ["documents"]},
    ],
)
def test_a_key_that_does_not_hold_opens_nothing(key):
    answer = Api("anna", **key).get(ALL)

    assert answer.status_code == (403 if "scopes" in key else 401)
    assert answer.json()["error"]["code"] in ("bad_key", "not_allowed")


def test_without_key_or_session_one_is_asked_to_sign_in(client):
    answer = client.get(ALL)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"]


def test_a_session_will_do_and_needs_its_csrf_token(mine):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(mine.key.owner, "django.contrib.auth.backends.ModelBackend")
    browser.cookies["csrftoken"] = "a" * 32

    without = browser.post(ALL, {"title": "x"}, content_type="application/json")
    with_it = browser.post(
        ALL, {"title": "x"}, content_type="application/json", headers={"x-csrftoken": "a" * 32}
    )

    assert (without.status_code, without.json()["error"]["code"]) == (403, "csrf_failed")
    assert with_it.status_code == 201
    assert browser.get(ALL).json()["results"][0]["id"] == with_it.json()["id"]


def test_a_guest_has_the_conversations_of_the_session(client):
    session = client.session
    session["visited"] = True
    session.save()

    made = client.post(ALL, {"title": "x"}, content_type="application/json")

    assert made.status_code == 201
    assert len(client.get(ALL).json()["results"]) == 1
    assert Conversation.objects.get().person.startswith("guest:")
    assert Client().get(ALL).status_code == 401


def test_answers_look_as_described(mine):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    turn = mine.said("hej", steps_ms={"admit": 0.1}, notes=[{"type": "noted"}]).turns.get()
    one, whole = f"{ALL}/{turn.conversation_id}", ALL + "/{conversation_id}"

    check(schema, ALL, "get", mine.get(ALL))
    check(schema, ALL, "get", mine.get(ALL + "?page=0"))
    check(schema, ALL, "post", mine.post(ALL, {}))
    check(schema, whole, "get", mine.get(one))
    check(schema, whole, "patch", mine.patch(one, {"title": "x"}))
    check(schema, whole, "patch", mine.patch(one, {}))
    check(schema, whole + "/restore", "post", mine.post(one + "/restore"))
    given = mine.post("/api/feedback", {"turn_id": str(turn.pk), "thumb": "up"})
    check(schema, "/api/feedback", "post", given)
    changed = mine.put(f"/api/feedback/{turn.pk}", {"thumb": "down"})
    check(schema, "/api/feedback/{turn_id}", "put", changed)
    check(schema, whole, "get", mine.get(one))
