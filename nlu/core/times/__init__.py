"""Times as people name them in running text, and the ISO 8601 value of each."""

from .reading import Time, time_of, times_in

__all__ = ["Time", "time_of", "times_in"]
