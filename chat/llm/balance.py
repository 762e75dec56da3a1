"""The φ balancer: turns are shared between back-ends by golden weights."""

from collections.abc import Sequence

from chat.core.policy import Backend


def balanced(
    backends: Sequence[Backend], ready: Sequence[tuple[Backend, float]], draw: float
) -> Sequence[Backend]:
    """Put one back-end first, drawn by weight among those that are ready; the rest keep order.

    Args:
        draw: 0..1, evenly spread.
    """
    point = draw * sum(weight for _, weight in ready)
    for backend, weight in ready:
        point -= weight
        if point < 0:
            return (backend, *(other for other in backends if other is not backend))
    return backends
