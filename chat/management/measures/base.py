"""What one thing to measure looks like."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, Protocol

Figures = dict[str, Any]


class BadMeasure(ValueError):
    """What was asked for can't be measured. The text says why, in Swedish."""


class Measure(Protocol):
    """One subcommand of `manage.py evaluate`."""

    name: str
    help: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add arguments of its own; `--json` is there already."""

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Give the figures, and say `aside` what is not one of them.

        Raises:
            BadMeasure: these options can't be followed.
        """

    def told(self, figures: Figures) -> str:
        """Put the figures as people read them."""


def percent(share: float | None) -> str:
    """Write a share in per cent, "-" where there is none."""
    return "-" if share is None else f"{100 * share:.2f} %".replace(".", ",")
