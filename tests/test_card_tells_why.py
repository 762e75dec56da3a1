"""The card "Varför detta svar?" tells where a remembered answer comes from and why it fits."""

import pytest
from django.utils.translation import override

from chat.core.events import Done
from chat.reasons import GUARDS, reason_of
from chat.showing import about_html
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.guards import GUARDS as CACHE_GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.stores.memory import MemoryStore
from tests.fakes import FixedClock, ScriptedSpeaker, a_kit, ask


@pytest.fixture
def clock():
    return FixedClock()


@pytest.fixture
def kit(clock):
    cache = FibonacciCache(
        MemoryStore(clock.monotonic),
        ScopedIndex(),
        Matcher(HashedNgrams(), CACHE_GUARDS),
        clock=clock.monotonic,
    )
    return a_kit(
        clock=clock,
        cache=cache,
        speaker=ScriptedSpeaker("Ljummet.", keep=True, why={"backend": "hemlig"}),
    )


def card(done: Done) -> str:
    with override("sv"):
        return about_html(done, ())


def test_a_new_answer_has_no_card_and_tells_nothing_of_the_servers(kit):
    done = ask("Hur tvättar jag ull?", kit)[-1]

    assert done.why == {}
    assert "Varför detta svar?" not in card(done)


def test_the_same_question_again_says_so(kit, clock):
    ask("Hur tvättar jag ull?", kit)
    clock.forward(3 * 600)
    html = card(ask("hur tvättar jag ull?", kit)[-1])

    assert "Varför detta svar?" in html
    assert "just den här frågan" in html
    assert "<blockquote>Hur tvättar jag ull?</blockquote>" in html
    assert "för 30\xa0minuter sedan" in html
    assert "1 gång och ligger på nivå L2" in html
    assert "Det som jämfördes" not in html


def test_a_similar_question_shows_what_was_compared(kit):
    ask("Hur tvättar jag ull?", kit)
    done = ask("Hur tvättar man ull?", kit)[-1]
    html = card(done)

    assert done.source == "spiral"
    assert "betyder samma sak" in html
    assert f"{100 * done.why['score']:.0f} %" in html
    assert html.count('class="yes"') == len(done.why["verdicts"]) > 0
    assert 'class="no"' not in html
    assert done.why["entry"][:12] in html
    assert "Svaret gjordes nyss" in html


def test_an_answer_that_ages_says_when_it_is_forgotten(kit):
    ask("Vad kostar ett pass?", kit)

    assert "glöms efter ett par dagar" in card(ask("Vad kostar ett pass?", kit)[-1])


def test_what_somebody_asked_is_never_part_of_the_page(kit):
    attack = "Vad gör <script>alert(1)</script> egentligen?"
    ask(attack, kit)

    assert "<script>" not in card(ask(attack, kit)[-1])


def test_every_guard_has_a_name_that_people_know():
    assert {guard.__name__ for guard in CACHE_GUARDS} <= set(GUARDS)


def test_what_was_kept_before_the_card_knew_more_is_still_shown():
    with override("sv"):
        reason = reason_of(
            {"entry": "a" * 64, "question": "Hej?", "tier": "L1", "hits": 2, "age_s": 86400.0}
        )

    assert reason is not None
    assert (reason.freshness, reason.checks, reason.entry) == ("", (), "a" * 12)
    assert "2 gånger" in reason.standing and "1\xa0dag" in reason.standing
