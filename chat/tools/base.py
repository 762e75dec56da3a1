"""What every tool is: a pure function of its arguments and the moment it is asked in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class ToolContext:
    """The moment a tool is asked in. `now` is aware; `language` is "sv" or "en"."""

    now: datetime
    timezone: str = "Europe/Stockholm"
    language: str = "sv"

    @property
    def local(self) -> datetime:
        """Tell the time where the caller is."""
        return self.now.astimezone(ZoneInfo(self.timezone))

    @property
    def today(self) -> date:
        """Tell the date where the caller is."""
        return self.local.date()

    def say(self, sv: str, en: str) -> str:
        """Choose the words of the turn's language."""
        return en if self.language == "en" else sv


class ToolTrouble(Exception):
    """The arguments can't be used. `sv` and `en` say why, to the caller or to the model."""

    def __init__(self, *, sv: str, en: str) -> None:
        super().__init__(en)
        self.sv, self.en = sv, en

    def message(self, language: str) -> str:
        """Say what is wrong in `language` ("sv" or "en")."""
        return self.en if language == "en" else self.sv


class Tool(Protocol):
    """One thing Alice can work out for herself, without a language model."""

    @property
    def name(self) -> str:
        """Name the tool for code, gates and models; never changes."""

    @property
    def title_sv(self) -> str:
        """Name the tool for people, in Swedish."""

    @property
    def title_en(self) -> str:
        """Name the tool for people, in English."""

    @property
    def description(self) -> str:
        """Tell a language model when to call the tool."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Describe the arguments as JSON Schema."""

    @property
    def moment(self) -> bool:
        """Tell whether the answer holds for this moment only, so that it is never remembered."""

    def read(self, text: str, context: ToolContext) -> dict[str, Any] | None:
        """Give the arguments if `text` plainly asks for this tool; None when at all unsure."""

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Answer in the language of `context`.

        Raises:
            ToolTrouble: the arguments can't be used.
        """

    def warm(self) -> None:
        """Load what is slow to load, so that the first question is as quick as the second."""


def text_argument(arguments: Mapping[str, Any], name: str, *, chars: int = 200) -> str:
    """Take a text argument, or "" where there is none. Models send anything; trust nothing.

    Raises:
        ToolTrouble: it is no text or number, or longer than `chars`.
    """
    value = arguments.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ToolTrouble(
            sv=f"Argumentet {name} ska vara text.", en=f"The argument {name} should be text."
        )
    try:
        text = str(value).strip()
    except ValueError:  # an integer of more digits than Python will print
        text = " " * (chars + 1)
    if len(text) > chars:
        raise ToolTrouble(
            sv=f"Det blev för långt. Högst {chars} tecken går bra.",
            en=f"That is too long. At most {chars} characters will do.",
        )
    return text
