"""The cache in the console."""

from . import entries, live, quarantine

__all__ = ["entries", "live", "quarantine"]
