"""Learn which language short texts are in, from what people say in each.

Swedish and English from MASSIVE's train and Tatoeba; other languages from the translations that
Django comes with, CyberSecEval and sentences written for Alice; names, which tell nothing, from
swedish-ner. Most rows are cut to a few words, as people write.
"""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import django
import numpy as np

from nlu.core.letters import KINDS, ROWS, Letters, rows_of
from nlu.core.text import fold

from .pairs import rows

OTHER = [
    "nb",
    "nn",
    "da",
    "de",
    "fi",
    "nl",
    "fr",
    "es",
    "it",
    "pt",
    "pl",
    "tr",
    "et",
    "is",
    "lv",
    "lt",
    "cs",
    "hu",
    "ro",
    "sq",
    "id",
    "vi",
    "so",
    "az",
]
SENTENCES = Path(__file__).resolve().parent / "sentences.other.tsv"
EACH = 24_000  # texts of a kind, at most
NAMES = 6_000
OWN = 6  # times that each own sentence is shown
LOCALES = {"sv": "sv-SE", "en": "en-US"}
C = 30.0  # of the logistic regression: how freely it fits
_WORD = re.compile(r"[^\W\d_]+")
_TEMPLATE = re.compile(r"%\([^)]*\)\w|%\w|\{[^}]*\}|<[^>]*>|&\w+;")


def train(data: Path) -> Letters:
    """Learn from the sets under `data`.

    Raises MissingData, and ImportError without scikit-learn.
    """
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    draw = Random(7)
    texts: list[tuple[list[str], int]] = []
    for kind, said in enumerate((*(_spoken(data, one) for one in LOCALES), _other(data))):
        found = [words for text in said if (words := words_in(text))]
        draw.shuffle(found)
        texts += ((_cut(words, draw), kind) for words in found[:EACH])
    texts += ((fold(" ".join(words)).split(), 0) for words, kind in texts[:EACH:4] if kind == 0)
    names = sorted(_names(data))
    draw.shuffle(names)
    texts += ((list(words), KINDS.index("")) for words in names[:NAMES])
    read = [rows_of(words) for words, _ in texts]
    table = csr_matrix(
        (
            np.concatenate([np.full(len(at), weight, np.float32) for at, weight in read]),
            np.concatenate([at for at, _ in read]),
            np.cumsum([0, *(len(at) for at, _ in read)]),
        ),
        shape=(len(read), ROWS),
    )
    table.sum_duplicates()
    fitted = LogisticRegression(C=C, max_iter=400, tol=1e-3).fit(table, [kind for _, kind in texts])
    lines = fitted.coef_.T
    scale = float(np.abs(lines).max()) / 127
    numbers = np.rint(lines / scale).astype(np.int8)
    return Letters(numbers, scale, fitted.intercept_.astype(np.float32))


def words_in(text: str) -> list[str]:
    """Give the words of a text in lower case."""
    return _WORD.findall(text.lower())


def _cut(words: list[str], draw: Random) -> list[str]:
    """Give a few neighbours of the words, three times in four."""
    if draw.random() < 0.25:
        return words
    many = draw.choice((1, 2, 2, 3, 3, 4, 5))
    at = draw.randrange(max(1, len(words) - many + 1))
    return words[at : at + many]


def _spoken(data: Path, language: str) -> Iterator[str]:
    for row in rows(data / f"massive/{LOCALES[language]}.train.jsonl.gz"):
        yield row["utt"]
    for row in rows(data / "tatoeba-en-sv/pairs.train80.jsonl.gz"):
        yield row[language]


def _other(data: Path) -> Iterator[str]:
    for line in SENTENCES.read_text("utf-8").splitlines():
        for _ in range(OWN):
            yield line.partition("\t")[2]
    home = Path(django.__file__).parent
    for locale in OTHER:
        for path in sorted(home.glob(f"**/locale/{locale}/LC_MESSAGES/django.mo")):
            with path.open("rb") as file:
                said: dict[object, str] = vars(gettext.GNUTranslations(file))["_catalog"]
            texts = (text for key, text in said.items() if key and text != key)
            yield from dict.fromkeys(_TEMPLATE.sub(" ", text) for text in texts)
    for row in rows(data / "cyberseceval-injection/prompt_injection.train80.jsonl.gz"):
        if row["language"] != "English":
            yield row["user_input"]


def _names(data: Path) -> set[tuple[str, ...]]:
    return {
        tuple(words)
        for row in rows(data / "swedish-ner/train.jsonl.gz")
        for token, tag in zip(row["tokens"], row["tags"], strict=True)
        if tag != "O" and (words := words_in(token))
    }
