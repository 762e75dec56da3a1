"""`manage.py check` finds bounds of the cache that can't be meant."""

import pytest

from alice_site.checks import check_cache


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ALICE_REDIS_POOL", 0, ["alice.E007"]),
        ("ALICE_REDIS_CONNECT_MS", 0, ["alice.E007"]),
        ("ALICE_REDIS_READ_MS", -5, ["alice.E007"]),
        ("ALICE_REDIS_READ_MS", 5000, ["alice.W005"]),
        ("ALICE_REDIS_READ_MS", 1000, []),
        ("ALICE_CACHE_BYTES", 1000, ["alice.E007"]),
        ("ALICE_CACHE_ENTRIES", 5, ["alice.E007"]),
        ("ALICE_CACHE_NEAR_MS", -1, ["alice.E007"]),
        ("ALICE_CACHE_NEAR_MS", 0, []),
    ],
)
def test_a_bound_that_cannot_be_meant_is_told_with_a_hint(settings, name, value, said):
    setattr(settings, name, value)

    found = check_cache(None)

    assert [message.id for message in found] == said
    assert all(name in message.msg and message.hint for message in found)
