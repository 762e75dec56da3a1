"""How much callers may ask for: the limits, whose they are, and the arithmetic of a bucket.

A turn draws on a budget of each of its **holders**: the caller (a key, a person or a guest), all
keys of one owner, the organisation, and the address that it came from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

ROUNDING_S = 1e-6  # a wait shorter than this is none; clocks and floats are not finer

ROLES = ("guest", "member", "staff", "program")

SHARED = ("owner", "tenant", "address")
"""Holders whose budget many callers share, beside the roles that callers have themselves."""

WHOM = ("key", "user", "owner", "tenant", "address")
"""Holders that may have a limit of their own."""

REMEMBERED = 10_000  # callers whose holders are kept at hand


@dataclass(frozen=True, slots=True)
class Limit:
    """What each holder of one kind may use. 0 sets no limit."""

    role: str  # guest, member, staff, program (each key), or one of SHARED
    turns_per_minute: int = 30  # refill of the bucket
    burst: int = 13  # turns that may come at once
    tokens_per_minute: int = 0  # of a model, question and answer together
    tokens_per_day: int = 0  # from midnight to midnight
    at_once: int = 0  # turns that a model may be answering


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """What one holder may use instead of what its kind may."""

    whom: str  # "key:1a2b3c4d", "user:12", "owner:12", "tenant:acme", "address:192.0.2.7"
    turns_per_minute: int = 30
    burst: int = 13
    tokens_per_minute: int = 0
    tokens_per_day: int = 0
    at_once: int = 0


LIMITS = (
    Limit("guest", 21, 8, 28_657, 196_418, 3),
    Limit("member", 34, 13, 75_025, 832_040, 5),
    Limit("staff", 89, 34, 196_418, 3_524_578, 8),
    Limit("program", 610, 89, 317_811, 5_702_887, 21),
    Limit("owner", 1597, 233, 832_040, 14_930_352, 55),
    Limit("tenant", 6765, 987, 3_524_578, 63_245_986, 144),
    Limit("address", 2584, 377, 0, 0, 0),
)
"""Nobody knows how many sit behind one address, so it limits what a flood would use: turns."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a budget: "key:1a2b3c4d", "tenant:acme"."""

    name: str
    limit: Limit

    @property
    def kind(self) -> str:
        """Name what it is: key, user, guest, owner, tenant or address."""
        return self.name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Holders:
    """All whose budgets one caller draws on, the caller first; none has no limits at all."""

    tenant: str = ""
    each: tuple[Holder, ...] = ()
    name: str = ""  # of this caller at this address


class Book:
    """The limits of one policy, ready to look up."""

    def __init__(self, limits: Sequence[Limit], own: Sequence[OwnLimit]) -> None:
        self._by_role = {limit.role: limit for limit in completed(limits)}
        self._strictest = strictest(limits)
        self._own = {one.whom: _as_limit(one) for one in own}
        self._known: dict[tuple[str, str, int | None, str, str], Holders] = {}

    def holders(
        self, *, role: str, person: str, user_id: int | None, tenant: str, address: str
    ) -> Holders:
        """Name the holders of a caller's budgets. A guest belongs to no organisation.

        Else a flood of guests would use up what the people of the house share with them.
        """
        key = (role, person, user_id, tenant, address)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._holders(*key)
        return found

    def _holders(
        self, role: str, person: str, user_id: int | None, tenant: str, address: str
    ) -> Holders:
        each = [Holder(person, self._limit(person, role))]
        if role == "program" and user_id is not None:
            each.append(self._shared(f"owner:{user_id}"))
        if role != "guest":
            each.append(self._shared(f"tenant:{tenant}"))
        if address:
            each.append(self._shared(f"address:{neighbourhood(address)}"))
        return Holders(tenant, tuple(each), f"{person} {address}")

    def _shared(self, name: str) -> Holder:
        return Holder(name, self._limit(name, name.partition(":")[0]))

    def _limit(self, name: str, role: str) -> Limit:
        return self._own.get(name) or self._by_role.get(role) or self._strictest


def strictest(limits: Sequence[Limit]) -> Limit:
    """Find the limit that lets through the fewest turns: that of a role without one of its own."""
    narrow = [limit for limit in limits or LIMITS if limit.turns_per_minute]
    return min(narrow or LIMITS, key=lambda limit: limit.turns_per_minute)


def completed(limits: Sequence[Limit]) -> tuple[Limit, ...]:
    """Add the limits of shared budgets to settings that are older than those."""
    known = {limit.role for limit in limits} | set(ROLES)
    return (*limits, *(limit for limit in LIMITS if limit.role not in known))


@lru_cache(maxsize=1024)
def neighbourhood(address: str) -> str:
    """Give what is counted as one address: of IPv6 the first 64 bits, which one house is given."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address  # a socket's name, or a test's
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ip_network((ip, 64), strict=False))
    return str(ip)


def take(
    full_at_s: float, *, now_s: float, per_minute: int, burst: int, count: int = 1
) -> tuple[float, float]:
    """Take from a bucket, which is known by the moment when it is full again.

    One number is all a bucket needs: a new one is full since long ago (`-inf`), what is taken
    moves the moment on by the time it takes to refill, and refill costs nothing to work out.

    Args:
        full_at_s: when the bucket is full, seconds on any clock that never runs backwards.
        now_s: the time on that clock.
        per_minute: refill, at least 1.
        burst: what a full bucket holds, at least 1.
        count: what to take; at most `burst`, or there would never be enough.
    Returns:
        The new `full_at_s`, and 0.0; or the old one and the seconds to wait when it is too empty.
    Source:
        The generic cell rate algorithm, ITU-T I.371, annex A.
    """
    one_s = 60 / per_minute
    full_at_s = max(full_at_s, now_s)
    wait_s = full_at_s + (count - burst) * one_s - now_s
    if wait_s > ROUNDING_S:
        return full_at_s, wait_s
    return full_at_s + count * one_s, 0.0


def _as_limit(one: OwnLimit) -> Limit:
    told = {field.name: getattr(one, field.name) for field in fields(one)[1:]}
    return Limit(one.whom, **told)
