"""Overload a real server, and note every second what it feels and how it stands on the ladder.

    python -m benchmarks.overload [--callers 144] [--load-s 40] [--rest-s 80] [--csv FILE]

The model server is a script that takes its time, so that answers pile up. Every caller asks again
as soon as it is answered or a second after it is refused, with questions that nobody asked before.
Live settings are those that Alice comes with, but for the limits of callers, which are lifted. It
ends with an error unless the server left NORMAL under the load and came back to it.
"""

import argparse
import asyncio
import csv
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from guardian.core.state import VITALS, State
from tests.model_server import ModelServer, Says, in_a_thread
from tests.real_server import RealServer

NO_LIMITS = """
from chat.revisions import publish
from guardian.models import RateLimit
RateLimit.objects.update(
    turns_per_minute=0, tokens_per_minute=0, tokens_per_day=0, at_once=0
)
publish(author=None, note="no limits, for a benchmark")
"""
Row = dict[str, float | str]
COLUMNS = ("second", *VITALS, "state")
SLOW = Says(*["ord "] * 34, first_after_s=1.0, word_after_s=0.1)
REFUSED_FOR_S = 1.0  # what a refused caller waits, however long it was told to: callers do


async def overload(url: str, key: str, callers: int, load_s: float, rest_s: float) -> list[Row]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
        limits=limits,
    ) as client:
        outcomes: Counter[str] = Counter()
        crowd = [
            asyncio.create_task(ask_on(client, number, outcomes, time.monotonic() + load_s))
            for number in range(callers)
        ]
        rows: list[Row] = []
        began = time.monotonic()
        while time.monotonic() - began < load_s + rest_s:
            await asyncio.sleep(1)
            rows.append(await look(client, began))
            if time.monotonic() - began > load_s and rows[-1]["state"] == "normal":
                break
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
    print("answers:", dict(outcomes), file=sys.stderr)
    return rows


async def ask_on(
    client: httpx.AsyncClient, number: int, outcomes: Counter[str], until: float
) -> None:
    turn = 0
    while time.monotonic() < until:
        turn += 1
        message = f"Berätta om sak {number} gånger {turn}, tack"
        try:
            response = await client.post("/api/chat", json={"message": message})
        except httpx.HTTPError as error:
            outcomes[type(error).__name__] += 1
            continue
        told = response.json()
        outcomes[told.get("error", {}).get("code", "answered")] += 1
        if response.status_code != 200:
            await asyncio.sleep(REFUSED_FOR_S)


async def look(client: httpx.AsyncClient, began: float) -> Row:
    text = (await client.get("/metrics")).text
    row: Row = {"second": round(time.monotonic() - began, 1)}
    for name in VITALS:
        found = re.search(rf'^alice_vital{{vital="{name}"}} (\S+)', text, re.MULTILINE)
        row[name] = round(float(found[1]), 1) if found else 0.0
    found = re.search(r"^alice_state (\S+)", text, re.MULTILINE)
    row["state"] = State(int(float(found[1])) if found else 0).told
    return row


@contextmanager
def slow_alice(var: Path) -> Iterator[tuple[str, str]]:
    """Serve Alice with a slow model, and give her address and a key."""
    with in_a_thread(ModelServer(otherwise=SLOW)) as model:
        environ = {"OLLAMA_HOST": model.ollama_url, "ALICE_BACKEND_POOL": "500"}
        alice = RealServer(var, **environ)
        key = alice.key
        alice._manage("shell", "-v", "0", "-c", NO_LIMITS)
        with alice:
            yield alice.url, key


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callers", type=int, default=144)
    parser.add_argument("--load-s", type=float, default=40)
    parser.add_argument("--rest-s", type=float, default=80)
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as var, slow_alice(Path(var)) as (url, key):
        rows = asyncio.run(overload(url, key, given.callers, given.load_s, given.rest_s))
    with given.csv.open("w", newline="") if given.csv else sys.stdout as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    states = [row["state"] for row in rows]
    if set(states) == {"normal"} or states[-1] != "normal":
        raise SystemExit(f"it did not both climb and come back: {states}")


if __name__ == "__main__":
    main()
