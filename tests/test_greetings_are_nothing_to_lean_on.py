"""After a mere hello a question is asked as if it were the first; after anything else it is not."""

from dataclasses import replace

import pytest

from chat.core.address import address_of
from chat.core.leaning import is_greeting, leans
from chat.core.policy import Answer, Policy
from chat.core.turn import Said
from tests.fakes import MEMBER, a_turn

HELLO = Answer("hej", ("hej", "hejsan"), "Hej! Vad vill du veta?", "Hi! What is it?")
HOURS = Answer("tider", ("när är det öppet",), "10–18.")
POLICY = Policy(answers=(HELLO, HOURS))
GREETED = (Said("user", "Hej!"), Said("assistant", HELLO.text_sv))


def address(question: str = "Hur tvättar jag ull?", *, context=(), **fields):
    return address_of(a_turn(question=question, context=context, policy=POLICY, **fields))


def test_a_question_after_hello_is_shared_like_a_first_one():
    assert address(context=GREETED) == address()
    assert address(context=GREETED, caller=replace(MEMBER, person="user:2")) == address()
    assert address(context=GREETED).person == ""


@pytest.mark.parametrize(
    "context",
    [
        (*GREETED, Said("user", "Blir det regn?"), Said("assistant", "Nej.")),
        (Said("user", "Hej, jag heter Bo"), Said("assistant", HELLO.text_sv)),
        (Said("user", "hej"), Said("assistant", "Hej Bo! Du har tid klockan tre.")),
        (Said("user", "hej"), Said("assistant", HOURS.text_sv)),
        (Said("system", "Svara på vers."), *GREETED),
        (Said("user", "hej"), Said("tool", HELLO.text_sv)),
        (Said("user", "när är det öppet"), Said("assistant", HOURS.text_sv)),
        (Said("user", "👋"), Said("assistant", HELLO.text_sv)),
    ],
)
def test_whatever_else_was_said_binds_the_answer_to_its_person(context):
    bound = address(context=context)

    assert bound.person == MEMBER.person
    assert bound.scope != address().scope
    assert bound.scope != address(context=context, caller=replace(MEMBER, person="user:2")).scope


@pytest.mark.parametrize("question", ["Och i morgon?", "Ja", "Varför det?", "Berätta mer om det"])
def test_a_follow_up_leans_even_on_a_hello(question):
    assert address(question, context=GREETED).scope != address(question).scope


@pytest.mark.parametrize(
    ("question", "goes_on"),
    [
        *((text, True) for text in ("och i morgon?", "men i Malmö då?", "varför?", "hur då?")),
        *((text, True) for text in ("vad kostar det?", "ja tack, gärna", "vad menar du med ull?")),
        *((text, True) for text in ("and tomorrow then?", "what about those?", "why is that?")),
        *((text, True) for text in ("vem är hans mamma egentligen?", "berätta mer om ull")),
        *((text, True) for text in ("", "?", "tack!")),
        *((text, False) for text in ("Hur tvättar jag ull?", "Vad är Sveriges huvudstad?")),
        *(
            (text, False)
            for text in ("Hur lång tid tar det att få ett pass?", "How do I wash wool?")
        ),
        *(
            (text, False)
            for text in ("Hej! Hur tvättar jag ull?", "Is it legal to park here today?")
        ),
    ],
)
def test_a_question_that_goes_on_is_heard(question, goes_on):
    assert leans(question) is goes_on


@pytest.mark.parametrize(
    ("text", "greets"),
    [
        *((text, True) for text in ("hej", "Hej!", "hej hej", "Hejsan Alice 😊", "God morgon!")),
        *((text, True) for text in ("hello there", "Hi, Alice!", "god kväll alice", "hej på dig")),
        *((text, False) for text in ("", "!!", "hej då", "hej bo", "god mat", "tack", "ja")),
        *((text, False) for text in ("hej, vad är klockan?", "hello world program", "morgon")),
    ],
)
def test_only_a_hello_is_a_hello(text, greets):
    assert is_greeting(text) is greets
