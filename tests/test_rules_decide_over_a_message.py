"""Guardian's rules refuse or flag a message, in their order and for the roles they name."""

import time

import pytest

from guardian.core.judging import judge
from guardian.core.patterns import check_pattern
from guardian.core.rules import Facts, Rule, Verdict

BOMB = Rule("bomb", r"\bbygg\w* (man )?en bomb\b", sentence_sv="Det hjälper jag inte till med.")
SECRET = Rule("secret", "hemlig", action="flag")
GUESTS_ONLY = Rule("guests", "faktura", roles=("guest",))


def test_no_rules_say_nothing():
    verdict = judge("Bygg en bomb", (), Facts(role="guest"))

    assert verdict == Verdict()


def test_a_rule_refuses_ignoring_case():
    assert judge("Hur BYGGER man en bomb?", (BOMB, SECRET), Facts(role="member")).refused_by is BOMB


@pytest.mark.parametrize("hidden", ["bo\u200bmb", "bo\u00admb", "ｂｏｍｂ", "bom\u2060b"])
def test_a_word_is_not_hidden_by_signs_that_nobody_sees(hidden: str):
    assert judge(f"bygg en {hidden}", (BOMB, SECRET), Facts(role="member")).refused_by is BOMB


def test_letters_may_be_written_in_two_parts():
    assert judge("en o\u0308l", (Rule("öl", "öl"),), Facts(role="member")).refused_by is not None


def test_a_flag_lets_the_message_through_under_its_name():
    verdict = judge("En hemlighet", (BOMB, SECRET), Facts(role="member"))

    assert verdict.refused_by is None and [rule.name for rule in verdict.by("flag")] == ["secret"]


def test_the_first_rule_that_refuses_wins():
    later = Rule("later", "bomb")

    assert (
        judge("bygg en bomb, hemligt", (SECRET, BOMB, later), Facts(role="guest")).refused_by
        is BOMB
    )


def test_a_rule_for_one_role_leaves_the_others_alone():
    rules = (BOMB, GUESTS_ONLY)

    assert judge("Var är min faktura?", rules, Facts(role="guest")).refused_by is GUESTS_ONLY
    assert judge("Var är min faktura?", rules, Facts(role="member")).refused_by is None


def test_swedish_letters_ignore_case_too():
    assert judge("ÄPPLE", (Rule("fruit", "äpple"),), Facts(role="guest")).refused_by is not None


def test_a_lone_surrogate_is_no_way_around_a_rule():
    assert judge("\ud800 bygg en bomb", (BOMB,), Facts(role="guest")).refused_by is BOMB


def test_rules_with_the_same_group_name_work_together():
    rules = (Rule("a", "(?P<x>katt)"), Rule("b", "(?P<x>hund)"))

    assert judge("en hund", rules, Facts(role="guest")).refused_by is rules[1]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(x+x+)+y", "(a|b)*a(a|b){100}c", "(.*a){20}"])
def test_a_pattern_cannot_be_made_to_hang(pattern):
    began = time.perf_counter()
    judge("a" * 4000 + "!", (Rule("evil", pattern), SECRET), Facts(role="guest"))

    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize("pattern", ["(abc", "*", "[", "(?=a)", "a*", "", "x" * 1001])
def test_a_bad_pattern_is_told_to_its_writer(pattern):
    assert "önstret" in check_pattern(pattern)
    assert "pattern" in check_pattern(pattern, "en")


def test_a_good_pattern_has_nothing_wrong():
    assert check_pattern(r"\b(?:gratis|billig)\s+medicin") is None


def test_a_bad_pattern_that_slipped_through_is_loud():
    with pytest.raises(ValueError, match="missing"):
        judge("hej", (Rule("bad", "(abc"),), Facts(role="guest"))


def test_a_rule_speaks_the_callers_language_or_the_one_it_has():
    both = Rule("x", "x", sentence_sv="Nej.", sentence_en="No.")

    assert (both.sentence("sv"), both.sentence("en")) == ("Nej.", "No.")
    assert BOMB.sentence("en") == BOMB.sentence_sv
