"""Imports run one way: core ← adapters, models, services ← wiring ← doors and commands."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
APPS = ("alice_site", "chat", "fibcache", "guardian", "nlu")
CORES = ("chat.core", "fibcache.core", "guardian.core", "nlu.core")

FRAMEWORKS = {
    *("django", "rest_framework", "adrf", "channels", "channels_redis", "drf_spectacular"),
    *("asgiref", "uvicorn", "httpx", "httpx_sse", "redis", "django_redis", "psycopg"),
    *("pgvector", "structlog", "prometheus_client", "django_prometheus", "environ", "stamina"),
    *("socket", "sqlite3", "threading", "subprocess", "requests", "urllib.request"),
}
"""What a core may not lean on: frameworks, the network, the disk, threads and other processes."""

ABOVE_ADAPTERS = (
    *("chat.wiring", "chat.api", "chat.consumers", "chat.views", "chat.urls", "chat.management"),
    *("chat.admin", "fibcache.admin", "guardian.admin", "nlu.admin", "nlu.api"),
)
DOORS = tuple(name for name in ABOVE_ADAPTERS if name != "chat.wiring")
ADAPTERS = (
    *("chat.models", "chat.services", "chat.llm", "chat.tools", "chat.speakers", "chat.db"),
    *(
        "chat.meter",
        "chat.live",
        "chat.journal",
        "chat.replays",
        "chat.radio",
        "chat.callers",
        "chat.reader",
    ),
    *("fibcache.models", "fibcache.stores", "fibcache.services", "fibcache.vectors"),
    *("fibcache.encoders", "fibcache.evidence", "fibcache.quarantine"),
    *("guardian.models", "guardian.services", "guardian.limiter"),
    *("nlu.models", "nlu.taught", "nlu.remote", "nlu.standing"),
)


def modules() -> dict[str, set[str]]:
    """Map every module of the project to the full names that it imports, wherever it does so."""
    found = {}
    for app in APPS:
        for file in sorted((HOME / app).rglob("*.py")):
            parts = file.relative_to(HOME).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            found[name] = set(imported(ast.parse(file.read_text()), name, is_package))
    return found


def imported(tree: ast.AST, module: str, is_package: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.split(".")
            up = node.level - 1 if is_package else node.level
            base = parents[: len(parents) - up] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


MODULES = modules()


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def offences(users: tuple[str, ...], *forbidden: str) -> list[str]:
    return [
        f"{module} imports {name}"
        for module, names in MODULES.items()
        if within(module, *users)
        for name in sorted(names)
        if within(name, *forbidden)
    ]


def test_the_imports_are_read_at_all():
    assert within("chat.core.turn", "chat.core")
    assert "fibcache.core.fib" in MODULES["chat.core.policy"]
    assert "chat.core.turn" in MODULES["chat.core.converse"]  # imported as .turn


def test_a_core_is_plain_python():
    assert offences(CORES, *FRAMEWORKS) == []


@pytest.mark.parametrize("core", CORES)
def test_a_core_leans_only_on_cores(core):
    others = [f"{app}.{part}" for app in APPS for part in parts_of(app) if part != "core"]

    assert offences((core,), "alice_site", *others) == []


def parts_of(app: str) -> set[str]:
    return {name.split(".")[1] for name in MODULES if name.startswith(f"{app}.")}


@pytest.mark.parametrize("core", CORES[1:])
def test_the_other_cores_know_neither_chat_nor_each_other(core):
    own = core.partition(".")[0]

    assert offences((core,), *(app for app in APPS if app != own)) == []


def test_adapters_know_nothing_above_them():
    assert offences(ADAPTERS, *ABOVE_ADAPTERS) == []


def test_wiring_knows_no_door():
    assert offences(("chat.wiring",), *DOORS) == []


def test_the_pipeline_knows_only_the_core():
    assert offences(("chat.pipeline",), *ADAPTERS, *ABOVE_ADAPTERS, *FRAMEWORKS) == []


def test_a_core_has_no_clock_of_its_own():
    clocks = {"now", "utcnow", "today", "monotonic", "perf_counter", "time_ns"}
    reads = [
        f"{module}: {node.func.attr}"
        for module in MODULES
        if within(module, *CORES)
        for node in ast.walk(ast.parse(source_of(module)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in clocks
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("time", "datetime", "date")
    ]

    assert reads == []


def source_of(module: str) -> str:
    path = HOME.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text()


def test_the_list_of_frameworks_names_real_modules():
    from importlib.util import find_spec

    for name in FRAMEWORKS - {"requests"}:
        assert name in sys.stdlib_module_names or find_spec(name), name
