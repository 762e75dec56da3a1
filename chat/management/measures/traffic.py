"""`manage.py evaluate traffic`: what the cache would have answered of a whole day's questions."""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from chat import live
from chat.core.policy import Policy
from chat.evaluations.families import Families, families_of
from chat.evaluations.hits import tally
from chat.evaluations.labelled import BadPairs, read_pairs
from chat.evaluations.ladders import STRATEGIES, ladder
from chat.evaluations.stream import PER_HOUR, QUESTIONS, Asked, Traffic, stream
from chat.evaluations.traffic import Replayed, replay
from chat.wiring import kit

from .base import BadMeasure, Figures, percent


class TrafficMeasure:
    """Asks seeded questions of the pipeline, with simulated time."""

    name = "traffic"
    help = "trafik: hur ofta svarar cachen, och hur ofta med en annan frågas svar?"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the file, the traffic's shape and the ladder of lives."""
        parser.add_argument("file", type=Path, help="par av frågor: tsv eller jsonl")
        parser.add_argument("--queries", type=int, default=20_000, help="antal frågor")
        parser.add_argument("--zipf", type=float, default=1.0, help="hur ojämnt de fördelar sig")
        parser.add_argument("--paraphrase", type=float, default=0.3, help="andel i andra ord")
        parser.add_argument("--adversarial", type=float, default=0.05, help="andel förväxlingar")
        parser.add_argument("--seed", type=int, default=0, help="samma frö ger samma trafik")
        parser.add_argument(
            "--questions", type=int, default=QUESTIONS, help="högst så många olika frågor"
        )
        parser.add_argument("--per-hour", type=float, default=PER_HOUR, help="frågor i timmen")
        parser.add_argument(
            "--strategy",
            choices=(*STRATEGIES, "all"),
            default="fibonacci",
            help="trappa av livslängder, vid samma minne",
        )
        parser.add_argument(
            "--show", type=int, default=0, metavar="N", help="visa N felaktiga träffar"
        )

    def measure(self, options: Mapping[str, Any], aside: Callable[[str], object]) -> Figures:
        """Replay the traffic, once for each ladder."""
        try:
            traffic = Traffic(
                options["queries"],
                options["zipf"],
                options["paraphrase"],
                options["adversarial"],
                options["seed"],
                options["questions"],
                options["per_hour"],
            )
            families = families_of(read_pairs(options["file"]))
            asked = stream(traffic, families)
        except BadPairs as error:
            raise BadMeasure(str(error)) from error
        except ValueError as error:
            raise BadMeasure(f"{options['file']}: {error}") from error
        strategies = STRATEGIES if options["strategy"] == "all" else (options["strategy"],)
        policy = live.current_sync()
        found = {}
        for strategy in strategies:
            figures, replayed = asyncio.run(_replayed(strategy, asked, families, policy))
            for one in [one for one in replayed.heard if one.wrong][: options["show"]]:
                aside(f"falsk  {one.asked.text} | {one.matched or '(ordagrant)'}")
            found[strategy] = figures
        if options["strategy"] != "all":
            return found[options["strategy"]]
        most = max(figures["hit_rate"] for figures in found.values())
        best = [name for name, figures in found.items() if figures["hit_rate"] == most]
        return {"queries": len(asked), "best": best, "strategies": found}

    def told(self, figures: Figures) -> str:
        """Put the figures in a few lines, one table for several ladders."""
        if "strategies" in figures:
            return _compared(figures)
        low, high = figures["interval_95"]
        way = figures["way_to_oracle"]
        tiers = " ".join(f"{tier} {hits}" for tier, hits in figures["by_tier"].items())
        missed = ", ".join(f"{cause} {count}" for cause, count in figures["missed"].items())
        return "\n".join(
            [
                f"frågor                 {figures['queries']} på {figures['hours']:.1f} timmar,"
                f" {figures['asked_questions']} olika",
                f"träffar                {percent(figures['hit_rate'])}"
                f" ({figures['exact_hits']} ordagranna, {figures['similar_hits']} liknande)",
                f"  per nivå             {tiers}",
                f"tak för ordagrann      {percent(figures['exact_ceiling'])}",
                f"tak för orakel         {percent(figures['oracle_ceiling'])}",
                f"väg mellan taken       {percent(way)}",
                f"felaktiga träffar      {figures['wrong_hits']}, "
                f"{percent(figures['wrong_hit_rate'])} av träffarna "
                f"(95 %: {percent(low)}-{percent(high)})",
                f"kända men missade      {missed or '-'}",
                f"avvisade               {figures['refused']}",
                f"i minnet               {figures['mean_entries']:.0f} svar i medeltal, högst "
                f"{figures['most_bytes'] / 2**20:.1f} MiB",
            ]
        )


async def _replayed(
    strategy: str, asked: list[Asked], families: Families, policy: Policy
) -> tuple[Figures, Replayed]:
    tiers = await ladder(strategy, policy.tiers, asked)
    replayed = await replay(
        asked,
        families,
        policy,
        kit().cache.matcher,
        tiers,
        max_bytes=settings.ALICE_CACHE_BYTES,
    )
    told = {"strategy": strategy, "ladder_h": [round(tier.ttl_h, 3) for tier in tiers]}
    return {**tally(replayed), **told}, replayed


def _compared(figures: Figures) -> str:
    head = f"{'':<12}{'träffar':>10}{'felaktiga':>11}{'svar':>8}{'MiB':>7}  livslängder (h)"
    rows = [
        f"{name:<12}{percent(row['hit_rate']):>10}{row['wrong_hits']:>11}"
        f"{row['mean_entries']:>8.0f}{row['mean_bytes'] / 2**20:>7.2f}"
        f"  {' '.join(f'{hours:g}' for hours in row['ladder_h'])}"
        for name, row in figures["strategies"].items()
    ]
    return "\n".join([head, *rows, "", f"flest träffar: {', '.join(figures['best'])}"])
