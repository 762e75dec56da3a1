"""What words mean for the guards: their base forms, their synonyms and their opposites.

The lists lie in `fibcache/data/` (sources and licences: `LICENCES.md` there); they are read once,
when the first two questions are compared.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from .english import IRREGULAR, bases

PAST = "<"  # ends the base form of a verb that tells of what is over: "öppnade" is "öppna<"
PASSIVE = "*"  # ends the base form of a verb that is done to somebody

Ideas = frozenset[str]


def lines(name: str) -> Iterator[str]:
    """Give the lines of a list that ships, without comments."""
    text = files("fibcache").joinpath("data", name).read_text(encoding="utf-8")
    for line in text.splitlines():
        entry = line.partition("#")[0].strip()
        if entry:
            yield entry


@cache
def _swedish_bases() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines("folkets/forms.txt"):
        pos, lemma, *forms = line.split()
        found[lemma].add(lemma)
        for place, form in enumerate(forms):
            over = pos == "vb" and place < 2 and form != lemma
            found[form].add(lemma + PAST if over else lemma)
            if pos == "nn":
                _add_plural(found, lemma, forms, place)
    return {form: tuple(sorted(lemmas)) for form, lemmas in found.items()}


def _add_plural(found: dict[str, set[str]], lemma: str, forms: list[str], place: int) -> None:
    """The dictionary leaves "nycklarna" to whoever has read "nycklar"."""
    form = forms[place]
    if form.endswith(("ar", "er", "or")):
        found[form + "na"].add(lemma)
    elif place == 1 and form == lemma and forms[0].endswith("et"):
        found[form + "en"].add(lemma)


@cache
def _neighbours() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in lines("synlex/synonyms.txt"):
        one, other = line.split()
        found[one].add(other)
        found[other].add(one)
    for line in lines("synonyms.txt"):
        group = set(line.split())
        for word in group:
            found[word] |= group - {word}
    return {word: frozenset(others) for word, others in found.items()}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in ("folkets/opposites.txt", "cannot/opposites.txt"):
        for line in lines(name):
            one, other = line.split()
            found[one].add(other)
            found[other].add(one)
    for line in lines("opposites.txt"):
        left, right = (side.split() for side in line.split("/"))
        for one in left:
            found[one].update(right)
        for other in right:
            found[other].update(left)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def _known() -> frozenset[str]:
    return _english().union(
        lines("frequency/words.txt"),
        lines("folkets/english.txt"),
        _swedish_bases(),
        _neighbours(),
        _opposites(),
    )


@cache
def _english() -> frozenset[str]:
    return frozenset(lines("questions/words.txt")).union(IRREGULAR)


def warm() -> None:
    """Read the lists now."""
    _known()


@lru_cache(maxsize=16384)
def ideas(word: str) -> Ideas:
    """Give the base forms a word may have, in lower case; a verb's past ends in `PAST`."""
    found = {word, *_bases_of(word)}
    if "-" in word:
        found.add(word.replace("-", ""))
    swedish = word in _swedish_bases()
    if not swedish and len(word) > 4 and word.endswith("s") and word[:-1] in _swedish_bases():
        swedish = True
        # "Skolans" is a genitive; "besegrades" a passive, and another thing than "besegrade".
        found.update(base + PASSIVE if base in _verbs() else base for base in _bases_of(word[:-1]))
    if not swedish or word in _english():
        found.update(bases(word))
    return frozenset(found)


def _bases_of(word: str) -> Iterator[str]:
    table = _swedish_bases()
    if word in table:
        yield from table[word]
    elif len(word) >= SHORTEST_COMPOUND:
        # The last part of a compound bends: "simhallen" is "sim" and "hallen".
        for cut in range(1 if word[0] == "o" else 2, len(word) - 2):
            if word[cut:] in table and _first_part(word[:cut]):
                yield from (word[:cut] + base for base in table[word[cut:]])
                return


SHORTEST_COMPOUND = 6


def _first_part(text: str) -> bool:
    """Tell whether a compound may begin so: "sim", "skatte", "jul", "o"."""
    table = _swedish_bases()
    return text == "o" or any(
        text.endswith(joint) and text[: len(text) - len(joint)] + ending in table
        for joint in ("", "s", "e", "o", "u")
        for ending in ("", "a", "e")
    )


def known(word: str) -> bool:
    """Tell whether a word is in any of the lists, in this form or as a base."""
    return word in _known() or any(_bases_of(word)) or not _known().isdisjoint(bases(word))


def verb(word: str) -> bool:
    """Tell whether a word may be a Swedish verb, and is no English word."""
    return word not in _english() and not _verbs().isdisjoint(ideas(word))


@cache
def _verbs() -> frozenset[str]:
    verbs = {line.split()[1] for line in lines("folkets/forms.txt") if line.startswith("vb ")}
    return frozenset(verbs | {verb + PAST for verb in verbs})


@lru_cache(maxsize=16384)
def synonyms(word: str) -> Ideas:
    """Give the base forms of words that may stand in for a word; its tense goes with them."""
    found: set[str] = set()
    table = _neighbours()
    for idea in ideas(word):
        base = idea.removesuffix(PAST)
        tense = idea[len(base) :]
        found.update(other + tense for other in table.get(base, ()))
    return frozenset(found)


@lru_cache(maxsize=16384)
def opposites(word: str) -> Ideas:
    """Give the base forms of words that mean the contrary of a word."""
    found: set[str] = set()
    table = _opposites()
    for idea in ideas(word):
        base = idea.removesuffix(PAST)
        tense = idea[len(base) :]
        found.update(other + tense for other in table.get(base, ()))
        found.update(_turned(base))
    return frozenset(found)


_TURNS = ("un", "in", "im", "ir", "il", "dis", "non", "o", "in", "miss", "av")


def _turned(base: str) -> Iterator[str]:
    """Give a word with and without a prefix, or with the other suffix, that turns it around."""
    for prefix in _TURNS:
        yield prefix + base
        if base.startswith(prefix) and len(base) - len(prefix) > 3:
            yield base[len(prefix) :]
    if base.endswith("ful"):
        yield base[:-3] + "less"
    elif base.endswith("less"):
        yield base[:-4] + "ful"
    elif base.endswith("lös"):
        yield base[:-3] + "full"


def opposed(one: str, other: str) -> bool:
    """Tell whether two words are contraries of each other."""
    return not opposites(one).isdisjoint(ideas(other)) or not opposites(other).isdisjoint(
        ideas(one)
    )
