"""How reading in another process goes, for /metrics."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from chat.cache_figures import STATES
from nlu.remote import RemoteReader


class RemoteFigures(Collector):
    """Tells Prometheus of the breaker and of where messages were read."""

    def __init__(self, remote: RemoteReader, registry: CollectorRegistry) -> None:
        self._remote = remote
        registry.register(self)

    def describe(self) -> Iterator[Metric]:
        """Tell the names without counting anything."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Give the figures as they are now."""
        state = GaugeMetricFamily(
            "alice_nlu_breaker", "1 for the state it is in.", labels=("state",)
        )
        for name in STATES:
            state.add_metric((name,), float(self._remote.breaker.state == name))
        yield state
        read = CounterMetricFamily(
            "alice_nlu_read", "Messages, by the process that read them.", labels=("where",)
        )
        read.add_metric(("there",), self._remote.read_there)
        read.add_metric(("here",), self._remote.read_here)
        yield read
        yield CounterMetricFamily(
            "alice_nlu_failures",
            "Messages that the other process could not read, or not in time.",
            value=self._remote.failures,
        )
