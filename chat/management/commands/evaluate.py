"""Measure how right and how useful Alice is."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat.management.measures import MEASURES
from chat.management.measures.base import BadMeasure


class Command(BaseCommand):
    """`manage.py evaluate KIND FILE [--json]`"""

    help = "Mät hur rätt Alice svarar och förstår, på texter som någon har märkt."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        for measure in MEASURES:
            kind = kinds.add_parser(measure.name, help=measure.help)
            kind.set_defaults(measure=measure)
            kind.add_argument("--json", action="store_true", help="skriv siffrorna som JSON")
            measure.add_arguments(kind)

    def handle(self, *args: Any, **options: Any) -> None:
        measure = options["measure"]
        try:
            figures = measure.measure(options, self.stderr.write)
        except BadMeasure as error:
            raise CommandError(str(error)) from error
        told = json.dumps(figures, ensure_ascii=False) if options["json"] else measure.told(figures)
        self.stdout.write(told)
