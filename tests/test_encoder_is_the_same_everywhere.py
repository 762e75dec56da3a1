"""The same text gives the same vector in every process; spelling decides how near two texts lie."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fibcache.core.encoder import HashedNgrams
from fibcache.core.fib import PHI
from fibcache.core.shipped import calibration_for

ENCODER = HashedNgrams()
SHIPPED = calibration_for(ENCODER.fingerprint)


@given(st.text(max_size=80))
def test_every_text_has_a_vector(text):
    vector = ENCODER.encode(text)

    assert vector.shape == (512,) and vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5) or not vector.any()


def test_no_letters_no_direction():
    assert not ENCODER.encode(" …?! ").any()


def test_case_and_punctuation_are_not_heard():
    assert np.array_equal(ENCODER.encode("Hur mår du?"), ENCODER.encode("  hur   MÅR du!"))


def test_near_spelling_lies_near():
    question, typo, other = map(
        ENCODER.encode, ("Hur betalar jag räkningen?", "hur betlar jag räkningen", "Vem är kung?")
    )

    assert question @ typo > 0.8 > 0.3 > question @ other


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_makes_the_same_vector(seed):
    script = (
        "from fibcache.core.encoder import HashedNgrams;"
        "print(HashedNgrams().encode('Hur mår du, Åsa?').tobytes().hex())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert printed == ENCODER.encode("Hur mår du, Åsa?").tobytes().hex()


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_higher_cosine_never_scores_lower(one, two):
    low, high = sorted((one, two))

    assert 0 <= SHIPPED.score(low) <= SHIPPED.score(high) <= 1


def test_the_operating_point_scores_the_golden_ratio():
    assert SHIPPED.score(SHIPPED.operating_cosine) == pytest.approx(1 / PHI)
    assert SHIPPED.score(1.0) == 1.0
