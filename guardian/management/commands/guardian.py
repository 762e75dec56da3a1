"""Learn again what ships, from open data, and play recordings of strain."""

import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.sections import value_of
from guardian.core.injection import SHIPPED
from guardian.core.recordings import NAMES, Recording, Unreadable, read, shipped
from guardian.core.simulation import Played, play
from guardian.core.state import VITALS, Ladder, State
from guardian.models import LadderSettings
from guardian.training.injection import MissingData, train


class Command(BaseCommand):
    """`manage.py guardian train injection --data DIR`, `manage.py guardian simulate RECORDING`"""

    help = (
        "Lär om det som följer med Alice, ur öppna datamängder, och spela upp inspelad belastning."
    )

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
        simulate: ArgumentParser = verbs.add_parser("simulate", help="spela upp en inspelning")
        simulate.add_argument(
            "recording", nargs="?", default=NAMES[0], help=f"{' eller '.join(NAMES)}, eller en fil"
        )
        simulate.add_argument(
            "--marks",
            action="append",
            default=[],
            metavar="lag_ms=50,100,150",
            help="andra gränser än de sparade",
        )
        simulate.add_argument("--json", action="store_true", help="varje steg, som JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        {"train": self._train, "simulate": self._simulate}[options["verb"]](options)

    def _simulate(self, options: dict[str, Any]) -> None:
        """Play a recording against the saved marks, or against others."""
        played = play(_recording(options["recording"]), _ladder(options["marks"]))
        self.stdout.write(
            json.dumps(_told(played)) if options["json"] else "\n".join(_lines(played))
        )

    def _train(self, options: dict[str, Any]) -> None:
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


def _recording(name: str) -> Recording:
    try:
        return shipped(name) if name in NAMES else read(Path(name).read_text("utf-8"))
    except Unreadable as error:
        raise CommandError(f"{name}: {error.sv}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{name}: filen kan inte läsas.") from error


def _ladder(changes: list[str]) -> Ladder:
    """Give the saved ladder with other marks."""
    ladder: Ladder = value_of(LadderSettings.objects.first() or LadderSettings())
    for change in changes:
        name, _equals, written = change.partition("=")
        try:
            marks = tuple(float(mark) for mark in written.split(","))
            if name not in VITALS or len(marks) != 3 or list(marks) != sorted(set(marks)):
                raise ValueError(change)
        except ValueError as error:
            raise CommandError(
                f"{change}: skriv till exempel lag_ms=50,100,150; tre stigande tal för något av "
                f"{', '.join(VITALS)}."
            ) from error
        ladder = replace(ladder, **{name: marks})
    return ladder


def _told(played: Played) -> dict[str, Any]:
    return {
        "highest": played.highest.told,
        "seconds_in": {state.told: round(spent, 1) for state, spent in played.seconds_in.items()},
        "changes": [
            {"at_s": step.at_s, "from": was.told, "to": step.state.told, "why": step.why}
            for was, step in played.changes
        ],
        "steps": [
            {"at_s": step.at_s, "state": step.state.told, "why": step.why} for step in played.steps
        ],
    }


def _lines(played: Played) -> list[str]:
    spent = played.seconds_in
    return [
        *(
            f"{step.at_s:7.0f} s  {was.told} → {step.state.told}  {', '.join(step.why)}".rstrip()
            for was, step in played.changes
        ),
        "  ".join(f"{state.told} {spent[state]:.0f} s" for state in State),
    ]
