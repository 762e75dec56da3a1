"""Ask Alice from the shell and see what every step cost."""

import asyncio
import getpass
import logging
from typing import Any

import msgspec
import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.core.converse import converse
from chat.core.events import Done, Failed, Noted, Started, Token, ToolReturned
from chat.core.turn import Caller
from chat.opening import open_turn
from chat.pipeline import CHAT
from chat.wiring import kit, warm


class Command(BaseCommand):
    """`manage.py ask "vad är klockan i Tokyo?"`"""

    help = "Ställ en fråga till Alice och se vad varje steg kostade."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("message")
        parser.add_argument("--language", choices=["sv", "en"], default="sv")
        parser.add_argument("--json", action="store_true", help="skriv händelserna, en per rad")

    def handle(self, *args: Any, **options: Any) -> None:
        # The steps below say what the turn's log line would.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        asyncio.run(self._ask(options["message"], options["language"], options["json"]))

    async def _ask(self, message: str, language: str, as_json: bool) -> None:
        await warm()
        caller = Caller(tenant="shell", person=f"shell:{getpass.getuser()}", role="staff")
        turn = await open_turn(caller, message, channel="shell", streamed=True, language=language)
        async for event in converse(turn, kit(), CHAT):
            if as_json:
                self.stdout.write(msgspec.json.encode(event).decode())
                continue
            match event:
                case Started():
                    pass
                case Token(text):
                    self.stdout.write(text, ending="")
                    self.stdout.flush()
                case Noted(text=text):
                    self.stderr.write(text)
                case ToolReturned(name, text):
                    self.stderr.write(f"[{name}: {text}]")
                case Done():
                    self.stdout.write("\n")
                    self._tell_steps(event)
                case Failed(message=text):
                    raise CommandError(text)

    def _tell_steps(self, done: Done) -> None:
        """Show where the answer came from and what each step took, milliseconds."""
        self.stderr.write(f"\n{done.source} · {done.route} · {done.elapsed_ms:.2f} ms")
        for name, ms in done.steps_ms.items():
            self.stderr.write(f"  {name:<16}{ms:9.3f} ms")
