"""Figures for /metrics and one log line per turn. Neither ever holds what was said.

Every turn passes here, so what Prometheus looks up by labels is looked up once and kept.
"""

from collections.abc import Callable
from functools import cache

import structlog
from django.conf import settings
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from chat.core.errors import OverLimit
from chat.core.policy import Policy
from chat.core.turn import Outcome
from chat.strain import STRAIN
from fibcache.core.fib import LATENCY_BUCKETS_MS

log = structlog.get_logger("alice.turn")

MEASURES = ("turns_per_minute", "burst", "tokens_per_minute", "tokens_per_day", "at_once")
Observe = Callable[[float], None]


class PrometheusMeter:
    """Counts and times turns in a Prometheus registry; a registry holds one meter."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        buckets = tuple(float(bound) for bound in LATENCY_BUCKETS_MS)
        turns = Counter(
            "alice_turns",
            "Turns, by how they were answered.",
            ("route", "source", "channel", "outcome"),
            registry=registry,
        )
        tokens = Counter(
            "alice_model_tokens", "Model tokens spent.", ("kind", "model"), registry=registry
        )
        turn_ms = Histogram(
            "alice_turn_ms",
            "From question to last event, milliseconds.",
            ("route",),
            buckets=buckets,
            registry=registry,
        )
        step_ms = Histogram(
            "alice_step_ms",
            "One step of a turn, milliseconds.",
            ("step",),
            buckets=buckets,
            registry=registry,
        )
        first_word_ms = Histogram(
            "alice_first_word_ms",
            "From question to first word, milliseconds.",
            buckets=buckets,
            registry=registry,
        )
        self._thresholds = Gauge(
            "alice_alert_threshold",
            "Where a figure becomes worth a person's attention.",
            ("name",),
            registry=registry,
        )
        self._revision_seen = -1
        self._first_word: Observe = first_word_ms.observe

        @cache
        def turn_counter(route: str, source: str, channel: str, outcome: str) -> Callable[[], None]:
            return turns.labels(route, source, channel, outcome).inc

        @cache
        def token_counter(kind: str, model: str) -> Observe:
            return tokens.labels(kind, model).inc

        @cache
        def turn_timer(route: str) -> Observe:
            return turn_ms.labels(route).observe

        @cache
        def step_timer(step: str) -> Observe:
            return step_ms.labels(step).observe

        self._count_turn, self._count_tokens = turn_counter, token_counter
        self._time_turn, self._time_step = turn_timer, step_timer
        checks = Counter(
            "alice_checks",
            "Similar hits that were compared with what a model said.",
            ("result",),
            registry=registry,
        )

        @cache
        def check_counter(result: str) -> Callable[[], None]:
            return checks.labels(result).inc

        self._count_check = check_counter
        rules = Counter(
            "alice_rules",
            "Turns that a rule of Guardian's held for.",
            ("rule", "action"),
            registry=registry,
        )

        @cache
        def rule_counter(rule: str, action: str) -> Callable[[], None]:
            return rules.labels(rule, action).inc

        self._count_rule = rule_counter
        refusals = Counter(
            "alice_limit_refusals",
            "Turns refused by a limit: whose it was, and what was used up.",
            ("of", "code"),
            registry=registry,
        )

        @cache
        def refusal_counter(of: str, code: str) -> Callable[[], None]:
            return refusals.labels(of, code).inc

        self._count_refusal = refusal_counter
        self._limits = Gauge(
            "alice_limit",
            "The usual limits, 0 where there is none.",
            ("of", "measure"),
            registry=registry,
        )
        withheld = Counter(
            "alice_withheld",
            "Answers that something was taken out of, by what it was.",
            ("kind",),
            registry=registry,
        )

        @cache
        def withheld_counter(kind: str) -> Callable[[], None]:
            return withheld.labels(kind).inc

        self._count_withheld = withheld_counter
        pools = Gauge("alice_pool_size", "Connections at most.", ("pool",), registry=registry)
        pools.labels("database").set(settings.ALICE_DB_POOL)
        pools.labels("backend").set(settings.ALICE_BACKEND_POOL)
        pools.labels("redis").set(settings.ALICE_REDIS_POOL)

    def turn(self, outcome: Outcome) -> None:
        """Note how a turn went."""
        turn, reply = outcome.turn, outcome.reply
        route, source = (reply.route, reply.source) if reply is not None else ("", "")
        ending = _ending(outcome)
        if turn.policy.revision != self._revision_seen:
            self._show_thresholds(turn.policy)
        self._count_turn(route, source, turn.channel, ending)()
        self._time_turn(route)(outcome.elapsed_ms)
        for step, spent_ms in outcome.steps_ms.items():
            self._time_step(step)(spent_ms)
        if outcome.first_word_ms is not None:
            self._first_word(outcome.first_word_ms)
        if outcome.ended is not None and source != "replay":
            usage, model = outcome.ended.usage, outcome.ended.model
            if usage.prompt_tokens or usage.completion_tokens:
                self._count_tokens("prompt", model)(usage.prompt_tokens)
                self._count_tokens("completion", model)(usage.completion_tokens)
        if source == "planner":
            STRAIN.recent.note(outcome)
        if isinstance(outcome.error, OverLimit):
            self._count_refusal(outcome.error.whose, outcome.error.code)()
        held = outcome.rules
        for rule in held:
            self._count_rule(rule["rule"], rule["action"])()
        told = {"rules": [rule["rule"] for rule in held]} if held else {}
        if withheld := outcome.withheld:
            told["withheld"] = list(withheld)
            for kind in withheld:
                self._count_withheld(kind)()
        log.info(
            "turn",
            turn_id=turn.id,
            tenant=turn.caller.tenant,
            person=turn.caller.person,
            channel=turn.channel,
            route=route,
            source=source,
            outcome=ending,
            ms=round(outcome.elapsed_ms, 2),
            revision=turn.policy.revision,
            **told,
        )

    def checked(self, result: str) -> None:
        """Count a shadow check: "right", "wrong", "unsure" or "failed"."""
        self._count_check(result)()

    def trouble(self, where: str, turn_id: str, error: BaseException) -> None:
        """Log, once, something that should not have happened."""
        log.error("trouble", where=where, turn_id=turn_id, exc_info=error)

    def _show_thresholds(self, policy: Policy) -> None:
        self._revision_seen = policy.revision
        alerts = policy.alerts
        levels = zip(("low", "medium", "high"), alerts.errors_per_hour, strict=False)
        for name, value in (
            ("p95_warning_ms", alerts.p95_warning_ms),
            ("p95_critical_ms", alerts.p95_critical_ms),
            ("hit_rate_warning", alerts.hit_rate_warning),
            ("hit_rate_critical", alerts.hit_rate_critical),
            *((f"errors_per_hour_{level}", count) for level, count in levels),
        ):
            self._thresholds.labels(name).set(value)
        for limit in policy.limits:
            for measure in MEASURES:
                self._limits.labels(limit.role, measure).set(getattr(limit, measure))


def _ending(outcome: Outcome) -> str:
    """Say how a turn ended: complete, stopped, or the code of what went wrong."""
    if outcome.error is not None:
        return outcome.error.code
    return "stopped" if outcome.cancelled else "complete"
