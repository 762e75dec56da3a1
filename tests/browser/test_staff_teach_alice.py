"""Staff teach Alice in the console, without a script: examples, a report, keep, and back again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.lessons import ASKED, MEANT, PARCELS
from tests.real_server import RealServer

from .conftest import picture

pytestmark = pytest.mark.parametrize(
    "context",
    [{"java_script_enabled": False}, {"viewport": {"width": 390, "height": 844}}],
    ids=["no script", "phone"],
    indirect=True,
)


@pytest.fixture(scope="module")
def root(house: RealServer) -> Iterator[str]:
    house.new_superuser("root", "hemligt-ord-1")
    yield "root"


@pytest.fixture
def console(context: BrowserContext, root: str) -> Page:
    page = context.new_page()
    page.goto("/admin/")
    page.locator("#id_username").fill(root)
    page.locator("#id_password").fill("hemligt-ord-1")
    page.keyboard.press("Enter")
    page.locator("#user-tools").wait_for()
    return page


def reads(page: Page, text: str) -> str:
    """Try a sentence by the keyboard alone, and give what it is read as by what is in force."""
    page.goto("/admin/nlu/triedsentence/")
    page.get_by_label("Mening").fill(text)
    page.keyboard.press("Enter")
    card = page.get_by_role("region", name="I bruk nu")
    return card.locator(".alice-intent strong").inner_text()


def test_what_is_taught_is_understood_until_it_is_taken_back(
    console: Page, request: pytest.FixtureRequest
) -> None:
    page, name = console, request.node.callspec.id.replace(" ", "-")
    assert reads(page, ASKED) != MEANT
    page.goto("/admin/nlu/intentexample/import/")
    rows = "\n".join(f"{MEANT}\t{text}" for text in PARCELS)
    file = {"name": "paket.tsv", "mimeType": "text/plain", "buffer": rows.encode()}
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_role("button", name="Hämta in").click()
    expect(page.locator("#result_list")).to_contain_text(ASKED)

    page.goto("/admin/nlu/intentlesson/")
    page.get_by_role("button", name="Lär om").click()
    keep = page.get_by_role("button", name="Behåll")
    expect(keep).to_be_visible(timeout=55_000)  # the page fetches itself again until then
    some_of_them = re.compile("|".join(PARCELS))  # which, depends on what Alice came with
    expect(page.get_by_role("region", name="Före och efter")).to_contain_text(some_of_them)
    picture(page, f"lesson-{name}")
    assert reads(page, ASKED) != MEANT  # nothing has changed yet
    page.get_by_role("link", name="Behåll eller kasta").click()
    keep.click()
    expect(page.get_by_text("Den här lärdomen gäller nu.")).to_be_visible()

    assert reads(page, ASKED) == MEANT
    picture(page, f"tried-{name}")
    page.goto("/admin/chat/revision/")
    page.get_by_role("link", name="1", exact=True).first.click()
    page.get_by_role("link", name="Återgå till denna").click()
    page.get_by_role("button", name="Ja, återgå till denna").click()
    expect(page.get_by_text("Inställningarna är nu som i revision")).to_be_visible()
    assert reads(page, ASKED) != MEANT
