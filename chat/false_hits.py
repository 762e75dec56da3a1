"""What is shown of false hits, for /metrics and the console."""

from collections.abc import Iterator

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from chat import live
from fibcache.core.budget import Shown
from fibcache.evidence import DatabaseEvidence


def shown(evidence: DatabaseEvidence) -> Shown:
    """Tell what the checks that count show, against the budget in force."""
    return evidence.known_sync().shown(spiral=live.current_sync().spiral)


class FalseHitFigures(Collector):
    """Tells Prometheus of the budget and its bound, as they are when it asks."""

    def __init__(self, evidence: DatabaseEvidence, registry: CollectorRegistry) -> None:
        self._evidence = evidence
        registry.register(self)

    def describe(self) -> Iterator[Metric]:
        """Tell the names without counting anything."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Give the figures; none while the database is away."""
        try:
            now = shown(self._evidence)
        except Exception:  # whatever the database or its driver says: the other figures count
            return
        for name, meaning, value in (
            ("checked", "Similar hits that were given and checked.", now.checked),
            ("wrong", "Of them, those found to be wrong.", now.wrong),
            ("share_at_most", "Upper bound of the share of wrong ones.", now.at_most),
            ("budget", "Largest share that the operator allows.", now.budget),
        ):
            yield GaugeMetricFamily(f"alice_false_hits_{name}", meaning, value=value)
