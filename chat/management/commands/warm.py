"""Ask beforehand what people are going to ask."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import wiring
from chat.models import Tenant
from chat.models.accounts import HOME
from chat.pipeline import CHAT
from chat.services import warm_ups
from chat.warming.asked import DAYS, MOST, most_asked
from chat.warming.door import ask_door
from chat.warming.questions import BadQuestions, Wanted, read_questions
from chat.warming.runner import LOOK_EVERY_S, Warmer
from fibcache import services
from fibcache.core.cache import FibonacciCache
from fibcache.models import PER_MINUTE, PER_MINUTE_AT_MOST, WarmUp

TAKEN_WITHIN_S = 3 * LOOK_EVERY_S
FOLLOW_EVERY_S = 1.0
NO_TENANT = "Det finns ingen sådan organisation."


class Command(BaseCommand):
    """`manage.py warm FILE | --asked | --resume ID`"""

    help = (
        "Värm cachen: ställ frågor i förväg, från en fil eller de mest ställda. Med REDIS_URL "
        "gör kommandot det självt; annars gör servern det, för då är cachen dess egen."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="en fråga per rad, eller .tsv eller .jsonl"
        )
        parser.add_argument(
            "--asked", action="store_true", help=f"de {MOST} mest ställda, {DAYS} dagar bakåt"
        )
        parser.add_argument("--resume", type=int, metavar="ID", help="fortsätt en avbruten")
        parser.add_argument("--tenant", default=HOME, help="organisationens kortnamn")
        parser.add_argument("--per-minute", type=int, default=PER_MINUTE)
        parser.add_argument("--url", help="värm den server som svarar här, genom /api/chat")
        parser.add_argument("--key", help="API-nyckel för --url; annars frågar en gäst")
        parser.add_argument("--json", action="store_true", help="skriv resultatet som JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if sum(bool(options[name]) for name in ("file", "asked", "resume")) != 1:
            raise CommandError("Ange en fil, --asked eller --resume.")
        if options["key"] and not options["url"]:
            raise CommandError("--key hör ihop med --url.")
        if not 1 <= options["per_minute"] <= PER_MINUTE_AT_MOST:
            raise CommandError(f"--per-minute: 1-{PER_MINUTE_AT_MOST}.")
        if options["url"]:
            self._through_door(options)
            return
        row = self._row(options)
        if services.here_only(cast(FibonacciCache, wiring.kit().cache)):
            self._follow(row)
        else:
            self._run_here(row)
        self._tell(WarmUp.objects.get(pk=row.pk), as_json=options["json"])

    def _questions(self, options: dict[str, Any]) -> list[Wanted]:
        if options["asked"]:
            if not Tenant.objects.filter(slug=options["tenant"]).exists():
                raise CommandError(NO_TENANT)
            questions = most_asked(tenant=options["tenant"])
            if not questions:
                raise CommandError("Ingen har ställt någon fråga vars svar får delas.")
            return questions
        file: Path = options["file"]
        try:
            return read_questions(file.read_bytes(), file.name)
        except FileNotFoundError as error:
            raise CommandError(f"Filen finns inte: {file}") from error
        except OSError as error:  # a folder, or somebody else's
            raise CommandError(f"Filen går inte att läsa: {file}") from error
        except BadQuestions as error:
            raise CommandError(str(error)) from error

    def _row(self, options: dict[str, Any]) -> WarmUp:
        if options["resume"]:
            if not warm_ups.resume(pk=options["resume"]):
                raise CommandError("Det finns ingen avbruten uppvärmning med det numret.")
            return WarmUp.objects.get(pk=options["resume"])
        asked = options["asked"]
        try:
            return warm_ups.begin(
                source=WarmUp.Source.ASKED if asked else WarmUp.Source.FILE,
                name="" if asked else options["file"].name,
                questions=self._questions(options),
                tenant=options["tenant"],
                per_minute=options["per_minute"],
            )
        except Tenant.DoesNotExist as error:
            raise CommandError(NO_TENANT) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _run_here(self, row: WarmUp) -> None:
        """Ask in this process: what is remembered is there for all who share the cache."""
        self.stderr.write(f"Uppvärmning {row.pk}: {row.total} frågor.")
        try:
            asyncio.run(self._warm(row.pk))
        except KeyboardInterrupt:
            warm_ups.cancel(pk=row.pk)
            raise CommandError(f"Avbruten. Fortsätt med --resume {row.pk}.") from None

    async def _warm(self, pk: int) -> None:
        await wiring.warm()
        try:
            warmer = Warmer(wiring.kit(), CHAT)
            row = await warmer.claim(pk)
            if row is not None:  # else a server was faster
                await warmer.run(row)
        finally:
            await wiring.close()  # the last hits that lift an entry are still to be told to Redis

    def _follow(self, row: WarmUp) -> None:
        """Watch the server do it: the cache is in its process."""
        self.stderr.write(f"Uppvärmning {row.pk}: {row.total} frågor. Servern ställer dem.")
        began = time.monotonic()
        shown = -1
        try:
            while (now := WarmUp.objects.defer("questions").get(pk=row.pk)).finished is None:
                if now.state == WarmUp.State.CANCELLED:
                    raise CommandError(f"Avbruten. Fortsätt med --resume {row.pk}.")
                waiting = now.state == WarmUp.State.WAITING
                if waiting and time.monotonic() - began > TAKEN_WITHIN_S:
                    self.stderr.write("Ingen server har börjat än. Det sker när Alice startas.")
                    return
                if now.position != shown:
                    shown = now.position
                    self.stderr.write(f"{shown} av {now.total}")
                time.sleep(FOLLOW_EVERY_S)
        except KeyboardInterrupt:
            self.stderr.write("Servern fortsätter. Avbryt på sidan Uppvärmning i adminen.")

    def _through_door(self, options: dict[str, Any]) -> None:
        if options["resume"]:
            raise CommandError("--resume gäller den här databasens uppvärmningar, inte --url.")
        counts, problems = ask_door(
            self._questions(options),
            url=options["url"],
            key=options["key"] or "",
            per_minute=options["per_minute"],
            tell=self.stderr.write,
        )
        self._told(counts, problems, as_json=options["json"])

    def _tell(self, row: WarmUp, *, as_json: bool) -> None:
        names = ("position", "total", "stored", "already", "unkept", "failed", "state")
        counts = {name: getattr(row, name) for name in names}
        self._told({"id": row.pk, **counts}, row.problems, as_json=as_json)

    def _told(self, counts: dict[str, Any], problems: list[Any], *, as_json: bool) -> None:
        if as_json:
            told = {**counts, "problems": problems}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for problem in problems:
            self.stderr.write(f"rad {problem['line']}: {problem['code']}")
        self.stdout.write(
            f"{counts['stored']} sparade, {counts['already']} fanns redan, "
            f"{counts['unkept']} får inte sparas, {counts['failed']} misslyckade."
        )
