"""Environment variables that set the first revision. After that the database has the last word.

    FIB_ROUTER_MICRO_BUDGET_MS="13,21,34"   routing.micro_budget_ms
    ALICE_GUESTS=off                        off.guests.on

Lists are written with commas; FIB_ROUTER_MICRO_BUDGET_MS may be the first number alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.translation import override

from chat.core.policy import Backend, Policy
from chat.sections import SECTIONS, Off, settings_of
from chat.wholeness import check_whole
from fibcache.core.tiers import TIERS

OLLAMA_PORT = 11434


@dataclass(frozen=True, slots=True)
class Seed:
    """One variable, and what its text does to the policy."""

    variable: str
    sow: Callable[[Policy, str], Policy]


def sown(policy: Policy, environ: Mapping[str, str]) -> tuple[Policy, dict[str, str]]:
    """Give the policy that the environment asks for, and the variable behind each setting it set.

    Raises:
        ImproperlyConfigured: a variable makes no sense; the text names it and says why.
    """
    origins: dict[str, str] = {}
    for seed in SEEDS:
        text = environ.get(seed.variable, "").strip()
        if not text:
            continue
        before, policy = policy, _sow(seed, policy, text)
        origins |= dict.fromkeys(_touched(before, policy), seed.variable)
    return policy, origins


def unheeded(policy: Policy, environ: Mapping[str, str]) -> list[str]:
    """List the variables that ask for something else than what is in force."""
    names = []
    for seed in SEEDS:
        text = environ.get(seed.variable, "").strip()
        try:
            if text and replace(_sow(seed, policy, text), revision=policy.revision) != policy:
                names.append(seed.variable)
        except ImproperlyConfigured:
            names.append(seed.variable)
    return names


def _sow(seed: Seed, policy: Policy, text: str) -> Policy:
    with override("en"):
        try:
            after = seed.sow(policy, text)
            _check_rows(policy, after)
            check_whole(after)
        except (ValueError, ValidationError) as error:
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise ImproperlyConfigured(f"{seed.variable}={text!r}: {said}") from None
    return after


def _check_rows(before: Policy, after: Policy) -> None:
    """Hold what was sown against the same ranges as the admin does."""
    for section in SECTIONS:
        value = getattr(after, section.name)
        if isinstance(section, Off) or value == getattr(before, section.name):
            continue
        for each in value if isinstance(value, tuple) else (value,):
            told = {field.name: getattr(each, field.name) for field in fields(each)}
            section.model(**told).clean_fields(exclude={"id", "rank"})


def _touched(before: Policy, after: Policy) -> Iterable[str]:
    old = dict(settings_of(before))
    return (path for path, value in settings_of(after) if old.get(path) != value)


def _routing(name: str, read: Callable[[str], Any]) -> Callable[[Policy, str], Policy]:
    def sow(policy: Policy, text: str) -> Policy:
        return replace(policy, routing=replace(policy.routing, **{name: read(text)}))

    return sow


def _micro_budget(policy: Policy, text: str) -> Policy:
    """Take a whole list, or one number in place of the first."""
    row = _whole_row(text)
    if len(row) == 1:
        row = (row[0], *(more for more in policy.routing.micro_budget_ms[1:] if more > row[0]))
    return replace(policy, routing=replace(policy.routing, micro_budget_ms=row))


def _weight(place: int) -> Callable[[Policy, str], Policy]:
    def sow(policy: Policy, text: str) -> Policy:
        weights = list(policy.routing.phi_weights)
        weights[place] = _real(text)
        return replace(policy, routing=replace(policy.routing, phi_weights=tuple(weights)))

    return sow


def _ttls(policy: Policy, text: str) -> Policy:
    row = _real_row(text)
    if len(row) != len(TIERS):
        raise ValueError(f"give {len(TIERS)} numbers, one for each tier")
    tiers = (replace(tier, ttl_h=ttl) for tier, ttl in zip(policy.tiers, row, strict=True))
    return replace(policy, tiers=tuple(tiers))


def _points(policy: Policy, text: str) -> Policy:
    return replace(policy, spiral=replace(policy.spiral, points=_whole(text)))


def _dimensions(policy: Policy, text: str) -> Policy:
    if _whole(text) != policy.spiral.dimensions:
        raise ValueError(f"vectors have {policy.spiral.dimensions} dimensions; nothing else works")
    return policy


def _ollama(policy: Policy, text: str) -> Policy:
    """Read Ollama's own variable: a host, a host and port, or an address."""
    full = text if "//" in text else f"http://{text}"
    parts = urlsplit(full)
    host = parts.hostname or ""
    if host in {"0.0.0.0", "::"}:  # what a server listens on, not where it is found
        host = "127.0.0.1"
    port = parts.port or {"https": 443}.get(parts.scheme, OLLAMA_PORT if "//" not in text else 80)
    shown = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{shown}:{port}{parts.path.rstrip('/')}"
    return _with_backend(policy, Backend(name="ollama", url=url))


