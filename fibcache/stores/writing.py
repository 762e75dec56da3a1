"""Entries in writing: MessagePack that only a reader with the same fields takes for its own."""

from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256
from typing import Any

import msgspec

from fibcache.core.entry import Entry


class Unwritable(Exception):
    """An entry holds what has no place in writing."""


class Unreadable(Exception):
    """What is written is another version's, or damaged."""


class Writing:
    """Puts entries in writing and reads them back.

    Args:
        kinds: the dataclasses that an answer's events may be.
    """

    def __init__(self, kinds: Iterable[type[Any]]) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}
        self._names = {kind: _set_at_birth(kind) for kind in self._kinds.values()}
        self._entry_names = _set_at_birth(Entry)
        self._events_at = self._entry_names.index("events")
        self._documents_at = self._entry_names.index("documents")
        shape = [*self._entry_names, *((name, *self._names[kind]) for name, kind in self._known())]
        self.version = sha256(repr(shape).encode()).hexdigest()[:8]
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(list[Any]).decode

    def write(self, entry: Entry) -> bytes:
        """Put an entry in writing.

        Raises:
            Unwritable: an event is of no kind that is known, or holds more than plain values.
        """
        values = [getattr(entry, name) for name in self._entry_names]
        try:
            values[self._events_at] = [
                [event.__class__.__name__]
                + [getattr(event, name) for name in self._names[event.__class__]]
                for event in entry.events
            ]
            return self._encode([self.version, *values])
        except (KeyError, TypeError, ValueError, OverflowError) as error:  # lone surrogates, too
            raise Unwritable(entry.key) from error

    def read(self, written: bytes) -> Entry:
        """Read an entry.

        Raises:
            Unreadable: it was not written by this version.
        """
        try:
            version, *values = self._decode(written)
            if version != self.version:
                raise Unreadable(f"version {version}")
            kinds = self._kinds
            values[self._events_at] = tuple(
                [kinds[name](*told) for name, *told in values[self._events_at]]
            )
            values[self._documents_at] = tuple(values[self._documents_at])
            return Entry(*values)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, IndexError) as error:
            raise Unreadable(str(error)) from error

    def _known(self) -> list[tuple[str, type[Any]]]:
        return sorted(self._kinds.items())


def _set_at_birth(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.init)
