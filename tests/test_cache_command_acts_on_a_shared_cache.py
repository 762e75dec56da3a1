"""`manage.py cache` works on a cache that processes share, and says so where it can't reach it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from fibcache import services
from tests.caching import ELK, LAKE, filled, in_force

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared(monkeypatch):
    """A cache that is told to be out of nobody's reach."""
    monkeypatch.setattr(services, "here_only", lambda cache: False)
    with in_force(filled()) as cache:
        yield cache


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("cache", *arguments, stdout=out)
    return out.getvalue()


def test_a_cache_in_the_servers_process_is_out_of_reach():
    with in_force(filled()), pytest.raises(CommandError, match="REDIS_URL"):
        told("stats")


def test_stats_count_by_tier(shared):
    assert "4 svar" in told("stats")
    assert json.loads(told("stats", "--json"))["tiers"][0]["entries"] == 4


def test_entries_are_listed_page_by_page(shared):
    first = json.loads(told("list", "--json", "--limit=3"))
    second = json.loads(told("list", "--json", f"--after={first['after']}"))

    assert len({one["key"] for one in first["entries"] + second["entries"]}) == 4
    assert LAKE in told("list", "--text=storsjön")
    with pytest.raises(CommandError, match="--after"):
        told("list", "--after=x")


def test_dropping_asks_first(shared, monkeypatch):
    questions = []
    monkeypatch.setattr("builtins.input", lambda text: questions.append(text) or "nej")
    with pytest.raises(CommandError, match="Inget glömdes"):
        told("drop", "--route=tool")
    assert questions == ["Glömma 1 svar? (ja/nej) "]

    assert json.loads(told("drop", "--route=tool", "--yes", "--json")) == {
        "matching": 1,
        "dropped": 1,
    }
    assert ELK not in told("list")


def test_everything_goes_only_by_its_own_name(shared):
    with pytest.raises(CommandError, match="filter"):
        told("drop", "--yes")

    assert told("clear", "--yes") == "4 svar glömda.\n"
    assert "0 svar" in told("stats")


def test_what_could_not_be_forgotten_is_told(shared, monkeypatch):
    monkeypatch.setattr(shared.store, "away", True)

    for what in (["clear"], ["drop", "--tier=L1"]):
        with pytest.raises(CommandError, match="inte glömda"):
            told(*what, "--yes")


@pytest.mark.parametrize("kind", ["stats", "list"])
def test_an_empty_answer_is_no_answer_while_the_store_is_away(shared, monkeypatch, kind):
    monkeypatch.setattr(shared.store, "away", True)

    with pytest.raises(CommandError, match="går inte att nå"):
        told(kind, "--json")


def test_nobody_there_to_answer_forgets_nothing(shared, monkeypatch):
    def nobody(text: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    with pytest.raises(CommandError, match="--yes"):
        told("clear")
    assert "4 svar" in told("stats")


@pytest.mark.parametrize("limit", ["-5", "0", "x", "100000"])
def test_a_page_holds_at_least_one_entry(shared, limit):
    with pytest.raises(CommandError, match="--limit"):
        told("list", f"--limit={limit}")


@pytest.mark.parametrize("kind", ["list", "drop"])
def test_a_tier_that_there_is_not_is_refused(shared, kind):
    with pytest.raises(CommandError, match="L99 är ingen nivå"):
        told(kind, "--tier=L99")
