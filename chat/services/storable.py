"""Text and events in a form that every database can hold."""

from typing import Any

from msgspec import to_builtins


def storable(text: str) -> str:
    """Replace what a database can't hold: NUL characters and halves of surrogate pairs."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")


def storable_json(value: Any) -> Any:
    """Give events, arguments and the like as plain JSON values whose texts are all storable."""
    return _cleaned(to_builtins(value, enc_hook=str))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value
