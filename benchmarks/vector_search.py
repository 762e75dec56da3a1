"""Time the spiral index beside a full comparison, and count what it misses.

One core, one thread. `p50` is wall-clock time; `cpu` is processor time, which neighbours on the
same machine disturb less: its p99 and worst tell of pauses that are our own. Recall is against the
exact answer: a search is right if its best cosine is that of the nearest entry (to 0.001). With
--file the entries and questions are real: lines of JSON (also gzipped) with `text_a`, asked, and
`text_b`, stored.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported

import argparse
import asyncio
import gzip
import json
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np

from benchmarks.vectors import Vectors, best_cosines, drawn, encoded
from fibcache.core.cache import CANDIDATES
from fibcache.core.index import ScopedIndex
from fibcache.core.spiral import Spiral
from nlu.core.encoder import SwedishEncoder

Times = tuple[float, float]  # seconds: by the wall clock, of the processor
SCOPE, SPIRAL = "tenant", Spiral()
SAME = 0.001  # of a cosine; int16 moves it less
MATCH = 0.5  # a question whose best cosine is lower has no match


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--file", type=Path, help="real questions instead, encoded as by default")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if asked.file:
        reports = [asyncio.run(measured(*from_file(asked.file, asked.questions)))]
    else:
        reports = [asyncio.run(measured(*drawn(size, asked.questions))) for size in asked.sizes]
    for report in reports:
        print(json.dumps(report) if asked.json else told(report), flush=True)


def from_file(path: Path, questions: int) -> tuple[Vectors, dict[str, Vectors]]:
    """Read what is stored and what is asked, and sort the latter by whether it has a match."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        pairs = [json.loads(line) for line in lines]
    stored = list(dict.fromkeys(pair["text_b"] for pair in pairs))
    asked = list(dict.fromkeys(pair["text_a"] for pair in pairs))
    chosen = np.random.default_rng(0).choice(len(asked), min(questions, len(asked)), replace=False)
    encode = SwedishEncoder.load().encode
    entries, vectors = encoded(stored, encode), encoded([asked[place] for place in chosen], encode)
    best = best_cosines(entries, vectors)
    return entries, {"match": vectors[best >= MATCH], "novel": vectors[best < MATCH]}


async def measured(entries: Vectors, questions: dict[str, Vectors]) -> dict:
    """Fill an index one by one, search it, and search by a full comparison."""
    index = ScopedIndex()
    before = resident_bytes()
    added = await timed(
        enumerate(entries),
        lambda item: index.add(SCOPE, f"{item[0]:064x}", item[1], spiral=SPIRAL),
    )
    report: dict = {
        "entries": len(entries),
        "add_us": spread(added),
        "index_mb": round(index.bytes / 1e6, 1),
        "process_grew_mb": round((resident_bytes() - before) / 1e6, 1),
    }
    # Cells may be half filled by now; what is timed below is the state between two growings.
    some, growing = next(iter(questions.values()))[:50], []
    while index.growing(SCOPE):
        growing += await timed([some[len(growing) % len(some)]], searched(index))
    report["while_growing_us"] = {**spread(growing), "searches": len(growing)} if growing else None

    async def flat(question):
        (entries @ question).argmax()

    report["flat_us"] = spread(await timed(some, flat))
    for name, asked in questions.items():
        best = best_cosines(entries, asked)
        await timed(asked[:100], searched(index))
        found: list[float] = []
        times = await timed(asked, searched(index, found))
        right = np.array(found) >= best - SAME
        took = spread(times)
        report[name] = {
            **took,
            "recall": round(float(right.mean()), 4),
            "times_flat": round(report["flat_us"]["cpu"]["p50"] / took["cpu"]["p50"], 1),
        }
    return report


def searched(index: ScopedIndex, found: list[float] | None = None):
    """Give a search that notes its best cosine."""

    async def search(vector):
        nearest = await index.nearest(SCOPE, vector, count=CANDIDATES, spiral=SPIRAL)
        if found is not None:
            found.append(nearest[0][0] if nearest else -1.0)

    return search


async def timed(items, do) -> list[Times]:
    """Await `do` for each item. Give the seconds of each."""
    times = []
    for item in items:
        start, used = perf_counter(), thread_time()
        await do(item)
        times.append((perf_counter() - start, thread_time() - used))
    return times


def spread(times: list[Times]) -> dict:
    """Sum times up, microseconds."""
    wall, cpu = np.array(times).T * 1e6
    p50, p99, worst = np.percentile(cpu, [50, 99, 100]).round(1).tolist()
    return {"p50": p50_of(wall), "cpu": {"p50": p50, "p99": p99, "worst": worst}}


def p50_of(values) -> float:
    """Give the median, one decimal."""
    return round(float(np.median(values)), 1)


def resident_bytes() -> int:
    """Tell how much memory this process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def told(report: dict) -> str:
    """Write a report as text."""
    return "\n".join(f"{name:>20}  {value}" for name, value in report.items()) + "\n"


if __name__ == "__main__":
    main()
