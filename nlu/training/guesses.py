"""What a command seems to ask for, guessed no better than when Alice serves.

The slot tagger is told of a guess, right in some seven cases of eight. Were it taught with the
answers, it would trust them too much.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

FOLDS = 5


def out_of_fold(texts: Sequence[str], intents: Sequence[str]) -> list[str]:
    """Guess each text's intent from the other folds. Raises ImportError without scikit-learn."""
    guessed = [""] * len(texts)
    for fold in range(FOLDS):
        others = [at for at in range(len(texts)) if at % FOLDS != fold]
        held = [at for at in range(len(texts)) if at % FOLDS == fold]
        found = guesses([texts[at] for at in others], [intents[at] for at in others],
                        [texts[at] for at in held])  # fmt: skip
        for at, guess in zip(held, found, strict=True):
            guessed[at] = guess
    return guessed


def guesses(texts: Sequence[str], intents: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Guess the intents of `asked` from texts whose intents are known."""
    if not asked:
        return []
    if len(Counter(intents)) == 1:
        return [intents[0]] * len(asked)
    machine = _machine().fit(texts, intents)
    return [str(guess) for guess in machine.predict(asked)]


def _machine() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    views = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    return make_pipeline(views, LinearSVC(C=0.3, random_state=0))
