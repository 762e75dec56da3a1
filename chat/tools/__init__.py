"""The tools there are. To add one, write its module and name it here."""

from .base import Tool
from .calculator import Calculator
from .calendar import Calendar
from .clock import Clock
from .units import Units

TOOLS: tuple[Tool, ...] = (Clock(), Calendar(), Calculator(), Units())


def warm() -> None:
    """Load what the tools are slow to load; call it once at start-up, off the event loop."""
    for tool in TOOLS:
        tool.warm()
