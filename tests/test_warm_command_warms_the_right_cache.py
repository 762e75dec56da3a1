"""`manage.py warm` warms a shared cache itself, and has the server warm a cache of its own."""

import io
import json
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import httpx
import pytest
from django.core.management import CommandError, call_command

from chat.management.commands import warm
from chat.services import warm_ups
from chat.warming.door import ask_door
from chat.warming.questions import Wanted
from chat.warming.runner import Warmer
from fibcache import services
from fibcache.models import WarmUp
from tests.caching import a_cache
from tests.fakes import ScriptedSpeaker, a_kit
from tests.real_server import ROOT
from tests.test_conversations_are_ones_own import Api

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "frågor.txt"
    file.write_text("Hur lång är Storsjön?\nRing 070-123 45 67?\n")
    return file


@pytest.fixture
def shared(monkeypatch):
    """This process's own parts, with a cache that is told to be shared."""
    kit = a_kit(speaker=ScriptedSpeaker("Svar.", keep=True), cache=a_cache())
    monkeypatch.setattr("chat.wiring.kit", lambda: kit)
    monkeypatch.setattr(services, "here_only", lambda cache: False)

    async def nothing() -> None:
        pass

    monkeypatch.setattr("chat.wiring.warm", nothing)
    monkeypatch.setattr("chat.wiring.close", nothing)
    return kit


def told(*arguments: object, err: io.StringIO | None = None) -> str:
    out = io.StringIO()
    call_command("warm", *map(str, arguments), stdout=out, stderr=err or io.StringIO())
    return out.getvalue()


def test_a_shared_cache_is_warmed_here(shared, file):
    err = io.StringIO()

    assert "1 sparade, 0 fanns redan, 0 får inte sparas, 1 misslyckade." in told(file, err=err)
    assert "rad 2: personal_data" in err.getvalue()

    again = json.loads(told(file, "--json"))
    assert (again["already"], again["failed"], again["state"]) == (1, 1, "done")


def test_the_most_asked_are_warmed(shared):
    with pytest.raises(CommandError, match="Ingen har"):
        told("--asked")
    Api("anna").said("Hur lång är Storsjön?", tier="L1")

    assert json.loads(told("--asked", "--json"))["stored"] == 1


@pytest.mark.parametrize("breaks", [False, True])
def test_the_last_hits_are_told_before_the_command_ends(shared, file, monkeypatch, breaks):
    """Hits on copies near at hand, which lift an entry, reach Redis a little later."""
    done = []

    async def run(self: Warmer, row: WarmUp) -> None:
        done.append("run")
        if breaks:
            raise ConnectionError

    async def close() -> None:
        done.append("closed")

    monkeypatch.setattr(Warmer, "run", run)
    monkeypatch.setattr("chat.wiring.close", close)
    with pytest.raises(ConnectionError) if breaks else nullcontext():
        told(file)

    assert done == ["run", "closed"]


def test_a_cancelled_one_is_resumed(shared):
    wanted = [Wanted("En?"), Wanted("Två?")]
    pk = warm_ups.begin(source="file", questions=wanted, tenant="alice").pk
    WarmUp.objects.update(state="cancelled", position=1)

    assert json.loads(told("--resume", pk, "--json"))["position"] == 2
    with pytest.raises(CommandError, match="avbruten"):
        told("--resume", pk)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((), "Ange en fil"),
        (("--asked", "--resume", "7"), "Ange en fil"),
        (("/finns/inte.txt",), "inte.txt"),
        (("/finns/inte.txt",), "Filen finns inte"),
        (("/",), "Filen går inte att läsa"),
        (("FILE", "--tenant", "ingen"), "organisation"),
        (("--asked", "--tenant", "ingen"), "organisation"),
        (("FILE", "--per-minute", "0"), "1"),
        (("FILE", "--key", "alice_x"), "--url"),
    ],
)
def test_nonsense_is_refused(shared, file, arguments, what):
    with pytest.raises(CommandError, match=what):
        told(*(file if argument == "FILE" else argument for argument in arguments))
    assert not WarmUp.objects.filter(state="done").exists()


