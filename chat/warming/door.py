"""Warming a server from outside, through the door that programs use."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from chat.services.warm_ups import PROBLEMS

from .questions import Wanted

TRIES = 3  # of a question that the server wants to be asked again later
LONGEST_WAIT_S = 55.0
ANSWER_WITHIN_S = 144.0


def ask_door(
    questions: Sequence[Wanted],
    *,
    url: str,
    key: str,
    per_minute: int,
    tell: Callable[[str], object],
    client: httpx.Client | None = None,
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Ask every question of the server at `url`, and count what came of them.

    From here an entry can't be looked at beforehand or lifted: what is there already is counted
    by the server as a hit.

    Returns:
        Counts of stored, already, unkept and failed; and the lines that failed, with a code.
    """
    counts = dict.fromkeys(("stored", "already", "unkept", "failed"), 0)
    problems: list[dict[str, Any]] = []
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with client or httpx.Client(base_url=url, timeout=ANSWER_WITHIN_S) as door:
        for number, wanted in enumerate(questions, 1):
            kind, code = _asked(door, wanted, headers, sleep)
            counts[kind] += 1
            if code and len(problems) < PROBLEMS:
                problems.append({"line": wanted.line, "code": code})
            tell(f"{number} av {len(questions)}")
            if kind != "already" and number < len(questions):
                sleep(60 / per_minute)
    return counts, problems


def _asked(
    door: httpx.Client, wanted: Wanted, headers: dict[str, str], sleep: Callable[[float], object]
) -> tuple[str, str]:
    code = ""
    for _ in range(TRIES):
        try:
            body = {"message": wanted.text, "language": wanted.language}
            answer = door.post("/api/chat", json=body, headers=headers)
            told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            return "failed", type(error).__name__
        if answer.status_code == 200 and isinstance(told, dict) and "source" in told:
            return _kind(told), ""
        said = told.get("error") if isinstance(told, dict) else None  # others have other shapes
        code = str(answer.status_code)
        if isinstance(said, dict):
            code = str(said.get("code", code))
        wait_s = answer.headers.get("Retry-After", "")
        if not wait_s.isdecimal():
            break
        sleep(min(float(wait_s), LONGEST_WAIT_S))
    return "failed", code


def _kind(told: dict[str, Any]) -> str:
    source = str(told.get("source", ""))
    if source == "spiral" or source.startswith("L"):
        return "already"
    return "stored" if told.get("tier") else "unkept"
