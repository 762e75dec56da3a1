"""`POST /api/nlu/parse` tells what a sentence says, or why it can't."""

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings

from chat.core.policy import Bounds, Policy
from chat.models import Tenant
from nlu.core.encoder import SwedishEncoder
from nlu.core.understanding import Understanding

from .doors import doors, post
from .fakes import FullLimiter, a_kit
from .test_hot_doors_know_their_caller import a_key, bearer

PATH = "/api/nlu/parse"
SAID = {"text": "väck mig klockan sju på fredag", "now": "2026-03-04T10:00:00+01:00"}


async def ask(body, *, kit=None, policy=None, **headers):
    with doors(kit or a_kit(), policy) as client:
        return await post(client, PATH, body, **headers)


@pytest.fixture(scope="module")
def understanding():
    return Understanding.load(SwedishEncoder.load())


async def test_it_tells_what_alice_reads_herself(understanding):
    answer = (await ask(SAID)).json()

    model = understanding.models["sv"]
    guess = model.read(SAID["text"])
    assert (answer["language"], answer["intent"]) == ("sv", "alarm_set")
    assert answer["confidence"] == guess.confidence
    assert [(one["intent"], one["confidence"]) for one in answer["alternatives"]] == list(
        guess.alternatives
    )
    assert answer["model"] == model.fingerprint
    assert (answer["sure"], answer["freshness"]) == (True, "never")
    assert answer["elapsed_ms"] > 0


async def test_slots_and_times_say_where_they_stand_and_what_they_mean():
    answer = (await ask(SAID)).json()

    for one in (*answer["slots"], *answer["times"]):
        assert SAID["text"][one["start"] : one["end"]] == one["text"]
    assert [time["value"] for time in answer["times"]] == ["2026-03-06T07:00+01:00"]
    assert {slot["name"] for slot in answer["slots"]} == {"date", "time"}


async def test_times_are_the_callers():
    answer = (await ask({**SAID, "timezone": "Asia/Tokyo"})).json()

    assert [time["value"] for time in answer["times"]] == ["2026-03-06T07:00+09:00"]


async def test_amounts_have_numbers_and_units():
    (amount,) = (await ask({"text": "en och en halv liter mjölk"})).json()["amounts"]

    assert (amount["kind"], amount["value"], amount["unit"]) == ("measure", "1.5", "liter")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "bad_request"),
        ({"text": None}, 400, "bad_request"),
        ({"text": "hej", "tid": 1}, 400, "bad_request"),
        ({"text": ""}, 400, "empty_message"),
        ({"text": " \n"}, 400, "empty_message"),
        ({"text": "a" * 101}, 413, "too_long"),
        ({"text": "hej", "timezone": "Mars/Olympus"}, 400, "bad_timezone"),
        ({"text": "hej", "timezone": ""}, 400, "bad_timezone"),
        ({"text": "hej", "timezone": "../../etc/passwd"}, 400, "bad_timezone"),
        ({"text": "hej", "now": "nyss"}, 400, "bad_now"),
        ({"text": "hej", "now": ""}, 400, "bad_now"),
        ({"text": "hej", "now": "2026-03-04T10:00:00"}, 400, "bad_now"),
        ({"text": "hej", "now": "0001-01-01T00:00:00+14:00"}, 400, "bad_now"),
        ({"text": "hej", "now": "9999-12-31T23:59:59Z"}, 400, "bad_now"),
        ({"text": "hej", "now": 1772614800}, 400, "bad_request"),
        ({"text": "hej", "language": "fi"}, 400, "bad_request"),
        (b'{"text": "\\ud800"}', 400, "bad_json"),
        (b'{"text": "hej"', 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"text": ' + b"[" * 100_000, 400, "bad_request"),
    ],
)
async def test_what_it_does_not_take_is_told(body, status, code):
    answer = await ask(body, policy=Policy(bounds=Bounds(message_chars=100)))

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["message"]


@pytest.mark.parametrize("text", ["\0", "🙂", "\u202e\u0301", "1e999 kr", "9" * 4000, "i " * 2000])
@pytest.mark.parametrize("now", ["1900-01-01T00:00:00+14:00", "2199-12-31T23:59:59-12:00"])
async def test_whatever_is_said_has_some_answer(text, now):
    sentence = {"text": f"{text} i morgon om 1000 år", "now": now}

    assert (await ask({**sentence, "text": sentence["text"][:4000]})).status_code == 200


async def test_errors_are_told_in_the_callers_language():
    told = await ask({"text": "hej", "now": "nyss"}, **{"accept-language": "en"})

    assert told.json()["error"]["message"].startswith("now must be a moment")


async def test_a_model_that_cannot_be_loaded_is_told(monkeypatch):
    monkeypatch.setattr("chat.wiring.taught", lambda: None)

    answer = await ask({"text": "hej"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "understanding_away")


async def test_guests_stay_outside_where_there_are_to_be_none_and_never_flood():
    closed = await ask({"text": "hej"}, policy=Policy(off=frozenset({"guests"})))
    flooded = await ask({"text": "hej"}, kit=a_kit(limiter=FullLimiter()))

    assert (closed.status_code, flooded.status_code) == (401, 429)
    assert flooded["Retry-After"] == "3"


@pytest.mark.django_db(transaction=True)
async def test_keys_open_it_by_their_scope_and_count_no_turns():
    _key, chats = await a_key()
    _key, reads = await a_key(scopes=["documents"])
    kit, policy = a_kit(limiter=FullLimiter()), Policy(off=frozenset({"guests"}))

    for key, status in ((chats, 200), (reads, 403), ("alice_x", 401)):
        answer = await ask({"text": "hej"}, kit=kit, policy=policy, **bearer(key))
        assert answer.status_code == status


@pytest.mark.django_db(transaction=True)
async def test_a_session_opens_it_while_it_lasts(client, django_user_model):
    def signed_in():
        tenant, _ = Tenant.objects.get_or_create(slug="alice", defaults={"name": "Alice"})
        user = django_user_model.objects.create(username="anna", tenant=tenant)
        client.force_login(user)
        return client.cookies[django_settings.SESSION_COOKIE_NAME].value

    cookie = await sync_to_async(signed_in)()
    for value, status in ((cookie, 200), ("made-up", 401)):
        with doors(a_kit(), Policy(off=frozenset({"guests"}))) as browser:
            browser.cookies[django_settings.SESSION_COOKIE_NAME] = value
            assert (await post(browser, PATH, {"text": "hej"})).status_code == status
