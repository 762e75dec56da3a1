"""What Alice keeps about people, conversations and live settings."""

from .accounts import ApiKey, Tenant, User

__all__ = ["ApiKey", "Tenant", "User"]
