"""A caller's address is what a trusted proxy says it is, and never what the caller says."""

import json
from functools import cached_property
from pathlib import Path

import httpx

from tests.model_server import ModelServer
from tests.real_server import RealServer

TWO_TURNS = """
from chat.revisions import publish
from guardian.models import RateLimit
RateLimit.objects.filter(role="guest").update(turns_per_minute=1, burst=2)
publish(author=None, note="prov")
"""
ARGUMENTS = """
import json
from chat.management.commands.start import server_arguments
print(json.dumps(server_arguments()))
"""


class StartedServer(RealServer):
    """Served with the very arguments that `manage.py start` chooses."""

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        return tuple(json.loads(self._manage("shell", "--verbosity=0", "-c", ARGUMENTS)))


def asked(var: Path, model: ModelServer, chains: list[str], **environ: str) -> list[int]:
    """Ask once for each X-Forwarded-For, and give the statuses."""
    server = StartedServer(var, OLLAMA_HOST=model.ollama_url, **environ)
    server._manage("shell", "--verbosity=0", "-c", TWO_TURNS)
    with server:
        return [
            httpx.post(
                f"{server.url}/api/chat",
                json={"message": "hej"},
                headers={"X-Forwarded-For": chain} if chain else {},
            ).status_code
            for chain in chains
        ]


def test_without_a_proxy_the_header_is_not_read(tmp_path: Path, model: ModelServer):
    chains = ["", "203.0.113.1", "203.0.113.2", "203.0.113.3, 203.0.113.4"]

    assert asked(tmp_path, model, chains) == [200, 200, 429, 429]


def test_behind_a_proxy_only_what_it_added_counts(tmp_path: Path, model: ModelServer):
    proxies = "127.0.0.1,192.0.2.0/24"
    chains = [
        "203.0.113.1",
        "198.51.100.1, 203.0.113.1",  # the client's own words, then the proxy's
        "198.51.100.2, 203.0.113.1",
        "203.0.113.1, 203.0.113.2",  # another client, who would be the first
        "rubbish, 203.0.113.2",
        "203.0.113.2",
    ]

    found = asked(tmp_path, model, chains, ALICE_PROXIES=proxies, ALICE_METRICS_TOKEN="t")

    assert found == [200, 200, 429, 200, 200, 429]


def test_a_proxy_that_is_not_named_is_a_caller_like_others(tmp_path: Path, model: ModelServer):
    chains = ["203.0.113.1", "203.0.113.2", "203.0.113.3"]

    found = asked(tmp_path, model, chains, ALICE_PROXIES="192.0.2.1", ALICE_METRICS_TOKEN="t")

    assert found == [200, 200, 429]
