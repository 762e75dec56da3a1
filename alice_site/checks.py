"""System checks: what an operator may have overlooked, each with a hint of what to do.

These read the environment alone; chat/checks.py compares it with the live settings in the database.
"""

import os
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from alice_site.settings import env
from chat.seeds import SEEDS
from fibcache.encoders.choice import BadChoice, Choice
from nlu.core.encoder import SHIPPED, BadEncoderFile, SwedishEncoder

OURS = ("ALICE_", "FIB_")
FOR_TESTS = "ALICE_TEST_"


@register(Tags.security)
def check_mode(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Alice is in development or in production, and in production nothing is left open."""
    if settings.ALICE_MODE not in ("development", "production"):
        return [
            Error(
                f"ALICE_MODE is {settings.ALICE_MODE!r}.",
                hint="Set it to development or production.",
                id="alice.E001",
            )
        ]
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALICE_HOSTS is empty, so every request is refused.",
                hint="Name the hosts that Alice answers to: ALICE_HOSTS=alice.example.se",
                id="alice.E002",
            )
        )
    if settings.DEBUG:
        found.append(
            Error(
                "ALICE_DEBUG is on in production: error pages show what people wrote.",
                hint="Remove ALICE_DEBUG.",
                id="alice.E003",
            )
        )
    if settings.ALICE_GUESTS:
        found.append(
            Warning(
                "ALICE_GUESTS is on: anybody who finds Alice may chat without signing in.",
                hint="Remove ALICE_GUESTS, or silence alice.W001 if that is what you want.",
                id="alice.W001",
            )
        )
    return found


@register(Tags.security, deploy=True)
def check_metrics(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Behind a proxy /metrics can be read with a token only, so there should be one."""
    if not settings.ALICE_PROXIES or settings.ALICE_METRICS_TOKEN:
        return []
    return [
        Warning(
            "Behind a proxy nobody can read /metrics without ALICE_METRICS_TOKEN.",
            hint="Set it, and give it to Prometheus as a Bearer token.",
            id="alice.W002",
        )
    ]


@register("environment")
def check_vectors(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Vectors are kept where there is room for them, and shared only along with the answers."""
    if settings.ALICE_VECTORS not in ("memory", "pgvector"):
        return [
            Error(
                f"ALICE_VECTORS is {settings.ALICE_VECTORS!r}.",
                hint="Set it to memory or pgvector.",
                id="alice.E004",
            )
        ]
    if settings.ALICE_VECTORS == "memory":
        return []
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return [
            Error(
                "ALICE_VECTORS is pgvector, but the database is not PostgreSQL.",
                hint="Set DATABASE_URL to a PostgreSQL, or unset ALICE_VECTORS.",
                id="alice.E005",
            )
        ]
    if not settings.REDIS_URL:
        return [
            Warning(
                "Vectors are shared in PostgreSQL, but each process has answers of its own.",
                hint="Set REDIS_URL so that the answers are shared too, or unset ALICE_VECTORS.",
                id="alice.W004",
            )
        ]
    return []


@register("environment")
def check_encoder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The encoder that is asked for is one there is, and whole if Alice comes with it."""
    try:
        choice = Choice.read(settings.ALICE_ENCODER, settings.ALICE_ENCODER_URL)
        if not choice.kind:
            SwedishEncoder.load(SHIPPED)
    except BadChoice as error:
        return [Error(str(error), hint=error.hint, id="alice.E006")]
    except BadEncoderFile as error:
        return [
            Error(
                f"Alice's encoder is not whole: {error}.",
                hint="Take nlu/data/encoder.npz again from the release, "
                "or make it: manage.py nlu train encoder --data DIR (docs/nlu.md).",
                id="alice.E007",
            )
        ]
    return []


@register("environment")
def check_nlu(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The other process that reads messages has an address, and is waited for a little while."""
    found: list[CheckMessage] = []
    if settings.NLU_URL and not _is_address(settings.NLU_URL):
        found.append(
            Error(
                "NLU_URL is no address of a server.",
                hint="Set it to where the other Alice answers, such as http://127.0.0.1:9002, "
                "and put her key in ALICE_NLU_KEY.",
                id="alice.E008",
            )
        )
    if not 1 <= settings.ALICE_NLU_MS <= PATIENT_MS:
        found.append(
            Error(
                f"ALICE_NLU_MS is {settings.ALICE_NLU_MS}.",
                hint=f"Set it to 1 to {PATIENT_MS} ms, or unset it: a turn waits so long.",
                id="alice.E009",
            )
        )
    if settings.ALICE_NLU_KEY and not settings.NLU_URL:
        found.append(
            Warning(
                "ALICE_NLU_KEY is set, but NLU_URL is not: messages are read in this process.",
                hint="Set NLU_URL, or unset ALICE_NLU_KEY.",
                id="alice.W006",
            )
        )
    return found


def _is_address(url: str) -> bool:
    """Tell whether `url` is http(s), has a host, and holds no password or query."""
    try:
        told = urlsplit(url)
        known = told.scheme in ("http", "https") and bool(told.hostname) and told.port != 0
    except ValueError:  # a port that is none
        return False
    return known and "@" not in told.netloc and not told.query and not told.fragment


LEAST = {
    "ALICE_REDIS_POOL": 1,
    "ALICE_REDIS_CONNECT_MS": 1,
    "ALICE_REDIS_READ_MS": 1,
    "ALICE_CACHE_BYTES": 2**20,
    "ALICE_CACHE_ENTRIES": 89,
    "ALICE_CACHE_NEAR_MS": 0,  # no copies at all
}
PATIENT_MS = 1000


@register("environment")
def check_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What answers are kept in has room, and nobody waits long for a Redis that is away."""
    found: list[CheckMessage] = [
        Error(
            f"{name} is {getattr(settings, name)}.",
            hint=f"Set it to {least} or more, or unset it.",
            id="alice.E007",
        )
        for name, least in LEAST.items()
        if getattr(settings, name) < least
    ]
    for name in ("ALICE_REDIS_CONNECT_MS", "ALICE_REDIS_READ_MS"):
        if getattr(settings, name) > PATIENT_MS:
            found.append(
                Warning(
                    f"{name} is {getattr(settings, name)}: so long may turns wait for Redis.",
                    hint=f"Tens of milliseconds are enough for most; {PATIENT_MS} for any.",
                    id="alice.W005",
                )
            )
    return found


@register("environment")
def check_names(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every variable that looks like one of ours is one of ours."""
    known = {*env.scheme, *(seed.variable for seed in SEEDS)}
    named = {variable for variable in os.environ if variable.startswith(OURS)}
    return [
        Warning(
            f"Nothing reads the variable {variable}.",
            hint=_meant(variable, sorted(known)),
            id="alice.W003",
        )
        for variable in sorted(named - known)
        if not variable.startswith(FOR_TESTS)
    ]


def _meant(variable: str, known: list[str]) -> str:
    close = get_close_matches(variable, known, n=1)
    return f"Do you mean {close[0]}?" if close else "Remove it, or look in alice_site/settings.py."
