"""All model servers: which there are, in which order to ask them, and what models they have."""

import asyncio
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chat.core.errors import NoSuchModel
from chat.core.kit import Clock
from chat.core.policy import Backend, Policy
from fibcache.core.breaker import FibonacciBreaker

from .balance import balanced
from .base import BackendTrouble, ModelServer
from .ollama import Ollama
from .openai_compatible import OpenAICompatible

DEFAULT_OLLAMA = Backend(name="ollama", kind="ollama", url="http://127.0.0.1:11434")
"""Where an Ollama answers on a machine where nobody has set up anything."""

ALICE = "alice"
"""The model name that stands for whatever model Alice is set to use."""

PROBE_S = 0.3  # longest wait for the default Ollama to show itself
FRESH_S = 5.0  # how long a list of models, or a sign of life, is believed
RETIRE_S = 89.0  # how long a back-end that no policy names is kept


@dataclass(frozen=True, slots=True)
class Choice:
    """A back-end to ask, and the model to ask it for."""

    name: str
    model: str
    server: ModelServer
    breaker: FibonacciBreaker


@dataclass(frozen=True, slots=True)
class Standing:
    """How a back-end does, for the admin, /health/ready and /metrics."""

    name: str
    model: str
    state: str  # closed, open, probing
    retry_in_s: float


@dataclass(slots=True)
class _Member:
    """A back-end that this process knows."""

    server: ModelServer
    breaker: FibonacciBreaker
    delays_s: tuple[float, ...]
    used: float = 0.0  # monotonic seconds
    listed: tuple[str, ...] = ()
    listed_at: float = float("-inf")
    seen: float = float("-inf")  # when it last showed itself


