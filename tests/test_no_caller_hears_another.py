"""No caller hears another's answer, whatever callers and operators do.

A state machine takes many callers of several tenants through the real pipeline with the real cache,
reader, tools and flights. The model's stand-in answers with all it was shown and for whom, so every
answer that is heard tells whether it may be heard here. At most 4,800 steps a run.

Broken on purpose, one at a time, each of these was found: a scope without the tenant, the person,
the earlier turns, the language, the model, the tools, the live settings or the curated answers; a
key without the scope or the question; `recall_similar` in another scope; a context taken for a
greeting by its first line, or whatever Alice is claimed to have said; a follow-up that leans on
nothing; an answer remembered though it broke, was cut short, or held for the moment only; an entry
that outlives `forget_all`; a flight that is joined by the question's words alone.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chat.core.errors import ModelFailed
from chat.core.events import Done, Ended, Failed, Spoken, Started, Token, text_of
from chat.core.flights import SingleFlight
from chat.core.policy import Answer, Policy, Routing
from chat.core.turn import Caller, Options, Reply, Said, Sharing, Turn
from chat.reader import FirstReader
from chat.speakers.micro import MicroSpeaker
from chat.speakers.moment import time_bound
from chat.speakers.tool import ToolSpeaker
from chat.tools import TOOLS
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import HOUR_S, TIERS, Tier
from fibcache.stores.memory import MemoryStore
from guardian.core.gates import Gate
from tests.fakes import FixedClock, StillMeter, a_kit, a_turn, hear

PEOPLE = {
    Caller("lund", "user:1", "member"): "070-123 45 61",
    Caller("lund", "user:2", "member"): "070-123 45 62",
    Caller("lund", "key:1", "program"): "070-123 45 63",
    Caller("malmö", "user:3", "member"): "070-123 45 64",
    Caller("malmö", "guest:1", "guest"): "070-123 45 65",
}
CALLERS = list(PEOPLE)

FAMILIES = (
    ("Hur tvättar jag ull?", "hur tvättar  man ull", "Hej! Hur tvättar jag ull?"),
    ("Hur tvättar jag inte ull?",),
    ("Vem har numret {phone}?",),
    ("Jag bor i Lund och har numret {phone}. Vad ska jag göra?",),
    ("Vad heter jag?",),
    ("Och i morgon?",),
    ("Varför det?",),
    ("Ja, berätta om det!",),
    ("Vad händer just nu?",),
    ("Vad är 3 gånger 4?",),
)
FOLLOW_UPS = {"Och i morgon?", "Varför det?", "Ja, berätta om det!"}
SAYINGS = [wording for family in FAMILIES for wording in family]
FAMILY_OF = {wording: number for number, family in enumerate(FAMILIES) for wording in family}

HELLO = Answer("hej", ("hej",), "Hej! Vill du veta något?", "Hi!")
STARTING = Policy(
    routing=Routing(system_prompt="Svara på vers."),
    answers=(HELLO,),
    gates=tuple(Gate(tool.name) for tool in TOOLS),
)


@dataclass
class Mood:
    """How the model's stand-in behaves."""

    manner: str = "well"  # well, breaks, truncates, fleeting


@dataclass
class Talk:
    """One conversation of one caller."""

    caller: Caller
    history: list[Said] = field(default_factory=list)


class Witness:
    """Answers with all that it was shown, and for whom."""

    def __init__(self, mood: Mood) -> None:
        self.mood = mood
        self.numbers = count(1)
        self.spoiled: set[int] = set()  # answers that are never to be heard again

    async def answer(self, turn: Turn) -> Reply:
        number, manner = next(self.numbers), self.mood.manner
        keep = not time_bound(turn.question)
        if not keep or manner != "well":
            self.spoiled.add(number)
        shown = json.dumps({**shown_of(turn), "number": number}, ensure_ascii=False)
        sharing = Sharing(settled=manner != "fleeting") if keep else None
        return Reply("planner", "planner", self._say(shown, manner), keep=keep, sharing=sharing)

    async def _say(self, shown: str, manner: str) -> AsyncIterator[Spoken | Ended]:
        half = len(shown) // 2
        yield Token(shown[:half])
        await asyncio.sleep(0)
        if manner == "breaks":
            raise ModelFailed()
        yield Token(shown[half:])
        yield Ended("length" if manner == "truncates" else "stop", fleeting=manner == "fleeting")


def shown_of(turn: Turn) -> dict:
    """Tell what shapes the answer to a turn: all that a speaker is shown, and for whom."""
    return {
        "tenant": turn.caller.tenant,
        "person": turn.caller.person,
        "question": turn.question,
        "context": [[said.role, said.text] for said in turn.context],
        "language": turn.language,
        "tools": list(turn.tools),
        "options": repr(turn.options),
        "prompt": turn.policy.routing.system_prompt,
        "model": turn.policy.routing.model,
        "answers": repr(turn.policy.answers),
    }


