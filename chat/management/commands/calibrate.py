"""Fit the scale of likeness to a budget of false hits."""

import asyncio
import json
from argparse import ArgumentTypeError
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import live, revisions
from chat.evaluations.feedback import pairs_of_feedback
from chat.evaluations.labelled import BadPairs, Pair, read_pairs
from chat.evaluations.pairs import see
from chat.management.measures.base import percent
from chat.wiring import kit
from fibcache.core.calibration import THRESHOLD, Calibration
from fibcache.core.encoder import EncoderAway
from fibcache.core.fitting import BudgetOutOfReach, Seen, TooFewPairs, fit
from fibcache.core.matching import Matcher
from fibcache.models import SpiralSettings


class Command(BaseCommand):
    """`manage.py calibrate [FILE…] [--feedback] [--budget 1/200] [--publish] [--json]`"""

    help = "Anpassa skalan för likhet så att andelen felaktiga träffar ryms i felbudgeten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help="par, som för evaluate pairs"
        )
        parser.add_argument(
            "--feedback",
            action="store_true",
            help="ta med det som är känt av svar: tummar, par i karantän och kontroller",
        )
        parser.add_argument(
            "--budget",
            type=_share,
            help="högsta andel fel, som 1/200 (annars den som gäller)",
        )
        parser.add_argument(
            "--confidence", type=_share, help="säkerhet, till exempel 0.95 (annars den som gäller)"
        )
        parser.add_argument(
            "--different",
            type=_share,
            help="så stor andel av snarlika frågor är olika i verkligheten (annars som i filerna)",
        )
        parser.add_argument(
            "--publish", action="store_true", help="låt kalibreringen gälla, som en ny revision"
        )
        parser.add_argument("--json", action="store_true", help="skriv kalibreringen som JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        spiral = live.current_sync().spiral
        files, feedback = options["files"], options["feedback"]
        if not files and not feedback:
            raise CommandError("Ange en fil med par, --feedback eller båda.")
        fitted = self._fit(
            self._read(files, feedback=feedback),
            budget=options["budget"] or spiral.false_hits_at_most,
            confidence=options["confidence"] or spiral.confidence,
            different=options["different"],
            fitted_on=", ".join([*(file.name for file in files), *["feedback"] * feedback]),
        )
        if options["json"]:
            self.stdout.write(json.dumps(asdict(fitted), ensure_ascii=False))
        else:
            self.stdout.write(_table(fitted))
        if options["publish"]:
            self._publish(fitted)

    def _read(self, files: list[Path], *, feedback: bool) -> list[Seen]:
        known = list(pairs_of_feedback()) if feedback else []
        try:
            return asyncio.run(_seen(files, known, kit().cache.matcher))
        except BadPairs as error:
            raise CommandError(str(error)) from error
        except EncoderAway as error:
            raise CommandError(f"Kodaren svarar inte: {error}") from error

    def _fit(self, seen: list[Seen], *, budget: float, **how: Any) -> Calibration:
        encoder = kit().cache.matcher.encoder.fingerprint
        try:
            return fit(seen, encoder=encoder, budget=budget, **how)
        except TooFewPairs as few:
            hits = sum(one.passes for one in seen)
            wanted = f"omkring {few.pairs} sådana" if few.pairs else "fler av båda slagen"
            raise CommandError(
                f"För få märkta par: {len(seen)}, varav {hits} träffar. För budgeten "
                f"{percent(budget)} behövs {wanted}, även om ingen träff är fel."
            ) from few
        except BudgetOutOfReach as error:
            best = error.best
            raise CommandError(
                f"Ingen tröskel håller budgeten {percent(budget)}: som bäst högst "
                f"{percent(best.at_most)}, {best.wrong} fel på {best.hits} träffar vid cosinus "
                f"{best.cosine:.2f}. Höj budgeten, stärk vakterna eller granska parens märkning."
            ) from error

    def _publish(self, fitted: Calibration) -> None:
        row = SpiralSettings.objects.first() or SpiralSettings()
        row.calibration = msgspec.to_builtins(fitted)
        row.save()
        try:
            made = revisions.publish(author=None, note=f"Kalibrerad på {fitted.fitted_on}.")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stderr.write(f"Gäller nu överallt, som revision {made.number}.")


async def _seen(files: list[Path], known: list[Pair], matcher: Matcher) -> list[Seen]:
    sources = [*map(read_pairs, files), known]
    return [seen for pairs in sources async for seen in see(pairs, matcher)]


def _share(text: str) -> float:
    """Read "1/200", "0.005" or "0,5 %"."""
    number = text.replace(",", ".").strip()
    try:
        share = float(Fraction(number.removesuffix("%").strip())) / (100 if "%" in number else 1)
    except (ValueError, ZeroDivisionError):
        share = 0.0
    if not 0 < share < 1:
        raise ArgumentTypeError(f"{text} är ingen andel mellan 0 och 1, som 1/200 eller 0.005")
    return share


def _table(fitted: Calibration) -> str:
    head = f"{'cosinus':>8}{'poäng':>8}{'träffar':>9}{'fel':>6}{'funna':>10}{'fel, högst':>13}"
    rows = [
        f"{point.cosine:>8.3f}{fitted.score(point.cosine):>8.3f}{point.hits:>9}{point.wrong:>6}"
        f"{percent(point.hit_rate):>10}{percent(point.at_most):>13}"
        for point in fitted.curve
    ]
    mix = (
        "som i filerna"
        if fitted.different is None
        else f"{percent(fitted.different)} av snarlika frågor olika"
    )
    return "\n".join(
        [
            head,
            *rows,
            "",
            f"{fitted.pairs} par, {mix}; gränserna gäller samtidigt med "
            f"{percent(fitted.confidence)} säkerhet.",
            f"Budgeten {percent(fitted.budget)} hålls från cosinus "
            f"{fitted.operating_cosine:.3f}, som blir {THRESHOLD:.3f}.",
        ]
    )
