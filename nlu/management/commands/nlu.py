"""Learn again what ships, from open data."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nlu.core.encoder import SHIPPED, SwedishEncoder
from nlu.core.intents import shipped
from nlu.core.slots import SHIPPED as SHIPPED_SLOTS
from nlu.training import intents
from nlu.training.encoder import EPOCHS, train
from nlu.training.messages import LOCALES
from nlu.training.pairs import MissingData
from nlu.training.slots import ROUNDS
from nlu.training.slots import train as train_slots


class Command(BaseCommand):
    """`manage.py nlu train encoder|intents|slots --data DIR`"""

    help = "Lär om det som följer med Alice, ur öppna datamängder."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        parts = verbs.add_parser("train", help="lär om en del").add_subparsers(
            dest="part", required=True
        )
        encoder = parts.add_parser("encoder", help="kodaren som gör frågor till vektorer")
        _add_data(encoder)
        encoder.add_argument(
            "--out", type=Path, default=SHIPPED, help="filen som skrivs (annars den som följer med)"
        )
        encoder.add_argument("--epochs", type=int, default=EPOCHS, help="varv genom paren")
        learnt = parts.add_parser("intents", help="avsikterna, på svenska och engelska")
        _add_data(learnt)
        learnt.add_argument(
            "--out",
            type=Path,
            default=shipped("sv").parent,
            help="mappen som filerna skrivs i (annars de som följer med)",
        )

        slots = parts.add_parser("slots", help="märkaren som finner tider, namn och platser")
        _add_data(slots)
        slots.add_argument(
            "--out",
            type=Path,
            default=SHIPPED_SLOTS,
            help="filen som skrivs (annars den som följer med)",
        )
        slots.add_argument("--rounds", type=int, default=ROUNDS, help="steg av L-BFGS, högst")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {"encoder": self._encoder, "intents": self._intents, "slots": self._slots}[
                options["part"]
            ](options)
        except MissingData as error:
            raise CommandError(f"Filen saknas: {error}. Se docs/nlu.md.") from error

    def _encoder(self, options: dict[str, Any]) -> None:
        if options["epochs"] < 1:
            raise CommandError("--epochs ska vara minst 1.")
        started = time.monotonic()
        rows = train(options["data"], epochs=options["epochs"], say=self.stdout.write)
        packed = rows.packed()
        _write(options["out"], packed)
        self.stdout.write(
            f"{options['out']}: {len(packed) / 1e6:.1f} MB, {len(rows.words)} ord, "
            f"{time.monotonic() - started:.0f} s. Kodaren heter nu "
            f"{SwedishEncoder.load(options['out']).fingerprint}."
        )
        self.stdout.write(
            "En ny kodare behöver en ny kalibrering: manage.py calibrate (docs/false-hits.md), "
            "och avsikterna lärs om: manage.py nlu train intents."
        )

    def _intents(self, options: dict[str, Any]) -> None:
        encoder = SwedishEncoder.load()
        for language in LOCALES:
            started = time.monotonic()
            try:
                learnt = intents.train(
                    options["data"], language, encoder, say=self.stdout.write
                ).learnt
            except ImportError as error:
                raise CommandError("scikit-learn saknas: pip install 'alice[train]'.") from error
            path, packed = options["out"] / shipped(language).name, learnt.packed()
            _write(path, packed)
            self.stdout.write(
                f"{path}: {len(packed) / 1e6:.1f} MB, {len(learnt.intents)} avsikter, "
                f"{time.monotonic() - started:.0f} s."
            )

    def _slots(self, options: dict[str, Any]) -> None:
        if options["rounds"] < 1:
            raise CommandError("--rounds ska vara minst 1.")
        started = time.monotonic()
        packed = train_slots(options["data"], rounds=options["rounds"], say=self.stdout.write)
        _write(options["out"], packed)
        self.stdout.write(
            f"{options['out']}: {len(packed) / 1e6:.1f} MB, {time.monotonic() - started:.0f} s."
        )


def _add_data(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, help="mapp med datamängderna; se docs/nlu.md"
    )


def _write(path: Path, packed: bytes) -> None:
    try:
        path.write_bytes(packed)
    except OSError as error:
        raise CommandError(f"{path} kan inte skrivas: {error}") from error
