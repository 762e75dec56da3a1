"""Over Redis the shell's commands and a running server see the same cache."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.model_server import ModelServer
from tests.real_server import ROOT, RealServer
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis

QUESTION = "Vilken är Sveriges näst största sjö?"


@pytest.fixture(scope="module")
def server(model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    with OwnRedis() as redis:
        # On a database of its own: other tests' servers, without Redis, would take its warm-ups.
        where = {"OLLAMA_HOST": model.ollama_url, "REDIS_URL": redis.url, "DATABASE_URL": ""}
        with RealServer(tmp_path_factory.mktemp("alice-redis"), **where) as server:
            yield server


def told(server: RealServer, *arguments: str) -> Any:
    done = subprocess.run(
        (sys.executable, "manage.py", *arguments, "--json"),
        cwd=ROOT,
        env=server._environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def source(server: RealServer, question: str = QUESTION) -> str:
    answer = httpx.post(
        f"{server.url}/api/chat",
        json={"message": question},
        headers={"Authorization": f"Bearer {server.key}"},
        timeout=30,
    )
    return str(answer.json()["source"])


def test_what_the_command_warms_and_drops_the_server_has_and_lacks(
    server: RealServer, tmp_path: Path
):
    file = tmp_path / "frågor.txt"
    file.write_text(f"{QUESTION}\n")
    assert told(server, "warm", str(file))["stored"] == 1
    assert source(server).startswith("L")
    assert told(server, "warm", str(file))["already"] == 1

    assert told(server, "cache", "stats")["entries"] == 1
    (entry,) = told(server, "cache", "list", "--text=näst största")["entries"]
    assert entry["question"] == QUESTION and entry["age_s"] < 600
    checked = told(server, "cache", "check", "--repair")
    assert checked["audit"]["whole"] and checked["audit"]["entries"] == 1

    assert told(server, "cache", "drop", f"--key={entry['key']}", "--yes")["dropped"] == 1
    assert not source(server).startswith("L")
    assert told(server, "cache", "clear", "--yes")["dropped"] == 1
    assert told(server, "cache", "stats")["entries"] == 0
