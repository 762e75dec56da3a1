"""Seeded traffic: who asks what, in which words, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .families import Families, Question

QUESTIONS = 2000  # different ones that are asked, where the file holds so many
PER_HOUR = 20_000.0
"""Queries an hour: what a real service answers (19,366 conversations in 58 minutes).

Source:
    Microsoft Azure, AzureLLMInferenceTrace (conversation), 2023; CC BY 4.0.
"""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is asked for.

    Raises:
        ValueError: a number is out of its range; the text says which.
    """

    queries: int
    zipf: float = 1.0  # exponent: the question of rank r is asked r**-zipf times as often
    paraphrase: float = 0.3  # share of all queries that put a question in other words
    adversarial: float = 0.05  # share of all queries that ask something a question is taken for
    seed: int = 0
    questions: int = QUESTIONS
    per_hour: float = PER_HOUR  # queries, at random moments (a Poisson process)

    def __post_init__(self) -> None:
        if self.queries < 1 or self.questions < 1:
            raise ValueError("antalet frågor ska vara minst 1")
        if self.zipf < 0 or self.seed < 0:
            raise ValueError("zipf och seed ska vara minst 0")
        if self.per_hour <= 0:
            raise ValueError("takten ska vara över 0")
        if min(self.paraphrase, self.adversarial) < 0 or self.paraphrase + self.adversarial > 1:
            raise ValueError("andelarna ska vara minst 0 och tillsammans högst 1")


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a stream."""

    at_s: float  # since the stream began
    text: str
    name: str  # of the question that it asks


def chosen(families: Families, *, most: int, seed: int) -> tuple[Question, ...]:
    """Choose the questions to ask, most asked first.

    Those that have other wordings come before those that have none, and those that something else
    is taken for before the rest; their ranks are drawn.
    """
    random = np.random.default_rng([seed, 0])
    drawn = [families.questions[place] for place in random.permutation(len(families.questions))]
    drawn.sort(key=lambda one: (len(one.wordings) < 2, not one.adversaries))
    drawn = drawn[:most]
    return tuple(drawn[place] for place in random.permutation(len(drawn)))


def stream(traffic: Traffic, families: Families) -> list[Asked]:
    """Draw the queries of a stream: the same ones for the same traffic and families.

    How a query is put is drawn first, then its question among those that can be put so.

    Raises:
        ValueError: the file has no paraphrases, or no adversaries, and a share of them is wanted.
    """
    questions = chosen(families, most=traffic.questions, seed=traffic.seed)
    random = np.random.default_rng([traffic.seed, 1])
    weights = np.arange(1, len(questions) + 1, dtype=np.float64) ** -traffic.zipf
    kinds = random.choice(
        3,
        traffic.queries,
        p=(1 - traffic.paraphrase - traffic.adversarial, traffic.paraphrase, traffic.adversarial),
    )
    moments = np.cumsum(random.exponential(3600 / traffic.per_hour, traffic.queries))
    ways = [_ways(questions, kind) for kind in range(3)]
    ranks = np.zeros(traffic.queries, np.int64)
    for kind, ways_of in enumerate(ways):
        here = kinds == kind
        if not here.any():
            continue
        able = weights * np.array([bool(texts) for texts in ways_of])
        if not able.any():
            raise ValueError(
                "filen har inga " + ("omformuleringar" if kind == 1 else "förväxlingar")
            )
        ranks[here] = random.choice(len(questions), int(here.sum()), p=able / able.sum())
    picks = random.random(traffic.queries)
    asked = []
    for at_s, kind, rank, pick in zip(moments, kinds, ranks, picks, strict=True):
        texts = ways[kind][rank]
        text = texts[int(pick * len(texts))]
        asked.append(Asked(float(at_s), text, families.names[text]))
    return asked


def _ways(questions: Sequence[Question], kind: int) -> list[tuple[str, ...]]:
    if kind == 0:
        return [one.wordings[:1] for one in questions]
    return [one.wordings[1:] if kind == 1 else one.adversaries for one in questions]
