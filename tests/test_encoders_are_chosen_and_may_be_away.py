"""Another encoder can be chosen; it may be slow or away, and no turn waits or fails for that."""

import asyncio
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from structlog.testing import capture_logs

from alice_site.checks import check_encoder
from chat import wiring
from chat.core.events import Token
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import EncoderAway, HashedNgrams, Spent
from fibcache.core.entry import Entry
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.encoders.choice import BadChoice, Choice, chosen
from fibcache.encoders.patient import BATCH
from fibcache.stores.memory import MemoryStore
from tests.fakes import FixedClock
from tests.model_server import ModelServer, Says

SPIRAL = Spiral()


@pytest.fixture
async def server():
    async with ModelServer(models=("bge-m3",)) as server:
        yield server


def an_encoder(text: str, url: str = "", *, within_s: float = 2.0, clock: FixedClock | None = None):
    return chosen(
        Choice.read(text, url),
        shipped=HashedNgrams,
        key="hemlig",
        within_s=within_s,
        pool=3,
        clock=(clock or FixedClock()).monotonic,
    )


@pytest.fixture(params=["openai", "ollama"])
async def encoder(request: pytest.FixtureRequest, server: ModelServer):
    url = server.openai_url if request.param == "openai" else server.ollama_url
    encoder = an_encoder(f"{request.param}:bge-m3", url, within_s=0.3)
    encoder.clock = FixedClock()
    encoder._breaker._clock = encoder.clock.monotonic
    yield encoder
    await encoder.aclose()


