"""The cache in the console."""

from . import entries, live, quarantine, warming

__all__ = ["entries", "live", "quarantine", "warming"]
