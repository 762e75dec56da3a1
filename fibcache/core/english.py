"""Base forms of English words, by rule and by a list of the irregular ones."""

from collections.abc import Iterator

_VERBS = """
be was were been; become became; begin began begun; bite bit bitten; blow blew blown;
break broke broken; bring brought; build built; burn burnt; buy bought; catch caught;
choose chose chosen; come came; deal dealt; draw drew drawn; dream dreamt; drink drank drunk;
drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found;
fly flew flown; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen;
get got gotten; give gave given; go went gone; grow grew grown; have had; hear heard;
hide hid hidden; hold held; keep kept; know knew known; lay laid; lead led; learn learnt;
leave left; lend lent; lie lay lain; lose lost; make made; mean meant; meet met; pay paid;
ride rode ridden; ring rang rung; rise rose risen; run ran; say said; see saw seen; sell sold;
send sent; shake shook shaken; shoot shot; show showed shown; sing sang sung; sit sat;
sleep slept; speak spoke spoken; spend spent; stand stood; steal stole stolen; stick stuck;
swim swam swum; take took taken; teach taught; tell told; think thought; throw threw thrown;
understand understood; wake woke woken; wear wore worn; win won; write wrote written
"""
_PLURALS = """
man men; woman women; child children; person people persons; foot feet; tooth teeth; mouse mice;
wife wives; life lives; knife knives; leaf leaves; half halves; shelf shelves; wolf wolves
"""
IRREGULAR = {
    form: base
    for group in f"{_VERBS};{_PLURALS}".split(";")
    for base, *forms in [group.split()]
    for form in forms
}
_AS_THEY_ARE = "beat bet cast cost cut hit hurt let put quit read set shut split spread upset"
PARTICIPLES = frozenset(_AS_THEY_ARE.split()).union(
    form for group in _VERBS.split(";") for form in (group.split()[-1], *group.split()[2:])
)


ACTION = 9  # letters; "station" is not what one does


def bases(word: str) -> Iterator[str]:
    """Give the words that an English word may be a form of, where it is English at all."""
    if "'" in word:
        word = word.removesuffix("'s").removesuffix("'")
        yield word
    if word in IRREGULAR:
        yield IRREGULAR[word]
        return
    if len(word) < 4 or not word.isascii():
        return
    if word.endswith("ies"):
        yield word[:-3] + "y"
        yield word[:-1]
    elif word.endswith(("sses", "shes", "ches", "xes", "zes", "oes")) or word.endswith("ses"):
        yield word[:-2]
        yield word[:-1]
    elif word.endswith("ation") and len(word) > ACTION:
        yield word[:-3] + "e"  # procrastination, procrastinate
        if word.endswith("ization"):
            yield word[:-5] + "e"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        yield word[:-1]
    elif word.endswith("ied"):
        yield word[:-3] + "y"
    elif word.endswith("ed") and len(word) > 3:
        yield from _stems(word[:-2])
    elif word.endswith("ing") and len(word) > 5:
        yield from _stems(word[:-3])
    elif word.endswith("ily") and len(word) > 5:
        yield word[:-3] + "y"
    elif word.endswith("ly") and len(word) > 5:
        yield word[:-2]


def _stems(stem: str) -> Iterator[str]:
    yield stem
    yield stem + "e"
    if (stem[-1] == stem[-2:-1] and stem[-1] not in "aeiouls") or stem.endswith("ll"):
        yield stem[:-1]


def participle(word: str) -> bool:
    """Tell whether a word may stand in a passive: "sold", "trusted"."""
    return word in PARTICIPLES or (word.endswith("ed") and len(word) > 3)
