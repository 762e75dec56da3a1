"""Labelled pairs from what became known of answers: thumbs, quarantined pairs and shadow checks."""

from collections.abc import Iterator

from chat.models import TurnRecord
from fibcache.models import HitOutcome, QuarantinedPair
from guardian.core.pii import Pseudonyms

from .labelled import Pair


def pairs_of_feedback() -> Iterator[Pair]:
    """Pair the question of each turn that is known to be right or wrong with the remembered one.

    Only turns that are kept in a conversation have words; those are masked. Where a person and a
    check are of different minds, the person is right.
    """
    outcomes = HitOutcome.objects.filter(given=True).order_by("source")  # thumbs last
    labels = dict(outcomes.values_list("turn_id", "right"))
    turns = TurnRecord.objects.filter(pk__in=labels, source="spiral")
    for turn in turns.only("question", "why", "source").iterator():
        if "question" in turn.why:
            asked = Pseudonyms().mask(turn.question)
            yield Pair(asked, turn.why["question"], labels[turn.pk], "feedback")
    kept_apart = QuarantinedPair.objects.exclude(turn_id__in=labels).exclude(asked="")
    for row in kept_apart.iterator():
        yield Pair(row.asked, row.remembered, False, "quarantine")
