"""Live settings of one turn, compiled from what staff edit. Defaults live here and in the cores."""

from dataclasses import dataclass, field

from fibcache.core.fib import PHI
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS, Tier
from guardian.core.gates import Gate
from guardian.core.leaks import Leaks
from guardian.core.limits import LIMITS, Limit, OwnLimit
from guardian.core.rule_tests import RuleTest
from guardian.core.rules import Rule
from guardian.core.state import Ladder
from nlu.core.settings import Understanding

OPTIONAL_STEPS = frozenset({"recall_exact", "recall_similar"})
"""Steps that a flag may switch off. Safety steps are code, not settings."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Budgets of the three routes."""

    micro_budget_ms: tuple[int, ...] = (13, 21, 34)  # first try, then retries with more
    plan_within_ms: int = 800  # to the plan, not to the last word
    tool_rounds: int = 3  # rounds of tools a turn may use
    passages: tuple[int, ...] = (1, 2, 3, 5)  # curated answers shown to the model, widening
    first_token_s: tuple[float, ...] = (1, 2, 5, 8)  # warn, fail over, shrink, give up
    breaker_delays_s: tuple[float, ...] = (1, 2, 3, 5, 8, 13)  # open time after each failed probe
    phi_balancer: bool = False  # share turns between back-ends by weight instead of in order
    phi_weights: tuple[float, ...] = (PHI, 1 / PHI, 1 / PHI**2)  # primary, secondary, tertiary
    training_mode: bool = False  # use the small model
    model_production: str = "qwen2.5:3b"
    model_training: str = "qwen2.5:0.5b"
    system_prompt: str = (
        "Du är Alice, en hjälpsam assistent. Svara kort och korrekt på frågans språk, "
        "svenska om inget annat framgår. Säg ifrån när du inte vet."
    )
    history_turns: int = 8  # earlier turns that the model is shown
    max_tokens: int = 987  # longest answer that a caller may ask a model for

    @property
    def model(self) -> str:
        """Name the model that a back-end without a model of its own is asked for."""
        return self.model_training if self.training_mode else self.model_production


@dataclass(frozen=True, slots=True)
class Backend:
    """A model server. The key itself stays in the environment, under the name `key_env`."""

    name: str
    kind: str = "ollama"  # "ollama" or "openai"
    url: str = "http://127.0.0.1:11434"
    model: str = ""  # empty: what Routing.model says
    key_env: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A curated answer: said when a message is one of its questions."""

    name: str
    questions: tuple[str, ...]
    text_sv: str
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large and how slow a turn may be."""

    message_chars: int = 4000  # longest message
    silence_s: float = 21.0  # longest wait between two events
    replay_h: float = 24.0  # how long an Idempotency-Key is remembered
    recalled_words_per_s: float = 0.0  # pace of a streamed answer from the cache; 0: all at once


@dataclass(frozen=True, slots=True)
class Alerts:
    """When figures are worth a person's attention; exported beside the figures themselves."""

    p95_warning_ms: int = 144
    p95_critical_ms: int = 377
    hit_rate_warning: float = 0.50
    hit_rate_critical: float = 0.25
    errors_per_hour: tuple[int, ...] = (3, 5, 8)


@dataclass(frozen=True, slots=True)
class Policy:
    """All live settings of one turn: one snapshot, taken when the turn opens and kept."""

    revision: int = 0
    bounds: Bounds = field(default_factory=Bounds)
    tiers: tuple[Tier, ...] = TIERS
    spiral: Spiral = field(default_factory=Spiral)
    routing: Routing = field(default_factory=Routing)
    backends: tuple[Backend, ...] = ()
    answers: tuple[Answer, ...] = ()
    rules: tuple[Rule, ...] = ()
    rule_tests: tuple[RuleTest, ...] = ()  # that `rules` pass
    gates: tuple[Gate, ...] = ()
    limits: tuple[Limit, ...] = LIMITS
    own_limits: tuple[OwnLimit, ...] = ()
    leaks: Leaks = field(default_factory=Leaks)
    ladder: Ladder = field(default_factory=Ladder)
    understanding: Understanding = field(default_factory=Understanding)
    alerts: Alerts = field(default_factory=Alerts)
    off: frozenset[str] = frozenset()  # optional steps switched off
