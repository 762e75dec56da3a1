"""What a rule says of a message steers its turn: who answers, with what text, and what is told."""

from dataclasses import replace

from chat.core.events import Failed, text_of
from chat.core.policy import Policy
from chat.core.turn import Intent, Said
from guardian.core.judging import MASKED
from guardian.core.rules import Rule
from tests.fakes import OpenReader, ScriptedSpeaker, StillMeter, a_kit, ask


def under(*rules: Rule) -> dict[str, Policy]:
    return {"policy": Policy(rules=rules)}


class CountingReader(OpenReader):
    """Counts how often it is asked."""

    reads = 0

    async def read(self, turn: object) -> Intent:
        self.reads += 1
        return await super().read(turn)


def test_a_refusal_tells_its_rule_and_not_the_words() -> None:
    rule = Rule("katter", "katt", sentence_sv="Inga katter.", reason="Husets regel.")

    failed = ask("min katt Misse", **under(rule))[-1]

    assert isinstance(failed, Failed)
    assert (failed.code, failed.message) == ("against_rules", "Inga katter.")
    assert failed.why == {
        "rules": [
            {
                "rule": "katter",
                "action": "refuse",
                "conditions": ["pattern"],
                "reason": "Husets regel.",
            }
        ]
    }


def test_a_masked_word_reaches_no_speaker_nor_the_turn_after() -> None:
    speaker = ScriptedSpeaker("Jaså.")
    rule = Rule("projekt", "nordanvind", "mask", languages=("en",), unless=("languages",))

    done = ask(
        "Vad kostar nordanvind?",
        a_kit(speaker=speaker),
        history=(Said("user", "Nordanvind?"), Said("assistant", "Ja")),
        **under(rule),
    )[-1]

    asked = speaker.turns[-1]
    assert asked.question == f"Vad kostar {MASKED}?"
    assert asked.context == (Said("user", f"{MASKED}?"), Said("assistant", "Ja"))
    assert done.why["rules"][0]["rule"] == "projekt"


def test_a_flag_is_for_the_log_alone() -> None:
    meter = StillMeter()

    done = ask("en katt", a_kit(meter=meter), **under(Rule("katter", "katt", "flag")))[-1]

    assert done.why == {}
    assert [rule["rule"] for rule in meter.outcomes[-1].rules] == ["katter"]


def test_a_rule_on_intent_reads_it_once_and_only_when_it_could_hold() -> None:
    reader = CountingReader(Intent("clock", 1.0))
    rule = Rule("ingen-klocka", "klocka", intents=("clock",))

    assert ask("vad är klockan", a_kit(reader=reader), **under(rule))[-1].code == "against_rules"
    assert reader.reads == 1
    ask("hej", a_kit(reader=reader), **under(rule))
    assert reader.reads == 2
    ask("hej", a_kit(reader=reader), **under(replace(rule, pattern="", action="flag")))
    assert reader.reads == 3


def test_an_intent_that_is_not_sure_is_open() -> None:
    reader = OpenReader(Intent("answer", 0.1))

    assert text_of(ask("hej", a_kit(reader=reader), **under(Rule("r", intents=("answer",)))))


def test_what_needs_confirmation_goes_through_once_confirmed() -> None:
    rule = Rule("dyrt", "bil", "confirm", sentence_sv="Säkert?")

    failed = ask("köp en bil", **under(rule))[-1]

    assert (failed.code, failed.status, failed.message) == ("needs_confirmation", 409, "Säkert?")
    assert text_of(ask("köp en bil", confirmed=True, **under(rule))) == "Hej på dig!"


def test_confirming_is_no_way_around_a_refusal() -> None:
    rules = (Rule("fråga", "bil", "confirm"), Rule("nej", "bil"))

    assert ask("en bil", confirmed=True, **under(*rules))[-1].code == "against_rules"


def test_cache_only_asks_no_model() -> None:
    model = ScriptedSpeaker("Från modellen")
    staff = ScriptedSpeaker("Från personalen")
    kit = a_kit(speakers={"micro": staff, "tool": staff, "planner": model})
    rule = Rule("bara-sparat", "katt", "cache_only")

    assert ask("en katt", kit, **under(rule))[-1].code == "only_remembered"
    sure = replace(kit, reader=OpenReader(Intent("answer", 1.0)))
    assert text_of(ask("en katt", sure, **under(rule))) == "Från personalen"
    assert model.turns == []


def test_cache_only_is_not_checked_against_the_model(monkeypatch: object) -> None:
    kit = a_kit()

    ask("en katt", kit, **under(Rule("bara-sparat", "katt", "cache_only")))

    assert kit.checks.considered == []
