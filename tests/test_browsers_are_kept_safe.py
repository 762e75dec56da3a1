"""Both lanes send the headers that browsers obey, and guessing passwords ends at the fifth."""

import pytest
from axes.models import AccessAttempt

from alice_site.lanes import application, is_hot
from chat.models import User

from .asgi import Client, a_scope

SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture
def kim(db) -> User:
    return User.objects.create_user("kim", password="rätt lösenord")


def sign_in(client, password: str, **more):
    return client.post("/login/", {"username": "kim", "password": password}, **more)


@pytest.mark.parametrize("path", ["/v1/nowhere", "/api/chat", "/health/live", "/api/nowhere"])
async def test_every_answer_on_both_lanes_is_marked_safe(path):
    client = await Client().ask(application, a_scope(path, method="GET"))

    assert {name: client.headers.get(name) for name in SAFE} == SAFE
    assert len(client.headers["x-request-id"]) == 36


async def test_a_page_runs_no_script_but_its_own():
    client = await Client().ask(application, a_scope("/login/", method="GET"))

    rules = dict(rule.strip().split(" ", 1) for rule in client.headers[CSP].split(";"))
    assert rules["script-src"] == rules["style-src"] == rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"


async def test_json_shown_as_a_page_may_do_nothing():
    client = await Client().ask(application, a_scope("/v1/nowhere"))

    assert client.headers[CSP] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.django_db
def test_the_docs_loosen_styles_and_nothing_else(client):
    policy = client.get("/api/docs").headers["Content-Security-Policy"]

    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["style-src"] == "'self' 'unsafe-inline'"
    assert rules["script-src"] == "'self'"
    assert b"<script>" not in client.get("/api/docs").content


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/login/"])
async def test_a_body_over_the_limit_is_refused_on_both_lanes(path, settings):
    settings.ALICE_BODY_BYTES = 100
    client = await Client([b"x" * 80, b"x" * 80, b"x"]).ask(application, a_scope(path))

    assert client.status == 413
    assert "body_too_large" in str(client.json)


@pytest.mark.parametrize("path", ["/v1/models", "/api/chat", "/api/chat/optimized"])
def test_the_hot_doors_take_the_lean_lane(path):
    assert is_hot(path)


@pytest.mark.parametrize("path", ["/", "/api/chatter", "/api/conversations", "/admin/", "/v1"])
def test_everything_else_takes_the_stock_lane(path):
    assert not is_hot(path)


def test_the_fifth_wrong_password_locks_that_name_at_that_address(client, kim):
    for _ in range(4):
        assert sign_in(client, "fel").status_code == 200

    assert sign_in(client, "fel").status_code == 429
    locked = sign_in(client, "rätt lösenord")
    assert locked.status_code == 429
    assert "Vänta" in locked.content.decode()
    assert sign_in(client, "rätt lösenord", REMOTE_ADDR="192.0.2.7").status_code == 302


def test_the_right_password_forgets_the_wrong_ones(client, kim):
    for _ in range(4):
        sign_in(client, "fel")

    assert sign_in(client, "rätt lösenord").status_code == 302
    assert not AccessAttempt.objects.exists()


CSP = "content-security-policy"
