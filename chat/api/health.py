"""Is Alice alive, is she ready, and how is she doing? For process managers and Prometheus."""

import asyncio
import secrets
from ipaddress import ip_address

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from django_redis import get_redis_connection

from chat import wiring
from chat.db import in_db
from chat.strain import STRAIN
from guardian.core.state import State

OK, PENDING, FAILED, DEGRADED = "ok", "pending", "failed", "degraded"
SPARED = ("redis", "nlu")
"""Parts that Alice does without, if need be."""

PATIENCE_S = 5.0


@require_safe
@never_cache
async def live(request: HttpRequest) -> JsonResponse:
    """Say that the process answers. Asks nobody else, so it never fails for their sake."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
async def ready(request: HttpRequest) -> JsonResponse:
    """Say whether turns can be answered and kept, part by part; 503 when they can't.

    A Redis or an NLU process that is gone makes Alice slower, not silent: she is degraded, and
    stays ready; so she is while she is strained, until lockdown.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            parts = await in_db(_parts) | await _nlu()
    except Exception:  # whatever the database or its driver says: it is of no use now
        parts = {"database": FAILED}
    strain = STRAIN.state
    is_ready = strain < State.LOCKDOWN and all(
        state == OK for name, state in parts.items() if name not in SPARED
    )
    is_whole = strain is State.NORMAL and all(state == OK for state in parts.values())
    status = FAILED if not is_ready else OK if is_whole else DEGRADED
    told = {"status": status, "parts": parts, "state": strain.told, "why": STRAIN.why}
    return JsonResponse(told, status=200 if is_ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give all figures in Prometheus' format, to whoever has the token or is on this machine."""
    if not _may_see_metrics(request):
        return HttpResponseForbidden("Ange ALICE_METRICS_TOKEN som Bearer.\n", "text/plain")
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _parts() -> dict[str, str]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    parts = {"database": OK, "migrations": PENDING if pending else OK}
    if settings.REDIS_URL:
        parts["redis"] = _redis()
    return parts


async def _nlu() -> dict[str, str]:
    """Say whether messages are read in the other process, where there is to be one."""
    remote = wiring.remote_reader()
    if remote is None:
        return {}
    await remote.breaker.look()
    return {"nlu": {"closed": OK, "probing": PENDING}.get(remote.breaker.state, FAILED)}


def _redis() -> str:
    """Say whether Redis answers, and whether this process has gone back to it."""
    if not _redis_answers():
        return FAILED
    line = wiring.link()
    return OK if line is None or line.state == "closed" else PENDING


def _redis_answers() -> bool:
    try:
        return bool(get_redis_connection().ping())
    except Exception:  # whatever the client says, likewise
        return False


def _may_see_metrics(request: HttpRequest) -> bool:
    if token := settings.ALICE_METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), token.encode())
    # A proxy on this machine brings callers from elsewhere: with one, only the token opens.
    return not settings.ALICE_PROXIES and ip_address(request.META["REMOTE_ADDR"]).is_loopback