class Fleet:
    """The model servers of the policies in force.

    Args:
        clock: tells monotonic seconds.
        pool: answers that a back-end may have under way at once; more wait.
        default: looked for when the policy names no back-end; None looks for nothing.
        rng: draws for the φ balancer and the breakers' jitter.
        environ: where a back-end's key is read, under the name `Backend.key_env`.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        pool: int = 8,
        default: Backend | None = DEFAULT_OLLAMA,
        rng: Callable[[], float] = random.random,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._clock, self._pool, self._default = clock, pool, default
        self._rng, self._environ = rng, environ
        self._members: dict[tuple[str, str, str], _Member] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def configured(self, policy: Policy) -> bool:
        """Tell whether staff or the environment have named a back-end of their own choice."""
        return any(backend.enabled and backend != self._default for backend in policy.backends)

    async def choices(self, policy: Policy, wanted: str | None = None) -> tuple[Choice, ...]:
        """List the back-ends that may answer, in the order in which to ask them.

        None at all: no back-end is configured and no Ollama answers at its default address. A
        back-end whose breaker is open is in the list; `breaker.allow()` has the last word.

        Raises:
            NoSuchModel: `wanted` is not a model of any back-end.
        """
        backends = await self._backends(policy)
        if policy.routing.phi_balancer:
            weights = zip(backends, policy.routing.phi_weights, strict=False)
            ready = [(one, weight) for one, weight in weights if self._state(one) == "closed"]
            backends = balanced(backends, ready, self._rng())
        if wanted and wanted != ALICE:
            have = await self._having(wanted, backends, policy)
            return tuple(self._choice(backend, wanted, policy) for backend in have)
        model = policy.routing.model
        return tuple(self._choice(backend, backend.model or model, policy) for backend in backends)

    async def models(self, policy: Policy) -> tuple[tuple[str, str], ...]:
        """List (model, back-end) for what can be asked for by name; the default models first."""
        backends = await self._backends(policy)
        lists = await self._lists(backends, policy)
        # A dict keeps the order, and the first back-end of a model.
        found: dict[str, str] = {}
        for backend in backends:
            found.setdefault(backend.model or policy.routing.model, backend.name)
        for backend, listed in zip(backends, lists, strict=True):
            for model in listed or ():
                found.setdefault(model, backend.name)
        return tuple(found.items())

    async def knows(self, policy: Policy, wanted: str | None) -> bool:
        """Tell whether a caller may ask for this model by name."""
        try:
            await self.choices(policy, wanted)
        except NoSuchModel:
            return False
        return True

    def standings(self, policy: Policy) -> tuple[Standing, ...]:
        """Tell how the policy's back-ends do, without asking them."""
        return tuple(
            Standing(
                backend.name,
                backend.model or policy.routing.model,
                member.breaker.state,
                member.breaker.retry_in_s,
            )
            for backend in self._named(policy)
            for member in (self._member(backend, policy),)
        )

    async def aclose(self) -> None:
        """Let go of every connection."""
        members, self._members = self._members, {}
        for member in members.values():
            await member.server.aclose()

    def _named(self, policy: Policy) -> tuple[Backend, ...]:
        if policy.backends:
            return tuple(backend for backend in policy.backends if backend.enabled)
        return (self._default,) if self._default else ()

    async def _backends(self, policy: Policy) -> Sequence[Backend]:
        """Give the policy's back-ends, or the default Ollama if it shows itself."""
        self._retire(policy)
        if self.configured(policy):
            return self._named(policy)
        return [default for default in self._named(policy) if await self._shows(default, policy)]

    async def _shows(self, default: Backend, policy: Policy) -> bool:
        """Look for the default Ollama, seldom enough that a machine without one is not slowed."""
        member = self._member(default, policy)
        if member.server.busy or self._clock.monotonic() - member.seen < FRESH_S:
            return True
        if not member.breaker.allow():
            return False
        if await member.server.alive(PROBE_S):
            member.breaker.succeeded()
            member.seen = self._clock.monotonic()
            return True
        member.breaker.failed()
        return False

    async def _having(
        self, wanted: str, backends: Sequence[Backend], policy: Policy
    ) -> Sequence[Backend]:
        """Keep the back-ends that have the model, or may have it for all one can find out."""
        ours = (policy.routing.model_production, policy.routing.model_training)
        if not backends and wanted in ours:
            return ()  # not unknown, only out of reach
        have = [
            backend
            for backend in backends
            if wanted == backend.model or (not backend.model and wanted in ours)
        ]
        if not have:
            lists = await self._lists(backends, policy)
            pairs = list(zip(backends, lists, strict=True))
            have = [one for one, listed in pairs if listed and _lists(wanted, listed)]
            have = have or [one for one, listed in pairs if listed is None]
        if not have:
            raise NoSuchModel()
        return have

    async def _lists(
        self, backends: Sequence[Backend], policy: Policy
    ) -> list[tuple[str, ...] | None]:
        members = [self._member(backend, policy) for backend in backends]
        return await asyncio.gather(*(self._list(member) for member in members))

    async def _list(self, member: _Member) -> tuple[str, ...] | None:
        """Give the models of a back-end, lately asked; None while it does not answer."""
        now = self._clock.monotonic()
        if now - member.listed_at < FRESH_S:
            return member.listed
        if not member.breaker.allow():
            return None
        try:
            member.listed = await member.server.models()
        except BackendTrouble as error:
            if error.its_fault:
                member.breaker.failed()
            return None
        member.breaker.succeeded()
        member.listed_at = member.seen = now
        return member.listed

    def _choice(self, backend: Backend, model: str, policy: Policy) -> Choice:
        member = self._member(backend, policy)
        return Choice(backend.name, model, member.server, member.breaker)

    def _state(self, backend: Backend) -> str:
        member = self._members.get(_key(backend))
        return member.breaker.state if member else "closed"

    def _member(self, backend: Backend, policy: Policy) -> _Member:
        """Find a back-end, or get to know it."""
        delays_s = policy.routing.breaker_delays_s
        member = self._members.get(_key(backend))
        if member is None:
            member = _Member(self._server(backend), self._breaker(backend, delays_s), delays_s)
            self._members[_key(backend)] = member
        elif member.delays_s != delays_s:
            member.breaker, member.delays_s = self._breaker(backend, delays_s), delays_s
        member.used = self._clock.monotonic()
        return member

    def _server(self, backend: Backend) -> ModelServer:
        if backend.kind == "openai":
            key = self._environ.get(backend.key_env, "") if backend.key_env else ""
            return OpenAICompatible(backend.url, key=key, pool=self._pool)
        return Ollama(backend.url, pool=self._pool)

    def _breaker(self, backend: Backend, delays_s: tuple[float, ...]) -> FibonacciBreaker:
        # Nobody has promised that the default Ollama is there: one miss is enough.
        failures = 1 if backend == self._default else 3
        return FibonacciBreaker(
            clock=self._clock.monotonic,
            delays_s=delays_s,
            failures_to_open=failures,
            jitter=self._rng,
        )

    def _retire(self, policy: Policy) -> None:
        """Let go of back-ends that no policy has named for a while and that say nothing now."""
        if len(self._members) <= len(policy.backends):
            return
        named = {_key(backend) for backend in self._named(policy)}
        now = self._clock.monotonic()
        for key, member in list(self._members.items()):
            if key not in named and now - member.used > RETIRE_S and not member.server.busy:
                del self._members[key]
                closing = asyncio.get_running_loop().create_task(member.server.aclose())
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)


def _key(backend: Backend) -> tuple[str, str, str]:
    """Two names for one address are one server, and fail together."""
    return (backend.kind, backend.url, backend.key_env)


def _lists(wanted: str, listed: Sequence[str]) -> bool:
    # Ollama lists "llama3.2" as "llama3.2:latest".
    return wanted in listed or f"{wanted}:latest" in listed
