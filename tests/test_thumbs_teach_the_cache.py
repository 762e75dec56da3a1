"""A thumb on a remembered answer is heard by the cache, once for each change of mind."""

from dataclasses import replace
from typing import Any

import pytest

from chat.api import feedback
from chat.models import TurnRecord
from tests.fakes import NoCache, a_kit
from tests.test_conversations_are_ones_own import Api

pytestmark = pytest.mark.django_db


class ListeningCache(NoCache):
    """Notes what it is told of its answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bool]] = []

    async def judge(self, why, *, up, tiers) -> None:
        self.heard.append((why["entry"], up))


@pytest.fixture
def cache(monkeypatch) -> ListeningCache:
    cache = ListeningCache()
    kit = replace(a_kit(), cache=cache)
    monkeypatch.setattr(feedback, "kit", lambda: kit)
    return cache


def thumbs(api: Api, *given: str, why: dict[str, Any]) -> None:
    api.said("Hur?", why=why)
    turn_id = TurnRecord.objects.get().pk
    for thumb in given:
        answer = api.post("/api/feedback", {"turn_id": str(turn_id), "thumb": thumb})
        assert answer.status_code == 201


def test_each_change_of_mind_is_heard_once(cache):
    thumbs(Api("anna"), "down", "down", "up", why={"entry": "e1", "tier": "L2"})

    assert cache.heard == [("e1", False), ("e1", True)]


@pytest.mark.parametrize("between", ["withdrawn", "down"])
def test_one_turn_lifts_its_answer_once_however_often_the_thumb_goes_up(cache, between):
    api = Api("anna")
    thumbs(api, "up", why={"entry": "e1", "tier": "L1"})
    turn = f"/api/feedback/{TurnRecord.objects.get().pk}"
    for _ in range(5):
        if between == "down":
            assert api.put(turn, {"thumb": "down"}).status_code == 200
        else:
            assert api.delete(turn).status_code == 204
        assert api.put(turn, {"thumb": "up"}).status_code == 200

    assert cache.heard.count(("e1", True)) == 1
    assert cache.heard.count(("e1", False)) == (between == "down")


def test_an_answer_that_was_not_remembered_teaches_nothing(cache):
    thumbs(Api("anna"), "down", why={"model": "qwen2.5:3b"})

    assert cache.heard == []
