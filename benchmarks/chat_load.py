"""Time `POST /api/chat` through the real server, as ratios to bare views of the same stack.

    python -m benchmarks.chat_load [--rounds 5] [--requests 1000] [--json]

The servers run on the first core, the client on the second. Rounds are interleaved (bare, cached,
uncached, bare, …) and the median of the rounds is given, since machines drift.
"""

import argparse
import asyncio
import json
import re
from contextlib import ExitStack
from statistics import median

from benchmarks.client import Load, load
from benchmarks.servers import alice, pin, serving

CACHED = json.dumps({"message": "hur mycket är 15 % av 1 250"}).encode()
UNCACHED = json.dumps({"message": "hur mycket är 15 % av @N@"}).encode()
CURATED = json.dumps({"message": "hej"}).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: list[dict[str, float | str]] = []
    with ExitStack() as stack:
        bare = stack.enter_context(serving("benchmarks.bare:application", env={}, look_at="/plain"))
        address, key = stack.enter_context(alice())
        pin(1)
        signed = {"Authorization": f"Bearer {key}"}
        doors = {
            "bare lean view": (f"{bare}/plain", CACHED, {}),
            "bare adrf view": (f"{bare}/adrf", CACHED, {}),
            "cached": (f"{address}/api/chat", CACHED, signed),
            "uncached (tool)": (f"{address}/api/chat", UNCACHED, signed),
            "curated (micro)": (f"{address}/api/chat", CURATED, signed),
        }
        for connections in options.connections:
            rows += _measure(doors, connections, options.rounds, options.requests)
    print(json.dumps(rows, indent=1) if options.json else _table(rows))


def _measure(
    doors: dict[str, tuple[str, bytes, dict[str, str]]],
    connections: int,
    rounds: int,
    requests: int,
) -> list[dict[str, float | str]]:
    loads: dict[str, list[Load]] = {name: [] for name in doors}
    for number in range(rounds + 1):
        for name, (url, body, headers) in doors.items():
            # A part of the number that no earlier round used, so that "uncached" stays so.
            fresh = body.replace(b"@N@", f"{connections}{number}00000".encode() + b"@N@")
            result = asyncio.run(
                load(url, fresh, headers=headers, connections=connections, requests=requests)
            )
            if result.bad:
                raise SystemExit(f"{name}: {result.bad} bad answers, {result.bodies[-1][:300]!r}")
            if number:  # round 0 warms up
                loads[name].append(result)
    base = median(r.percentile_ms(0.5) for r in loads["bare lean view"])
    rows = []
    for name, results in loads.items():
        p50 = median(r.percentile_ms(0.5) for r in results)
        steps_ms = median(_steps_ms(body) for result in results for body in result.bodies)
        rows.append(
            {
                "door": name,
                "connections": connections,
                "p50_ms": round(p50, 3),
                "p99_ms": round(median(r.percentile_ms(0.99) for r in results), 3),
                "per_second": round(median(r.per_second for r in results)),
                "ratio_to_bare": round(p50 / base, 2),
                "steps_ms": round(steps_ms, 3),
            }
        )
    return rows


def _steps_ms(body: bytes) -> float:
    """Sum up what the pipeline's own steps took; nothing for a view without a pipeline."""
    found = re.search(rb"\{.*\}", body, re.DOTALL)  # the answer, in chunks or whole
    steps: dict[str, float] = json.loads(found[0]).get("steps_ms", {}) if found else {}
    return sum(steps.values())


def _table(rows: list[dict[str, float | str]]) -> str:
    heads = list(rows[0])
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    lines += ["| " + " | ".join(str(row[head]) for head in heads) + " |" for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
