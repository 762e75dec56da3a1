"""The base of the hot doors: REST framework's views without what a chat has no use for.

They answer in one content type and read their key straight from the header, so content negotiation,
parsers, renderers and DRF's request object are left out, and so is the thread hop that adrf
takes to run DRF's synchronous checks. To drf-spectacular they are views like any other.
"""

from typing import Any

import structlog
from adrf.views import APIView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer

from chat import wiring

from .auth import KeyAuthentication
from .errors import WrongMethod, refuse
from .headers import turn_id_of
from .limits import limit_headers

log = structlog.get_logger("alice.doors")


class HotDoor(APIView):
    """A door that is only ever asked by POST or GET, async, and answers errors in one shape."""

    # For the API description only: `async_dispatch` below asks none of them.
    authentication_classes: tuple[type[BaseAuthentication], ...] = (KeyAuthentication,)
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    schema = AutoSchema()
    view_is_async = True

    async def async_dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Let the method answer, and tell what went wrong in Alice's own shape."""
        handler = getattr(self, str(request.method).lower(), None)
        try:
            if handler is None or request.method not in self.allowed_methods:
                raise WrongMethod()
            response: HttpResponseBase = await handler(request, *args, **kwargs)
        except Exception as error:
            response = refuse(error, request)
            if isinstance(error, WrongMethod):
                response["Allow"] = ", ".join(self.allowed_methods)
        response["X-Request-ID"] = turn_id_of(request)
        try:
            for name, value in (await limit_headers(request, wiring.kit().limiter)).items():
                response[name] = value
        except Exception:  # no answer is to fail for want of these
            log.exception("limits_untold")
        return response

    @property
    def allowed_methods(self) -> list[str]:
        """Name the methods that the door has."""
        return [name.upper() for name in ("get", "post") if hasattr(self, name)]
