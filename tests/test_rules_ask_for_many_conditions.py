"""A rule holds when every condition does; what it does to the text and the verdict adds up."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardian.core.judging import MASKED, judge, masked, spans
from guardian.core.patterns import WORDS_AT_MOST
from guardian.core.rule_troubles import check_rule
from guardian.core.rules import Facts, Rule, Verdict

GUEST = Facts(role="guest", tenant="ada", channel="web", language="sv", intents=frozenset())


def held(text: str, *rules: Rule, facts: Facts = GUEST) -> list[str]:
    return [finding.rule.name for finding in judge(text, rules, facts).findings]


@pytest.mark.parametrize(
    ("condition", "fits", "not_so"),
    [
        ({"roles": ("guest",)}, {}, {"role": "staff"}),
        ({"tenants": ("ada",)}, {}, {"tenant": "bo"}),
        ({"channels": ("web", "api")}, {}, {"channel": "openai"}),
        ({"sources": ("document",)}, {"source": "document"}, {"source": "tool"}),
        ({"languages": ("sv",)}, {}, {"language": "en"}),
        ({"intents": ("weather_query",)}, {"intents": frozenset({"weather_query"})}, {}),
        ({"score": "x", "score_at_least": 0.7}, {"scores": {"x": 0.7}}, {"scores": {"x": 0.6}}),
    ],
)
def test_a_condition_on_who_asks_and_what(condition: dict, fits: dict, not_so: dict) -> None:
    rule = Rule("r", "katt", sources=()) if "sources" in condition else Rule("r", "katt")
    rule = replace(rule, **condition)
    turned = replace(rule, unless=tuple(name for name in condition if name != "score_at_least"))
    scored = replace(GUEST, scores={})

    assert held("en katt", rule, facts=replace(scored, **fits)) == ["r"]
    assert held("en katt", rule, facts=replace(scored, **not_so)) == []
    assert held("en katt", turned, facts=replace(scored, **fits)) == []
    assert held("en hund", rule, facts=replace(scored, **fits)) == []


def test_a_score_that_nobody_gave_holds_neither_way() -> None:
    rule = Rule("r", score="x")

    for each in (rule, replace(rule, unless=("score",))):
        assert held("hej", each, facts=replace(GUEST, scores={})) == []


def test_a_rule_on_length_counts_characters() -> None:
    rule = Rule("long", length_at_least=5)

    assert (held("åäöå", rule), held("åäöåä", rule)) == ([], ["long"])
    assert held("kort", replace(rule, unless=("length",))) == ["long"]


@pytest.mark.parametrize("text", ["Öl!", "en ÖL", "öl", "två glas öl, tack", "ål och ö\u200bl"])
def test_a_list_finds_whole_words(text: str) -> None:
    assert held(text, Rule("r", words=("öl", "vin*"))) == ["r"]


@pytest.mark.parametrize("text", ["mjöl", "ölet", "kvinna", "av in"])
def test_a_list_finds_nothing_inside_words(text: str) -> None:
    assert held(text, Rule("r", words=("öl", "vin*"))) == []


def test_a_star_stands_for_any_ending_and_a_phrase_for_any_spaces() -> None:
    rule = Rule("r", words=("vin*", "kalle  anka"))

    assert held("Vinerna", rule) == held("Kalle\n Anka", rule) == ["r"]


def test_masks_and_flags_add_up_until_the_last_word() -> None:
    flag = Rule("flag", "katt", "flag")
    allow = Rule("allow", "katt", "allow")
    refuse = Rule("refuse", "katt")

    assert held("katt", flag, allow, refuse) == ["flag", "allow"]
    assert held("katt", flag, refuse, allow) == ["flag", "refuse"]
    assert held("katt", replace(allow, enabled=False), refuse) == ["refuse"]


def test_what_is_not_known_is_asked_for_only_when_it_decides() -> None:
    rule = Rule("r", "katt", intents=("pets",))
    unknown = replace(GUEST, intents=None)

    assert judge("hund", (rule,), unknown) == Verdict()
    assert judge("katt", (rule,), unknown).lacks == "intents"
    assert judge("katt", (Rule("first", "katt"), rule), unknown).refused_by is not None


def test_every_place_is_masked_as_it_was_written() -> None:
    rule = Rule("r", words=("öl",), action="mask")
    text = "öl öl, ÖL o\u0308l och ö\u00adl samt ｏ̈ｌ men inte mjöl"

    told = masked(text, judge(text, (rule,), GUEST))

    assert told == f"{MASKED} {MASKED}, {MASKED} {MASKED} och {MASKED} samt {MASKED} men inte mjöl"


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_a_rule_masks_is_gone(before: str, after: str) -> None:
    rule = Rule("r", "h[e\u00e9]mlig", "mask")
    text = f"{before}hemlig{after}"

    told = masked(text, judge(text, (rule,), GUEST))

    assert judge(told.replace(MASKED, " "), (rule,), GUEST) == Verdict()
    assert all(text[start:end] for start, end in spans(text, (rule,)))


def test_a_verdict_is_told_without_the_words() -> None:
    rule = Rule("r", "katt", roles=("staff",), unless=("roles",), reason="Inga katter.")

    assert judge("min hemliga katt", (rule,), GUEST).told() == [
        {
            "rule": "r",
            "action": "refuse",
            "conditions": ["not roles", "pattern"],
            "reason": "Inga katter.",
        }
    ]


@pytest.mark.parametrize(
    "rule",
    [
        Rule("empty"),
        Rule("from-anywhere", sources=()),
        Rule("unless", "katt", unless=("words",)),
        Rule("masks-nothing", roles=("guest",), action="mask"),
        Rule("masks-what-is-not-there", "katt", "mask", unless=("pattern",)),
        Rule("strange-word", words=("*",)),
        Rule("too-many", words=tuple(f"ord{n}" for n in range(WORDS_AT_MOST + 1))),
        Rule("unknown-score", score="horoscope"),
        Rule("bad-pattern", "("),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_to_its_writer(rule: Rule) -> None:
    assert check_rule(rule) and check_rule(rule, "en")


def test_a_long_list_is_searched_quickly() -> None:
    words = tuple(f"ord{n}åäö*" for n in range(WORDS_AT_MOST))
    rules = tuple(Rule(f"r{n}", words=words, action="mask") for n in range(5))
    text = "ord" * 1000 + " ord7åäöx " + "å\u0301" * 400
    judge(text, rules, GUEST)

    began = time.perf_counter()
    verdict = judge(text, rules, GUEST)

    assert len(verdict.findings) == 5
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("text", ["a" * 4000, "ö " * 2000, "a\u0301" * 2000, "\u200b" * 4000])
def test_masking_cannot_be_made_to_hang(text: str) -> None:
    rules = (Rule("evil", "(a+|ö)+", "mask"), Rule("words", words=("ö", "a*"), action="mask"))
    began = time.perf_counter()

    masked(text, judge(text, rules, GUEST))

    assert time.perf_counter() - began < 1
