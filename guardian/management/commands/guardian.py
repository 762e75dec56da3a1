"""Learn again what ships, from open data."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guardian.core.injection import SHIPPED
from guardian.training.injection import MissingData, train


class Command(BaseCommand):
    """`manage.py guardian train injection --data DIR`"""

    help = "Lär om det som följer med Alice, ur öppna datamängder."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        parts = verbs.add_parser("train", help="lär om en del").add_subparsers(
            dest="part", required=True
        )
        injection: ArgumentParser = parts.add_parser("injection", help="hur angrepp låter")
        injection.add_argument("--data", type=Path, required=True, help="mappen med mängderna")
        injection.add_argument("--out", type=Path, default=SHIPPED, help="filen som skrivs")
        injection.add_argument("--folds", type=int, default=5, help="delar i korsvalideringen")
        injection.add_argument("--rounds", type=int, default=3, help="korsvalideringar")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["folds"] < 2 or options["rounds"] < 1:
            raise CommandError("--folds ska vara minst 2 och --rounds minst 1.")
        try:
            packed = train(
                options["data"],
                folds=options["folds"],
                rounds=options["rounds"],
                say=self.stdout.write,
            ).packed()
        except MissingData as error:
            raise CommandError(f"Filen saknas: {error}. Se docs/guardian.md.") from error
        except ImportError as error:
            raise CommandError("scikit-learn saknas: pip install 'alice[train]'.") from error
        out: Path = options["out"]
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(packed)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
        self.stdout.write(f"{out}: {len(packed) / 1e6:.1f} MB")
