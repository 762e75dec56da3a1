"""Curves for the console's pages: where the lines and labels of a small chart go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 610, 233
LEFT, RIGHT, TOP, BOTTOM = 68, 34, 34, 42  # room for labels around the chart


@dataclass(frozen=True, slots=True)
class Tick:
    """A label beside an axis. Places are whole numbers, as templates write decimals with commas."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A part of the chart, shaded from top to bottom. `kind` is a class of the style sheet."""

    at: int
    width: int
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template draws."""

    title: str
    x_label: str
    y_label: str
    line: str  # points of a polyline
    limits: tuple[Tick, ...]  # drawn across
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    bands: tuple[Band, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM
    above: int = TOP - 13
    under: int = HEIGHT - BOTTOM + 18
    lowest: int = HEIGHT - 5
    tall: int = HEIGHT - TOP - BOTTOM


def chart(
    points: Sequence[tuple[float, float]],
    *,
    title: str,
    x_label: str,
    y_label: str,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
    limits: Sequence[tuple[float, str]] = (),
    bands: Sequence[tuple[float, float, str]] = (),
) -> Chart:
    """Lay out a curve through `points` (x rising, y from 0), limits across, and bands.

    Args:
        limits: heights and labels.
        bands: from and to which x, and their kind.

    Raises:
        ValueError: there are no points.
    """
    if not points:
        raise ValueError("a curve needs points")
    low, high = points[0][0], points[-1][0]
    top = max(*(y for _, y in points), *(y for y, _ in limits), 1e-9)
    span = high - low or 1.0

    def across(x: float) -> int:
        return round(LEFT + (x - low) / span * (WIDTH - LEFT - RIGHT))

    def up(y: float) -> int:
        return round(HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM))

    steps = (0, 0.25, 0.5, 0.75, 1) if high > low else (0,)
    return Chart(
        title=title,
        x_label=x_label,
        y_label=y_label,
        line=" ".join(f"{across(x)},{up(y)}" for x, y in points),
        limits=tuple(Tick(up(y), text) for y, text in limits),
        x_ticks=tuple(Tick(across(low + step * span), x_text(low + step * span)) for step in steps),
        y_ticks=tuple(Tick(up(step * top), y_text(step * top)) for step in (0, 0.5, 1)),
        bands=tuple(Band(across(a), across(b) - across(a), kind) for a, b, kind in bands),
    )
