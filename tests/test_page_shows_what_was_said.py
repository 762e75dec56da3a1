"""The page is drawn by the server: history, the list of conversations, and who may see them."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client

from chat import live
from chat.core.policy import Policy
from chat.models import Conversation, Feedback, TurnRecord, User
from chat.services.callers import caller_for_guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def guest(client: Client) -> Client:
    """A guest who has been on the page once, so that there is a session."""
    client.get("/")
    return client


def a_talk(client: Client, title: str = "Om hösten", **fields: object) -> TurnRecord:
    """Keep a conversation of one turn, of the client's own."""
    person = caller_for_guest(mark=str(client.session.session_key)).person
    conversation = Conversation.objects.create(tenant_id="alice", person=person, title=title)
    said = {"question": "Hur är hösten?", "reply": "Den är **vacker**.", "state": "complete"}
    record = {"source": "L3", "route": "planner", "tier": "L3", "elapsed_ms": 1234.5, **said}
    return TurnRecord.objects.create(
        id=uuid4(), conversation=conversation, client_id="a-1", **{**record, **fields}
    )


def shown(client: Client, record: TurnRecord) -> str:
    return client.get(f"/c/{record.conversation_id}/").content.decode()


def test_what_was_said_is_there(guest):
    html = shown(guest, a_talk(guest))

    assert "Hur är hösten?" in html
    assert "<p>Den är <strong>vacker</strong>.</p>" in html
    assert "Svar från cache L3" in html
    assert "1\xa0234 ms" in html or "1\xa0235 ms" in html
    assert "Om hösten – Alice" in html


def test_an_answer_that_was_shared_says_so(guest):
    sentence = "Någon annan ställde samma fråga samtidigt."

    assert sentence not in shown(guest, a_talk(guest))
    assert sentence in shown(guest, a_talk(guest, why={"joined": True}))


def test_what_people_write_is_never_part_of_the_page(guest):
    attack = "<script>alert(1)</script>"
    html = shown(guest, a_talk(guest, title=attack, question=attack, reply=attack))

    assert attack not in html
    assert html.count("&lt;script&gt;") >= 4


@pytest.mark.parametrize(
    ("fields", "state", "sentence"),
    [
        ({"state": "stopped"}, "stopped", "Svaret stoppades."),
        ({"state": "open", "reply": ""}, "unfinished", "Svaret blev inte klart."),
        (
            {"state": "failed", "error_code": "model_silent", "reply": ""},
            "failed",
            "Språkmodellen svarar inte just nu.",
        ),
    ],
)
def test_an_answer_that_is_not_whole_says_so(guest, fields, state, sentence):
    html = shown(guest, a_talk(guest, **fields))

    assert f'data-state="{state}"' in html
    assert sentence in html


def test_tools_and_remarks_are_shown(guest):
    notes = [
        {"type": "tool_called", "name": "calculator", "arguments": {}},
        {"type": "tool_returned", "name": "calculator", "text": "187,5", "ok": True},
        {"type": "noted", "code": "waiting", "text": "Tänker fortfarande …"},
        {"type": "noted", "code": "other_model", "text": "En annan modell svarar."},
    ]
    html = shown(guest, a_talk(guest, source="planner", notes=notes))

    assert '<li class="tool">Räknare: 187,5</li>' in html
    assert '<li class="noted">En annan modell svarar.</li>' in html
    assert "Tänker fortfarande" not in html


def test_a_thumb_that_was_given_is_pressed(guest):
    record = a_talk(guest)
    Feedback.objects.create(turn=record, thumb="up", comment="Bra!")

    assert 'data-thumb="up"' in shown(guest, record)


def test_somebody_elses_conversation_is_not_there(guest):
    record = a_talk(guest)
    stranger = Client()

    assert stranger.get(f"/c/{record.conversation_id}/").status_code == 404
    assert "Om hösten" not in stranger.get("/").content.decode()


def test_the_list_finds_what_was_said(guest):
    a_talk(guest, search="hur är hösten?\nden är vacker.")

    assert "Om hösten" in guest.get("/samtal/?q=HÖSTEN").content.decode()
    assert "Om hösten" not in guest.get("/samtal/?q=giraff").content.decode()


def test_where_there_are_no_guests_the_page_asks_one_to_sign_in(client):
    with live.pinned(replace(Policy(), off=frozenset({"guests"}))):
        answer = client.get("/")
        assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/")
        assert client.get("/samtal/").status_code == 401
        User.objects.create_user("anna", password="hemligt-ord-1")
        client.post("/login/", {"username": "anna", "password": "hemligt-ord-1"})
        assert client.get("/").status_code == 200


def test_the_limit_is_the_policys(client):
    policy = Policy()
    with live.pinned(replace(policy, bounds=replace(policy.bounds, message_chars=987))):
        assert 'data-limit="987"' in client.get("/").content.decode()


def test_english_is_spoken_to_those_who_choose_it(client):
    client.post("/setlang/", {"language": "en", "next": "/"})
    html = client.get("/").content.decode()

    assert '<html lang="en">' in html
    assert "What would you like to know?" in html


def test_a_browser_is_answered_in_swedish_unless_it_asks_for_english(client):
    assert '<html lang="sv">' in client.get("/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert '<html lang="en">' in client.get("/", HTTP_ACCEPT_LANGUAGE="en-GB").content.decode()


def test_nothing_on_the_page_is_against_its_own_policy(guest):
    answer = guest.get("/")
    html = answer.content.decode()

    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert " style=" not in html and "<style" not in html and " onclick=" not in html
    assert html.count("<script") == html.count("<script src=") + html.count(
        '<script type="module" src='
    ) + html.count('<script id="texts" type="application/json">')


def test_a_page_that_is_not_there_says_so_kindly(client):
    answer = client.get(f"/c/{uuid4()}/")

    assert answer.status_code == 404
    assert "Sidan finns inte" in answer.content.decode()


def test_a_page_that_fails_says_so_without_leaning_on_anything():
    html = render_to_string("500.html")

    assert "Något gick fel" in html


def test_a_form_without_its_token_is_told_why():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "anna", "password": "x"})

    assert answer.status_code == 403
    assert "Sidan har blivit för gammal" in answer.content.decode()
