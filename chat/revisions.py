"""Publishing live settings, and taking them back."""

import os
from collections.abc import Mapping

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from chat import live
from chat.changes import Change, changes, summary
from chat.core.policy import Policy
from chat.models import Revision, User
from chat.sections import compiled, from_snapshot, restore, to_snapshot
from chat.seeds import unheeded
from chat.starting import first_policy
from chat.wholeness import check_whole


@transaction.atomic
def publish(*, author: User | None, note: str = "") -> Revision:
    """Put the working copies in force. Gives the revision there is when nothing has changed.

    Raises:
        ValidationError: the settings contradict each other; nothing is published.
    """
    newest = _locked_newest()
    before = policy_of(newest) if newest is not None else Policy()
    policy = check_working_copies()
    found = changes(before, policy)
    if newest is not None and not found:
        return newest
    number = before.revision + 1
    origins = newest.origins if newest is not None else {}
    return _put_in_force(
        number,
        policy,
        origins | {change.path: number for change in found},
        author=author,
        note=note or summary(found),
    )


@transaction.atomic
def roll_back(*, to: Revision, author: User | None) -> Revision:
    """Make the settings what they were in `to`, as a revision of its own.

    Raises:
        ValidationError: the old settings are not sound any more; nothing is changed.
    """
    _locked_newest()
    restore(policy_of(to))
    return publish(author=author, note=_("Återgick till revision %d.") % to.number)


@transaction.atomic
def ensure_first_revision(*, environ: Mapping[str, str] = os.environ) -> Revision:
    """Give a new Alice her settings: the defaults, the environment and the starting rows.

    Raises:
        ImproperlyConfigured: an environment variable makes no sense.
    """
    newest = _locked_newest()
    if newest is not None:
        return newest
    policy, variables = first_policy(environ, guests=settings.ALICE_GUESTS)
    restore(policy)
    named = ", ".join(dict.fromkeys(variables.values()))
    note = _("Från start. Ur miljön: %s.") % named if named else _("Från start.")
    return _put_in_force(1, policy, variables, author=None, note=note)


def seed_variables_ignored(*, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Name the variables that ask for something else than the database says."""
    newest = Revision.objects.first()
    return unheeded(policy_of(newest), environ) if newest is not None else []


def policy_of(revision: Revision) -> Policy:
    """Read a revision's settings.

    Raises:
        msgspec.ValidationError: the snapshot is no policy.
    """
    return from_snapshot(revision.snapshot, revision.number)


def changes_in(revision: Revision) -> tuple[Change, ...]:
    """List what `revision` changed; nothing for the first one."""
    before = Revision.objects.filter(number__lt=revision.number).first()
    return () if before is None else changes(policy_of(before), policy_of(revision))


def check_working_copies() -> Policy:
    """Compile the working copies.

    Raises:
        ValidationError: they contradict each other, or a row holds what no form would let through.
    """
    try:
        policy = compiled()
    except msgspec.ValidationError as error:
        raise ValidationError(str(error)) from error
    check_whole(policy)
    return policy


def _locked_newest() -> Revision | None:
    # One publisher at a time, or two would each miss what the other has changed. The first
    # revision is a row that is always there to lock.
    list(Revision.objects.select_for_update().filter(number=1).only("number"))
    return Revision.objects.first()


def _put_in_force(
    number: int,
    policy: Policy,
    origins: Mapping[str, int | str],
    *,
    author: User | None,
    note: str,
) -> Revision:
    revision = Revision(
        number=number, snapshot=to_snapshot(policy), origins=origins, author=author, note=note
    )
    revision.save()
    transaction.on_commit(live.look_again)
    return revision
