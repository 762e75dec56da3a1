"""Labelled messages, attacks and harmless ones, and how well a score tells them apart."""

import gzip
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any


class BadAttacks(ValueError):
    """The file can't be read; the text says why, in Swedish."""


def read_attacks(path: Path) -> list[tuple[str, bool]]:
    """Read `text` (or `prompt`) and `label` of every line. Raises BadAttacks."""
    try:
        packed = path.read_bytes()
        written = (gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed).decode()
    except OSError as error:
        raise BadAttacks(f"{path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, EOFError) as error:
        raise BadAttacks(f"{path}: kan inte läsas ({error})") from error
    told = []
    for number, line in enumerate(written.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            text = row["text"] if "text" in row else row["prompt"]
            label = int(row["label"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadAttacks(f"{path}, rad {number}: text eller prompt, och label 0/1") from error
        if not isinstance(text, str) or label not in (0, 1):
            raise BadAttacks(f"{path}, rad {number}: text eller prompt, och label 0/1")
        told.append((text, label == 1))
    if not told:
        raise BadAttacks(f"{path}: inga rader")
    return told


def tally(
    rows: Sequence[tuple[str, bool]], score: Callable[[str], float], *, stop_at_least: float
) -> dict[str, Any]:
    """Score every message and count. What there is none of has a share of None."""
    times, attacks, harmless = [], [], []
    for text, attack in rows:
        started = perf_counter()
        scored = score(text)
        times.append(1000 * (perf_counter() - started))
        (attacks if attack else harmless).append(scored)
    found = sum(each >= stop_at_least for each in attacks)
    stopped = sum(each >= stop_at_least for each in harmless)
    times.sort()
    return {
        "n": len(rows),
        "accuracy": round((found + len(harmless) - stopped) / len(rows), 4),
        "recall": _share(found, len(attacks)),
        "false_positive_rate": _share(stopped, len(harmless)),
        "auc": _auc(attacks, harmless),
        "confusion": {
            "attack_stopped": found,
            "attack_passed": len(attacks) - found,
            "harmless_stopped": stopped,
            "harmless_passed": len(harmless) - stopped,
        },
        "ms_p50": round(times[len(times) // 2], 3),
        "ms_p99": round(times[int(0.99 * (len(times) - 1))], 3),
    }


def _auc(attacks: Sequence[float], harmless: Sequence[float]) -> float | None:
    """Tell how often an attack scores higher than a harmless message; a tie counts half."""
    if not attacks or not harmless:
        return None
    low = sorted(harmless)
    above = sum(bisect_left(low, each) + bisect_right(low, each) for each in attacks) / 2
    return round(above / (len(attacks) * len(harmless)), 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
