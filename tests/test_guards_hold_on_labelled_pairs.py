"""The guards keep to their floor on pairs that were written before anybody saw their verdicts.

A pair counts as a hit when no guard objects; how near its vectors lie is not asked here.
"""

from pathlib import Path

import pytest

from chat.evaluations.labelled import read_pairs
from fibcache.core.guards import GUARDS

FILES = sorted(Path(__file__).parent.joinpath("pairs").glob("*.tsv"))
FLOORS = {
    "swedish.tsv": (81, 0),
    "swedish_2.tsv": (34, 0),
    "swedish_3.tsv": (27, 0),
    "swedish_4.tsv": (11, 0),
    "swedish_5.tsv": (19, 0),
    "swedish_6.tsv": (14, 0),
}  # right at least, wrong at most


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_right_pairs_are_found_and_wrong_ones_kept_apart(file):
    hits = [
        pair for pair in read_pairs(file) if all(guard(pair.a, pair.b).agrees for guard in GUARDS)
    ]
    right_at_least, wrong_at_most = FLOORS[file.name]

    assert sum(pair.same for pair in hits) >= right_at_least
    assert sum(not pair.same for pair in hits) <= wrong_at_most, [p for p in hits if not p.same]
