"""The first question that is compared reads no word list: that was done before the server began."""

import warnings
from types import ModuleType

import pytest

from chat import wiring
from fibcache.core import frames, lexicon, reading
from fibcache.core.guards import GUARDS


def forget(module: ModuleType) -> None:
    for value in list(vars(module).values()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.mark.django_db
def test_all_lists_are_read_before_the_first_turn(monkeypatch):
    for module in (lexicon, frames, reading):
        forget(module)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wiring._load()

    monkeypatch.setattr(lexicon, "lines", _no_more)
    monkeypatch.setattr(frames, "lines", _no_more)
    pairs = (("Hur snabb är en bil?", "Hur långsam är bilen?"), ("Öppnar ni?", "Did it?"))
    for one, other in pairs:
        assert [guard(one, other) for guard in GUARDS]


def _no_more(name: str) -> None:
    raise AssertionError(f"{name} is read during a turn")
