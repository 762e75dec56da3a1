"""The only place that picks real parts and builds the `Kit`."""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from typing import cast, get_args
from zoneinfo import ZoneInfo

import structlog
from asgiref.sync import async_to_sync
from django.conf import settings
from django.utils.crypto import salted_hmac
from prometheus_client import REGISTRY

from chat import db, live
from chat.cache_figures import CacheFigures
from chat.core.events import Spoken
from chat.core.flights import SingleFlight
from chat.core.kit import Kit, Limiter, Scorer
from chat.false_hits import FalseHitFigures
from chat.journal import DatabaseJournal
from chat.llm.fleet import Fleet
from chat.meter import PrometheusMeter
from chat.opening import HOME_TIMEZONE
from chat.radio import RedisRadio, last_words
from chat.reader import FirstReader
from chat.remote_figures import RemoteFigures
from chat.replays import DatabaseReplays
from chat.shadow import ShadowChecks
from chat.speakers.micro import MicroSpeaker
from chat.speakers.planner import Planner
from chat.speakers.tool import ToolSpeaker
from chat.strain import STRAIN
from chat.tools import TOOLS
from chat.tools import warm as warm_tools
from fibcache import quarantine
from fibcache.core import lexicon
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import Encoder
from fibcache.core.guards import GUARDS
from fibcache.core.index import Index, ScopedIndex
from fibcache.core.learning import LEARNT_BYTES, Learner
from fibcache.core.matching import Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import Tier
from fibcache.encoders.choice import Choice, chosen
from fibcache.encoders.patient import PatientEncoder
from fibcache.evidence import DatabaseEvidence, note
from fibcache.quarantine import DatabaseQuarantine
from fibcache.reembedding import Reembedding
from fibcache.stores.board import QUARANTINE, Board
from fibcache.stores.breaker import SharedBreaker
from fibcache.stores.ends import Ends
from fibcache.stores.lease import Leases
from fibcache.stores.link import Link
from fibcache.stores.memory import MemoryStore
from fibcache.stores.near import NearStore
from fibcache.stores.news import News
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing
from guardian.core.buckets import Day
from guardian.core.injection import BadInjectionFile, InjectionModel
from guardian.core.pii import Pseudonyms
from guardian.core.scoring import RememberedScores
from guardian.limiter import OwnBudgets, TokenBuckets
from guardian.shared_budgets import SharedBudgets
from nlu.core.encoder import SwedishEncoder
from nlu.core.intents import BadIntentsFile
from nlu.core.lexicon import BadWordsFile
from nlu.core.slots import BadSlotFile
from nlu.core.understanding import Understanding
from nlu.remote import RemoteReader
from nlu.taught import Taught

log = structlog.get_logger(__name__)

NEAR_PART = 8  # of the cache's memory one part is for copies of what Redis keeps, the rest vectors


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the time of day, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Count seconds that never run backwards, finely enough to time a step."""
        return time.perf_counter()


@cache
def kit() -> Kit:
    """Build this process's parts, once."""
    clock, meter = SystemClock(), PrometheusMeter()
    store = _store()
    CacheFigures(lambda: store.figures(tiers=live.current_sync().tiers), link(), REGISTRY)
    FalseHitFigures(_evidence(), REGISTRY)
    if (remote := remote_reader()) is not None:
        RemoteFigures(remote, REGISTRY)
    planner = Planner(fleet(), TOOLS, clock, STRAIN.queue)
    return Kit(
        clock=clock,
        limiter=_limiter(clock),
        cache=FibonacciCache(
            store,
            _index(clock),
            Matcher(encoder(), GUARDS),
            clock=store.clock,
            quarantine=DatabaseQuarantine(db.in_db),
            evidence=_evidence(),
        ),
        replays=DatabaseReplays(clock),
        journal=DatabaseJournal(),
        reader=FirstReader(clock, TOOLS, taught(), remote_reader()),
        speakers={
            "micro": MicroSpeaker(),
            "tool": ToolSpeaker(TOOLS),
            "planner": planner,
        },
        flights=SingleFlight(meter, _radio()),
        checks=ShadowChecks(
            planner, partial(db.in_db, note), TokenBuckets(clock.monotonic), meter.checked, meter
        ),
        tools=tuple(tool.name for tool in TOOLS),
        meter=meter,
        scorers=_scorers(),
    )


