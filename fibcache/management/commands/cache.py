"""Look after the cache from the shell."""

import asyncio
import json
from argparse import ArgumentTypeError
from dataclasses import asdict
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import live, wiring
from chat.core.errors import CacheAway, SomeLeft
from fibcache import services
from fibcache.core.cache import FibonacciCache
from fibcache.core.choice import Choice
from fibcache.core.listing import ORDERS, BadPlace
from fibcache.core.tiers import TIERS

OUT_OF_REACH = (
    "Cachen finns i serverns egen process, dit ett kommando inte når. Använd sidan Cachen i "
    "adminen eller /api/cache, eller ställ in REDIS_URL så att cachen delas."
)
FILTERS = ("key", "tier", "route", "intent", "model", "document", "tenant", "person", "text")

TIER_NAMES = [tier.name for tier in TIERS]


class Command(BaseCommand):
    """`manage.py cache stats|list|drop|clear|check`"""

    help = "Visa, sök i och töm cachen. Kräver REDIS_URL: annars är cachen serverns egen."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        told = {
            "stats": "hur mycket den rymmer, nivå för nivå",
            "list": "svar i cachen",
            "drop": "glöm de svar som stämmer med filtren",
            "clear": "glöm allt",
            "check": "håll lager, index och karantän mot varandra",
        }
        for kind, text in told.items():
            sub = kinds.add_parser(kind, help=text)
            sub.add_argument("--json", action="store_true", help="skriv som JSON")
            if kind in ("list", "drop"):
                for name in FILTERS:
                    sub.add_argument(f"--{name}", default="", type=_tier if name == "tier" else str)
                sub.add_argument("--revision", type=int)
            if kind == "list":
                sub.add_argument("--order", choices=tuple(ORDERS), default="newest")
                sub.add_argument("--after", default="", help="från förra sidans sista rad")
                sub.add_argument("--limit", type=_limit, default=services.PAGE)
            if kind == "check":
                sub.add_argument("--repair", action="store_true", help="rätta det som är fel")
            if kind in ("drop", "clear"):
                sub.add_argument("--yes", action="store_true", help="fråga inte först")

    def handle(self, *args: Any, **options: Any) -> None:
        cache = cast(FibonacciCache, wiring.kit().cache)
        if services.here_only(cache):
            raise CommandError(OUT_OF_REACH)
        asyncio.run(self._run(cache, options))

    async def _run(self, cache: FibonacciCache, options: dict[str, Any]) -> None:
        policy = await live.current()
        self.spiral = policy.spiral
        self.parts: dict[str, Any] = {"cache": cache, "tiers": policy.tiers}
        try:
            await getattr(self, f"_{options['kind']}")(options)
        except CacheAway as away:
            raise CommandError(away.sv) from away

    async def _stats(self, options: dict[str, Any]) -> None:
        found = await services.summary(**self.parts)
        if options["json"]:
            self._json(asdict(found))
            return
        self.stdout.write(f"{found.entries} svar")
        for one in found.tiers:
            self.stdout.write(f"{one.tier.name:<4}{one.entries:>8}  {one.tier.ttl_h:g} h")

    async def _list(self, options: dict[str, Any]) -> None:
        try:
            page = await services.list_entries(
                **self.parts,
                choice=_choice(options),
                order=options["order"],
                after=options["after"],
                limit=options["limit"],
            )
        except BadPlace as error:
            raise CommandError(f"--after: ingen sida slutade med {error}") from error
        if options["json"]:
            self._json(asdict(page))
            return
        for one in page.entries:
            question = one.question or f"({one.person})"
            self.stdout.write(
                f"{one.tier:<4}{one.hits:>6}  {one.route:<8}{one.key[:13]}…  {question}"
            )
        if page.after:
            self.stdout.write(f"--after {page.after}")

    async def _drop(self, options: dict[str, Any]) -> None:
        choice = _choice(options)
        if choice.everything:
            raise CommandError("Ange minst ett filter; clear tömmer allt.")
        await self._forget(choice, options)

    async def _clear(self, options: dict[str, Any]) -> None:
        await self._forget(Choice(), options)

    async def _check(self, options: dict[str, Any]) -> None:
        checked = await services.check(
            **self.parts, spiral=self.spiral, repair=options["repair"], elsewhere=True
        )
        found = checked.audit
        if options["json"]:
            self._json({"clean": checked.clean, **asdict(checked)})
        else:
            flaws = found.flaws
            vectors = "-" if found.vectors is None else found.vectors
            for label, value in (
                ("svar", found.entries),
                ("vektorer", vectors),
                ("vektorer utan svar", len(found.orphans)),
                ("svar utan vektor", len(found.missing)),
                ("oläsliga svar", len(flaws.unreadable)),
                ("svar med fel slut", len(flaws.wrong_ends)),
                ("par i karantän för ingen", checked.pairs_of_nobody),
            ):
                self.stdout.write(f"{label:<26}{value:>8}")
            for name, count in found.sizes.by_tier.items():
                self.stdout.write(f"{name:<26}{count:>8}")
        if found.vectors is None:
            self.stderr.write("Serverns index finns i dess egen process och kontrolleras därifrån.")
        if not found.whole:
            raise CommandError("Lagret gick inte att läsa till slut; inget togs bort.")
        if not checked.clean and not found.repaired:
            raise CommandError("Något är fel. Rätta det med --repair.")

    async def _forget(self, choice: Choice, options: dict[str, Any]) -> None:
        try:
            matching = await services.count_entries(**self.parts, choice=choice)
        except CacheAway as away:
            raise SomeLeft() from away
        if not options["yes"]:
            try:
                answer = await asyncio.to_thread(input, f"Glömma {matching} svar? (ja/nej) ")
            except EOFError:
                raise CommandError("Ingen svarade. Med --yes frågas det inte.") from None
            if answer.strip().casefold() not in ("j", "ja", "y", "yes"):
                raise CommandError("Inget glömdes.")
        dropped = await services.drop_entries(**self.parts, choice=choice)
        services.note_drop(choice=choice, dropped=dropped, user_id=None)
        if options["json"]:
            self._json({"matching": matching, "dropped": dropped})
        else:
            self.stdout.write(f"{dropped} svar glömda.")

    def _json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False))


def _limit(text: str) -> int:
    """Read how many entries are to be listed."""
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= services.PAGE_AT_MOST:
        raise ArgumentTypeError(f"{text} är inget tal från 1 till {services.PAGE_AT_MOST}")
    return number


def _tier(text: str) -> str:
    """Read the name of a tier; none where none is asked for."""
    if text and text not in TIER_NAMES:
        raise ArgumentTypeError(f"{text} är ingen nivå; de är {', '.join(TIER_NAMES)}")
    return text


def _choice(options: dict[str, Any]) -> Choice:
    return Choice(**{name: options[name] for name in FILTERS}, revision=options["revision"])
