"""What differs between two policies, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chat.core.policy import Policy
from chat.sections import SECTIONS, Many, Off, settings_of


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that is no longer what it was; None where it was not there."""

    path: str  # "routing.plan_within_ms", "tiers.L3.ttl_h"
    before: Any
    after: Any

    @property
    def label(self) -> str:
        """Name the setting as the admin does."""
        return label_of(self.path)

    @property
    def was(self) -> str:
        """Tell the old value."""
        return told(self.before)

    @property
    def becomes(self) -> str:
        """Tell the new value."""
        return told(self.after)

    def __str__(self) -> str:
        return f"{self.path}: {self.was} → {self.becomes}"


def changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """List every setting that differs, and every list whose rows stand in another order."""
    old, new = dict(settings_of(before)), dict(settings_of(after))
    # `after` first: its order is the one the admin shows.
    paths = [*new, *(path for path in old if path not in new)]
    found = [
        Change(path, old.get(path), new.get(path))
        for path in paths
        if old.get(path) != new.get(path)
    ]
    return (*found, *_reordered(before, after))


def _reordered(before: Policy, after: Policy) -> Iterable[Change]:
    for section in SECTIONS:
        if not isinstance(section, Many):
            continue
        old, new = (
            [getattr(value, section.key) for value in getattr(policy, section.name)]
            for policy in (before, after)
        )
        stayed_old = [name for name in old if name in new]
        stayed_new = [name for name in new if name in old]
        if stayed_old != stayed_new:
            yield Change(section.name, stayed_old, stayed_new)


def summary(found: Iterable[Change], at_most: int = 3) -> str:
    """Say in one line what changed."""
    labels = list(dict.fromkeys(_place(change.path) for change in found))
    shown = ", ".join(labels[:at_most])
    more = len(labels) - at_most
    return f"{shown} {_('och %d till') % more}" if more > 0 else shown


def _place(path: str) -> str:
    """Name a setting, or the row it is in when the row tells more."""
    parts = path.split(".")
    return label_of(path if len(parts) < 3 else ".".join(parts[:2]))


def label_of(path: str) -> str:
    """Name a setting in the reader's language: "vägar och modell · tid till planen"."""
    name, *rest = path.split(".", 1)
    section = next(section for section in SECTIONS if section.name == name)
    title = str(section.model._meta.verbose_name)
    if not rest:
        return f"{section.model._meta.verbose_name_plural} · {_('ordning')}"
    if isinstance(section, Many | Off):
        row, _dot, field = rest[0].rpartition(".")
        if not row:
            return f"{title} {field}"
        title = f"{title} {row}"
    else:
        field = rest[0]
    return f"{title} · {section.model._meta.get_field(field).verbose_name}"


def told(value: Any) -> str:
    """Tell a value as a person would write it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("på") if value else _("av")
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        plain = {name: each for name, each in value.items() if isinstance(each, str | int | float)}
        return ", ".join(f"{name}: {told(each)}" for name, each in plain.items() if each != "")
    if isinstance(value, list | tuple):
        return ", ".join(told(each) for each in value)
    return str(value)
