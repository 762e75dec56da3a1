"""When the server dies in mid-sentence the page waits; nothing is lost or doubled."""

from playwright.sync_api import Page, expect

from tests.real_server import RealServer

from .conftest import ask, picture


def test_a_killed_server_costs_nothing_but_time(page: Page, house: RealServer):
    turn = ask(page, "Berätta något om vintern i Skåne")
    expect(turn).to_have_attribute("data-state", "speaking")
    house.kill()
    expect(page.locator("#connection")).to_contain_text("Ingen kontakt med Alice")
    picture(page, "lost")
    house.start()

    expect(page.locator("#connection")).to_be_hidden(timeout=13000)
    expect(turn).to_have_attribute("data-state", "complete", timeout=13000)
    expect(turn.locator(".words")).to_contain_text("Stycke fyra")
    assert turn.locator(".words").inner_text().count("Stycke ett") == 1
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator(".turn")).to_have_attribute("data-state", "complete")


def test_what_is_asked_without_a_line_is_sent_when_it_is_back(page: Page, house: RealServer):
    house.kill()
    expect(page.locator("#connection")).to_be_visible()
    turn = ask(page, "Vad är 21 + 34?")
    expect(turn).to_have_attribute("data-state", "waiting")
    house.start()

    expect(turn).to_have_attribute("data-state", "complete", timeout=13000)
    expect(turn.locator(".words")).to_contain_text("55")
