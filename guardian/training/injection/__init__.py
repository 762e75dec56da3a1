"""Learn how attacks on Alice's instructions read, from open sets and from our own examples.

Logistic regression on TF-IDF of words, pairs, triples and runs of letters. scikit-learn is needed
here (`pip install 'alice[train]'`), never while Alice serves.
"""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guardian.core.disguises import plain
from guardian.core.injection import Features, InjectionModel, Learnt, features_of

SOFTNESS = 3.0  # C of the logistic regression
PHRASE_SEEN, RUN_SEEN = 2, 3  # in at least so many texts, or it is not learnt
ALIKE = 0.5  # share of words in common from which two texts are of one group
FALSE_ALARMS = 0.03  # of deepset's harmless texts, where the threshold is put
STEPS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # of the curve
OWN = Path(__file__).resolve().parent


class MissingData(FileNotFoundError):
    """A set is not in the folder."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and what it is."""

    set: str
    attack: bool
    text: str
    weight: float


def texts(data: Path) -> list[Text]:
    """Gather what there is to learn from. Raises MissingData."""
    told = [
        Text("deepset", bool(row["label"]), row["text"], 4.0)
        for row in _rows(data, "deepset-prompt-injections/train.jsonl.gz")
    ]
    told += _of(data, "notinject/notinject.train80.jsonl.gz", "prompt", False, 3.0)
    told += _of(data, "inthewild-jailbreaks/jailbreaks.train80.jsonl.gz", "prompt", True, 0.7)
    told += [
        Text("cyberseceval-injection", True, row["user_input"], 0.7)
        for row in _rows(data, "cyberseceval-injection/prompt_injection.train80.jsonl.gz")
        if row["language"] in {"English", "German"}
    ]
    for file, field, most in (
        ("massive/sv-SE.train.jsonl.gz", "utt", 1200),
        ("massive/en-US.train.jsonl.gz", "utt", 1200),
        ("clinc150/train.jsonl.gz", "text", 600),
        ("banking77/train.jsonl.gz", "text", 600),
        ("swefaq/swefaq.dev.jsonl.gz", "question", 500),
        ("tatoeba-en-sv/pairs.train80.jsonl.gz", "sv", 600),
        ("tatoeba-en-sv/pairs.train80.jsonl.gz", "en", 600),
    ):
        told += Random(0).sample(found := _of(data, file, field, False, 0.5), min(most, len(found)))
    for path in sorted(OWN.glob("*.txt")):
        attack = path.name.startswith("attacks")
        lines = path.read_text("utf-8").splitlines()
        told += [Text("own", attack, line, 2.0) for line in lines]
    return told


def train(data: Path, *, folds: int = 5, rounds: int = 3, say: Callable[[str], object]) -> Learnt:
    """Learn from all texts, after telling by repeated cross-validation how well that goes.

    Near-duplicates of deepset's are kept on one side. The threshold 0.5 is put where
    `FALSE_ALARMS` of deepset's harmless texts are stopped.

    Raises:
        MissingData: a set is not in the folder.
        ImportError: scikit-learn is not installed.
    """
    told = texts(data)
    counted = [features_of(plain(one.text)) for one in told]
    say(f"{len(told)} texter, {sum(one.attack for one in told)} av dem angrepp")
    groups = _groups(told)
    sets = np.array([one.set for one in told])
    attack = np.array([one.attack for one in told])
    harmless = (sets == "deepset") & ~attack
    margins = []
    for seed in range(rounds):
        part_of = np.random.RandomState(seed).randint(0, folds, len(told))[groups]
        margin = np.zeros(len(told))
        for part in range(folds):
            fit = InjectionModel(_fit(told, counted, np.flatnonzero(part_of != part)))
            for at in np.flatnonzero(part_of == part):
                margin[at] = fit.margin(counted[at])
        margins.append(margin)
    mean = np.array(margins)
    middle = float(np.quantile(mean[:, harmless], 1 - FALSE_ALARMS))
    curve = []
    for step in STEPS:
        stopped = mean > middle + log(step / (1 - step))
        shares = [
            float(stopped[:, which].mean())
            for which in ((sets == "deepset") & attack, harmless, sets == "notinject")
        ]
        curve.append([step, *shares])
        if step == 0.5:
            right = (stopped == attack)[:, sets == "deepset"].mean(axis=1)
            say(f"deepset, korsvaliderad: rätt {', '.join(f'{each:.3f}' for each in right)}")
        say(f"från {step}: funna {shares[0]:.3f}, fel {shares[1]:.3f}, notinject {shares[2]:.3f}")
    for name in ("inthewild-jailbreaks", "cyberseceval-injection", "own"):
        say(f"{name}: funna {float((mean > middle)[:, (sets == name) & attack].mean()):.3f}")
    for name in ("own", "massive", "clinc150", "banking77", "swefaq", "tatoeba-en-sv"):
        say(f"{name}: fel {float((mean > middle)[:, (sets == name) & ~attack].mean()):.3f}")
    _tell_sets_left_out(told, counted, middle, say)
    learnt = _fit(told, counted, np.arange(len(told)))
    return replace(learnt, start=learnt.start - middle, curve=np.array(curve, np.float32))


