"""Naming the caller: by API key on every door, by session on those that browsers use too."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from chat import callers
from chat.core.errors import NotAllowed, NotSignedIn
from chat.core.turn import Caller
from chat.services.callers import caller_for_key, caller_for_user


def key_in(request: HttpRequest | Request) -> str:
    """Read the API key from `Authorization: Bearer …` or `X-API-Key`; empty when there is none."""
    scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        return str(key).strip()
    return str(request.META.get("HTTP_X_API_KEY", "")).strip()


_CALLER = "alice.caller"  # no header's name has a point


async def caller_of(request: HttpRequest) -> Caller:
    """Name the caller of a hot door, where nobody has a session.

    Raises:
        BadKey: there is a key, and it is unknown, expired or revoked.
    """
    if key := key_in(request):
        caller = await callers.by_key(key)
    else:
        caller = callers.guest(request.META.get("REMOTE_ADDR", ""))
    request.META[_CALLER] = caller
    return caller


def known_caller(request: HttpRequest) -> Caller | None:
    """Give the caller that `caller_of` has named; None where it was not asked, or refused."""
    caller: Caller | None = request.META.get(_CALLER)
    return caller


class KeyAuthentication(BaseAuthentication):
    """Name the caller by API key, on REST framework's own views."""

    def authenticate(self, request: Request) -> tuple[Any, Caller] | None:
        key = key_in(request)
        if not key:
            return None
        return AnonymousUser(), caller_for_key(key=key)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Alice"'


class BrowserAuthentication(SessionAuthentication):
    """Name the caller by session, signed in or guest; changing something needs a CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, Caller] | None:
        found = super().authenticate(request)
        if found is not None:
            user, _auth = found
            return user, caller_for_user(user=user)
        session = getattr(request._request, "session", None)
        if session is None or not session.session_key:
            return None
        self.enforce_csrf(request)
        return AnonymousUser(), callers.guest(session.session_key)


def named(request: Request) -> Caller:
    """Give the caller that one of the two above has named.

    Raises:
        NotSignedIn: neither has.
    """
    if not isinstance(request.auth, Caller):
        raise NotSignedIn()
    return request.auth


class MayChat(BasePermission):
    """Let in callers who may chat, as their conversations are theirs too."""

    def has_permission(self, request: Request, view: object) -> bool:
        if "chat" not in named(request).scopes:
            raise NotAllowed()
        return True


class MayOperate(BasePermission):
    """Let in staff, and programs whose key is for operating Alice."""

    def has_permission(self, request: Request, view: object) -> bool:
        if "staff" not in named(request).scopes:
            raise NotAllowed()
        return True


class _KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells drf-spectacular of the key."""

    target_class = KeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": str(_("API-nyckel: Authorization: Bearer alice_… eller X-API-Key.")),
        }


class _BrowserScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells drf-spectacular of the session."""

    target_class = BrowserAuthentication
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
