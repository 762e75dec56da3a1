"""What people have asked the most, as far as the answer was for everybody."""

from collections import Counter
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from chat.models import TurnRecord
from guardian.core.pii import Pseudonyms

from .questions import Wanted

MOST = 500  # questions
LIFTED = 100  # of them, the most asked, that are lifted to L3, L2 and L1, a third each
DAYS = 34  # that are looked back


def most_asked(*, tenant: str, count: int = MOST, days: int = DAYS) -> list[Wanted]:
    """List what was asked most often in a tenant, the most asked first.

    Only what began a conversation and was answered for everybody: by the cache, or by an answer
    that went into it. Questions that hold personal data are left out, and so are conversations
    that their person has deleted.
    """
    earlier = TurnRecord.objects.filter(
        conversation=OuterRef("conversation"), asked_at__lt=OuterRef("asked_at")
    )
    rows = (
        TurnRecord.objects.filter(
            ~Exists(earlier),
            conversation__tenant=tenant,
            conversation__deleted=None,
            state=TurnRecord.State.COMPLETE,
            asked_at__gte=timezone.now() - timedelta(days=days),
        )
        .exclude(tier="")
        .order_by()
        .values_list("question")
        .annotate(times=Count("pk"))
        .order_by("-times", "question")[: 8 * count]  # ways of writing the same are added up below
    )
    times: Counter[str] = Counter()
    written: dict[str, str] = {}
    for question, number in rows:
        if Pseudonyms().mask(question) != question:
            continue
        same = " ".join(question.split()).casefold()
        times[same] += number
        written.setdefault(same, question)
    ranked = [written[same] for same, _ in times.most_common(count)]
    return [
        Wanted(question, line=rank, tier=tier_of(rank)) for rank, question in enumerate(ranked, 1)
    ]


def tier_of(rank: int) -> int:
    """Tell which tier the answer of a rank is lifted to: the first third L3, the next L2, then L1.

    Ranks count from 1. What comes after `LIFTED` starts like any new answer, in L1.
    """
    third = LIFTED / 3
    return max(1, 3 - int((rank - 1) // third))
