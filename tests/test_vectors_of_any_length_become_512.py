"""Whatever length an encoder's vectors have, they become 512 floats that compare as before."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fibcache.core.projection import projected


def some(count: int, length: int, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, length))


def cosines(vectors: np.ndarray) -> np.ndarray:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ unit.T


@given(st.integers(1, 3000), st.integers(0, 5))
def test_every_length_becomes_512_of_unit_length(length, count):
    out = projected(some(count, length))

    assert out.shape == (count, 512) and out.dtype == np.float32
    assert np.linalg.norm(out, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


@pytest.mark.parametrize("length", [3, 384, 511, 512])
def test_up_to_512_cosines_are_kept_exactly(length):
    vectors = some(40, length)

    assert np.abs(cosines(projected(vectors)) - cosines(vectors)).max() < 1e-6


@pytest.mark.parametrize("length", [513, 768, 1024, 1536, 3072])
def test_beyond_512_cosines_are_kept_within_the_stated_error(length):
    base, noise = some(200, length), some(200, length, 6)
    for share in (0.0, 0.3, 0.8):  # of the first vector in the second
        other = share * base + (1 - share) * noise
        both = np.concatenate((base, other))
        true = np.diagonal(cosines(both), 200)
        kept = np.diagonal(cosines(projected(both).astype(float)), 200)

        stated = (1 - true**2).mean() / 512**0.5

        assert np.std(kept - true) < 1.2 * stated
        assert np.abs(kept - true).max() < 5 * stated


def test_what_is_equal_stays_equal_and_nothing_stays_nothing():
    vectors = some(2, 1000)
    vectors[1] = 3 * vectors[0]

    out = projected(vectors)

    assert np.allclose(out[0], out[1], atol=1e-7)
    assert not projected(np.zeros((1, 1000))).any()


def test_the_map_is_the_same_on_every_machine():
    """Whole numbers in, so that the sums are exact and no rounding can differ."""
    vectors = np.arange(3 * 768, dtype=float).reshape(3, 768) % 13

    assert sha256(projected(vectors).tobytes()).hexdigest()[:16] == "eef8e3f072609ed9"
