"""The calibrations that Alice comes with, one for each encoder that she comes with.

Each was printed by `manage.py calibrate … --json`; docs/false-hits.md tells on which pairs.
"""

from .calibration import THRESHOLD, Calibration, Point, cautious

SHIPPED = (
    Calibration(
        encoder="hashed-ngrams-3-5-words-512-v1",
        knots=(
            (-1.0, 0.0),
            (0.3576, THRESHOLD),
            (0.7586, 0.7135),
            (0.8341, 0.809),
            (1.0, 1.0),
        ),
        fitted_on="false_hits_sv, checklist-qqp, massive",
        pairs=109910,
        budget=0.005,
        confidence=0.95,
        different=0.05,
        curve=(
            Point(0.3576, 749, 114, 0.0273, 0.0036),
            Point(0.6907, 656, 95, 0.0241, 0.0035),
            Point(0.7531, 562, 77, 0.0208, 0.0034),
            Point(0.8005, 470, 62, 0.0175, 0.0034),
            Point(0.8317, 375, 50, 0.014, 0.0037),
            Point(0.8703, 281, 39, 0.0104, 0.0042),
            Point(1.0, 196, 23, 0.0074, 0.004),
            Point(1.0, 152, 18, 0.0058, 0.0045),
        ),
    ),
)


def calibration_for(encoder: str) -> Calibration:
    """Find the calibration of the encoder with this fingerprint, or else give a cautious one."""
    found = (one for one in SHIPPED if one.encoder == encoder)
    return next(found, None) or cautious(encoder)
