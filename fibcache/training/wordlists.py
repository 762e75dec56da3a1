"""Make the word lists that ship: `python -m fibcache.training.wordlists DATA`.

DATA is a folder with `folkets-sv-en`, `synlex-sv`, `sv-frequency`, `cannot-negation`, `clinc150`,
`banking77`, `massive` and `tatoeba-en-sv`. Each list keeps the licence of its source; see
`fibcache/data/LICENCES.md`.
"""

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "data"
SURE = 3.8  # of Synlex's 5: below this people disagree whether two words mean the same
COMMON = 30_000  # Swedish words by use; a synonym that nobody says only costs memory
SEEN = 2  # times that a word must occur in English questions to be taken for one

_WORD = re.compile(r"[a-zåäöéüà]+")
_ENGLISH = re.compile(r"[a-z]+(?:'[a-z]+)?")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Read JSON Lines, gzipped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write(name: str, heading: str, lines: Iterable[str]) -> None:
    """Write a list under a heading that says whose it is."""
    path = OUT / name
    path.parent.mkdir(exist_ok=True)
    unique = sorted(set(lines))
    path.write_text(
        "".join(f"# {line}\n" for line in heading.splitlines()) + "\n".join(unique) + "\n",
        encoding="utf-8",
    )
    print(f"{name}: {len(unique)} lines")


def swedish_forms(data: Path) -> Iterator[str]:
    """Give `pos lemma form form …`; of a verb the preterite and the supine come first."""
    for row in rows(data / "folkets-sv-en/folkets.jsonl.gz"):
        lemma, pos = row["word"].replace("|", "").lower(), row.get("pos")
        if pos not in ("nn", "vb", "jj") or not _WORD.fullmatch(lemma):
            continue
        forms = [form.lower() for form in row.get("inflections", [])]
        if pos == "vb" and len(forms) < 3:
            continue
        if all(map(_WORD.fullmatch, forms)) and any(form[:2] == lemma[:2] for form in forms):
            yield " ".join((pos, lemma, *forms))


def swedish_opposites(data: Path) -> Iterator[str]:
    """Give pairs of antonyms."""
    for row in rows(data / "folkets-sv-en/folkets.jsonl.gz"):
        word = row["word"].replace("|", "").lower()
        for antonym in row.get("antonyms", []):
            other = antonym.removesuffix(" etc").lower()
            if _WORD.fullmatch(word) and _WORD.fullmatch(other):
                yield " ".join(sorted((word, other)))


def swedish_synonyms(data: Path) -> Iterator[str]:
    """Give pairs of synonyms that are sure and in use."""
    with gzip.open(data / "sv-frequency/sv_50k.txt.gz", "rt", encoding="utf-8") as lines:
        common = {line.split()[0] for _, line in zip(range(COMMON), lines, strict=False)}
    for row in rows(data / "synlex-sv/synpairs.jsonl.gz"):
        pair = sorted((row["w1"].lower(), row["w2"].lower()))
        if row["level"] >= SURE and common.issuperset(pair) and all(map(_WORD.fullmatch, pair)):
            yield " ".join(pair)


def english_opposites(data: Path) -> Iterator[str]:
    """Give pairs of words that take each other's place when a sentence turns into its opposite."""
    for row in rows(data / "cannot-negation/pairs.train80.jsonl.gz"):
        if row["subset"] != "sem_anto_neg":
            continue
        ours, theirs = (
            [
                word.removesuffix("n't").removesuffix("n't")
                for word in _ENGLISH.findall(row[side].lower().replace("’", "'"))
            ]
            for side in ("premise", "hypothesis")
        )
        only_ours = [word for word in ours if word not in theirs and word not in _SMALL]
        only_theirs = [word for word in theirs if word not in ours and word not in _SMALL]
        negations = sum(
            len(re.findall(r"\bnot\b|n't\b", row[side].lower().replace("’", "'")))
            for side in ("premise", "hypothesis")
        )
        if len(only_ours) == len(only_theirs) == 1 and (negations % 2 == 1) != bool(row["negated"]):
            yield " ".join(sorted((*only_ours, *only_theirs)))


