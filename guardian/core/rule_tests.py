"""What the rules must say of a text: tests that are run before the rules come into force."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .judging import judge
from .pii import Pseudonyms
from .rules import Facts, Rule, Verdict

NOTHING = "nothing"  # expected where no rule is to hold
TESTS_AT_MOST = 987
TEXT_CHARS = 2000


@dataclass(frozen=True, slots=True)
class RuleTest:
    """A text, who says it and where, and what must follow."""

    name: str
    text: str
    expected: str = "refuse"  # an action, or "nothing"
    rule: str = ""  # that must be the cause; empty: whichever
    role: str = "guest"
    tenant: str = ""
    channel: str = "web"
    source: str = "user"
    language: str = "sv"
    intent: str = ""
    enabled: bool = True

    @property
    def facts(self) -> Facts:
        """Give what is taken for known. No classifier is asked: a rule with a score never holds."""
        return Facts(
            role=self.role,
            tenant=self.tenant,
            channel=self.channel,
            source=self.source,
            language=self.language,
            intents=frozenset({self.intent} - {""}),
            scores={},
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that the rules do not pass."""

    test: RuleTest
    verdict: Verdict

    @property
    def got(self) -> str:
        """Say what followed instead, without the text: "flag (invoices: roles, words)"."""
        told = self.verdict.told()
        return "; ".join(
            f"{each['action']} ({each['rule']}: {', '.join(each['conditions'])})" for each in told
        )


def failures(tests: Sequence[RuleTest], rules: Sequence[Rule]) -> Iterator[Failure]:
    """Run the tests that are on; give those that fail."""
    for test in tests:
        if not test.enabled:
            continue
        verdict = judge(Pseudonyms().mask(test.text), rules, test.facts)
        if not _as_expected(test, verdict):
            yield Failure(test, verdict)


def _as_expected(test: RuleTest, verdict: Verdict) -> bool:
    if test.expected == NOTHING:
        return not verdict.findings
    found = verdict.by(test.expected)
    return any(test.rule in ("", rule.name) for rule in found)
