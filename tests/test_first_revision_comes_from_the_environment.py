"""The seed variables set the first revision; after that the database has its way."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from chat import revisions
from chat.checks import seed_variables_that_are_not_heeded
from chat.core.policy import Policy
from chat.models import Backend, Revision, RoutingSettings
from chat.sections import SECTIONS
from chat.seeds import SEEDS
from chat.starting import first_policy

PLAIN = first_policy({}, guests=True)[0]

READ = {
    "FIB_ROUTER_MICRO_BUDGET_MS": ("8", lambda p: p.routing.micro_budget_ms, (8, 21, 34)),
    "FIB_ROUTER_PLANNER_TIMEOUT_MS": ("987", lambda p: p.routing.plan_within_ms, 987),
    "FIB_ROUTER_MAX_TOOL_CALLS": ("1,2,3,5", lambda p: p.routing.tool_rounds, 5),
    "FIB_RAG_TOPK_STEPS": ("1,2", lambda p: p.routing.passages, (1, 2)),
    "FIB_TIMEOUT_PHASES": ("1,2,3,5", lambda p: p.routing.first_token_s, (1, 2, 3, 5)),
    "FIB_RETRY_DELAYS": ("1, 2, 3", lambda p: p.routing.breaker_delays_s, (1, 2, 3)),
    "FIB_CACHE_TTLS_H": (
        "0.5,1,2,3,5,8,13,21,34,55",
        lambda p: tuple(tier.ttl_h for tier in p.tiers),
        (0.5, 1, 2, 3, 5, 8, 13, 21, 34, 55),
    ),
    "FIB_SPIRAL_POINTS": ("144", lambda p: p.spiral.points, 144),
    "FIB_SPIRAL_DIMENSIONS": ("512", lambda p: p.spiral.dimensions, 512),
    "ENABLE_PHI_LOAD_BALANCER": ("true", lambda p: p.routing.phi_balancer, True),
    "PHI_PRIMARY_WEIGHT": ("3", lambda p: p.routing.phi_weights[0], 3),
    "PHI_SECONDARY_WEIGHT": ("2", lambda p: p.routing.phi_weights[1], 2),
    "TRAINING_MODE": ("1", lambda p: p.routing.model, "qwen2.5:0.5b"),
    "LLM_MODEL_TRAINING": ("small", lambda p: p.routing.model_training, "small"),
    "LLM_MODEL_PRODUCTION": ("large", lambda p: p.routing.model, "large"),
    "OLLAMA_HOST": ("gpu:8080", lambda p: p.backends[0].url, "http://gpu:8080"),
    "OPENAI_BASE_URL": (
        "https://ai.example/v1/",
        lambda p: p.backends[1].url,
        "https://ai.example/v1",
    ),
    "ALICE_GUESTS": ("off", lambda p: "guests" in p.off, True),
}


def test_every_variable_is_tried_here() -> None:
    assert [seed.variable for seed in SEEDS] == list(READ)


@pytest.mark.parametrize("variable", READ)
def test_a_variable_reaches_the_first_policy(variable: str) -> None:
    text, read, expected = READ[variable]

    policy, origins = first_policy({variable: text}, guests=True)

    assert read(policy) == expected
    assert set(origins.values()) == ({variable} if policy != PLAIN else set())


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("FIB_ROUTER_PLANNER_TIMEOUT_MS", "soon"),
        ("FIB_ROUTER_PLANNER_TIMEOUT_MS", "-1"),
        ("FIB_ROUTER_MICRO_BUDGET_MS", "34,21,13"),
        ("FIB_CACHE_TTLS_H", "1,2,3"),
        ("FIB_CACHE_TTLS_H", "1,1,2,3,5,8,13,21,34,55"),
        ("FIB_TIMEOUT_PHASES", "1,2,5,800"),
        ("FIB_TIMEOUT_PHASES", "1,2,5,100"),
        ("FIB_SPIRAL_POINTS", "90"),
        ("FIB_SPIRAL_DIMENSIONS", "384"),
        ("PHI_PRIMARY_WEIGHT", "nan"),
        ("TRAINING_MODE", "maybe"),
        ("OLLAMA_HOST", "http://"),
        ("OLLAMA_HOST", "gpu:port"),
        ("OPENAI_BASE_URL", "ai.example"),
    ],
)
def test_a_bad_value_is_told_with_its_name(variable: str, text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"^{variable}='{text}': .+"):
        first_policy({variable: text}, guests=True)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("gpu", "http://gpu:11434"),
        ("http://gpu", "http://gpu:80"),
        ("https://gpu/llm/", "https://gpu:443/llm"),
        ("[::1]:1234", "http://[::1]:1234"),
    ],
)
def test_ollamas_own_variable_is_read_as_ollama_reads_it(text: str, url: str) -> None:
    assert first_policy({"OLLAMA_HOST": text}, guests=True)[0].backends[0].url == url


def test_the_key_of_an_openai_server_stays_in_the_environment() -> None:
    environ = {"OPENAI_BASE_URL": "https://ai.example/v1", "OPENAI_API_KEY": "sk-secret"}

    policy, _origins = first_policy(environ, guests=True)

    assert policy.backends[1].key_env == "OPENAI_API_KEY"
    assert "sk-secret" not in repr(policy)


@pytest.mark.parametrize("guests", [True, False])
def test_guests_may_chat_where_the_mode_says_so(guests: bool) -> None:
    assert ("guests" in first_policy({}, guests=guests)[0].off) is not guests


def test_sections_not_named_by_starting_rows_are_the_defaults() -> None:
    started = {"backends", "answers", "rules", "rule_tests", "gates"}

    for section in SECTIONS:
        if section.name not in started:
            assert getattr(PLAIN, section.name) == getattr(Policy(), section.name)


def from_nothing(**environ: str) -> Any:
    Revision.objects.all()._raw_delete("default")
    return revisions.ensure_first_revision(environ=environ)


@pytest.mark.django_db
def test_the_first_revision_says_what_came_from_the_environment() -> None:
    first = from_nothing(TRAINING_MODE="true", FIB_SPIRAL_POINTS="144")

    assert first.number == 1
    assert "FIB_SPIRAL_POINTS, TRAINING_MODE" in first.note
    assert first.origins == {
        "routing.training_mode": "TRAINING_MODE",
        "spiral.points": "FIB_SPIRAL_POINTS",
    }
    assert RoutingSettings.objects.get().training_mode
    assert revisions.check_working_copies() == replace(revisions.policy_of(first), revision=0)


@pytest.mark.django_db
def test_a_bad_value_leaves_nothing_half_made() -> None:
    with pytest.raises(ImproperlyConfigured):
        from_nothing(TRAINING_MODE="perhaps")

    assert not Revision.objects.exists()


@pytest.mark.django_db
def test_later_starts_change_nothing_and_say_so() -> None:
    revisions.ensure_first_revision(environ={"TRAINING_MODE": "true"})

    assert Revision.objects.count() == 1
    assert not RoutingSettings.objects.get().training_mode
    environ = {"TRAINING_MODE": "true", "FIB_SPIRAL_POINTS": "89", "OLLAMA_HOST": "gpu"}
    assert revisions.seed_variables_ignored(environ=environ) == ["TRAINING_MODE", "OLLAMA_HOST"]


@pytest.mark.django_db
def test_a_deleted_backend_leaves_its_variable_unheeded() -> None:
    Backend.objects.all().delete()
    revisions.publish(author=None)

    assert revisions.seed_variables_ignored(environ={"OLLAMA_HOST": "gpu"}) == ["OLLAMA_HOST"]


@pytest.mark.django_db
def test_a_system_check_names_what_is_not_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in READ:
        monkeypatch.delenv(variable, raising=False)
    assert seed_variables_that_are_not_heeded(None, databases=["default"]) == []

    monkeypatch.setenv("FIB_ROUTER_PLANNER_TIMEOUT_MS", "500")

    (warning,) = seed_variables_that_are_not_heeded(None, databases=["default"])
    assert warning.msg.startswith("FIB_ROUTER_PLANNER_TIMEOUT_MS is not heeded")
