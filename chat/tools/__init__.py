"""The tools there are. To add one, write its module and name it here."""

from .base import Tool
from .calculator import Calculator

TOOLS: tuple[Tool, ...] = (Calculator(),)


def warm() -> None:
    """Load what the tools are slow to load; call it once at start-up, off the event loop."""
    for tool in TOOLS:
        tool.warm()
