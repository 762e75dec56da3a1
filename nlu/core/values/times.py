"""When: the value of a phrase about time."""

from ..times import Time, time_of, times_in
from .value import Said, Value


def time(said: Said) -> Value | None:
    """Read the whole of it, else the only time in it."""
    if said.now is None:
        return None
    whole = time_of(said.text, said.now, said.timezone)
    if whole is not None:
        return _value(whole)
    times = times_in(said.text, said.now, said.timezone)
    return _value(times[0]) if len(times) == 1 else None


def _value(found: Time) -> Value:
    return Value(found.kind, found.value)
