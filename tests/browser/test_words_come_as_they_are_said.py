"""Words appear while they are said, can be stopped, and are there after a reload."""

import re

from playwright.sync_api import Page, expect

from .conftest import ask, picture

# Each test asks the model something of its own: Alice would answer from her memory otherwise.


def test_words_come_one_after_the_other(page: Page):
    turn = ask(page, "Berätta om hösten i Småland")
    expect(turn).to_have_attribute("data-state", "speaking")
    early = turn.locator(".words").inner_text()
    picture(page, "streaming")
    late = turn.locator(".words").inner_text()

    assert late.startswith(early) and len(late) > len(early)
    expect(turn).to_have_attribute("data-state", "complete")
    expect(turn.locator(".words")).to_contain_text("Stycke fyra")
    expect(turn.locator(".source")).to_have_text("Språkmodell qwen2.5:3b")
    picture(page, "desktop-light")


def test_a_whole_answer_is_announced_once(page: Page):
    turn = ask(page, "Skriv en saga om en igelkott")
    expect(turn).to_have_attribute("data-state", "speaking")
    assert "Stycke" not in page.locator("#announcer").inner_text()

    expect(page.locator("#announcer")).to_contain_text("Stycke fyra")


def test_stop_keeps_what_was_said_and_retry_asks_again(page: Page):
    turn = ask(page, "Varför blir havet salt?")
    expect(turn).to_have_attribute("data-state", "speaking")
    expect(turn.locator(".words")).to_contain_text("Stycke ett")
    page.keyboard.press("Escape")

    expect(turn).to_have_attribute("data-state", "stopped")
    expect(turn.locator(".trouble")).to_have_text("Svaret stoppades.")
    page.reload()
    turn = page.locator(".turn")
    expect(turn).to_have_attribute("data-state", "stopped")
    expect(turn.locator(".words")).to_contain_text("Stycke ett")

    turn.get_by_role("button", name="Försök igen").click()
    expect(turn).to_have_attribute("data-state", "complete")
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn .words")).to_contain_text("Stycke fyra")


def test_the_stop_button_stops(page: Page):
    turn = ask(page, "Beskriv hur man bygger en eka")
    expect(turn).to_have_attribute("data-state", "speaking")
    page.get_by_role("button", name="Stoppa svaret").click()

    expect(turn).to_have_attribute("data-state", "stopped")
    expect(page.get_by_role("button", name="Skicka", exact=True)).to_be_visible()


def test_the_examples_are_answered_without_a_model(page: Page):
    page.wait_for_timeout(2200)  # the spiral is drawn
    picture(page, "empty")
    page.get_by_role("button", name="Hur mycket är 15 % av 1 250?").click()
    turn = page.locator(".turn").last

    expect(turn).to_have_attribute("data-state", "complete")
    expect(turn.locator(".words")).to_contain_text(re.compile(r"187,5"))
    expect(turn.locator(".source")).to_have_text("Räknare")


def test_every_step_can_be_seen(page: Page):
    turn = ask(page, "Vad är klockan i Tokyo?")
    expect(turn).to_have_attribute("data-state", "complete")
    turn.locator(".about summary").click()

    expect(turn.get_by_role("rowheader", name="Förstår frågan")).to_be_visible()
    picture(page, "steps-open")


def test_an_answer_goes_on_while_another_conversation_is_read(page: Page):
    ask(page, "Vem uppfann dragkedjan och hur gick det till?")
    expect(page.locator(".turn")).to_have_attribute("data-state", "speaking")
    page.get_by_role("link", name="Nytt samtal").first.click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".conversation.busy")).to_have_count(1)
    expect(page.locator(".conversation.busy")).to_have_count(0)
    page.locator(".conversation .title").click()

    expect(page.locator(".turn .words")).to_contain_text("Stycke fyra")
