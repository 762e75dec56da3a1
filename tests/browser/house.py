"""A whole Alice for a browser to visit: own files, own server, a model that takes its time."""

import subprocess
import sys
from pathlib import Path

from tests.real_server import ROOT, RealServer

WORDS = " ".join(
    f"Stycke {number} av svaret kommer ord för ord, så att man hinner läsa med."
    for number in ("ett", "två", "tre", "fyra")
)
WORD_MS = 34
PEOPLE = 'from chat.models import User; User.objects.create_user("anna", password="hemligt-ord-1")'


class House(RealServer):
    """The server, with one who may sign in, and its model."""

    def __init__(self, var: Path) -> None:
        speaks = ("--delay-ms", str(WORD_MS), "--words", WORDS)
        self.model = subprocess.Popen(
            [sys.executable, "-m", "tests.model_server", *speaks],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.model.stdout is not None
        _ready, url = self.model.stdout.readline().split()
        super().__init__(var, OLLAMA_HOST=url)
        self._manage("shell", "--verbosity=0", "-c", PEOPLE)

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.model.terminate()
        self.model.wait(timeout=21)
