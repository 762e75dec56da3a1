"""Chat in the console."""

from . import accounts, conversations, live, revisions

__all__ = ["accounts", "conversations", "live", "revisions"]
