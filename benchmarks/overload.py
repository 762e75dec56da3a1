"""Overload a real server, and note every second what it feels and how it stands on the ladder.

    python -m benchmarks.overload [--without-ladder] [--callers 144] [--load-s 55] [--rest-s 80]
        [--csv FILE] [--json]

The model server is a script that takes its time as a real one does: it works on eight answers at
once and has the others wait, and its small model is three times as quick as its large one. Every
answer names what was asked, so that one given to another question is seen. Every caller asks again
as soon as it is answered or a second after it is refused, with questions that nobody asked before.
Live settings are those that Alice comes with, but for the limits of callers, which are lifted;
`--without-ladder` puts every mark out of reach. It ends with an error unless the server left NORMAL
under the load and came back to it, or with `--without-ladder` if it ever left it.
"""

import argparse
import asyncio
import csv
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from guardian.core.state import VITALS, State
from tests.model_server import ModelServer, Says, in_a_thread
from tests.real_server import RealServer

NO_LIMITS = """
from chat.revisions import publish
from guardian.models import LadderSettings, RateLimit
RateLimit.objects.update(
    turns_per_minute=0, tokens_per_minute=0, tokens_per_day=0, at_once=0
)
"""
NO_LADDER = """
LadderSettings.objects.update_or_create(id=1, defaults=dict(
    cpu_percent=[9998, 9999, 10_000], memory_percent=[100.8, 100.9, 101],
    lag_ms=[59_998, 59_999, 60_000], answers=[9998, 9999, 10_000],
    first_word_p95_ms=[599_998, 599_999, 600_000], errors_percent=[100.8, 100.9, 101],
))
"""
PUBLISH = """
publish(author=None, note="for a benchmark")
"""
Row = dict[str, float | str]
COLUMNS = ("second", *VITALS, "state")
SLOTS = 8  # answers that the model server works on at once; the others wait there
WORDS = 89  # of an answer that nobody asks to be shorter
FIRST_AFTER_S, WORD_AFTER_S = 0.3, 0.05  # of the large model
SMALL, TIMES_AS_QUICK = "qwen2.5:0.5b", 3
ASKED = re.compile(r"sak \d+ gånger \d+")
REFUSED_FOR_S = 1.0  # what a refused caller waits, however long it was told to: callers do


class BusyModel(ModelServer):
    """Works on a few answers at once, names in each what was asked, and heeds the length asked."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._slots = asyncio.Semaphore(SLOTS)

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: dict[str, Any],
        says: Says,
        ollama: bool,
    ) -> bool:
        found = ASKED.findall(request["messages"][-1]["content"])
        length = min(WORDS, request.get("options", {}).get("num_predict", WORDS))
        quick = TIMES_AS_QUICK if request["model"] == SMALL else 1
        says = Says(
            f"Om {found[-1] if found else 'annat'}.",
            *[" ord"] * length,
            first_after_s=FIRST_AFTER_S / quick,
            word_after_s=WORD_AFTER_S / quick,
        )
        async with self._slots:
            return await super()._answer(reader, writer, request, says, ollama)


@dataclass
class Told:
    """What the callers were told, and how long they waited for a whole answer."""

    outcomes: Counter[str] = field(default_factory=Counter)
    answered_s: list[float] = field(default_factory=list)
    refused_s: list[float] = field(default_factory=list)  # how long it took to say no
    wrong: int = 0  # answers to another question, and refusals that do not say for how long

    def note(self, question: str, response: httpx.Response, took_s: float) -> None:
        """Note one answer."""
        body = response.json()
        if response.status_code != 200:
            code = body["error"]["code"]
            self.outcomes[code] += 1
            self.refused_s.append(took_s)
            self.wrong += response.status_code == 503 and "Retry-After" not in response.headers
            return
        found = ASKED.findall(body["reply"])
        if found:
            self.outcomes["answered"] += 1
            self.answered_s.append(took_s)
            self.wrong += set(found) != set(ASKED.findall(question))
        else:
            codes = [note["code"] for note in body["notes"] if note["code"] != "strained"]
            self.outcomes["said_" + (codes[-1] if codes else "something_else")] += 1
            self.wrong += not codes

    def figures(self) -> dict[str, Any]:
        """Give what a table shows; seconds."""
        return {
            "asked": self.outcomes.total(),
            "answered": len(self.answered_s),
            "answered_p50_s": share_of(self.answered_s, 0.5),
            "answered_p95_s": share_of(self.answered_s, 0.95),
            "refused": len(self.refused_s),
            "refused_p50_s": share_of(self.refused_s, 0.5),
            "refused_p95_s": share_of(self.refused_s, 0.95),
            "wrong": self.wrong,
            "outcomes": dict(self.outcomes.most_common()),
        }


def share_of(waits: list[float], share: float) -> float | None:
    """Give the wait that this share of all stays within."""
    return round(sorted(waits)[int(share * (len(waits) - 1))], 2) if waits else None


async def overload(
    url: str, key: str, callers: int, load_s: float, rest_s: float
) -> tuple[list[Row], Told]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
        limits=limits,
    ) as client:
        told = Told()
        crowd = [
            asyncio.create_task(ask_on(client, number, told, time.monotonic() + load_s))
            for number in range(callers)
        ]
        rows: list[Row] = []
        began = time.monotonic()
        while time.monotonic() - began < load_s + rest_s:
            await asyncio.sleep(1)
            rows.append(await look(client, began))
            states = {row["state"] for row in rows}
            if len(states) > 1 and rows[-1]["state"] == "normal" and all(t.done() for t in crowd):
                break
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
    return rows, told


async def ask_on(client: httpx.AsyncClient, number: int, told: Told, until: float) -> None:
    turn = 0
    while (asked := time.monotonic()) < until:
        turn += 1
        message = f"Berätta om sak {number} gånger {turn}, tack"
        try:
            response = await client.post("/api/chat", json={"message": message})
        except httpx.HTTPError as error:
            told.outcomes[type(error).__name__] += 1
            continue
        told.note(message, response, time.monotonic() - asked)
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
def slow_alice(var: Path, ladder: bool) -> Iterator[tuple[str, str]]:
    """Serve Alice with a slow model, and give her address and a key."""
    with in_a_thread(BusyModel()) as model:
        environ = {"OLLAMA_HOST": model.ollama_url, "ALICE_BACKEND_POOL": "500"}
        alice = RealServer(var, **environ)
        key = alice.key
        settings = NO_LIMITS + ("" if ladder else NO_LADDER) + PUBLISH
        alice._manage("shell", "-v", "0", "-c", settings)
        with alice:
            yield alice.url, key


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--without-ladder", action="store_true")
    parser.add_argument("--callers", type=int, default=144)
    parser.add_argument("--load-s", type=float, default=55)
    parser.add_argument("--rest-s", type=float, default=80)
    parser.add_argument("--csv", type=Path, help="what the server felt, second by second")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    ladder = not given.without_ladder
    with tempfile.TemporaryDirectory() as var, slow_alice(Path(var), ladder) as (url, key):
        rows, told = asyncio.run(overload(url, key, given.callers, given.load_s, given.rest_s))
    if given.csv:
        with given.csv.open("w", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    figures = told.figures()
    print(json.dumps(figures) if given.json else figures)
    states = [row["state"] for row in rows]
    if ladder and (set(states) == {"normal"} or states[-1] != "normal"):
        raise SystemExit(f"it did not both climb and come back: {states}")
    if not ladder and set(states) != {"normal"}:
        raise SystemExit(f"it climbed a ladder that was out of reach: {states}")


if __name__ == "__main__":
    main()
