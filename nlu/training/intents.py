"""Learn what messages ask for: one line through the messages for each intent.

A linear support vector machine (one intent against the rest, squared hinge) on three views of a
message, each of unit length: TF-IDF of its words and pairs of words, TF-IDF of its runs of letters,
and its vector. A naive Bayes model of the first two views, which is linear too, is added to the
lines with a small weight. scikit-learn is needed here (`pip install 'alice[train]'`), never while
Alice serves.

Source:
    R.-E. Fan et al., LIBLINEAR, JMLR 9 (2008); C. Guo et al., On Calibration of Modern Neural
    Networks, ICML 2017 (one sharpness for all scores); S. Wang and C. Manning, Baselines and
    Bigrams, ACL 2012 (naive Bayes and support vectors together).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.core.features import phrases_of, runs_of, shares, words_of
from nlu.core.intents import OUT_OF_SCOPE, Encoder, IntentModel, Learnt

from .messages import LOCALES, Message, massive, messages

SOFTNESS = 0.3  # C of the support vector machines
NAIVE = 0.06  # weight of the naive Bayes model beside the support vector machines
SMOOTHING = 0.01  # how often naive Bayes holds what it has never seen to have been seen
PHRASE_SEEN, RUN_SEEN = 2, 3  # in at least so many messages, or it is not learnt
STEPS = tuple(round(0.05 * step, 2) for step in range(20))  # of the curve


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learnt, and how good it was on messages that were held out of a first round."""

    learnt: Learnt
    figures: dict[str, float]