def _tell_sets_left_out(
    told: Sequence[Text],
    counted: Sequence[Features],
    middle: float,
    say: Callable[[str], object],
) -> None:
    """Tell how a set is read by a model that has met nothing of it."""
    for name in ("deepset", "notinject", "inthewild-jailbreaks", "cyberseceval-injection", "own"):
        others = np.array([at for at, one in enumerate(told) if one.set != name])
        fit = InjectionModel(_fit(told, counted, others))
        for attack in (True, False):
            which = [at for at, one in enumerate(told) if one.set == name and one.attack == attack]
            if which:
                share = np.mean([fit.margin(counted[at]) > middle for at in which])
                say(f"utan {name} lärt: {'funna' if attack else 'fel'} {share:.3f}")


def _fit(told: Sequence[Text], counted: Sequence[Features], which: NDArray[np.intp]) -> Learnt:
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    known, rarities, tables = [], [], []
    for view, least in enumerate((PHRASE_SEEN, RUN_SEEN)):
        seen: Counter[str] = Counter()
        for at in which:
            seen.update(counted[at][view].keys())
        names = sorted(name for name, count in seen.items() if count >= least)
        rarity = np.array([log((1 + len(which)) / (1 + seen[name])) + 1 for name in names])
        place = {name: at for at, name in enumerate(names)}
        edges, columns, values = [0], [], []
        for at in which:
            row = [(place[p], times) for p, times in counted[at][view].items() if p in place]
            worth = np.array([(1 + log(times)) * rarity[column] for column, times in row])
            columns += [column for column, _ in row]
            values += list(worth / (np.sqrt((worth**2).sum()) or 1.0))
            edges.append(len(columns))
        table: Any = csr_matrix((values, columns, edges), shape=(len(which), len(names)))
        tables.append(table)
        known.append(names)
        rarities.append(rarity)
    machine = LogisticRegression(C=SOFTNESS, solver="liblinear", max_iter=400, random_state=0)
    machine.fit(
        hstack(tables).tocsr(),
        [told[at].attack for at in which],
        [told[at].weight for at in which],
    )
    return Learnt(
        phrases=tuple(known[0]),
        runs=tuple(known[1]),
        rarity=np.concatenate(rarities).astype(np.float16),
        weights=machine.coef_[0].astype(np.float16),
        start=float(machine.intercept_[0]),
        curve=np.zeros((0, 4), np.float32),
    )


def _groups(told: Sequence[Text]) -> NDArray[np.intp]:
    """Number the texts so that near-duplicates within a set share a number."""
    words = [frozenset(one.text.lower().split()) for one in told]
    group = list(range(len(told)))

    def root(at: int) -> int:
        while group[at] != at:
            at = group[at]
        return at

    for name in ("deepset", "notinject", "own"):
        places = [at for at, one in enumerate(told) if one.set == name]
        for count, one in enumerate(places):
            for other in places[count + 1 :]:
                both = len(words[one] & words[other])
                if both >= ALIKE * len(words[one] | words[other]):
                    group[root(one)] = root(other)
    return np.array([root(at) for at in range(len(told))])


def _of(data: Path, file: str, field: str, attack: bool, weight: float) -> list[Text]:
    name = file.split("/")[0]
    return [Text(name, attack, row[field], weight) for row in _rows(data, file)]


def _rows(data: Path, file: str) -> list[dict[str, Any]]:
    path = data / file
    if not path.is_file():
        raise MissingData(path)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
