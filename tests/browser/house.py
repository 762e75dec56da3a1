"""A whole Alice for a browser to visit: own files, own server, a model that takes its time."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from socket import socket

ROOT = Path(__file__).resolve().parents[2]
WORDS = " ".join(
    f"Stycke {number} av svaret kommer ord för ord, så att man hinner läsa med."
    for number in ("ett", "två", "tre", "fyra")
)
WORD_MS = 34
PEOPLE = """
from chat.models import User
User.objects.create_user("anna", password="hemligt-ord-1")
"""


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """The server and its model, as processes of their own."""

    def __init__(self, var: Path) -> None:
        self.port, self.model_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = (var / "server.log").open("ab")
        self.environ = {
            **os.environ,
            "ALICE_VAR": str(var),
            "ALICE_MODE": "development",
            "OLLAMA_HOST": f"http://127.0.0.1:{self.model_port}",
            "DJANGO_SETTINGS_MODULE": "alice_site.settings",
        }
        self._run("manage.py", "migrate", "--verbosity=0")
        self._run("manage.py", "shell", "--verbosity=0", "-c", PEOPLE)
        model = ("-m", "tests.model_server", "--port", str(self.model_port))
        self.model = self._start(*model, "--delay-ms", str(WORD_MS), "--words", WORDS)
        self.open()

    def open(self) -> None:
        """Start the server, and wait until it answers."""
        where = ("--host", "127.0.0.1", "--port", str(self.port))
        self.server = self._start("-m", "uvicorn", "alice_site.asgi:application", *where)
        for _ in range(200):
            time.sleep(0.1)
            try:
                urllib.request.urlopen(f"{self.url}/health/live", timeout=1)
                return
            except OSError:
                assert self.server.poll() is None, "the server did not start"
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """End the server as a crash would."""
        self.server.kill()
        self.server.wait()

    def close(self) -> None:
        """End everything."""
        for process in (self.server, self.model):
            process.terminate()
            process.wait(timeout=21)
        self.log.close()

    def _run(self, *command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environ, check=True)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environ,
            stdout=self.log,
            stderr=self.log,
        )