def _openai(policy: Policy, text: str) -> Policy:
    backend = Backend("openai", "openai", text.rstrip("/"), key_env="OPENAI_API_KEY")
    return _with_backend(policy, backend)


def _with_backend(policy: Policy, backend: Backend) -> Policy:
    found = {each.name: each for each in policy.backends}
    if backend.name in found:
        backend = replace(found[backend.name], kind=backend.kind, url=backend.url)
    return replace(policy, backends=tuple((found | {backend.name: backend}).values()))


def _guests(policy: Policy, text: str) -> Policy:
    off = policy.off - {"guests"} if _switch(text) else policy.off | {"guests"}
    return replace(policy, off=off)


def _switch(text: str) -> bool:
    word = text.casefold()
    if word in {"1", "true", "yes", "on", "ja", "på"}:
        return True
    if word in {"0", "false", "no", "off", "nej", "av"}:
        return False
    raise ValueError("write true or false")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("write a whole number") from None


def _real(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError("write a number") from None


def _whole_row(text: str) -> tuple[int, ...]:
    return tuple(_whole(part) for part in _parts(text))


def _real_row(text: str) -> tuple[float, ...]:
    return tuple(_real(part) for part in _parts(text))


def _last(text: str) -> int:
    """Read "1,2,3" (a round more while the answer is incomplete) as the 3 rounds it allows."""
    return _whole_row(text)[-1]


def _parts(text: str) -> list[str]:
    parts = [part for part in re.split(r"[,;\s]+", text.strip("[]() ")) if part]
    if not parts:
        raise ValueError("write numbers with commas between them")
    return parts


SEEDS = (
    Seed("FIB_ROUTER_MICRO_BUDGET_MS", _micro_budget),
    Seed("FIB_ROUTER_PLANNER_TIMEOUT_MS", _routing("plan_within_ms", _whole)),
    Seed("FIB_ROUTER_MAX_TOOL_CALLS", _routing("tool_rounds", _last)),
    Seed("FIB_RAG_TOPK_STEPS", _routing("passages", _whole_row)),
    Seed("FIB_TIMEOUT_PHASES", _routing("first_token_s", _real_row)),
    Seed("FIB_RETRY_DELAYS", _routing("breaker_delays_s", _real_row)),
    Seed("FIB_CACHE_TTLS_H", _ttls),
    Seed("FIB_SPIRAL_POINTS", _points),
    Seed("FIB_SPIRAL_DIMENSIONS", _dimensions),
    Seed("ENABLE_PHI_LOAD_BALANCER", _routing("phi_balancer", _switch)),
    Seed("PHI_PRIMARY_WEIGHT", _weight(0)),
    Seed("PHI_SECONDARY_WEIGHT", _weight(1)),
    Seed("TRAINING_MODE", _routing("training_mode", _switch)),
    Seed("LLM_MODEL_TRAINING", _routing("model_training", str)),
    Seed("LLM_MODEL_PRODUCTION", _routing("model_production", str)),
    Seed("OLLAMA_HOST", _ollama),
    Seed("OPENAI_BASE_URL", _openai),
    Seed("ALICE_GUESTS", _guests),
)
