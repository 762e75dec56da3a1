"""The headers that tell a program how its limits stand.

    RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset    of the limit that will be hit first
    RateLimit-Policy                                         610;w=60;burst=89;name="turns", …
    x-ratelimit-{limit,remaining,reset}-{requests,tokens}    the same as OpenAI's clients read it

The three first are what programs and proxies have read for years; the draft that became of them
(draft-ietf-httpapi-ratelimit-headers, since version 8 one structured `RateLimit` field) is read by
next to nobody yet. `RateLimit-Policy` lists every limit by the older version's grammar.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from django.http import HttpRequest

from chat import live
from chat.core.kit import Limiter
from chat.core.limiting import holders_of
from guardian.core.buckets import Level

from .auth import known_caller


async def limit_headers(request: HttpRequest, limiter: Limiter) -> dict[str, str]:
    """Tell how the limits of a request's caller stand; nothing where nobody was named."""
    caller = known_caller(request)
    if caller is None:
        return {}
    address = request.META.get("REMOTE_ADDR", "")
    holders = holders_of(caller, await live.current(), address)
    found = limiter.known(holders) or await limiter.look(holders)
    return headers_of(found, openai=request.path_info.startswith("/v1/"))


def headers_of(found: Sequence[Level], *, openai: bool = False) -> dict[str, str]:
    """Write levels as headers."""
    windows = [level for level in found if level.window_s]
    if not windows:
        return {}
    first = scarcest(windows)
    told = {
        "RateLimit-Limit": str(first.limit),
        "RateLimit-Remaining": str(first.left),
        "RateLimit-Reset": str(ceil(first.reset_s)),
        "RateLimit-Policy": ", ".join(_policies(windows)),
    }
    if openai:
        for name, measures in (("requests", ("turns",)), ("tokens", ("tokens", "day"))):
            if of_it := [level for level in windows if level.measure in measures]:
                level = scarcest(of_it)
                told[f"x-ratelimit-limit-{name}"] = str(level.limit)
                told[f"x-ratelimit-remaining-{name}"] = str(level.left)
                told[f"x-ratelimit-reset-{name}"] = as_duration(level.reset_s)
    return told


def scarcest(found: Sequence[Level]) -> Level:
    """Find the limit of which the smallest part is left."""
    return min(found, key=lambda level: level.left / (level.burst or level.limit))


def as_duration(seconds: float) -> str:
    """Write a time as OpenAI does: "250ms", "6m0s", "13h0m5s"."""
    if seconds < 1:
        return f"{ceil(seconds * 1000)}ms"
    minutes, rest = divmod(ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def _policies(found: Sequence[Level]) -> Iterator[str]:
    for level in found:
        burst = f";burst={level.burst}" if level.burst else ""
        kind = level.holder.partition(":")[0]
        yield f'{level.limit};w={level.window_s:.0f}{burst};name="{level.measure} of {kind}"'
