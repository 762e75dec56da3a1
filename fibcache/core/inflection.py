"""Which words are forms of one word: "hyllan" and "hylla", but not "roman" and "rom"."""

from functools import lru_cache

_ENDINGS = tuple(  # of inflection with the shortest stem they may leave; never of the past tense
    (ending, shortest)
    for shortest, endings in (
        (3, "ernas arnas ornas erna arna orna ens ets ers ars ors ans en et er ar or an na es"),
        (3, "s a"),
        (4, "n t r e"),
    )
    for ending in endings.split()
)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Cut the inflection from a word, so that "hyllan" and "hylla" meet."""
    for ending, shortest in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


_PARADIGMS = tuple(  # endings that one word may take in turn; "-" is none
    frozenset(ending.strip("-") for ending in endings.split())
    for endings in (
        "a an or orna",  # hylla, flicka
        "- e en n ar arna na",  # bil, pojke
        "- e en n er r erna rna",  # film, sko, bakelse
        "- et t en n na",  # hus, äpple
        "- t a e",  # varm
        "- a ar er r",  # tvätta, läsa
        "- es",  # bus
    )
)


@lru_cache(maxsize=8192)
def inflected(word: str, other: str) -> bool:
    """Tell whether two words have endings of one paradigm on one stem; a genitive s may follow."""
    base = stem(word)
    if base != stem(other):
        return False
    endings = {word[len(base) :], other[len(base) :]}
    bare = {ending.removesuffix("s") for ending in endings}
    return any(endings <= paradigm or bare <= paradigm for paradigm in _PARADIGMS)


def form_of(form: str, word: str) -> bool:
    """Tell whether `form` may be made of `word` by an ending; a last vowel may make room for it."""
    return form.startswith(word) or (word[-1] in "aeo" and form.startswith(word[:-1]))
