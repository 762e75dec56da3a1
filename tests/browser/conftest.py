"""A real Chromium at a real Alice's. Nothing may be complained about in its console."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.model_server import ModelServer, Says
from tests.real_server import ROOT, RealServer

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
]
WORDS = " ".join(
    f"Stycke {number} av svaret kommer ord för ord, så att man hinner läsa med."
    for number in ("ett", "två", "tre", "fyra")
)
WORD_S = 0.034
ARTIFACTS = ROOT / "test-artifacts"
expect.set_options(timeout=8000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("needs_chromium")


@pytest.fixture(scope="package")
def house(alice: RealServer, model: ModelServer) -> Iterator[RealServer]:
    """Alice, with one who may sign in, and a model that takes its time."""
    alice.new_person("anna", "hemligt-ord-1")
    before = model.otherwise
    model.otherwise = Says(*re.findall(r"\S+\s*", WORDS), word_after_s=WORD_S)
    yield alice
    model.otherwise = before


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    # For this package only: Playwright's loop would be in the way of other tests' own.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, house: RealServer, request: Any) -> Iterator[BrowserContext]:
    """A browser of its own for each test, so each is a guest of its own. Swedish, 1280 px wide."""
    wishes = {"viewport": {"width": 1280, "height": 800}, **getattr(request, "param", {})}
    context = browser.new_context(
        base_url=house.url, locale="sv-SE", timezone_id="Europe/Stockholm", **wishes
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An open page, which fails its test if it logs an error or breaks the content policy."""
    complaints: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.goto("/")
    yield page
    # A lost line is what some tests are about; the browser always tells of it.
    assert [c for c in complaints if not re.search("WebSocket|ERR_CONNECTION", c)] == []


def ask(page: Page, question: str) -> Any:
    """Ask, and give the turn on the page."""
    message = page.get_by_label("Meddelande till Alice")
    message.wait_for()
    page.wait_for_load_state()  # until the page's script listens for Enter
    message.fill(question)
    page.keyboard.press("Enter")
    return page.locator(".turn").last


def picture(page: Page, name: str) -> None:
    """Keep what the page looks like, for people to look at."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(450)  # until what moves has arrived
    page.screenshot(path=ARTIFACTS / f"{name}.png")