async def test_vectors_come_in_the_texts_order_at_unit_length(encoder, server):
    texts = ["Hur mår du?", "…", *(f"fråga nummer {n}" for n in range(BATCH))]

    vectors = await encoder.vectors_of(texts)

    assert vectors.shape == (len(texts), 512) and vectors.dtype == np.float32
    lengths = np.linalg.norm(vectors, axis=1)
    assert lengths[1] == 0 and np.delete(lengths, 1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(vectors[2], await encoder.vector_of("fråga nummer 0"))
    assert len(server.asked) == 3 and server.asked[0]["model"] == "bge-m3"
    assert "…" not in server.asked[0]["input"]
    assert not (await encoder.vectors_of([])).size


async def test_what_the_server_counts_is_passed_on(encoder, server):
    spent = Spent()

    await encoder.vectors_of(["Hur mår du?", "hej"], spent)

    assert spent.tokens == 4


async def test_what_was_just_encoded_is_not_asked_for_again(encoder, server):
    await encoder.vector_of("Hur mår du?")
    await encoder.vector_of("Hur mår du?")

    assert len(server.asked) == 1


async def test_the_key_goes_along(encoder, server):
    await encoder.vector_of("hej")

    assert server.headers[0]["authorization"] == "Bearer hemlig"


@pytest.mark.parametrize(
    "says",
    [
        Says(status=500, error="trasig"),
        Says(raw=b'{"data": [], "embeddings": []}'),
        Says(raw=b'{"fel": 1}'),
        Says(first_after_s=1.0),
        Says(cut=True),
    ],
    ids=["status", "too few", "garbled", "silent", "cut"],
)
async def test_a_server_that_fails_is_left_alone_for_a_while(encoder, server, says):
    server.script(*[says] * 8)

    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(EncoderAway):
                await encoder.vector_of("hej")
        asked = len(server.asked)
        with pytest.raises(EncoderAway):
            await encoder.vector_of("hej")
        assert len(server.asked) == asked  # the breaker is open

        server._script.clear()
        encoder.clock.forward(2)
        assert (await encoder.vector_of("hej")).any()

    assert [line["event"] for line in logs] == ["encoder_away", "encoder_back"]


async def test_one_failure_is_tried_again_at_once(encoder, server):
    server.script(Says(status=500))

    assert (await encoder.vector_of("hej")).any()
    assert len(server.asked) == 2


async def test_a_model_that_is_missing_is_told_of(server):
    encoder = an_encoder("ollama:nomic", server.ollama_url)

    with capture_logs() as logs, pytest.raises(EncoderAway):
        await encoder.vector_of("hej")

    assert "model" in logs[0]["why"]
    await encoder.aclose()


async def test_nobody_at_the_address_is_no_vector():
    encoder = an_encoder("openai:x", "http://127.0.0.1:9/v1")

    with pytest.raises(EncoderAway):
        await encoder.vector_of("hej")
    await encoder.aclose()


def a_cache(encoder) -> FibonacciCache:
    clock = FixedClock().monotonic
    index = ScopedIndex(encoder.fingerprint)
    return FibonacciCache(MemoryStore(clock), index, Matcher(encoder, GUARDS), clock=clock)


def an_entry(question: str) -> Entry:
    return Entry(f"anna/{question}", "anna", question, (Token("Svar."),), "planner", 5)


async def test_an_answer_is_found_again_by_a_remote_encoder(encoder, server):
    cache = a_cache(encoder)
    server.script(Says(first_after_s=0.05))
    await cache.remember(an_entry("Hur tvättar jag ull?"), tiers=TIERS, spiral=SPIRAL)
    assert len(cache.index) == 0  # nobody waited for the vector

    await cache.settle()

    hit = await cache.recall_similar("anna", "hur tvättar jag ull", tiers=TIERS, spiral=SPIRAL)
    assert hit is not None and hit.similar


async def test_what_leaves_while_it_is_encoded_gets_no_place(encoder, server):
    cache = a_cache(encoder)
    server.script(Says(first_after_s=0.05))
    await cache.remember(an_entry("Hur tvättar jag ull?"), tiers=TIERS, spiral=SPIRAL)
    await cache.store.clear()

    await cache.settle()

    assert len(cache.index) == 0


async def test_without_the_encoder_exact_repeats_are_still_found(encoder, server):
    cache = a_cache(encoder)
    await cache.remember(an_entry("Hej på dig"), tiers=TIERS, spiral=SPIRAL)
    await cache.settle()
    server.script(*[Says(status=503)] * 20)

    assert await cache.recall_similar("anna", "hej", tiers=TIERS, spiral=SPIRAL) is None
    assert await cache.remember(an_entry("Vem är du"), tiers=TIERS, spiral=SPIRAL) == "L1"
    await cache.settle()

    assert await cache.recall("anna/Vem är du", tiers=TIERS) is not None
    assert cache.owes


def test_an_index_of_another_encoder_is_not_taken():
    with pytest.raises(ValueError, match="other"):
        FibonacciCache(
            MemoryStore(FixedClock().monotonic),
            ScopedIndex("other"),
            Matcher(HashedNgrams(), GUARDS),
            clock=FixedClock().monotonic,
        )


@pytest.fixture
def sentence_transformers(monkeypatch: pytest.MonkeyPatch):
    """Stand in for the package, which is large and of no use without trained weights."""
    made = []

    class SentenceTransformer:
        def __init__(self, name: str) -> None:
            if name == "missing":
                raise OSError("no such model")
            made.append(name)

        def encode(self, sentences, **asked):
            assert asked == {
                "convert_to_numpy": True,
                "normalize_embeddings": True,
                "show_progress_bar": False,
            }
            return np.array([[len(text), 1, 0] for text in sentences], np.float32)

    module = SimpleNamespace(SentenceTransformer=SentenceTransformer, __spec__=object())
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    return made


async def test_a_model_in_this_process_is_loaded_once_and_off_the_loop(sentence_transformers):
    encoder = an_encoder("sentence-transformers:intfloat/e5")

    vectors = await encoder.vectors_of(["a", "bb", "ccc"])
    await encoder.vector_of("dddd")

    assert vectors[1, :3] == pytest.approx(np.array([2, 1, 0]) / 5**0.5, abs=1e-6)
    assert sentence_transformers == ["intfloat/e5"]
    assert encoder.fingerprint == "sentence-transformers:intfloat/e5:512-p1"
    await encoder.aclose()


@pytest.mark.django_db
def test_a_model_is_loaded_before_the_first_turn(sentence_transformers, monkeypatch):
    encoder = an_encoder("sentence-transformers:intfloat/e5")
    monkeypatch.setattr(wiring, "encoder", lambda: encoder)
    monkeypatch.setattr(wiring, "kit", lambda: None)

    wiring._load()

    assert sentence_transformers == ["intfloat/e5"]
    asyncio.run(encoder.aclose())


async def test_a_model_that_does_not_load_leaves_the_start_alone(sentence_transformers):
    encoder = an_encoder("sentence-transformers:missing")

    await asyncio.to_thread(encoder.load)

    with pytest.raises(EncoderAway, match="no such model"):
        await encoder.vector_of("hej")
    await encoder.aclose()


async def test_a_model_that_does_not_load_is_away(sentence_transformers):
    encoder = an_encoder("sentence-transformers:missing")

    with pytest.raises(EncoderAway, match="no such model"):
        await encoder.vector_of("hej")
    await encoder.aclose()


def test_nothing_asked_for_gives_the_one_alice_comes_with():
    assert an_encoder("").fingerprint == HashedNgrams.fingerprint


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("bert", ""),
        ("openai:", ""),
        ("openai: ", ""),
        ("ftp:model", ""),
        ("ollama:bge-m3", "localhost:11434"),
        ("sentence-transformers:intfloat/e5", ""),
    ],
)
def test_what_makes_no_sense_is_told_of(settings, monkeypatch, text, url):
    monkeypatch.setattr("fibcache.encoders.choice.find_spec", lambda name: None)
    settings.ALICE_ENCODER, settings.ALICE_ENCODER_URL = text, url

    (found,) = check_encoder(None)

    assert found.id == "alice.E006" and found.hint
    with pytest.raises(BadChoice):
        Choice.read(text, url)


def test_what_makes_sense_is_left_alone(settings):
    settings.ALICE_ENCODER = "ollama:nomic-embed-text:v1.5"

    assert check_encoder(None) == []
    assert Choice.read(settings.ALICE_ENCODER).model == "nomic-embed-text:v1.5"
