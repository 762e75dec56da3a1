"""What Alice keeps about people, conversations and live settings."""

from .accounts import ApiKey, Tenant, User
from .conversations import Conversation, Feedback, ReplayRecord, TurnRecord

__all__ = [
    "ApiKey",
    "Conversation",
    "Feedback",
    "ReplayRecord",
    "Tenant",
    "TurnRecord",
    "User",
]