def test_without_a_server_it_is_said_that_nobody_has_begun(file, monkeypatch):
    monkeypatch.setattr(warm, "TAKEN_WITHIN_S", 0.0)
    monkeypatch.setattr(services, "here_only", lambda cache: True)
    err = io.StringIO()

    told(file, err=err)

    assert "Ingen server har börjat än" in err.getvalue()
    assert WarmUp.objects.get().state == "waiting"


def test_a_running_server_does_it_in_its_own_process(alice, file):
    """Over the database they share; what it stored is then given to a caller."""
    environ = alice._environ
    file.write_text("Vad heter Sveriges största sjö?\n")
    command = (sys.executable, "manage.py", "warm", str(file), "--json", "--per-minute", "987")
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stored"] == 1

    headers = {"Authorization": f"Bearer {alice.key}"}
    body = {"message": "Vad heter Sveriges största sjö?"}
    answer = httpx.post(f"{alice.url}/api/chat", json=body, headers=headers, timeout=20).json()
    assert answer["source"].startswith("L")


# Through the door of another server


def a_door(*answers: httpx.Response | Exception) -> tuple[httpx.Client, list[httpx.Request]]:
    asked: list[httpx.Request] = []
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://alice"), asked


def said(source: str, tier: str = "") -> httpx.Response:
    return httpx.Response(200, json={"source": source, "tier": tier})


def test_a_server_is_warmed_through_its_door():
    slept: list[float] = []
    busy = httpx.Response(429, json={"error": {"code": "too_fast"}}, headers={"Retry-After": "3"})
    refused = httpx.Response(403, json={"error": {"code": "against_rules"}})
    door, asked = a_door(
        *(said("planner", "L1"), said("L2", "L2"), said("spiral", "L1"), said("tool")),
        *(busy, said("planner", "L1"), refused, httpx.ConnectError("nej")),
    )
    wanted = [Wanted(f"Fråga {line}?", line=line) for line in range(1, 8)]

    counts, problems = ask_door(
        wanted, url="", key="alice_k", per_minute=60, tell=len, client=door, sleep=slept.append
    )

    assert counts == {"stored": 2, "already": 2, "unkept": 1, "failed": 2}
    assert problems == [{"line": 6, "code": "against_rules"}, {"line": 7, "code": "ConnectError"}]
    assert slept == [1.0, 1.0, 3.0, 1.0, 1.0]
    assert asked[0].headers["authorization"] == "Bearer alice_k"
    assert json.loads(asked[0].content) == {"message": "Fråga 1?", "language": "sv"}


def test_the_command_takes_the_way_through_the_door(alice, file):
    file.write_text("Vad heter Sveriges högsta berg?\n")
    first = json.loads(told(file, "--url", alice.url, "--key", alice.key, "--json"))
    again = json.loads(told(file, "--url", alice.url, "--key", alice.key, "--json"))

    assert (first["stored"], again["already"]) == (1, 1)
    assert not WarmUp.objects.exists()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(404, json={"error": "404 page not found"}), "404"),
        (httpx.Response(200, json=["hej"]), "200"),
        (httpx.Response(200, json={"models": []}), "200"),
        (httpx.Response(503, json={}, headers={"Retry-After": "Mon, 23 Nov 2026"}), "503"),
        (httpx.Response(502, text="<html>"), "JSONDecodeError"),
    ],
)
def test_a_door_that_is_not_alices_is_told_by_its_status(answer, code):
    door, _asked = a_door(answer)

    counts, problems = ask_door(
        [Wanted("Hej?", line=1)],
        url="http://alice",
        key="",
        per_minute=60,
        tell=str,
        client=door,
        sleep=float,
    )

    assert counts["failed"] == 1 and problems == [{"line": 1, "code": code}]
