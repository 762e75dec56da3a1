"""The calibrations that Alice comes with: of her encoder, and of hashed n-grams.

Each was printed by `manage.py calibrate … --json`; docs/false-hits.md tells on which pairs.
"""

from .calibration import THRESHOLD, Calibration, Point, cautious

SHIPPED = (
    Calibration(
        encoder="alice-words-and-runs-512-v1-5a0913e1d7cb",
        knots=(
            (-1.0, 0.0),
            (0.2597, THRESHOLD),
            (0.9094, 0.7135),
            (0.9431, 0.809),
            (1.0, 1.0),
        ),
        fitted_on="false_hits_sv, checklist-qqp, massive",
        pairs=110316,
        budget=0.005,
        confidence=0.95,
        different=0.05,
        curve=(
            Point(0.2597, 8584, 348, 0.3117, 0.0008),
            Point(0.8783, 7511, 244, 0.2751, 0.0007),
            Point(0.9082, 6438, 207, 0.2358, 0.0007),
            Point(0.927, 5365, 184, 0.1961, 0.0007),
            Point(0.9431, 4293, 167, 0.1562, 0.0009),
            Point(0.9673, 3219, 145, 0.1164, 0.001),
            Point(1.0, 2375, 78, 0.0869, 0.0008),
            Point(1.0, 1960, 71, 0.0715, 0.0009),
        ),
    ),
    Calibration(
        encoder="hashed-ngrams-3-5-words-512-v1",
        knots=(
            (-1.0, 0.0),
            (0.2283, THRESHOLD),
            (0.8142, 0.7135),
            (0.8444, 0.809),
            (0.8922, 0.9045),
            (1.0, 1.0),
        ),
        fitted_on="false_hits_sv, checklist-qqp, massive",
        pairs=109910,
        budget=0.005,
        confidence=0.95,
        different=0.05,
        curve=(
            Point(0.2283, 8222, 244, 0.3426, 0.0005),
            Point(0.7789, 7195, 136, 0.3031, 0.0004),
            Point(0.8127, 6167, 105, 0.2603, 0.0003),
            Point(0.8302, 5139, 97, 0.2165, 0.0004),
            Point(0.844, 4111, 88, 0.1727, 0.0004),
            Point(0.8589, 3085, 76, 0.1292, 0.0005),
            Point(0.8919, 2056, 57, 0.0858, 0.0006),
            Point(0.97, 1028, 46, 0.0422, 0.0011),
        ),
    ),
)


def calibration_for(encoder: str) -> Calibration:
    """Find the calibration of the encoder with this fingerprint, or else give a cautious one."""
    found = (one for one in SHIPPED if one.encoder == encoder)
    return next(found, None) or cautious(encoder)
