"""Draw the spiral as it lies over questions."""

import asyncio
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils.translation import gettext, ngettext

from chat import live, wiring
from fibcache import services
from fibcache.core.cache import FibonacciCache
from fibcache.core.cells import Cells
from fibcache.core.encoder import EncoderAway
from fibcache.core.index import SPIRAL_FROM_ENTRIES
from fibcache.core.picture import SIDE, dots
from fibcache.core.shelf import Shelf

MARKED = 13  # cells nearest to the question of --ask


class Command(BaseCommand):
    """`manage.py spiral FILE.svg [--questions FILE] [--ask "…"]`"""

    help = (
        "Ritar spiralens celler som SVG: en prick för varje cell, större och mörkare ju fler "
        "frågor den rymmer. Frågorna tas ur en fil, en på varje rad, eller ur den delade cachen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("picture", type=Path, help="filen som ritas, till exempel spiral.svg")
        parser.add_argument("--questions", type=Path, help="en fråga på varje rad, UTF-8")
        parser.add_argument("--ask", default="", help="märk ut de celler som ligger närmast")

    def handle(self, *args: Any, **options: Any) -> None:
        cache = cast(FibonacciCache, wiring.kit().cache)
        if options["questions"] is not None:
            questions = self._read(options["questions"])
        elif services.here_only(cache):
            raise CommandError(
                "Ange --questions FIL: cachen finns i serverns egen process, dit ett kommando inte "
                "når. Med REDIS_URL delas den, och då ritas dess frågor."
            )
        else:
            questions = asyncio.run(self._remembered(cache))
        if not questions:
            raise CommandError("Det finns inga frågor att rita.")
        try:
            cells, marked = asyncio.run(self._laid(cache, questions, options["ask"]))
        except EncoderAway as error:
            raise CommandError(f"Frågorna kan inte vektoriseras just nu: {error}") from error
        counts = cells.counts()
        title = gettext("%(cells)s celler längs den gyllene spiralen, %(questions)s") % {
            "cells": len(counts),
            "questions": ngettext("%(count)s fråga", "%(count)s frågor", len(cells))
            % {"count": len(cells)},
        }
        drawn = {"title": title, "side": SIDE, "dots": dots(counts, marked[:MARKED])}
        try:
            options["picture"].write_text(render_to_string("fibcache/spiral.svg", drawn), "utf-8")
        except OSError as error:
            raise CommandError(f"{options['picture']}: {error.strerror}") from error
        self.stdout.write(f"{options['picture']}: {title}")

    def _read(self, path: Path) -> list[str]:
        try:
            lines = path.read_text("utf-8").splitlines()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path}: inte UTF-8 (byte {error.start})") from error
        return [line.strip() for line in lines if line.strip()]

    async def _remembered(self, cache: FibonacciCache) -> list[str]:
        tiers = (await live.current()).tiers
        return [kept.entry.question async for kept in cache.store.scan(tiers=tiers)]

    async def _laid(
        self, cache: FibonacciCache, questions: list[str], asked: str
    ) -> tuple[Cells, list[int]]:
        """Fill cells as the index does; tell also which lie nearest to what is asked."""
        spiral, encode = (await live.current()).spiral, cache.matcher.vector
        few = questions[:SPIRAL_FROM_ENTRIES]
        vectors = [await encode(question) for question in few]
        shelf = Shelf(len(vectors[0]))
        for question, vector in zip(few, vectors, strict=True):
            shelf.add(question, vector)
        cells = Cells(shelf, points=spiral.points)
        for question in questions[len(few) :]:
            cells.add(question, await encode(question))
        cells.settle()
        return cells, cells.coordinates(await encode(asked)) if asked else []