def train(data: Path, language: str, encoder: Encoder, *, say: Callable[[str], object]) -> Learning:
    """Learn from all messages, after a first round without the held-out ones told how well.

    Args:
        data: folder with `massive`, `clinc150` and `banking77`.
        language: "sv" or "en".
        encoder: the one that will serve.
        say: hears about the progress.

    Raises:
        MissingData: a set is not in the folder.
        ImportError: scikit-learn is not installed.
    """
    first, held = messages(data, language)
    say(f"{language}: {len(first)} meddelanden, och {len(held)} att mäta på")
    model = IntentModel(fit(first, encoder), encoder)
    sharpness = sharpness_of(model, held)
    model = IntentModel(replace(model.learnt, sharpness=sharpness), encoder)
    locale = massive(data, LOCALES[language], "dev")
    figures = {"accuracy": accuracy(model, locale), "accuracy_held_out": accuracy(model, held)}
    if any(one.intent == OUT_OF_SCOPE for one in held):
        figures["out_of_scope_auc"] = out_of_scope_auc(model, held)
    say(f"{language}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()))
    curve = curve_of(model, locale)
    whole = fit([*first, *held], encoder)
    return Learning(replace(whole, sharpness=sharpness, curve=curve), figures)


def fit(told: Sequence[Message], encoder: Encoder) -> Learnt:
    """Learn from what is `told`. Raises ImportError without scikit-learn."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.svm import LinearSVC

    said = [words_of(one.text) for one in told]
    phrases, phrase_rarity = _known(map(phrases_of, said), PHRASE_SEEN)
    runs, run_rarity = _known(map(_runs, said), RUN_SEEN)
    vectors = np.array([encoder.encode(" ".join(words)) for words in said])
    views = hstack(
        [
            _table(map(phrases_of, said), phrases, phrase_rarity, csr_matrix),
            _table(map(_runs, said), runs, run_rarity, csr_matrix),
            csr_matrix(vectors),
        ]
    ).tocsr()
    intents = [one.intent for one in told]
    machine = LinearSVC(C=SOFTNESS, random_state=0).fit(views, intents)
    lines = machine.coef_.T.astype(np.float32)
    count = len(phrases) + len(runs)
    naive = MultinomialNB(alpha=SMOOTHING).fit(views[:, :count], intents)
    likely = naive.feature_log_prob_.T
    lines[:count] += NAIVE * (likely - likely.mean(axis=1, keepdims=True))
    scales = (np.abs(lines[:count]).max(axis=1) / 127).astype(np.float16)
    scales = np.maximum(scales, np.float16(6e-5))  # float16 has nothing finer that is exact
    numbers = np.clip(np.rint(lines[:count] / scales[:, None].astype(np.float32)), -127, 127)
    return Learnt(
        intents=tuple(map(str, machine.classes_)),
        phrases=tuple(phrases),
        runs=tuple(runs),
        rarity=np.array([*phrase_rarity, *run_rarity], np.float16),
        numbers=numbers.astype(np.int8),
        scales=scales,
        directions=lines[count:].astype(np.float16),
        start=(machine.intercept_ + NAIVE * naive.class_log_prior_).astype(np.float32),
        sharpness=1.0,
        encoder=encoder.fingerprint,
        curve=np.zeros((0, 3), np.float32),
    )


def sharpness_of(model: IntentModel, told: Sequence[Message]) -> float:
    """Find what to multiply scores by, so that a confidence of 0.8 is right four times in five."""
    pairs = [(model.scores(one.text), model.intents.index(one.intent)) for one in told]
    scores = np.array([found for found, _ in pairs if found is not None], np.float64)
    right = np.array([place for found, place in pairs if found is not None])

    def loss(sharpness: float) -> float:
        sharp = scores * sharpness
        sharp -= sharp.max(axis=1, keepdims=True)
        told = sharp[np.arange(len(right)), right] - np.log(np.exp(sharp).sum(axis=1))
        return float(-told.mean())

    return min((round(0.1 * step, 1) for step in range(5, 120)), key=loss)


def accuracy(model: IntentModel, told: Sequence[Message]) -> float:
    """Give the share of messages whose intent was found."""
    return float(np.mean([model.read(one.text).intent == one.intent for one in told]))


def curve_of(model: IntentModel, told: Sequence[Message]) -> NDArray[np.float32]:
    """Give how many are answered, and how many of those rightly, from each confidence."""
    guesses = [(model.read(one.text), one.intent) for one in told]
    sure = np.array([guess.confidence for guess, _ in guesses])
    right = np.array([guess.intent == intent for guess, intent in guesses])
    points = [
        (step, float((sure >= step).mean()), float(right[sure >= step].mean()))
        for step in STEPS
        if (sure >= step).any()
    ]
    return np.array(points, np.float32)


def out_of_scope_auc(model: IntentModel, told: Sequence[Message]) -> float:
    """Tell how well doubt parts messages within scope from those beside it (area under the ROC)."""

    def doubt(text: str) -> float:
        guess = model.read(text, most=len(model.intents))
        told = [(guess.intent, guess.confidence), *guess.alternatives]
        return 1 - max(sure for intent, sure in told if intent != OUT_OF_SCOPE)

    inside = np.sort([doubt(one.text) for one in told if one.intent != OUT_OF_SCOPE])
    outside = [doubt(one.text) for one in told if one.intent == OUT_OF_SCOPE]
    below = np.searchsorted(inside, outside, "left") + np.searchsorted(inside, outside, "right")
    return float(below.mean() / (2 * len(inside)))


def _runs(words: list[str]) -> list[str]:
    return [run for word in words for run in runs_of(word)]


def _known(said: Iterable[list[str]], least: int) -> tuple[list[str], list[float]]:
    """Give what occurs in `least` messages or more, and how rare each is."""
    seen: Counter[str] = Counter()
    messages = 0
    for parts in said:
        seen.update(set(parts))
        messages += 1
    known = sorted(part for part, count in seen.items() if count >= least)
    return known, [float(np.log((1 + messages) / (1 + seen[part])) + 1) for part in known]


def _table(
    said: Iterable[list[str]], known: list[str], rarity: list[float], build: Callable[..., Any]
) -> Any:
    """Put the messages' features in a sparse table, one row for each message."""
    places = {part: place for place, part in enumerate(known)}
    edges, columns, values = [0], [], []
    for parts in said:
        found, weights = shares(Counter(places[p] for p in parts if p in places), rarity)
        columns += found
        values += weights
        edges.append(len(columns))
    return build((np.array(values, np.float32), columns, edges), shape=(len(edges) - 1, len(known)))
