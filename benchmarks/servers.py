"""Start the real servers for a benchmark, each on its own core where there are two."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
UVICORN = [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--loop", "uvloop"]
QUIET = ["--http", "httptools", "--no-access-log", "--log-level", "warning"]


ROOM = """
from chat.revisions import publish
from guardian.models import RateLimit
RateLimit.objects.update(turns_per_minute=6_000_000, burst=1_000_000)
publish(author=None, note="room for a benchmark")
"""
"""The limit stays on, with room for the whole load."""


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def pin(core: int) -> None:
    """Keep this process on one core, where the system can and has that many."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if len(cores) > core:
        os.sched_setaffinity(0, {cores[core]})


@contextmanager
def serving(target: str, *, env: dict[str, str], look_at: str) -> Iterator[str]:
    """Serve an ASGI application on core 0 and give its address."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*UVICORN, *QUIET, "--port", str(port), target],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=log,
            stderr=log,
            preexec_fn=lambda: pin(0),
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address + look_at, server)
            yield address
        finally:
            server.terminate()
            server.wait(10)
            log.seek(0)
            complaints = log.read().decode()
            if "Traceback" in complaints:
                sys.stderr.write(complaints[-4000:])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            raise SystemExit(f"the server for {url} ended with {server.returncode}")
        try:
            urlopen(url, timeout=2).close()
            return
        except HTTPError:
            return  # it answers; a POST-only door refuses GET
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"no server at {url}")


@contextmanager
def alice(**env: str) -> Iterator[tuple[str, str]]:
    """Serve a fresh Alice on an empty database. Give her address and an API key."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"ALICE_VAR": folder, **env}

        def manage(*words: str) -> str:
            return subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=ROOT,
                env={**os.environ, **env},
                check=True,
                capture_output=True,
                text=True,
            ).stdout

        manage("start", "--prepare-only")
        manage("shell", "-v", "0", "-c", ROOM)
        key = manage("issue_key", "--name", "benchmark").strip().splitlines()[-1]
        with serving("alice_site.asgi:application", env=env, look_at="/health/live") as address:
            yield address, key
