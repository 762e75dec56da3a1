"""Messages read with what staff have taught: each version is fetched from the database once."""

import asyncio
import json
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from .core.lessons import BadLesson, Lesson
from .core.understanding import Understanding
from .models import IntentLesson

VERSIONS_READY = 3  # kept in memory, some MB each; a turn may have opened with an older one
AGAIN_AFTER_S = 1.0  # to a database that was away

log = structlog.get_logger("alice.taught")

InDb = Callable[..., Awaitable[Any]]


class NoSuchLesson(LookupError):
    """There is no lesson of this version."""


class Taught:
    """Give the reader of each version. Whoever asks waits for a version's first loading only.

    Args:
        shipped: as Alice came; what is read with where a version can't be.
        in_db: runs a function that asks the database, off the event loop.
        monotonic: gives monotonic seconds.
    """

    def __init__(
        self,
        shipped: Understanding,
        in_db: InDb,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.shipped = shipped
        self._in_db, self._monotonic = in_db, monotonic
        self._ready: dict[str, Understanding] = {"": shipped}
        self._loading: dict[str, asyncio.Task[Understanding]] = {}
        self._away_until = float("-inf")

    async def of(self, version: str) -> Understanding:
        """Give the reader of a version; "" is as Alice came."""
        ready = self._ready.get(version)
        if ready is not None:
            return ready
        if self._monotonic() < self._away_until:
            return self.shipped
        loop, loading = asyncio.get_running_loop(), self._loading.get(version)
        if loading is None or loading.get_loop() is not loop:
            loading = self._loading[version] = loop.create_task(self._load(version))
            loading.add_done_callback(lambda _: self._loading.pop(version, None))
        return await asyncio.shield(loading)  # whoever leaves takes nothing from the others

    async def _load(self, version: str) -> Understanding:
        try:
            reader = await self._in_db(load, self.shipped, version)
        except (NoSuchLesson, BadLesson) as error:
            log.error("lesson_left_out", version=version, why=str(error))
            reader = self.shipped
        except Exception as error:  # the database is away; turns go on as Alice came
            log.warning("lesson_out_of_reach", version=version, error=type(error).__name__)
            self._away_until = self._monotonic() + AGAIN_AFTER_S
            return self.shipped
        while len(self._ready) > VERSIONS_READY:
            del self._ready[next(one for one in self._ready if one)]
        self._ready[version] = reader
        return reader


def load(shipped: Understanding, version: str) -> Understanding:
    """Read a version from the database and put it beside what Alice came with.

    Raises:
        NoSuchLesson: it is not there.
        BadLesson: it is damaged, or was learnt beside models that are here no more.
    """
    row = IntentLesson.objects.filter(version=version).exclude(packed=b"").first()
    if row is None:
        raise NoSuchLesson(version)
    return with_lessons(shipped, unpacked(bytes(row.packed)))


def with_lessons(shipped: Understanding, lessons: Mapping[str, Lesson]) -> Understanding:
    """Give a reader that has been taught. Raises BadLesson, if they are of other models."""
    models = dict(shipped.models)
    for language, lesson in lessons.items():
        if language not in models:
            raise BadLesson(f"is in {language}, which there is no model of")
        models[language] = models[language].with_lesson(lesson)
    return Understanding(models, shipped.taggers)


def packed(lessons: Mapping[str, Lesson]) -> bytes:
    """Write lessons by language, as `unpacked` reads them."""
    told = {language: lessons[language].packed().decode() for language in sorted(lessons)}
    return zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 9)


def unpacked(told: bytes) -> dict[str, Lesson]:
    """Read what `packed` wrote. Raises BadLesson."""
    try:
        lessons = dict(json.loads(zlib.decompress(told)))
    except (ValueError, TypeError, zlib.error) as error:
        raise BadLesson(f"is damaged ({error})") from error
    return {str(at): Lesson.unpacked(str(one).encode()) for at, one in lessons.items()}