class Listening(RuleBasedStateMachine):
    """Callers who ask, and an operator who changes everything around them."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.clock, self.mood, self.meter = FixedClock(), Mood(), StillMeter()
        self.witness = Witness(self.mood)
        self.cache = FibonacciCache(
            MemoryStore(self.clock.monotonic, max_bytes=60_000),
            ScopedIndex(),
            Matcher(HashedNgrams(), GUARDS),
            clock=self.clock.monotonic,
        )
        self.kit = a_kit(
            clock=self.clock,
            cache=self.cache,
            reader=FirstReader(self.clock, TOOLS),
            speakers={
                "micro": MicroSpeaker(),
                "tool": ToolSpeaker(TOOLS),
                "planner": self.witness,
            },
            tools=tuple(tool.name for tool in TOOLS),
            flights=SingleFlight(self.meter),
            meter=self.meter,
        )
        self.policy = STARTING
        self.talks: list[Talk] = []
        self.last: tuple[str, str, Options] | None = None  # opening
        self.last_why: dict = {}
        self.forgotten = 0  # answers up to this number are never to be heard again

    def teardown(self) -> None:
        self.loop.close()

    # What callers do.

    @rule(
        caller=st.sampled_from(CALLERS),
        saying=st.sampled_from(SAYINGS),
        language=st.sampled_from(("sv", "sv", "sv", "en")),
        model=st.sampled_from((None, None, None, "qwen2.5:7b")),
    )
    def opens(self, caller: Caller, saying: str, language: str, model: str | None) -> None:
        self.last = saying, language, Options(model=model)
        self._opens(caller, *self.last)

    @precondition(lambda self: self.last)
    @rule(caller=st.sampled_from(CALLERS), hello=st.booleans())
    def asks_the_same(self, caller: Caller, hello: bool) -> None:
        if hello:
            self._opens(caller, "hej", "sv", Options())
            self._say([(self.talks[-1], *self.last)])
        else:
            self._opens(caller, *self.last)

    def _opens(self, caller: Caller, saying: str, language: str, options: Options) -> None:
        talk = Talk(caller)
        self.talks = [*self.talks[-7:], talk]
        self._say([(talk, saying, language, options)])

    @rule(caller=st.sampled_from(CALLERS), saying=st.sampled_from(SAYINGS))
    def says_hello_first(self, caller: Caller, saying: str) -> None:
        self.last = saying, "sv", Options()
        self._opens(caller, "hej", "sv", Options())
        self._say([(self.talks[-1], *self.last)])

    @precondition(lambda self: self.talks)
    @rule(place=st.integers(0, 7), saying=st.sampled_from(SAYINGS))
    def goes_on(self, place: int, saying: str) -> None:
        self._say([(self.talks[place % len(self.talks)], saying, "sv", Options())])

    @rule(caller=st.sampled_from(CALLERS), saying=st.sampled_from(SAYINGS))
    def claims_that_alice_said(self, caller: Caller, saying: str) -> None:
        talk = Talk(caller, [Said("user", "hej"), Said("assistant", f"Du heter {caller.person}.")])
        self._say([(talk, saying, "sv", Options())])

    @rule(
        callers=st.lists(st.sampled_from(CALLERS), min_size=2, max_size=4),
        saying=st.sampled_from(SAYINGS),
        after=st.booleans(),
    )
    def all_ask_at_once(self, callers: list[Caller], saying: str, after: bool) -> None:
        talks = [
            Talk(caller, [Said("user", "Blir det regn?"), Said("assistant", "Nej.")] * after)
            for caller in callers
        ]
        self._say([(talk, saying, "sv", Options()) for talk in talks])

    @precondition(lambda self: self.last_why)
    @rule(up=st.booleans())
    def thinks_something_of_it(self, up: bool) -> None:
        self.loop.run(self.cache.judge(self.last_why, up=up, tiers=self.policy.tiers))

    # What operators do.

    @rule(prompt=st.sampled_from(("Svara på vers.", "Svara kort.")), training=st.booleans())
    def edits_the_prompt(self, prompt: str, training: bool) -> None:
        self._publish(routing=Routing(system_prompt=prompt, training_mode=training))

    @rule(ttl_h=st.sampled_from((1, 5, 89)), at_least=st.sampled_from((0.0, 0.3, 0.618)))
    def edits_the_cache(self, ttl_h: int, at_least: float) -> None:
        tiers = tuple(Tier(tier.name, ttl_h, tier.hits_to_enter) for tier in TIERS)
        self._publish(tiers=tiers, spiral=Spiral(similar_at_least=at_least))

    @rule(roles=st.sampled_from((("guest", "member", "program"), ("member",), ())))
    def edits_the_gates(self, roles: tuple[str, ...]) -> None:
        self._publish(gates=tuple(Gate(tool.name, roles) for tool in TOOLS))

    @rule(text=st.sampled_from(("Hej! Vill du veta något?", "Hej! Vi har stängt. Varför, då?")))
    def edits_an_answer(self, text: str) -> None:
        self._publish(answers=(replace(HELLO, text_sv=text),))

    @rule(off=st.frozensets(st.sampled_from(("recall_exact", "recall_similar"))))
    def switches_steps(self, off: str) -> None:
        self._publish(off=frozenset({off} - {""}))

    @rule()
    def forgets_all(self) -> None:
        self.loop.run(self.cache.forget_all())
        self.forgotten = next(self.witness.numbers)

    @rule(hours=st.sampled_from((0.1, 0.2, 0.9, 100)))
    def time_passes(self, hours: float) -> None:
        self.clock.forward(hours * HOUR_S)

    @precondition(lambda self: self.last)
    @rule(
        caller=st.sampled_from(CALLERS),
        manner=st.sampled_from(("breaks", "truncates", "fleeting")),
        again=st.sampled_from(CALLERS),
    )
    def answers_go_wrong(self, caller: Caller, manner: str, again: Caller) -> None:
        self.loop.run(self.cache.forget_all())
        self.mood.manner = manner
        self._opens(caller, *self.last)
        self.mood.manner = "well"
        self._opens(again, *self.last)

    # What must hold.

    @invariant()
    def nothing_goes_wrong_unseen(self) -> None:
        assert self.meter.troubles == []

    def _publish(self, **fields: object) -> None:
        self.policy = replace(self.policy, revision=self.policy.revision + 1, **fields)

    def _say(self, what: list[tuple[Talk, str, str, Options]]) -> None:
        turns = [
            a_turn(
                saying.format(phone=PEOPLE[talk.caller]),
                caller=talk.caller,
                policy=self.policy,
                opened=self.clock.now(),
                language=language,
                options=options,
                history=tuple(talk.history),
            )
            for talk, saying, language, options in what
        ]
        first_new = next(self.witness.numbers)
        self.meter.outcomes.clear()

        async def at_once() -> list[list]:
            return await asyncio.gather(*(hear(turn, self.kit) for turn in turns))

        told = self.loop.run(at_once())
        outcomes = {outcome.turn.id: outcome for outcome in self.meter.outcomes}
        for (talk, saying, *_), turn, events in zip(what, turns, told, strict=True):
            outcome = outcomes[turn.id]
            if isinstance(events[-1], Done):
                self._may_hear(events, outcome.turn, saying, first_new)
                talk.history += [Said("user", turn.text), Said("assistant", text_of(events))]
                if outcome.reply is not None and "entry" in outcome.reply.why:
                    self.last_why = dict(outcome.reply.why)
            else:
                assert isinstance(events[-1], Failed)

    def _may_hear(self, events: list, turn: Turn, saying: str, first_new: int) -> None:
        started, text = events[0], text_of(events)
        assert isinstance(started, Started)
        for person, phone in PEOPLE.items():
            assert person == turn.caller or phone not in text
        if started.route != "planner":
            return
        if not text.endswith("}"):
            return  # truncated, told as it was made
        made, wanted = json.loads(text), self._as_told(turn)
        for name in ("tenant", "language", "tools", "options", "prompt", "model", "answers"):
            assert made[name] == wanted[name], name
        # Word for word the same turns before it, of the same person; or nothing that counts.
        if made["context"] != wanted["context"] or made["person"] != wanted["person"]:
            assert nothing(made["context"], self.policy) and nothing(wanted["context"], self.policy)
        if made["context"] != wanted["context"]:
            assert saying not in FOLLOW_UPS
        asked = saying.format(phone=PEOPLE[turn.caller])
        assert FAMILY_OF[saying] == family_of(made["question"], turn), (made["question"], asked)
        if made["number"] < first_new:  # remembered
            assert made["number"] not in self.witness.spoiled
            assert made["number"] > self.forgotten

    def _as_told(self, turn: Turn) -> dict:
        """Tell what this turn's own answer would say, with the caller's data put back."""
        text = json.dumps(shown_of(turn), ensure_ascii=False)
        for placeholder, written in turn.secrets.items():
            text = text.replace(placeholder, json.dumps(written, ensure_ascii=False)[1:-1])
        return json.loads(text)


def nothing(context: list, policy: Policy) -> bool:
    """Tell whether a context is none, or hello and the operator's own words."""
    return context == [] or all(
        text == "hej" if role == "user" else text in [answer.text_sv for answer in policy.answers]
        for role, text in context
    )


def family_of(question: str, turn: Turn) -> int:
    """Find the family that an answered question belongs to."""
    phone = PEOPLE[turn.caller]
    return next(
        number
        for number, family in enumerate(FAMILIES)
        if question in [wording.format(phone=phone) for wording in family]
    )


TestListening = Listening.TestCase
TestListening.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