@cache
def injection() -> InjectionModel | None:
    """Read what Alice has learnt of attacks. None, and a line in the log, if it can't be used."""
    try:
        return InjectionModel.load()
    except BadInjectionFile as error:
        log.error("injection_left_out", why=str(error))
        return None


def _scorers() -> dict[str, Scorer]:
    """Give the classifiers that rules may ask, by the name that they ask for."""
    if (model := injection()) is None:
        return {}
    return {"injection": RememberedScores(lambda text, _source: model.score(text))}


def _limiter(clock: SystemClock) -> Limiter:
    """Keep budgets in this process, or in Redis for all of them."""
    own = OwnBudgets(clock.monotonic, _today)
    if (redis := link()) is None:
        return own
    return SharedBudgets(
        redis,
        own,
        clock=clock.monotonic,
        today=_today,
        mark=_mark,
        lease_s=settings.ALICE_TURN_LEASE_S,
    )


def _today() -> Day:
    """Name the day where Alice is at home, and tell how much of it is left."""
    now_s = time.time()
    name, ends_at_s = _day_of(int(now_s // 60))
    return Day(name, ends_at_s - now_s)


@lru_cache(maxsize=2)
def _day_of(minute: int) -> tuple[str, float]:
    """Name the day of a minute since 1970, and tell when it ends."""
    home = ZoneInfo(HOME_TIMEZONE)
    today = datetime.fromtimestamp(minute * 60, home).date()
    # Midnight by the calendar: a day in spring has 23 hours.
    midnight = datetime.combine(today + timedelta(days=1), datetime.min.time(), home)
    return today.isoformat(), midnight.timestamp()


@lru_cache(maxsize=4096)
def _mark(name: str) -> str:
    """Stand for a holder in Redis, where no address or name is to be read."""
    return salted_hmac("guardian.limits", name, algorithm="sha256").hexdigest()[:32]


@cache
def _evidence() -> DatabaseEvidence:
    """Know which similar hits were right."""
    return DatabaseEvidence(db.in_db)


@cache
def _store() -> MemoryStore | NearStore:
    """Keep answers in this process, or in Redis with copies near at hand."""
    redis = link()
    if redis is None:
        return MemoryStore(
            SystemClock().monotonic,
            max_bytes=settings.ALICE_CACHE_BYTES,
            beside_bytes=LEARNT_BYTES if settings.ALICE_VECTORS == "memory" else 0,
        )
    board = Board(redis)
    quarantine.tell_also(partial(async_to_sync(board.tell), QUARANTINE))
    return NearStore(
        RedisStore(redis, Writing(get_args(Spoken)), max_entries=settings.ALICE_CACHE_ENTRIES),
        monotonic=SystemClock().monotonic,
        board=board,
        bound_s=settings.ALICE_CACHE_NEAR_MS / 1000,
        max_bytes=settings.ALICE_CACHE_BYTES // NEAR_PART,
    )


@cache
def _news() -> News | None:
    """Listen to the processes that share the answers, where there may be any."""
    store = _store()
    if isinstance(store, MemoryStore):
        return None
    learner = None
    if settings.ALICE_VECTORS == "memory":  # else the vectors are shared too
        room = settings.ALICE_CACHE_BYTES * (NEAR_PART - 1) // NEAR_PART
        learner = Learner(
            cast(FibonacciCache, kit().cache), _rules, max_entries=room // LEARNT_BYTES
        )
    others = {QUARANTINE: quarantine.look_again}
    return News(store, learner, Ends(store.store, _tiers), others=others)


@cache
def reembedding() -> Reembedding | None:
    """Keep the index whole; None where a `Learner` does, in step with the news."""
    if link() is not None and settings.ALICE_VECTORS == "memory":
        return None
    return Reembedding(cast(FibonacciCache, kit().cache), _rules)


async def _rules() -> tuple[Sequence[Tier], Spiral]:
    policy = await live.current()
    return policy.tiers, policy.spiral


async def _tiers() -> Sequence[Tier]:
    return (await live.current()).tiers


def _radio() -> RedisRadio | None:
    redis = link()
    return None if redis is None else RedisRadio(Leases(redis, lease_s=settings.ALICE_LEASE_S))


def _index(clock: SystemClock) -> Index:
    if settings.ALICE_VECTORS != "pgvector":
        return ScopedIndex(encoder().fingerprint)
    from fibcache.vectors.pgvector import PgvectorIndex  # its library is loaded only if needed

    return PgvectorIndex(
        encoder().fingerprint,
        db.in_db,
        clock=clock.monotonic,
        within_s=settings.ALICE_VECTORS_S,
    )


@cache
def encoder() -> Encoder:
    """Make this process's vectors, once chosen.

    Raises:
        BadChoice: the environment asks for one that there is not; `manage.py check` says so.
        BadEncoderFile: the one that Alice comes with is damaged; `manage.py check` says so, too.
    """
    return chosen(
        Choice.read(settings.ALICE_ENCODER, settings.ALICE_ENCODER_URL),
        shipped=_swedish,
        key=settings.ALICE_ENCODER_KEY,
        within_s=settings.ALICE_ENCODER_S,
        pool=settings.ALICE_BACKEND_POOL,
        clock=SystemClock().monotonic,
    )


def weight_of(word: str) -> float:
    """Tell how much a word in lower case tells, 0..1, whichever encoder makes the vectors."""
    return _swedish().weight_of(word)


@cache
def _swedish() -> SwedishEncoder:
    """Read the encoder that Alice comes with, once for all who use it."""
    return SwedishEncoder.load()


@cache
def understanding() -> Understanding | None:
    """Read what Alice has learnt of intents. None, and a line in the log, if it can't be used."""
    try:
        return Understanding.load(_swedish())
    except (BadIntentsFile, BadSlotFile, BadWordsFile) as error:
        log.error("intents_left_out", why=str(error))
        return None


@cache
def taught() -> Taught | None:
    """Know what staff have taught, beside what Alice came with."""
    shipped = understanding()
    return None if shipped is None else Taught(shipped, db.in_db)


@cache
def remote_reader() -> RemoteReader | None:
    """Have messages read in another process, where the environment names one."""
    if not settings.NLU_URL:
        return None
    breaker = SharedBreaker("nlu", link(), monotonic=SystemClock().monotonic, jitter=random.random)
    return RemoteReader(
        settings.NLU_URL,
        key=settings.ALICE_NLU_KEY,
        within_s=settings.ALICE_NLU_MS / 1000,
        pool=settings.ALICE_BACKEND_POOL,
        breaker=breaker,
    )


@cache
def fleet() -> Fleet:
    """Know this process's model servers, once."""
    return Fleet(SystemClock(), pool=settings.ALICE_BACKEND_POOL)


@cache
def link() -> Link | None:
    """Hold this process's line to Redis, where the environment names one."""
    return Link.of_cache(settings.CACHES["default"]) if settings.REDIS_URL else None


async def warm() -> None:
    """Load what the parts are slow to load, so that the first turn is as quick as the second."""
    await asyncio.to_thread(_load)
    policy = await live.current()
    if (versions := taught()) is not None:
        await versions.of(policy.understanding.lesson)
    await fleet().choices(policy)
    if (remote := remote_reader()) is not None:
        await remote.meet()


def _load() -> None:
    kit()
    if isinstance(made := encoder(), PatientEncoder):
        made.load()
    warm_tools()
    _read_word_lists()
    Pseudonyms().mask("070-123 45 67 SE45 5000 0000 0583 9825 7466")  # reads the numbering plans


def _read_word_lists() -> None:
    """Read them now: else the first turn does, and holds up all the others meanwhile."""
    lexicon.warm()
    Matcher(encoder(), GUARDS).verdicts("Hur öppnas dörren?", "Hur öppnar man dörren?")


def listen() -> None:
    """Begin to hear what other processes tell, for as long as the server runs."""
    if (news := _news()) is not None:
        news.start()


async def close() -> None:
    """Let go of connections when the server stops."""
    if kit.cache_info().currsize and isinstance(checks := kit().checks, ShadowChecks):
        await checks.aclose()
    if kit.cache_info().currsize and isinstance(limiter := kit().limiter, SharedBudgets):
        await limiter.aclose()
    if _news.cache_info().currsize and (news := _news()) is not None:
        await news.stop()
    if _store.cache_info().currsize and isinstance(store := _store(), NearStore):
        await store.aclose()
    if fleet.cache_info().currsize:
        await fleet().aclose()
    if remote_reader.cache_info().currsize and (remote := remote_reader()) is not None:
        await remote.aclose()
    if encoder.cache_info().currsize and isinstance(made := encoder(), PatientEncoder):
        await made.aclose()
    if (line := link()) is not None:
        await last_words()
        await line.aclose()
    db.close()
