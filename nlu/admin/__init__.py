"""Language understanding in the console."""

from . import examples, lessons, live, trying

__all__ = ("examples", "lessons", "live", "trying")
