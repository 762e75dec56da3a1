"""The base of the resources: REST framework's views, on the lane of pages and sessions."""

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpResponse, QueryDict
from drf_spectacular.openapi import AutoSchema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from chat.core.errors import BadJson

from .auth import BrowserAuthentication, KeyAuthentication, MayChat
from .errors import UnknownParameter, refuse


class JsonBody(BaseParser):
    """Reads JSON, within the limit that holds for every body."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: object = None, parser_context: Any = None) -> Any:
        body = parser_context["request"]._request.body  # the stream knows no limit
        try:
            return msgspec.json.decode(body or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise BadJson() from None


class OnlyJson(DefaultContentNegotiation):
    """Answers in JSON, whatever is accepted; `format` is then free to mean a file's format."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        return renderers[0], renderers[0].media_type


class Resource(APIView):
    """A resource for people with a session and programs with a key."""

    authentication_classes = (KeyAuthentication, BrowserAuthentication)
    permission_classes = (MayChat,)
    parser_classes = (JsonBody,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OnlyJson
    metadata_class = None
    schema = AutoSchema()

    def get_exception_handler(self) -> Callable[[Exception, Any], HttpResponse]:
        return self._refuse

    def _refuse(self, error: Exception, context: object) -> HttpResponse:
        response = refuse(error, self.request._request)
        if response.status_code == 405:
            response["Allow"] = ", ".join(self.allowed_methods)
        return response


def valid(shape: type[Serializer[Any]], data: object) -> dict[str, Any]:
    """Read `data` by its shape.

    Raises:
        ValidationError: and it says which field, and why.
    """
    wanted = shape(data=data)
    wanted.is_valid(raise_exception=True)
    return dict(wanted.validated_data)


def asked(shape: type[Serializer[Any]], query: QueryDict) -> dict[str, Any]:
    """Read a query by its shape, which names all that it may hold.

    Raises:
        UnknownParameter: it holds something else.
        ValidationError: as `valid`.
    """
    known = shape().fields
    for name in query:
        if name not in known:
            raise UnknownParameter(name, known)
    return valid(shape, query)
