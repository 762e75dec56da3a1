"""The calibrations that Alice comes with, one for each encoder that she comes with.

Each was printed by `manage.py calibrate … --json`; docs/false-hits.md tells on which pairs.
"""

from .calibration import THRESHOLD, Calibration, Point, cautious

SHIPPED = (
    Calibration(
        encoder="hashed-ngrams-3-5-words-512-v1",
        knots=(
            (-1.0, 0.0),
            (0.2283, THRESHOLD),
            (0.8156, 0.7135),
            (0.8449, 0.809),
            (0.8938, 0.9045),
            (1.0, 1.0),
        ),
        fitted_on="false_hits_sv, checklist-qqp, massive",
        pairs=109910,
        budget=0.005,
        confidence=0.95,
        different=0.05,
        curve=(
            Point(0.2283, 8045, 214, 0.3363, 0.0005),
            Point(0.7839, 7040, 115, 0.2974, 0.0003),
            Point(0.8142, 6034, 94, 0.2551, 0.0003),
            Point(0.8308, 5029, 87, 0.2122, 0.0003),
            Point(0.8446, 4023, 79, 0.1694, 0.0004),
            Point(0.8597, 3017, 69, 0.1266, 0.0005),
            Point(0.8937, 2012, 53, 0.0841, 0.0006),
            Point(0.9704, 1006, 44, 0.0413, 0.0011),
        ),
    ),
)


def calibration_for(encoder: str) -> Calibration:
    """Find the calibration of the encoder with this fingerprint, or else give a cautious one."""
    found = (one for one in SHIPPED if one.encoder == encoder)
    return next(found, None) or cautious(encoder)
