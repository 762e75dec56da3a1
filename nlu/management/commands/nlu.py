"""Learn again what ships, from open data."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nlu.core.encoder import SHIPPED, SwedishEncoder
from nlu.training.encoder import EPOCHS, train
from nlu.training.pairs import MissingData


class Command(BaseCommand):
    """`manage.py nlu train encoder --data DIR [--out FILE] [--epochs N]`"""

    help = "Lär om det som följer med Alice, ur öppna datamängder."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        parts = verbs.add_parser("train", help="lär om en del").add_subparsers(
            dest="part", required=True
        )
        encoder = parts.add_parser("encoder", help="kodaren som gör frågor till vektorer")
        encoder.add_argument(
            "--data", type=Path, required=True, help="mapp med datamängderna; se docs/nlu.md"
        )
        encoder.add_argument(
            "--out", type=Path, default=SHIPPED, help="filen som skrivs (annars den som följer med)"
        )
        encoder.add_argument("--epochs", type=int, default=EPOCHS, help="varv genom paren")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["epochs"] < 1:
            raise CommandError("--epochs ska vara minst 1.")
        started = time.monotonic()
        try:
            rows = train(options["data"], epochs=options["epochs"], say=self.stdout.write)
        except MissingData as error:
            raise CommandError(f"Filen saknas: {error}. Se docs/nlu.md.") from error
        packed = rows.packed()
        try:
            options["out"].write_bytes(packed)
        except OSError as error:
            raise CommandError(f"{options['out']} kan inte skrivas: {error}") from error
        self.stdout.write(
            f"{options['out']}: {len(packed) / 1e6:.1f} MB, {len(rows.words)} ord, "
            f"{time.monotonic() - started:.0f} s. Kodaren heter nu "
            f"{SwedishEncoder.load(options['out']).fingerprint}."
        )
        self.stdout.write(
            "En ny kodare behöver en ny kalibrering: manage.py calibrate (docs/false-hits.md)."
        )
