"""Who meets a strained Alice sees why the answer is less, or which in line the question is."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.model_server import ModelServer, Says
from tests.real_server import RealServer

from .conftest import ask, picture

SET = """
from datetime import timedelta
from django.utils import timezone
from chat.revisions import publish
from guardian.models import LadderSettings
LadderSettings.objects.update_or_create(id=1, defaults=dict(
    forced={state!r}, forced_why="prov", at_once={at_once}, queue={queue},
    forced_until=timezone.now() + timedelta(minutes=5),
))
publish(author=None, note="prov")
"""
Force = Callable[..., None]


@pytest.fixture
def force(house: RealServer) -> Iterator[Force]:
    """Set a state as staff do, and wait until the server is in it."""

    def into(state: str, at_once: int = 21, queue: int = 55) -> None:
        code = SET.format(state=state, at_once=at_once, queue=queue)
        house._manage("shell", "--verbosity=0", "-c", code)
        until = time.monotonic() + 8
        while httpx.get(f"{house.url}/health/ready").json()["state"] != state:
            assert time.monotonic() < until
            time.sleep(0.1)

    yield into
    into("normal")


def test_the_page_says_what_each_state_means(page: Page, force: Force):
    banner = page.locator(".banner:not(#connection)")
    expect(banner).to_have_count(0)

    for state, said in (
        ("brownout", "Svaren kan bli kortare."),
        ("emergency", "Just nu kommer bara svar som redan finns"),
        ("lockdown", "tar inte emot frågor just nu"),
    ):
        force(state)
        page.reload()
        expect(banner).to_have_role("status")
        expect(banner).to_contain_text(said)
    picture(page, "lockdown")

    force("normal")
    page.reload()
    expect(banner).to_have_count(0)


def test_who_waits_sees_which_in_line(
    page: Page, context: BrowserContext, force: Force, model: ModelServer
):
    force("brownout", at_once=1)
    model.script(Says(*["Först "] * 34, word_after_s=0.1), Says("Sedan."))
    other = context.new_page()
    other.goto("/")

    first = ask(other, "Berätta en lång saga om en drake")
    expect(first).to_contain_text("Först")
    second = ask(page, "Skriv en kort dikt om havet")

    expect(second).to_contain_text("Du är nummer 1 i kön.")
    picture(page, "in-line")
    expect(second).to_contain_text("Sedan.")
    expect(second).to_have_attribute("data-state", "complete")


def test_in_an_emergency_the_page_says_no_and_answers_what_it_knows(page: Page, force: Force):
    force("emergency")

    refused = ask(page, "Skriv en lång dikt om skogen")
    expect(refused).to_contain_text("Det är mycket just nu. Försök igen strax.")

    expect(ask(page, "När är midsommarafton?")).to_have_attribute("data-state", "complete")
