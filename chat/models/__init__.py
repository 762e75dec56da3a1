"""What Alice keeps about people, conversations and live settings."""

from .accounts import ApiKey, Tenant, User
from .conversations import Conversation, Feedback, ReplayRecord, TurnRecord
from .live import (
    AlertSettings,
    Backend,
    CuratedAnswer,
    FeatureFlag,
    RoutingSettings,
    TurnBounds,
)
from .revision import Revision

__all__ = [
    "AlertSettings",
    "ApiKey",
    "Backend",
    "Conversation",
    "CuratedAnswer",
    "FeatureFlag",
    "Feedback",
    "ReplayRecord",
    "Revision",
    "RoutingSettings",
    "Tenant",
    "TurnBounds",
    "TurnRecord",
    "User",
]
