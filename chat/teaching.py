"""Learning what staff have asked Alice to learn, in the background and in a process of its own."""

import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from chat.db import in_db
from chat.services import lessons
from chat.services.replays import this_process
from nlu.models import IntentLesson

LOOK_EVERY_S = 2.0  # for a lesson that nobody works on
HELD_FOR_S = 34.0  # renewed as it goes
WITHIN_S = 610.0  # a lesson takes seconds; one that takes so long is stuck
LINE_BYTES = 1 << 25  # longest line that the other process writes: lessons and report

COMMAND = (sys.executable, "-m", "nlu.teaching")

log = structlog.get_logger("alice.teaching")


class Teacher:
    """Learn lessons in this process's name.

    Args:
        holder: names this process.
        command: what learns; reads and writes as `nlu.teaching` does.
        within_s: how long it may take.
    """

    def __init__(
        self,
        *,
        holder: str = "",
        command: Sequence[str] = COMMAND,
        within_s: float = WITHIN_S,
    ) -> None:
        self._holder = holder or this_process()
        self._command, self._within_s = command, within_s

    async def claim(self) -> IntentLesson | None:
        """Take on a lesson that nobody works on."""
        row: IntentLesson | None = await in_db(
            lessons.claim, holder=self._holder, until=_held_until()
        )
        return row

    async def run(self, row: IntentLesson) -> None:
        """Learn it, until it is done, cancelled or taken over."""
        wanted = await in_db(lessons.wanted, row)
        process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=settings.BASE_DIR,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LINE_BYTES,
        )
        try:
            async with asyncio.timeout(self._within_s):
                why = await self._heard(process, row.pk, json.dumps(wanted).encode())
        except (TimeoutError, ConnectionError, ValueError) as error:
            why = type(error).__name__
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if why:
            log.error("lesson_failed", lesson=row.pk, why=why)
            await in_db(lessons.fail, pk=row.pk, holder=self._holder, why=why)

    async def _heard(self, process: asyncio.subprocess.Process, pk: int, wanted: bytes) -> str:
        """Hand over what to learn, and hear the process out. Gives what went wrong, if anything."""
        assert process.stdin and process.stdout and process.stderr
        last_words = asyncio.create_task(process.stderr.read())
        process.stdin.write(wanted)
        process.stdin.close()
        try:
            async for line in process.stdout:
                told: dict[str, Any] = json.loads(line)
                if "lessons" in told:
                    await in_db(lessons.finish, pk=pk, holder=self._holder, **told)
                    log.info("lesson_learnt", lesson=pk, own=told["report"]["own"])
                    return ""
                if not await in_db(
                    lessons.note,
                    pk=pk,
                    holder=self._holder,
                    until=_held_until(),
                    done=told["done"],
                ):
                    log.info("lesson_stopped", lesson=pk)
                    return ""
            return (await last_words).decode(errors="replace").strip()[-200:] or "no answer"
        finally:
            last_words.cancel()


async def keep_teaching() -> None:
    """Take on lessons as they are asked for, until cancelled. Several processes may."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            teacher = Teacher()
            while (row := await teacher.claim()) is not None:
                await teacher.run(row)
        except Exception as error:  # the database is away: in a while again
            log.warning("teaching_failed", why=type(error).__name__)


def _held_until() -> Any:
    return timezone.now() + timedelta(seconds=HELD_FOR_S)
