"""A remembered answer shows, on a click, which question it answered and what was compared."""

from playwright.sync_api import Page, expect

from .conftest import ask, picture


def test_a_similar_question_shows_the_one_that_was_answered(page: Page):
    first = ask(page, "Hur tvättar jag en stickad tröja?")
    expect(first).to_have_attribute("data-state", "complete")
    page.goto("/")
    turn = ask(page, "Hej! Hur tvättar man en stickad tröja?")
    expect(turn).to_have_attribute("data-state", "complete")
    expect(turn.locator(".source")).to_contain_text("liknande fråga")

    turn.locator(".about > details > summary").click()
    expect(turn.locator(".why blockquote")).to_have_text("Hur tvättar jag en stickad tröja?")
    turn.get_by_text("Det som jämfördes").click()
    expect(turn.locator(".why .yes").first).to_be_visible()
    picture(page, "why-similar")

    page.reload()
    again = page.locator(".turn")
    again.locator(".about > details > summary").click()
    expect(again.locator(".why blockquote")).to_have_text("Hur tvättar jag en stickad tröja?")


def test_the_same_question_says_that_it_was_the_same(page: Page):
    question = "Hur stickar jag en halsduk i ull?"
    expect(ask(page, question)).to_have_attribute("data-state", "complete")
    page.goto("/")
    turn = ask(page, question)
    expect(turn).to_have_attribute("data-state", "complete")

    turn.locator(".about > details > summary").click()
    expect(turn.locator(".why")).to_contain_text("just den här frågan förut")
    picture(page, "why-exact")
