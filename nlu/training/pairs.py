"""Pairs of texts that mean the same, or belong together, read from open data sets.

The folder holds `tatoeba-en-sv`, `massive`, `swenli`, `folkets-sv-en`, `synlex-sv`, `swequad-mc`
and `sfs-lagtext`, and `sv-frequency` for how common Swedish words are. Questions
and answers written for Alice stand in `answers/`, beside this file.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

Pair = tuple[str, str]

SURE = 3  # of 5, from which people take two words for synonyms
ANSWERS = Path(__file__).parent / "answers"
LAW_SECTIONS = 40  # of one statute
LAW_AND_TEXT_PAIRS = 5_000  # sentences with the text around them
_SENTENCE = re.compile(r"(?<=[.?!])\s+|[\r\n]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs of one kind; they are learnt in batches of their own.

    Attributes:
        share: how often each pair is shown in one round; below 1, the share of them that is.
        opposites: for a first text, one that contradicts it.
        english: whether the second texts are English.
    """

    name: str
    pairs: list[Pair]
    share: float = 1
    opposites: dict[str, str] | None = None
    english: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to questions that mean the same.

    Attributes:
        topic: answers of one topic are near each other, and none answers another's questions.
    """

    topic: str
    questions: tuple[str, ...]
    text: str


class MissingData(FileNotFoundError):
    """A set is not in the folder; the text tells which file."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON Lines, gzipped. Raises MissingData."""
    with opened(path) as lines:
        yield from map(json.loads, lines)


def opened(path: Path) -> Any:
    """Open a gzipped text. Raises MissingData."""
    try:
        return gzip.open(path, "rt", encoding="utf-8")
    except FileNotFoundError as error:
        raise MissingData(str(path)) from error


def counts(data: Path) -> dict[str, int]:
    """Give how often each Swedish word was seen in films' subtitles."""
    with opened(data / "sv-frequency/sv_50k.txt.gz") as lines:
        return {word: int(count) for word, count in map(str.split, lines)}


def groups(data: Path, random: Random) -> list[Group]:
    """Read all pairs. Raises MissingData."""
    twins = [(row["sv"], row["en"]) for row in rows(data / "tatoeba-en-sv/pairs.train80.jsonl.gz")]
    same = rows(data / "tatoeba-en-sv/sv_paraphrases.train80.jsonl.gz")
    return [
        Group("tatoeba", twins, english=True),
        Group("tatoeba-sv", [(row["sv_a"], row["sv_b"]) for row in same], share=2),
        Group("massive", _massive(data), english=True),
        _entailed(data),
        *_dictionary(data),
        Group("synlex", _synonyms(data), share=0.5),
        Group("questions", list(_answered(data, random)), share=2),
        Group("texts", _neighbours(data, random)),
    ]


def answers(folder: Path = ANSWERS) -> Iterator[Answer]:
    """Read the answers, those of a topic after each other.

    A line `# topic`, and under it paragraphs: lines `? question`, and then the answer in one line.

    Raises:
        ValueError: a paragraph is something else.
    """
    topic = ""
    for path in sorted(folder.glob("*.txt")):
        for paragraph in path.read_text("utf-8").strip().split("\n\n"):
            *questions, last = paragraph.splitlines()
            if not questions and last.startswith("# "):
                topic = last.removeprefix("# ")
            elif topic and questions and all(line.startswith("? ") for line in questions):
                yield Answer(topic, tuple(line.removeprefix("? ") for line in questions), last)
            else:
                raise ValueError(f"{path.name}: {paragraph[:60]!r} is no answer")


def _massive(data: Path) -> list[Pair]:
    swedish, english = (
        {
            row["id"]: row["utt"]
            for part in ("train", "dev")
            for row in rows(data / f"massive/{locale}.{part}.jsonl.gz")
        }
        for locale in ("sv-SE", "en-US")
    )
    return [(text, english[number]) for number, text in swedish.items() if number in english]


def _entailed(data: Path) -> Group:
    said: dict[str, dict[str, str]] = {}
    for row in rows(data / "swenli/swenli.dev.jsonl.gz"):
        said.setdefault(row["premise"], {})[row["label"]] = row["hypothesis"]
    follows = [(one, to["entailment"]) for one, to in said.items() if "entailment" in to]
    against = {one: to["contradiction"] for one, to in said.items() if "contradiction" in to}
    return Group("swenli", follows, share=3, opposites=against)


def _dictionary(data: Path) -> Iterator[Group]:
    examples, meanings, translations, synonyms, forms = [], [], [], [], []
    for row in rows(data / "folkets-sv-en/folkets.jsonl.gz"):
        word = row["word"]
        translations += [(word, other) for other in row.get("translations", [])[:4]]
        meanings += [(word, meaning) for meaning in row.get("definition", [])[:2]]
        examples += [(pair[0], pair[1]) for pair in row.get("examples", []) if len(pair) == 2]
        synonyms += [
            (word, other)
            for other, level in row.get("synonyms", [])
            if level is None or float(level) >= SURE
        ]
        forms += [(form, word) for form in row.get("inflections", [])]
    yield Group("examples", [pair for pair in examples if pair[1]], english=True)
    yield Group("meanings", meanings)
    yield Group("translations", translations, share=0.5, english=True)
    yield Group("synonyms", synonyms, share=0.5)
    yield Group("forms", forms, share=0.5)


def _synonyms(data: Path) -> list[Pair]:
    found = rows(data / "synlex-sv/synpairs.jsonl.gz")
    return [(row["w1"], row["w2"]) for row in found if row["level"] >= SURE]


def _answered(data: Path, random: Random) -> Iterator[Pair]:
    """Give questions with windows of text around their answers."""
    for row in rows(data / "swequad-mc/train.jsonl.gz"):
        text, (at, *_) = row["context"], row.get("answer_span") or [0]
        for number in range(5):
            start = max(0, at - random.randint(50, 350))
            window = text[start : at + random.randint(100, 350)]
            yield row["question"], f"{text[:150]} {window}" if number == 4 else window


def _neighbours(data: Path, random: Random) -> list[Pair]:
    """Give sentences with the text around them."""
    found: list[Pair] = []
    for text in dict.fromkeys(row["context"] for row in rows(data / "swequad-mc/train.jsonl.gz")):
        sentences = [part for part in _SENTENCE.split(text) if len(part) > 15]
        for at, sentence in enumerate(sentences):
            around = sentences[max(0, at - 2) : at] + sentences[at + 1 : at + 4]
            if around:
                found.append((sentence, " ".join(around)))
    for row in rows(data / "sfs-lagtext/acts.train80.jsonl.gz"):
        sections = [part.strip() for part in row["text"].split("\n\n")]
        sections = [part for part in sections if len(part) > 80 and not part.startswith("#")]
        random.shuffle(sections)
        for section in islice(sections, LAW_SECTIONS):
            first, *rest = re.split(r"(?<=[.])\s+", section)
            if rest:
                found.append((first[:300], " ".join(rest)[:500]))
    random.shuffle(found)
    return found[:LAW_AND_TEXT_PAIRS]
