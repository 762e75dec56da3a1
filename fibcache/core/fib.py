"""The golden numbers, in one place: everything Fibonacci in Alice is read from here."""

from math import pi, sqrt

PHI = (1 + sqrt(5)) / 2
"""The golden ratio φ = 1.618…"""

GOLDEN_ANGLE = 2 * pi / PHI**2
"""Radians between two neighbours on a golden spiral, 137.5°."""

FIBONACCI = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987)
"""The sequence without its doubled first 1, up to the largest number that Alice uses."""

LATENCY_BUCKETS_MS = FIBONACCI
"""Upper bounds of every latency histogram, milliseconds."""


def next_fibonacci(at_least: int) -> int:
    """Find the smallest Fibonacci number that is `at_least` this large."""
    low, high = 1, 2
    while low < at_least:
        low, high = high, low + high
    return low
