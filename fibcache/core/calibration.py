"""What a cosine is worth: a score that means the same whichever encoder made the vectors."""

from .fib import PHI

OPERATING_COSINE = 0.5
"""The cosine of `HashedNgrams` that becomes φ⁻¹.

Fitted on the 33 pairs of our own development set: with the guards on, none of its 20 wrong pairs
passes at any cosine, so the budget of one false hit does not bind; the right pairs that the guards
let through lie at 0.51 and above. The guards decide, and the score keeps out what is merely long.
"""


def calibrated(cosine: float) -> float:
    """Turn a cosine of `HashedNgrams` into a score, 0..1: rising, straight on both sides of φ⁻¹."""
    if cosine <= 0:
        return 0.0
    if cosine < OPERATING_COSINE:
        return cosine / OPERATING_COSINE / PHI
    return min(1.0, 1 - (1 - cosine) / (1 - OPERATING_COSINE) * (1 - 1 / PHI))
