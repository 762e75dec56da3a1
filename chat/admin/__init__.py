"""Chat in the console."""

from . import accounts, conversations

__all__ = ["accounts", "conversations"]
