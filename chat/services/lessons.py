"""Lessons as rows that all processes see: asked for, learnt by one of them, kept or thrown away.

A process that learns one holds it for a while and renews that as it goes. What a dead process held
is free to take over, and begins anew: it is a matter of seconds.
"""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat import revisions
from chat.models import Revision, User
from nlu.core.lessons import BadLesson, Lesson
from nlu.models import IntentExample, IntentLesson, NluSettings
from nlu.taught import packed, unpacked

from .replays import is_gone

LESSONS_KEPT = 34
"""So many can be gone back to; of older ones only the report is left, unless one is in force."""

State = IntentLesson.State
UNDER_WAY = (State.WAITING, State.RUNNING)
SETTLED = (State.READY, State.KEPT, State.DISCARDED)


@transaction.atomic
def begin(*, user_id: int | None = None) -> IntentLesson:
    """Ask for a lesson of all the examples; a server process learns it. One at a time.

    Raises:
        ValidationError: "no_examples", or "under_way" where one is asked for already.
    """
    list(NluSettings.objects.select_for_update())
    if IntentLesson.objects.filter(state__in=UNDER_WAY).exists():
        raise ValidationError(_("Alice lär sig redan."), "under_way")
    count = IntentExample.objects.count()
    if not count:
        raise ValidationError(_("Det finns inga exempel att lära av."), "no_examples")
    return IntentLesson.objects.create(examples=count, by_id=user_id)


def claim(*, holder: str, until: datetime) -> IntentLesson | None:
    """Take on the oldest lesson that nobody works on. Of any number of claims at once, one wins."""
    for row in IntentLesson.objects.filter(state__in=UNDER_WAY).order_by("id"):
        free = (
            row.held_until is None
            or row.held_until <= timezone.now()
            or is_gone(row.holder, holder)
        )
        as_seen = {"state": row.state, "holder": row.holder, "held_until": row.held_until}
        mine = {"state": State.RUNNING, "holder": holder, "held_until": until, "done": 0.0}
        if free and IntentLesson.objects.filter(pk=row.pk, **as_seen).update(**mine):
            return IntentLesson.objects.get(pk=row.pk)
    return None


def wanted(row: IntentLesson) -> dict[str, dict[str, Any]]:
    """Give what `nlu.teaching` is to learn from: by language, all examples and those in force."""
    own: dict[str, list[tuple[str, str]]] = {}
    for text, language, intent in IntentExample.objects.values_list("text", "language", "intent"):
        own.setdefault(language, []).append((text, intent))
    IntentLesson.objects.filter(pk=row.pk).update(examples=sum(map(len, own.values())))
    before = _in_force()
    none = Lesson("", ())
    return {
        language: {
            "own": told,
            "model": before.get(language, none).model,
            "before": [tuple(one) for one in before.get(language, none).examples],
        }
        for language, told in own.items()
    }


def _in_force() -> Mapping[str, Lesson]:
    version = version_in_force()
    row = IntentLesson.objects.filter(version=version).exclude(packed=b"").first()
    try:
        return unpacked(bytes(row.packed)) if version and row is not None else {}
    except BadLesson:  # read as Alice came, then
        return {}


def version_in_force() -> str:
    """Name the lesson in force; "" where Alice is as she came."""
    newest = Revision.objects.first()
    return "" if newest is None else revisions.policy_of(newest).understanding.lesson


def is_outdated(models: Mapping[str, str]) -> bool:
    """Tell whether the lesson in force was learnt beside other models than those there are.

    Args:
        models: fingerprint of each language's model, as it ships.
    """
    return any(models.get(at) != lesson.model for at, lesson in _in_force().items())


def note(*, pk: int, holder: str, until: datetime, done: float) -> bool:
    """Tell how far it has come. False: it was cancelled, or is another's by now."""
    held = IntentLesson.objects.filter(pk=pk, holder=holder, state=State.RUNNING)
    return bool(held.update(held_until=until, done=done))


def finish(*, pk: int, holder: str, lessons: Mapping[str, str], report: dict[str, Any]) -> None:
    """Keep what was learnt until somebody has taken a stand, and forget what is too old."""
    read = {language: Lesson.unpacked(told.encode()) for language, told in lessons.items()}
    IntentLesson.objects.filter(pk=pk, holder=holder, state=State.RUNNING).update(
        state=State.READY,
        done=1.0,
        version=version_of(read),
        packed=packed(read),
        report=report,
        finished=timezone.now(),
        holder="",
        held_until=None,
    )
    stay = IntentLesson.objects.exclude(packed=b"").order_by("-id")[:LESSONS_KEPT]
    older = IntentLesson.objects.exclude(packed=b"").exclude(pk__in=[row.pk for row in stay])
    older.exclude(version=version_in_force()).update(packed=b"")


def version_of(lessons: Mapping[str, Lesson]) -> str:
    """Name lessons by what they say, in all languages together."""
    told = "".join(f"{at}:{lessons[at].fingerprint};" for at in sorted(lessons))
    return sha256(told.encode()).hexdigest()[:12]


def fail(*, pk: int, holder: str, why: str) -> None:
    """Note that it could not be learnt."""
    IntentLesson.objects.filter(pk=pk, holder=holder, state=State.RUNNING).update(
        state=State.FAILED, problem=why[:200], finished=timezone.now(), holder="", held_until=None
    )


def cancel(*, pk: int) -> bool:
    """Stop one that is under way. Tells whether it was."""
    rows = IntentLesson.objects.filter(pk=pk, state__in=UNDER_WAY)
    return bool(
        rows.update(
            state=State.DISCARDED, finished=timezone.now(), holder="", held_until=None, done=0.0
        )
    )


@transaction.atomic
def keep(*, pk: int, author: User | None) -> Revision:
    """Put a lesson in force for everybody, as a revision of its own.

    Raises:
        ValidationError: "gone" where it is not there any more, or the settings contradict
            each other.
    """
    row = IntentLesson.objects.filter(pk=pk, state__in=SETTLED).exclude(packed=b"").first()
    if row is None:
        raise ValidationError(_("Lärdomen finns inte kvar."), "gone")
    IntentLesson.objects.filter(pk=pk).update(state=State.KEPT)
    NluSettings.objects.update_or_create(id=NluSettings.ONLY, defaults={"lesson": row.version})
    return revisions.publish(author=author, note=_("Behöll lärdom %d.") % pk)


@transaction.atomic
def put_aside(*, author: User | None) -> Revision:
    """Read as Alice came, from now on; lessons that were kept stay to go back to."""
    NluSettings.objects.update_or_create(id=NluSettings.ONLY, defaults={"lesson": ""})
    return revisions.publish(author=author, note=_("Lade lärdomen åt sidan."))


def discard(*, pk: int) -> bool:
    """Throw away what was learnt but never kept. Tells whether there was such a lesson."""
    rows = IntentLesson.objects.filter(pk=pk, state=State.READY)
    return bool(rows.update(state=State.DISCARDED, packed=b""))
