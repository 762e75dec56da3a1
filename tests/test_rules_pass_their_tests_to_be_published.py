"""Rules that fail a test are not published; the report says which test, and what came instead."""

import pytest
from django.core.exceptions import ValidationError

from chat import revisions
from chat.models import Revision
from guardian.core import rule_tests
from guardian.core.rule_tests import failures
from guardian.core.rules import Rule
from guardian.models import PolicyRule, RuleTest

Test = rule_tests.RuleTest
Test.__test__ = False  # or pytest would collect it
CATS = Rule("katter", "katt")
FLAG = Rule("möss", "mus", "flag")


@pytest.mark.parametrize(
    "test",
    [
        Test("t", "en katt"),
        Test("t", "en katt", rule="katter"),
        Test("t", "en mus", expected="flag"),
        Test("t", "en hund", expected="nothing"),
        Test("t", "en hund", enabled=False),
        Test("t", "en katt", expected="nothing", source="document"),
    ],
)
def test_a_test_passes(test: Test) -> None:
    assert list(failures((test,), (FLAG, CATS))) == []


@pytest.mark.parametrize(
    ("test", "got"),
    [
        (Test("t", "en hund"), ""),
        (Test("t", "en katt", rule="möss"), "refuse (katter: pattern)"),
        (Test("t", "mus och katt", expected="mask"), "flag (möss: pattern); refuse"),
        (Test("t", "en mus", expected="nothing"), "flag (möss: pattern)"),
    ],
)
def test_a_failure_says_what_came_instead(test: Test, got: str) -> None:
    (failure,) = failures((test,), (FLAG, CATS))

    assert failure.got.startswith(got) and bool(failure.got) is bool(got)


def test_a_test_sees_the_text_as_rules_do() -> None:
    test = Test("t", "ring 070-123 45 67", rule="tel")

    assert list(failures((test,), (Rule("tel", r"\[TEL_1\]"),))) == []


@pytest.mark.django_db
def test_nothing_is_published_that_fails_a_test() -> None:
    before = Revision.objects.count()
    RuleTest(name="katter-nekas", text="en katt", expected="refuse", rule="katter").save()

    with pytest.raises(ValidationError, match=r"katter-nekas faller: väntat refuse .katter., blev"):
        revisions.publish(author=None)
    assert Revision.objects.count() == before

    PolicyRule(name="katter", pattern="katt").save()
    revisions.publish(author=None)
    assert Revision.objects.count() == before + 1


@pytest.mark.django_db
def test_rolling_back_brings_the_tests_back() -> None:
    first = Revision.objects.get(number=1)
    kept = list(RuleTest.objects.values_list("name", flat=True))
    RuleTest.objects.all().delete()
    revisions.publish(author=None)

    revisions.roll_back(to=first, author=None)

    assert kept and list(RuleTest.objects.values_list("name", flat=True)) == kept