_SMALL = frozenset(
    word
    for words in (
        "a an the is are am was were be do does did not it that this these those he she you i we",
        "isn aren wasn weren don doesn didn have has had very really totally at all to of in on",
    )
    for word in (*words.split(), "they")
)


def english_translations(data: Path) -> Iterator[str]:
    """Give the English words of the dictionary."""
    return (word for words in _translations(data).values() for word in words if len(word) > 3)


def _translations(data: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(data / "folkets-sv-en/folkets.jsonl.gz"):
        word = row["word"].replace("|", "").lower()
        for translation in row.get("translations", []):
            english = translation.lower().removeprefix("to ").strip()
            if re.fullmatch("[a-z]{3,}", english):
                found[word].add(english)
    return found


def swedish_words(data: Path) -> Iterator[str]:
    """Give the words that Swedes use, misspellings being rare among the most used."""
    with gzip.open(data / "sv-frequency/sv_50k.txt.gz", "rt", encoding="utf-8") as lines:
        for _, line in zip(range(COMMON), lines, strict=False):
            word = line.split()[0]
            if len(word) > 3 and _WORD.fullmatch(word):
                yield word


def english_words(data: Path) -> Iterator[str]:
    """Give the words that people use in English questions."""
    seen: Counter[str] = Counter()
    sources: dict[str, tuple[str, ...]] = defaultdict(tuple)
    sources |= {
        "clinc150/train.jsonl.gz": ("text",),
        "banking77/train.jsonl.gz": ("text",),
        "massive/en-US.train.jsonl.gz": ("utt",),
        "tatoeba-en-sv/pairs.train80.jsonl.gz": ("en",),
    }
    for name, columns in sources.items():
        for row in rows(data / name):
            for column in columns:
                seen.update(re.findall(r"[a-z]{4,}", row[column].lower()))
    return (word for word, count in seen.items() if count >= SEEN)


def main(data: Path) -> None:
    """Write every list."""
    folkets = "From Folkets lexikon, KTH, folkets-lexikon.csc.kth.se. CC BY-SA 2.5; so is this."
    write("folkets/forms.txt", f"Swedish words and their forms.\n{folkets}", swedish_forms(data))
    write(
        "folkets/english.txt",
        f"English words of the dictionary.\n{folkets}",
        english_translations(data),
    )
    write("folkets/opposites.txt", f"Swedish antonyms.\n{folkets}", swedish_opposites(data))
    write(
        "synlex/synonyms.txt",
        "Swedish synonyms, from Folkets synonymlexikon Synlex. Copyright (c) Viggo Kann KTH 2009.\n"
        f"MODIFIED: only pairs of single common words graded {SURE} or more. See NOTICE.txt.",
        swedish_synonyms(data),
    )
    write(
        "frequency/words.txt",
        "Common Swedish words, from FrequencyWords, Hermit Dave (OpenSubtitles 2018, OPUS).\n"
        "CC BY-SA 4.0; so is this. MODIFIED: counts and short words left out.",
        swedish_words(data),
    )
    write(
        "cannot/opposites.txt",
        "English antonyms, read off the SemAntoNeg part of the CANNOT dataset (Anschütz, Miguel\n"
        "Lozano and Groh 2023). CC BY-SA 4.0; so is this.",
        english_opposites(data),
    )
    write(
        "questions/words.txt",
        "Words of English questions, from CLINC150 (Larson et al. 2019, CC BY 3.0), BANKING77\n"
        "(PolyAI, CC BY 4.0), MASSIVE (Amazon.com Inc., CC BY 4.0; SLURP, CC BY 4.0) and\n"
        "tatoeba.org (CC BY 2.0 FR). MODIFIED: only the words.",
        english_words(data),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
