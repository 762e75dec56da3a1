"""What must hold between settings, where no field can see it alone."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from chat.core.policy import Policy
from chat.core.turn import ROLES
from fibcache.core.tiers import TIERS
from guardian.core.limits import SHARED, WHOM
from guardian.core.rule_tests import NOTHING, TESTS_AT_MOST, RuleTest, failures
from guardian.core.rule_troubles import check_rule
from guardian.core.rules import RULES_AT_MOST
from nlu.models import IntentLesson


def check_whole(policy: Policy) -> None:
    """Refuse a policy whose parts contradict each other.

    Raises:
        ValidationError: with one sentence for each thing that is wrong.
    """
    if wrong := [sentence for rule in RULES for sentence in rule(policy)]:
        raise ValidationError(wrong)


def _ten_tiers(policy: Policy) -> Iterator[str]:
    names = [tier.name for tier in TIERS]
    if [tier.name for tier in policy.tiers] != names:
        yield _("Cachenivåerna ska vara %(first)s till %(last)s.") % {
            "first": names[0],
            "last": names[-1],
        }


def _rising_tiers(policy: Policy) -> Iterator[str]:
    if policy.tiers and policy.tiers[0].hits_to_enter != 0:
        yield _("%s ska kräva 0 träffar: där börjar alla svar.") % policy.tiers[0].name
    for below, above in pairwise(policy.tiers):
        names = {"above": above.name, "below": below.name}
        if above.ttl_h <= below.ttl_h:
            yield _("%(above)s ska ha längre livslängd än %(below)s.") % names
        if above.hits_to_enter <= below.hits_to_enter:
            yield _("%(above)s ska kräva fler träffar än %(below)s.") % names


def _probes_within_points(policy: Policy) -> Iterator[str]:
    if max(policy.spiral.probes, default=0) > policy.spiral.points:
        yield _("Spiralen kan inte öppna fler celler än den har.")


def _patience(policy: Policy) -> Iterator[str]:
    if policy.routing.first_token_s[-1] >= policy.bounds.silence_s:
        yield _(
            "Längsta tystnaden i en tur ska vara längre än väntan på första ordet, "
            "annars hinner ingen annan modellserver försöka."
        )


def _alerts_in_order(policy: Policy) -> Iterator[str]:
    alerts = policy.alerts
    if alerts.p95_critical_ms <= alerts.p95_warning_ms:
        yield _("Svarstidens kritiska gräns ska vara högre än varningen.")
    if alerts.hit_rate_critical >= alerts.hit_rate_warning:
        yield _("Träffandelens kritiska gräns ska vara lägre än varningen.")


def _every_role_once(policy: Policy) -> Iterator[str]:
    if Counter(limit.role for limit in policy.limits) != Counter((*ROLES, *SHARED)):
        yield _("Varje roll ska ha en taktgräns.")


def _readable_holders(policy: Policy) -> Iterator[str]:
    for own in policy.own_limits:
        if own.whom.partition(":")[0] not in WHOM or not own.whom.partition(":")[2]:
            yield _("%s är ingen som kan ha en egen gräns.") % own.whom


def _sound_rules(policy: Policy) -> Iterator[str]:
    language = (get_language() or "sv")[:2]
    if len(policy.rules) > RULES_AT_MOST:
        yield _("Det får finnas högst %d regler.") % RULES_AT_MOST
    for rule in policy.rules:
        if trouble := check_rule(rule, language):
            yield f"{rule.name}: {trouble}"


def _rules_pass_their_tests(policy: Policy) -> Iterator[str]:
    if len(policy.rule_tests) > TESTS_AT_MOST:
        yield _("Det får finnas högst %d regelprov.") % TESTS_AT_MOST
    with suppress(ValueError):  # a pattern can't be read: `_sound_rules` has said so
        for failure in failures(policy.rule_tests[:TESTS_AT_MOST], policy.rules):
            yield _("Regelprovet %(test)s faller: väntat %(expected)s, blev %(got)s.") % {
                "test": failure.test.name,
                "expected": _expected(failure.test),
                "got": failure.got or NOTHING,
            }


def _expected(test: RuleTest) -> str:
    return f"{test.expected} ({test.rule})" if test.rule else test.expected


def _one_answer_per_question(policy: Policy) -> Iterator[str]:
    owner: dict[str, str] = {}
    for answer in policy.answers:
        for question in answer.questions:
            first = owner.setdefault(" ".join(question.casefold().split()), answer.name)
            if first != answer.name:
                yield _("Frågan ”%(question)s” finns både i %(one)s och i %(other)s.") % {
                    "question": question,
                    "one": first,
                    "other": answer.name,
                }


def _lesson_is_here(policy: Policy) -> Iterator[str]:
    version = policy.understanding.lesson
    if version and not IntentLesson.objects.filter(version=version).exclude(packed=b"").exists():
        yield _("Lärdomen %s finns inte kvar; lär om av exemplen.") % version


RULES: tuple[Callable[[Policy], Iterator[str]], ...] = (
    _ten_tiers,
    _rising_tiers,
    _probes_within_points,
    _patience,
    _alerts_in_order,
    _every_role_once,
    _readable_holders,
    _sound_rules,
    _rules_pass_their_tests,
    _one_answer_per_question,
    _lesson_is_here,
)
