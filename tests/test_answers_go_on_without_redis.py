"""Two servers share answers through Redis; when it goes they answer on, and share again later."""

import time

import httpx
import pytest

from tests.real_server import RealServer
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis

WITHIN_S = 34.0


class Asker:
    """A program that asks one server."""

    def __init__(self, server: RealServer, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=server.url, headers=headers, timeout=13)

    def source(self, message: str) -> str:
        """Ask, and tell where the answer came from."""
        answer = self.client.post("/api/chat", json={"message": message})
        assert answer.status_code == 200, answer.text
        assert answer.json()["reply"]
        return answer.json()["source"]

    def redis(self) -> str:
        ready = self.client.get("/health/ready")
        assert ready.status_code == 200
        return ready.json()["parts"]["redis"]

    def figure(self, name: str) -> float:
        lines = self.client.get("/metrics").text.splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(name))


def until(true) -> None:
    end_s = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.2)


def test_two_servers_share_answers_and_outlive_their_redis(tmp_path):
    with OwnRedis() as redis:
        servers = [RealServer(tmp_path, REDIS_URL=redis.url) for _ in range(2)]
        with servers[0], servers[1]:
            one, other = (Asker(server, servers[0].key) for server in servers)
            assert one.source("Vad är 12 gånger 13?") == "tool"
            assert other.source("Vad är 12 gånger 13?") == "L2"
            assert other.source("Vad är 12 gånger 13?") == "L3"
            assert other.figure("alice_cache_hits_total") == 2
            assert (one.redis(), other.redis()) == ("ok", "ok")

            redis.stop()
            for number in range(6):
                assert one.source(f"Vad är {number} gånger 14?") == "tool"
            assert one.redis() == "failed"
            assert one.figure('alice_redis_breaker{state="closed"}') == 0
            assert one.figure("alice_redis_failures_total") >= 3

            redis.start()
            until(lambda: one.source("Vad är 12 gånger 15?").startswith("L"))
            until(lambda: one.redis() == "ok")
            assert other.source("Vad är 12 gånger 15?").startswith("L")
        log = (tmp_path / "server.log").read_text()

    assert (log.count("redis_away"), log.count("redis_back")) in ((1, 1), (2, 2))
    assert "Traceback" not in log
