"""Alice as she is run: the real server in a process of its own, on a database of her own.

with RealServer(tmp_path, OLLAMA_HOST=model.ollama_url) as alice:
    httpx.get(f"{alice.url}/health/live")
    alice.kill()
    alice.start()  # the same database, the same address
"""

import os
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path
from socket import socket
from typing import Self

import httpx

ROOT = Path(__file__).resolve().parents[1]
UVICORN = ("-m", "uvicorn", "alice_site.asgi:application", "--no-access-log")
START_WITHIN_S = 55.0


class RealServer:
    """One server. `environ` is what an operator would set."""

    def __init__(self, var: Path, **environ: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._var = var
        self._environ = {
            **os.environ,
            "ALICE_MODE": "development",
            "ALICE_VAR": str(var),
            "ALICE_PORT": str(self.port),
            "SECRET_KEY": "of-one-test",
            "REDIS_URL": "",  # what one server remembers, another one's test is not to hear
            **environ,
        }
        self._manage("start", "--prepare-only")

    @cached_property
    def key(self) -> str:
        """A program's key."""
        return self.new_key("test")

    @property
    def arguments(self) -> tuple[str, ...]:
        """Give Python's arguments."""
        return (*UVICORN, "--port", str(self.port))

    def new_person(self, name: str, password: str) -> None:
        """Let somebody in who signs in."""
        make = f"User.objects.create_user({name!r}, password={password!r})"
        self._manage("shell", "--verbosity=0", "-c", f"from chat.models import User; {make}")

    def new_superuser(self, name: str, password: str) -> None:
        """Let somebody in who may do everything."""
        make = f"User.objects.create_superuser({name!r}, password={password!r})"
        self._manage("shell", "--verbosity=0", "-c", f"from chat.models import User; {make}")

    def new_key(self, name: str, *scopes: str) -> str:
        """Make another key of the administrator's."""
        wanted = [f"--scope={scope}" for scope in scopes]
        return self._manage("issue_key", f"--name={name}", *wanted).strip()

    def start(self) -> Self:
        """Start the server, and wait until it answers."""
        self._log = (self._var / "server.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, *self.arguments],
            cwd=ROOT,
            env=self._environ,
            stdout=self._log,
            stderr=self._log,
        )
        until = time.monotonic() + START_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                httpx.get(f"{self.url}/health/live", timeout=1)
                return self
            except httpx.TransportError:
                time.sleep(0.05)
        self.kill()
        raise AssertionError((self._var / "server.log").read_text())

    def kill(self) -> None:
        """End the server as a power cut would: `kill -9`."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def stop(self) -> None:
        """End the server as an operator would."""
        self._process.terminate()
        self._process.wait(timeout=START_WITHIN_S)
        self._log.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.stop()

    def _manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
