"""`manage.py evaluate pairs`: may the answer to the one question be given to the other?"""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from chat import live
from chat.evaluations.labelled import BadPairs, Pair, read_pairs
from chat.evaluations.pairs import Decided, decide, tally
from chat.wiring import kit
from fibcache.core.encoder import EncoderAway

from .base import BadMeasure, Figures, percent


class PairsMeasure:
    """Decides labelled pairs as the cache would."""

    name = "pairs"
    help = "par av frågor: ska svaret på den ena ges på den andra?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file and how many errors to show."""
        parser.add_argument("file", type=Path, help="tsv eller jsonl, gärna gzippad")
        parser.add_argument(
            "--show", type=int, default=0, metavar="N", help="visa N felaktiga avgöranden"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Count true and false hits."""
        spiral = live.current_sync().spiral
        how: dict[str, Any] = {
            "at_least": spiral.similar_at_least,
            "calibration": spiral.calibration,
        }
        try:
            pairs = read_pairs(options["file"])
            decided = asyncio.run(_decided(pairs, how))
        except BadPairs as error:
            raise BadMeasure(str(error)) from error
        except EncoderAway as error:
            raise BadMeasure(f"Kodaren svarar inte: {error}") from error
        for one in [one for one in decided if one.wrong][: options["show"]]:
            aside(_told(one))
        return tally(decided)

    def told(self, figures: Figures) -> str:
        """Put the figures in a table by category."""
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
                f"funna av lika par:     {percent(figures['hit_rate'])}",
                f"falska av alla träffar: {percent(figures['false_hit_rate'])}"
                f" (95 %: {percent(low)}-{percent(high)})",
                f"falska av olika par:   {percent(passed)}",
            ]
        )


async def _decided(pairs: Iterable[Pair], how: Mapping[str, Any]) -> list[Decided]:
    matcher = kit().cache.matcher
    return [one async for one in decide(pairs, matcher, **how)]


def _told(one: Decided) -> str:
    doubts = ", ".join(f"{v.guard}: {v.reason}" for v in one.match.verdicts if not v.agrees)
    kind = "missad" if one.pair.same else "falsk "
    return f"{kind} {one.match.score:.2f}  {one.pair.a} | {one.pair.b}  {doubts}"
