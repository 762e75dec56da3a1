"""The socket believes the session, as it is when something is asked."""

from dataclasses import replace

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.models import Session

from chat import live
from chat.consumers import TRY_LATER
from chat.core.policy import Policy
from chat.db import in_db
from chat.fanout import conversations_changed
from chat.models import User
from tests.fakes import a_kit
from tests.tabs import Tab, a_session, a_tab

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anna", password="hemligt-ord-1")


@pytest.fixture
def guest(transactional_db: None) -> str:
    return a_session()


async def refused(session_key: str) -> int:
    """Open a line that is refused. Give its close code."""
    tab = Tab(a_kit(), session_key)
    await tab.open()
    assert (await tab.hear("failed"))["code"] == "not_signed_in"
    return (await tab.line.receive_output(timeout=3))["code"]


async def test_without_a_session_nobody_is_let_in(transactional_db):
    assert await refused("") == 4401
    assert await refused("unknown") == 4401


async def test_where_there_are_no_guests_one_has_to_sign_in(guest):
    with live.pinned(replace(Policy(), off=frozenset({"guests"}))):
        assert await refused(guest) == 4401


async def test_who_is_signed_in_asks_as_oneself(anna):
    kit = a_kit()
    session_key = await in_db(a_session, anna)
    with live.pinned(replace(Policy(), off=frozenset({"guests"}))):
        async with a_tab(kit, session_key) as tab:
            await tab.whole(await tab.ask("hej"))

    caller = kit.speakers["planner"].turns[0].caller
    assert (caller.person, caller.role, caller.user_id) == (f"user:{anna.pk}", "member", anna.pk)


async def test_a_session_that_has_ended_asks_no_more(guest):
    async with a_tab(a_kit(), guest) as tab:
        await tab.whole(await tab.ask("hej"))
        await Session.objects.all().adelete()
        failed = (await tab.whole(await tab.ask("hej")))[-1]

    assert failed["code"] == "not_signed_in"


async def test_a_changed_password_ends_the_other_sessions(anna):
    session_key = await in_db(a_session, anna)
    async with a_tab(a_kit(), session_key) as tab:
        await tab.whole(await tab.ask("hej"))
        anna.set_password("ett-annat-ord-2")
        await anna.asave()
        failed = (await tab.whole(await tab.ask("hej")))[-1]

    assert failed["code"] == "not_signed_in"


async def test_other_tabs_of_the_same_person_learn_of_a_new_conversation(guest):
    other_guest = await in_db(a_session)
    kit = a_kit()
    async with a_tab(kit, guest) as one, a_tab(kit, guest) as two, a_tab(kit, other_guest) as other:
        for tab in (two, one):
            await tab.whole(await tab.ask("hej"))  # the tab listens by now
        while not await two.line.receive_nothing(timeout=0.5):
            assert await two.hear() == {"type": "conversations_changed"}
        while not await one.line.receive_nothing(timeout=0.1):
            await one.hear()

        await one.whole(await one.ask("hej igen"))

        assert await two.hear() == {"type": "conversations_changed"}
        assert await other.line.receive_nothing(timeout=0.05)
        assert await one.line.receive_nothing(timeout=0.01)


async def test_a_renamed_conversation_reaches_every_tab(anna):
    session_key = await in_db(a_session, anna)
    async with a_tab(a_kit(), session_key) as tab:
        await tab.whole(await tab.ask("hej"))  # the tab listens by now
        await conversations_changed(f"user:{anna.pk}")
        assert (await tab.hear())["type"] == "conversations_changed"


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [(b"http://localhost:8000", True), (b"https://evil.example", False), (b"null", False)],
)
async def test_only_our_own_pages_may_open_a_line(guest, origin, let_in):
    assert await is_let_in(guest, "/ws/chat/", origin) is let_in


async def test_no_line_leads_elsewhere(guest):
    assert not await is_let_in(guest, "/ws/elsewhere/", b"http://localhost:8000")


async def test_a_line_that_nobody_can_be_named_for_is_closed_until_later(guest, database_away):
    line = await knock(guest)

    heard = [await line.receive_output(timeout=3) for _ in range(3)]
    assert [message["type"] for message in heard] == [
        "websocket.accept",
        "websocket.send",
        "websocket.close",
    ]
    assert '"code":"overloaded"' in heard[1]["text"]
    assert heard[2]["code"] == TRY_LATER


async def is_let_in(session_key: str, path: str, origin: bytes) -> bool:
    line = await knock(session_key, path, origin)
    answer = (await line.receive_output(timeout=3))["type"]
    await line.send_input({"type": "websocket.disconnect", "code": 1001})
    await line.wait(timeout=3)
    return answer == "websocket.accept"


async def knock(
    session_key: str, path: str = "/ws/chat/", origin: bytes = b"http://localhost:8000"
) -> ApplicationCommunicator:
    """Ask the whole of Alice for a line, as a browser does."""
    from alice_site.asgi import application

    cookie = b"sessionid=" + session_key.encode()
    headers = [(b"origin", origin), (b"host", b"localhost"), (b"cookie", cookie)]
    scope = {"type": "websocket", "path": path, "headers": headers}
    line = ApplicationCommunicator(application, scope)
    await line.send_input({"type": "websocket.connect"})
    return line
