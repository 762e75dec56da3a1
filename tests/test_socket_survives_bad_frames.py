"""Whatever a browser sends, it gets a clear answer, and the line holds."""

import json
from uuid import uuid4

import pytest

from chat.journal import DatabaseJournal
from tests.fakes import MemoryJournal, a_kit
from tests.tabs import a_session, a_tab, words

pytestmark = pytest.mark.django_db(transaction=True)

BAD = {
    "": "bad_json",
    "inte json": "bad_json",
    "{": "bad_json",
    "[" * 100_000: "body_too_large",
    "[" * 20_000: "bad_request",
    '{"type": "ask"}': "bad_request",
    '{"type": "dansa", "id": "1"}': "bad_request",
    '{"type": "ask", "id": "", "text": "hej"}': "bad_request",
    '{"type": "ask", "id": 5, "text": "hej"}': "bad_request",
    '{"type": "ask", "id": "1", "text": null}': "bad_request",
    '{"type": "ask", "id": "1", "text": ["hej"]}': "bad_request",
    '{"type": "ask", "id": "1", "text": "hej", "conversation_id": "nej"}': "bad_request",
    json.dumps({"type": "ask", "id": "x" * 65, "text": "hej"}): "bad_request",
    json.dumps({"type": "ask", "id": "a\0b", "text": "hej"}): "bad_request",
    "null": "bad_request",
    "[]": "bad_request",
    json.dumps({"type": "ask", "id": "1", "text": "x" * 100_000}): "body_too_large",
}


@pytest.fixture
def guest(transactional_db: None) -> str:
    return a_session()


async def test_a_frame_that_can_not_be_read_is_refused_by_its_code(guest):
    async with a_tab(a_kit(), guest) as tab:
        for frame, code in BAD.items():
            await tab.send(frame)
            failed = await tab.hear()
            assert (failed["type"], failed["id"], failed["code"]) == ("failed", None, code), frame
        assert words(await tab.whole(await tab.ask("hej"))) == "Hej på dig!"


async def test_bytes_are_refused(guest):
    async with a_tab(a_kit(), guest) as tab:
        await tab.line.send_input({"type": "websocket.receive", "bytes": b"\xff\x00"})
        assert (await tab.hear())["code"] == "wrong_type"
        assert words(await tab.whole(await tab.ask("hej"))) == "Hej på dig!"


@pytest.mark.parametrize(("text", "code"), [("   ", "empty_message"), ("x" * 4001, "too_long")])
async def test_a_message_that_can_not_be_taken_is_refused_under_its_id(guest, text, code):
    async with a_tab(a_kit(), guest) as tab:
        failed = (await tab.whole(await tab.ask(text, id="a-1")))[-1]

    assert (failed["type"], failed["code"]) == ("failed", code)


async def test_somebody_elses_conversation_is_not_there(guest):
    async with a_tab(a_kit(journal=DatabaseJournal()), guest) as tab:
        id = await tab.ask("hej", conversation_id=str(uuid4()))
        assert (await tab.whole(id))[-1]["code"] == "no_such_conversation"


async def test_what_no_database_could_hold_is_taken_out_of_a_message(guest):
    journal = MemoryJournal()
    async with a_tab(a_kit(journal=journal), guest) as tab:
        await tab.whole(await tab.ask("hej\0 du"))

    assert [turn.text for turn in journal.questions] == ["hej� du"]
