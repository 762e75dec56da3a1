"""The cache's figures for /metrics, read when they are asked for and never from afar."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from fibcache.core.store import Sizes
from fibcache.stores.link import Link

STATES = ("closed", "probing", "open")

COUNTED = {
    "hits": "Answers found under their exact key, or by their like.",
    "misses": "Exact keys that were asked for in vain.",
    "evicted": "Entries that made room for others.",
    "expired": "Entries whose life was over.",
}


class CacheFigures(Collector):
    """Tells Prometheus what the store knows without asking anybody.

    Args:
        figures: gives the store's own account.
        link: the line to Redis, where there is one.
    """

    def __init__(
        self, figures: Callable[[], Sizes], link: Link | None, registry: CollectorRegistry
    ) -> None:
        self._figures, self._link = figures, link
        registry.register(self)

    def describe(self) -> Iterator[Metric]:
        """Tell the names without counting anything."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Give the figures as they are now."""
        sizes = self._figures()
        for name, meaning in COUNTED.items():
            yield CounterMetricFamily(f"alice_cache_{name}", meaning, value=getattr(sizes, name))
        yield GaugeMetricFamily("alice_cache_entries", "Entries there are.", value=sizes.entries)
        if sizes.by_tier:
            by_tier = GaugeMetricFamily(
                "alice_cache_tier_entries", "Entries in each tier.", labels=("tier",)
            )
            for tier, entries in sizes.by_tier.items():
                by_tier.add_metric((tier,), entries)
            yield by_tier
        if sizes.max_bytes:
            yield GaugeMetricFamily("alice_cache_bytes", "Room they take.", value=sizes.bytes)
            yield GaugeMetricFamily(
                "alice_cache_max_bytes", "Room they may take.", value=sizes.max_bytes
            )
        if self._link is not None:
            state = GaugeMetricFamily(
                "alice_redis_breaker", "1 for the state it is in.", labels=("state",)
            )
            for name in STATES:
                state.add_metric((name,), float(self._link.state == name))
            yield state
            yield CounterMetricFamily(
                "alice_redis_failures",
                "Calls that found Redis away, or that it refused.",
                value=self._link.failures,
            )
