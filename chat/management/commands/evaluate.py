"""Measure how right the cache is."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chat import live
from chat.evaluations.labelled import BadPairs, read_pairs
from chat.evaluations.pairs import Decided, decide, tally
from chat.wiring import kit


class Command(BaseCommand):
    """`manage.py evaluate pairs FILE [--json]`"""

    help = "Mät hur rätt cachen svarar på frågor som någon har märkt."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        pairs = kinds.add_parser(
            "pairs", help="par av frågor: ska svaret på den ena ges på den andra?"
        )
        pairs.add_argument("file", type=Path, help="tsv eller jsonl, gärna gzippad")
        pairs.add_argument("--json", action="store_true", help="skriv siffrorna som JSON")
        pairs.add_argument(
            "--show", type=int, default=0, metavar="N", help="visa N felaktiga avgöranden"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._pairs(options["file"], as_json=options["json"], show=options["show"])

    def _pairs(self, file: Path, *, as_json: bool, show: int) -> None:
        at_least = live.current_sync().spiral.similar_at_least
        try:
            decided = list(decide(read_pairs(file), kit().cache.matcher, at_least=at_least))
        except BadPairs as error:
            raise CommandError(str(error)) from error
        figures = tally(decided)
        for one in [one for one in decided if one.wrong][:show]:
            self.stderr.write(_told(one))
        self.stdout.write(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))


def _told(one: Decided) -> str:
    doubts = ", ".join(f"{v.guard}: {v.reason}" for v in one.match.verdicts if not v.agrees)
    kind = "missad" if one.pair.same else "falsk "
    return f"{kind} {one.match.score:.2f}  {one.pair.a} | {one.pair.b}  {doubts}"


def _table(figures: dict[str, Any]) -> str:
    head = f"{'':<42}{'par':>7}{'lika':>7}{'funna':>7}{'olika':>7}{'falska':>7}"
    rows = [
        f"{name[:40]:<42}{row['n']:>7}{row['positives']:>7}{row['true_hits']:>7}"
        f"{row['negatives']:>7}{row['false_hits']:>7}"
        for name, row in [*figures["by_category"].items(), ("alla", figures)]
    ]
    low, high = figures["interval_95"]
    passed = figures["false_hits"] / figures["negatives"] if figures["negatives"] else None
    return "\n".join(
        [
            head,
            *rows,
            "",
            f"funna av lika par:     {_percent(figures['hit_rate'])}",
            f"falska av alla träffar: {_percent(figures['false_hit_rate'])}"
            f" (95 %: {_percent(low)}-{_percent(high)})",
            f"falska av olika par:   {_percent(passed)}",
        ]
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %".replace(".", ",")
