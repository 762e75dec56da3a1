"""Which working copies make up which part of the policy, there and back again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec
from django.db import models

from chat.core.policy import Policy
from chat.models import live
from fibcache.models import CacheTier, SpiralSettings
from guardian.core.limits import completed
from guardian.models import (
    LadderSettings,
    LeakSettings,
    OwnLimit,
    PolicyRule,
    RateLimit,
    RuleTest,
    ToolGate,
)
from nlu.models import NluSettings


@dataclass(frozen=True, slots=True)
class One:
    """A part of the policy that is one value, kept in a model's only row."""

    name: str  # of the field in Policy
    model: Any

    @property
    def settings(self) -> tuple[str, ...]:
        """Name the model's fields that are settings."""
        return tuple(field.name for field in fields(self.model.value))

    def read(self) -> Any:
        """Give the value; the defaults where nothing is saved yet."""
        return value_of(self.model.objects.first() or self.model())

    def write(self, value: Any) -> None:
        """Make the row say `value`."""
        self.model.objects.update_or_create(id=1, defaults=_plain(value))

    def flat(self, value: Any) -> Mapping[str, Any]:
        """Name every setting."""
        return {f"{self.name}.{name}": each for name, each in _plain(value).items()}

    def path(self, row: models.Model, field: str) -> str:
        """Name the setting that a row's field holds."""
        return f"{self.name}.{field}"


@dataclass(frozen=True, slots=True)
class Many:
    """A part of the policy that is a row of values; the first field of each is its name."""

    name: str
    model: Any

    @property
    def key(self) -> str:
        """Name the field that tells the values apart."""
        return fields(self.model.value)[0].name

    @property
    def settings(self) -> tuple[str, ...]:
        """Name the model's fields that are settings; the first field is the row's name."""
        return tuple(field.name for field in fields(self.model.value))[1:]

    def read(self) -> tuple[Any, ...]:
        """Give the values in the order of their ranks."""
        return tuple(value_of(row) for row in self.model.objects.all())

    def write(self, values: tuple[Any, ...]) -> None:
        """Make the rows say `values`: those that stay keep their ids."""
        kept = {getattr(row, self.key): row for row in self.model.objects.all()}
        wanted = [getattr(value, self.key) for value in values]
        self.model.objects.exclude(**{f"{self.key}__in": wanted}).delete()
        fresh = []
        for rank, value in enumerate(values, start=1):
            told = _plain(value)
            row = kept.get(told[self.key])
            if row is None:
                fresh.append(self.model(rank=rank, **told))
                continue
            for name, each in told.items():
                setattr(row, name, each)
            row.rank = rank
            row.save()
        self.model.objects.bulk_create(fresh)

    def flat(self, values: tuple[Any, ...]) -> Mapping[str, Any]:
        """Name every setting, by the name of its row."""
        return {
            f"{self.name}.{told[self.key]}.{name}": each
            for told in map(_plain, values)
            for name, each in told.items()
            if name != self.key
        }

    def path(self, row: models.Model, field: str) -> str:
        """Name the setting that a row's field holds."""
        return f"{self.name}.{getattr(row, self.key)}.{field}"


@dataclass(frozen=True, slots=True)
class Off:
    """What is switched off: the names of the flags that are not on."""

    name: str
    model: Any

    @property
    def settings(self) -> tuple[str, ...]:
        """Name the model's field that is a setting."""
        return ("on",)

    def read(self) -> frozenset[str]:
        """Give the names of what is off."""
        return frozenset(self.model.objects.filter(on=False).values_list("name", flat=True))

    def write(self, off: frozenset[str]) -> None:
        """Set every flag."""
        for name in live.FLAGS:
            self.model.objects.update_or_create(name=name, defaults={"on": name not in off})

    def flat(self, off: frozenset[str]) -> Mapping[str, Any]:
        """Name every flag, and say whether it is on."""
        return {f"{self.name}.{name}.on": name not in off for name in live.FLAGS}

    def path(self, row: models.Model, field: str) -> str:
        """Name the setting that a row's field holds."""
        return f"{self.name}.{row}.{field}"


Section = One | Many | Off

SECTIONS: tuple[Section, ...] = (
    One("bounds", live.TurnBounds),
    Many("tiers", CacheTier),
    One("spiral", SpiralSettings),
    One("routing", live.RoutingSettings),
    Many("backends", live.Backend),
    Many("answers", live.CuratedAnswer),
    Many("rules", PolicyRule),
    Many("rule_tests", RuleTest),
    Many("gates", ToolGate),
    Many("limits", RateLimit),
    Many("own_limits", OwnLimit),
    One("leaks", LeakSettings),
    One("ladder", LadderSettings),
    One("understanding", NluSettings),
    One("alerts", live.AlertSettings),
    Off("off", live.FeatureFlag),
)


def compiled() -> Policy:
    """Make a policy of all working copies. Its revision is 0: nothing is published."""
    parts: dict[str, Any] = {section.name: section.read() for section in SECTIONS}
    return Policy(**parts)


def restore(policy: Policy) -> None:
    """Make all working copies say what `policy` says."""
    for section in SECTIONS:
        section.write(getattr(policy, section.name))


def section_of(model: type[models.Model]) -> Section:
    """Find the section that a model's rows make up."""
    return next(section for section in SECTIONS if section.model is model)


def settings_of(policy: Policy) -> Iterator[tuple[str, Any]]:
    """Name every setting of a policy: "routing.plan_within_ms", "tiers.L3.ttl_h"."""
    for section in SECTIONS:
        yield from section.flat(getattr(policy, section.name)).items()


def value_of(row: Any) -> Any:
    """Make the frozen value that a working copy describes.

    Raises:
        msgspec.ValidationError: a field holds another type of value than it should.
    """
    told = {field.name: getattr(row, field.name) for field in fields(row.value)}
    return msgspec.convert(told, row.value)


def to_snapshot(policy: Policy) -> dict[str, Any]:
    """Write a policy as plain values, without the number it has as a revision."""
    told = msgspec.to_builtins(policy, order="deterministic")
    del told["revision"]
    return dict(told)


def from_snapshot(snapshot: Any, number: int) -> Policy:
    """Read a policy. What it lacks gets its default; what it has too much is passed over.

    Raises:
        msgspec.ValidationError: it is no policy.
    """
    policy = msgspec.convert(snapshot, Policy)
    return replace(policy, limits=completed(policy.limits), revision=number)


def _plain(value: Any) -> dict[str, Any]:
    return dict(msgspec.to_builtins(value))
