"""The cache in the console."""

from . import entries, live

__all__ = ["entries", "live"]
