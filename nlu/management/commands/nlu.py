"""Learn again what ships, from open data."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nlu.confusions import drawn
from nlu.core.encoder import SHIPPED, SwedishEncoder
from nlu.core.intents import shipped
from nlu.core.letters import SHIPPED as SHIPPED_LETTERS
from nlu.core.lexicon import packed as packed_words
from nlu.core.lexicon import shipped as shipped_words
from nlu.core.slots import DATA, LANGUAGES, path_of
from nlu.training import intents
from nlu.training.encoder import EPOCHS, train
from nlu.training.languages import train as train_languages
from nlu.training.messages import LOCALES
from nlu.training.pairs import MissingData
from nlu.training.slots import ROUNDS
from nlu.training.slots import train as train_slots
from nlu.training.word_lists import words_of_language


class Command(BaseCommand):
    """`manage.py nlu train encoder|intents|language|slots|words --data DIR`"""

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
        learnt.add_argument(
            "--folds", type=int, default=intents.FOLDS, help="delar i korsvalideringen"
        )
        learnt.add_argument("--jobs", type=int, default=1, help="processer som lär samtidigt")
        learnt.add_argument(
            "--language", choices=sorted(LOCALES), action="append", help="bara det språket"
        )
        learnt.add_argument(
            "--plot",
            type=Path,
            help="rita som SVG vad som förväxlades i korsvalideringen (på svenska, om båda lärs)",
        )

        language = parts.add_parser("language", help="bokstäverna som språk känns igen på")
        _add_data(language)
        language.add_argument(
            "--out",
            type=Path,
            default=SHIPPED_LETTERS,
            help="filen som skrivs (annars den som följer med)",
        )

        words = parts.add_parser("words", help="ordlistorna som slinttryckningar skiljs från")
        _add_data(words)
        words.add_argument(
            "--out",
            type=Path,
            default=shipped_words("sv").parent,
            help="mappen som filerna skrivs i (annars de som följer med)",
        )

        slots = parts.add_parser("slots", help="märkaren som finner tider, namn och platser")
        _add_data(slots)
        slots.add_argument(
            "--out",
            type=Path,
            default=DATA,
            help="mappen som filerna skrivs i (annars de som följer med)",
        )
        slots.add_argument("--language", choices=LANGUAGES, help="bara detta språk")
        slots.add_argument("--rounds", type=int, default=ROUNDS, help="steg av L-BFGS, högst")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            {
                "encoder": self._encoder,
                "intents": self._intents,
                "slots": self._slots,
                "language": self._language,
                "words": self._words,
            }[options["part"]](options)
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
        if options["folds"] < 2 or options["jobs"] < 1:
            raise CommandError("--folds ska vara minst 2 och --jobs minst 1.")
        encoder, languages = SwedishEncoder.load(), options["language"] or list(LOCALES)
        for language in languages:
            started = time.monotonic()
            try:
                learning = intents.train(
                    options["data"],
                    language,
                    encoder,
                    folds=options["folds"],
                    jobs=options["jobs"],
                    say=self.stdout.write,
                )
            except ImportError as error:
                raise CommandError("scikit-learn saknas: pip install 'alice[train]'.") from error
            if options["plot"] and (language == "sv" or len(languages) == 1):
                _write(options["plot"], drawn(learning.unmet.pairs()).encode())
            learnt = learning.learnt
            path, packed = options["out"] / shipped(language).name, learnt.packed()
            _write(path, packed)
            self.stdout.write(
                f"{path}: {len(packed) / 1e6:.1f} MB, {len(learnt.intents)} avsikter, "
                f"{time.monotonic() - started:.0f} s."
            )

    def _language(self, options: dict[str, Any]) -> None:
        try:
            packed = train_languages(options["data"]).packed()
        except ImportError as error:
            raise CommandError("scikit-learn saknas: pip install 'alice[train]'.") from error
        _write(options["out"], packed)
        self.stdout.write(f"{options['out']}: {len(packed) / 1e3:.0f} kB.")

    def _words(self, options: dict[str, Any]) -> None:
        for language in LOCALES:
            words = words_of_language(options["data"], language)
            path, packed = options["out"] / shipped_words(language).name, packed_words(words)
            _write(path, packed)
            self.stdout.write(f"{path}: {len(packed) / 1e6:.1f} MB, {len(words)} ord.")

    def _slots(self, options: dict[str, Any]) -> None:
        if options["rounds"] < 1:
            raise CommandError("--rounds ska vara minst 1.")
        for language in [options["language"]] if options["language"] else LANGUAGES:
            started = time.monotonic()
            try:
                packed = train_slots(
                    options["data"], language, rounds=options["rounds"], say=self.stdout.write
                )
            except ImportError as error:
                raise CommandError("scikit-learn saknas: pip install 'alice[train]'.") from error
            path = options["out"] / path_of(language).name
            _write(path, packed)
            self.stdout.write(
                f"{path}: {len(packed) / 1e6:.1f} MB, {time.monotonic() - started:.0f} s."
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
