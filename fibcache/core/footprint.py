"""How much memory a value takes."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from sys import getsizeof
from typing import Any


def footprint(value: Any) -> int:
    """Add up the bytes of a plain value and all it holds.

    Values that are shared count each time, so the sum errs on the large side.
    """
    size = getsizeof(value)
    if isinstance(value, str | bytes | int | float | None):
        return size
    if is_dataclass(value):
        return size + sum(footprint(getattr(value, name)) for name in _own_fields(value.__class__))
    if isinstance(value, Mapping):
        return size + sum(footprint(key) + footprint(held) for key, held in value.items())
    if isinstance(value, Sequence):
        return size + sum(map(footprint, value))
    return size


@lru_cache(maxsize=64)
def _own_fields(kind: Any) -> tuple[str, ...]:
    # A field that is not set at construction is the same constant in every value of its kind.
    return tuple(field.name for field in fields(kind) if field.init)
