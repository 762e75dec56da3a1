"""Conversations can be found, renamed, deleted, brought back and taken along."""

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import ask


@pytest.fixture
def talked(page: Page) -> Page:
    """A page with one conversation."""
    expect(ask(page, "Vad är 2 + 3?")).to_have_attribute("data-state", "complete")
    expect(page.locator(".conversation")).to_have_count(1)
    return page


def unfold(page: Page) -> None:
    page.locator(".conversation").first.hover()
    page.locator(".conversation summary").first.click()


def test_a_new_name_stays(talked: Page):
    unfold(talked)
    talked.get_by_role("button", name="Byt namn").click()
    talked.get_by_label("Nytt namn på samtalet").fill("Enkel räkning")
    talked.keyboard.press("Enter")

    expect(talked.locator(".conversation .title")).to_have_text("Enkel räkning")
    talked.reload()
    expect(talked.locator(".conversation .title")).to_have_text("Enkel räkning")
    expect(talked).to_have_title("Enkel räkning – Alice")


def test_what_is_deleted_can_be_brought_back(talked: Page):
    unfold(talked)
    talked.get_by_role("button", name="Radera").click()
    expect(talked.locator(".conversation")).to_have_count(0)
    expect(talked.get_by_role("heading", name="Vad undrar du?")).to_be_visible()

    talked.get_by_role("button", name="Ångra").click()
    expect(talked.locator(".conversation")).to_have_count(1)


def test_search_finds_words_that_were_said(talked: Page):
    search = talked.get_by_label("Sök i samtalen")
    search.fill("giraff")
    expect(talked.get_by_text("Inget samtal innehåller ”giraff”.")).to_be_visible()
    search.fill("2 + 3")
    expect(talked.locator(".conversation")).to_have_count(1)


@pytest.mark.parametrize(("kind", "ending"), [("JSON", "json"), ("Markdown", "md")])
def test_a_conversation_can_be_taken_along(talked: Page, kind: str, ending: str):
    unfold(talked)
    with talked.expect_download() as download:
        talked.get_by_role("link", name=kind).click()
    text = download.value.path().read_text()

    assert download.value.suggested_filename.endswith(f".{ending}")
    assert "Vad är 2 + 3?" in text
    assert ending != "json" or json.loads(text)


def test_a_thumb_and_a_comment_stay(talked: Page):
    talked.get_by_role("button", name="Bra svar").click()
    talked.get_by_label(re.compile("Vill du säga något")).fill("Snabbt och rätt.")
    talked.locator(".comment").get_by_role("button", name="Skicka").click()
    expect(talked.locator("#toast")).to_contain_text("Tack!")

    talked.reload()
    good = talked.get_by_role("button", name="Bra svar")
    expect(good).to_have_attribute("aria-pressed", "true")


def test_a_comment_outlives_a_change_of_thumb(talked: Page):
    talked.get_by_role("button", name="Bra svar").click()
    talked.get_by_label(re.compile("Vill du säga något")).fill("Snabbt men fel.")
    talked.locator(".comment").get_by_role("button", name="Skicka").click()
    expect(talked.locator("#toast")).to_contain_text("Tack!")
    bad = talked.get_by_role("button", name="Dåligt svar")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")

    talked.reload()
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(talked.locator(".turn .comment textarea").first).to_have_value("Snabbt men fel.")


def test_a_new_conversation_shows_in_the_other_tab(talked: Page, context: BrowserContext):
    other = context.new_page()
    other.goto("/")
    expect(other.locator(".conversation")).to_have_count(1)
    talked.get_by_role("link", name="Nytt samtal").first.click()
    expect(ask(talked, "Vad är 5 + 8?")).to_have_attribute("data-state", "complete")

    expect(other.locator(".conversation")).to_have_count(2)


def test_somebody_elses_conversation_is_not_there(talked: Page, browser, house):
    stranger = browser.new_context(base_url=house.url)
    answer = stranger.new_page().goto(talked.url)
    stranger.close()

    assert answer.status == 404
