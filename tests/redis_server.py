"""A Redis server of a test's own, which it may stop and start as it likes."""

import socket
import subprocess
import time
from tempfile import TemporaryDirectory


class OwnRedis:
    """A real server on a free port of this machine, empty each time it starts."""

    def __init__(self, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)

    def start(self) -> None:
        where = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._folder.name)
        quiet = ("--save", "", "--appendonly", "no", "--logfile", "log")
        self._process = subprocess.Popen(["redis-server", *where, *quiet, *self._options])
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("redis-server does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> "OwnRedis":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()
        self._folder.cleanup()
