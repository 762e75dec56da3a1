"""From a browser's session to the `Caller` that the pipeline knows."""

from types import SimpleNamespace
from typing import cast

from django.contrib.auth import SESSION_KEY, get_user
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from chat.core.errors import NotSignedIn
from chat.core.turn import Caller
from chat.models import User
from chat.services.callers import caller_for_guest, caller_for_user


def caller_of_session(session: SessionBase, user: object) -> Caller:
    """Name the caller of a page, signed in or guest; a guest's session is made if need be."""
    if isinstance(user, User):
        return caller_for_user(user=user)
    if session.session_key is None:
        session.create()
    return caller_for_guest(mark=str(session.session_key))


def caller_of_key(*, session_key: str) -> Caller:
    """Name the caller whose session this is, as it is now and not when a page was loaded.

    Raises:
        NotSignedIn: the session has ended, or its user may no longer use it.
    """
    session = SessionStore(session_key)
    if not session_key or not session.exists(session_key):
        raise NotSignedIn()
    if SESSION_KEY not in session:
        return caller_for_guest(mark=session_key)
    user = get_user(cast(HttpRequest, SimpleNamespace(session=session)))
    if not isinstance(user, User):
        raise NotSignedIn()
    return caller_for_user(user=user)
