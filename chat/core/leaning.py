"""Which earlier turns an answer may depend on.

All of them, as a rule: whether a question stands on its own can't be told from its words. "Vad
kostar en öl?" is whole, and yet means Oslo after a question about Oslo. What can be told is that
there was nothing to lean on: where somebody only said hello, and Alice only said the hello that
staff wrote for her.
"""

import re
from collections.abc import Sequence

from fibcache.core.reading import essence

from .policy import Answer
from .turn import Said, Turn

_WORD = re.compile(r"[^\W_]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GREETINGS = _words("""
    hej hejsan hallå halloj tja tjena tjenare tjo tjabba hejhej goddag godmorgon godkväll
    hello hi hey
""")
_AFTER_GREETING = _words("hej på dig er alla där igen alice there all again")
_DAY_GREETINGS = frozenset(
    {"god dag", "god morgon", "god middag", "god kväll", "god eftermiddag", "god förmiddag"}
    | {"good day", "good morning", "good afternoon", "good evening"}
)

_GOES_ON = _words("""
    och men eller så ja jo jodå javisst gärna nej nä ok okej visst för fast även samt förutom
    and but or so yes yeah yep no nope sure okay also plus
""")
_POINTS_BACK = _words("""
    detta denna dessa dem dom dess deras han hon hen honom henne hans hennes dit därifrån sådan
    sådant sådana samma annan annat andra istället mer mera fler fortsätt vidare menar menade sa
    sade nyss ovan tidigare
    this that these those them their he she him her his hers such same other another else instead
    more continue mean meant said earlier above
""")
_MAY_POINT_BACK = _words("det den de där då it they there then one")

FRAGMENT_WORDS = 3  # fewer are rarely a whole question
WHOLE_WORDS = 5  # in so many, "det" and "it" are mostly part of how one asks


def leaned_on(turn: Turn) -> tuple[Said, ...]:
    """Give the masked earlier turns that the answer to this one may depend on; none, or all."""
    context = turn.context
    if context and _only_greetings(context, turn.policy.answers) and not leans(turn.question):
        return ()
    return context


def leans(question: str) -> bool:
    """Tell whether a question seems to go on from what was said. Errs towards yes."""
    words = _WORD.findall(essence(question).casefold())
    return (
        len(words) < FRAGMENT_WORDS
        or words[0] in _GOES_ON
        or not _POINTS_BACK.isdisjoint(words)
        or (len(words) < WHOLE_WORDS and not _MAY_POINT_BACK.isdisjoint(words))
    )


def is_greeting(text: str) -> bool:
    """Tell whether a message says hello and nothing more."""
    words = _WORD.findall(text.casefold())
    if not words:
        return False
    if words[0] in _GREETINGS:
        return _AFTER_GREETING.issuperset(words[1:])
    return " ".join(words[:2]) in _DAY_GREETINGS and _AFTER_GREETING.issuperset(words[2:])


def _only_greetings(context: Sequence[Said], answers: Sequence[Answer]) -> bool:
    """Tell whether all was hello. What a program says Alice said may be anything."""
    for said in context:
        if said.role == "user":
            if not is_greeting(said.text):
                return False
        elif said.role != "assistant" or not any(
            said.text in (answer.text_sv, answer.text_en)
            and any(is_greeting(question) for question in answer.questions)
            for answer in answers
        ):
            return False
    return True
