"""What every answer carries, on both lanes: an id to ask about, and headers that browsers obey.

The stock lane has Django's own middleware for the headers. The functions here are for the lean
lane, where a middleware is an async function of a request and the way on.
"""

from collections.abc import Awaitable, Callable
from functools import cache

from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from structlog.contextvars import bind_contextvars

from chat.api.headers import turn_id_of

Answer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""What a browser may do with JSON that it was tricked into showing as a page: nothing."""


class RequestId:
    """Names every request of the stock lane: `X-Request-ID`, and `request_id` in its log lines."""

    async_capable, sync_capable = True, False

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return await name_request(request, self.get_response)


async def name_request(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """Give the request an id of its own: one that a caller chose could be somebody else's."""
    request_id = turn_id_of(request)
    bind_contextvars(request_id=request_id)
    response = await answer(request)
    response.headers.setdefault("X-Request-ID", request_id)
    return response


async def secure_headers(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """Add what Django's SecurityMiddleware and django-csp add on the stock lane."""
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # 308, as a POST must stay one.
        response: HttpResponseBase = HttpResponsePermanentRedirect(
            f"https://{request.get_host()}{request.get_full_path()}"
        )
        response.status_code = 308
    else:
        response = await answer(request)
    headers = response.headers
    for name, value in _secure_headers():
        headers.setdefault(name, value)
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        headers.setdefault("Strict-Transport-Security", _hsts())
    return response


async def check_host(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """Refuse a request for a host that Alice is not.

    Raises:
        DisallowedHost: it is not in ALLOWED_HOSTS.
    """
    request.get_host()
    return await answer(request)


@cache
def _secure_headers() -> tuple[tuple[str, str], ...]:
    return (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Content-Security-Policy", API_POLICY),
    )


def _hsts() -> str:
    return f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
