"""Model fields of live settings: defaults from a dataclass, ranges told in the help text."""

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .live_forms import LinesInput, NumbersInput, SeveralInput

M = TypeVar("M", bound=models.Model)


@deconstructible
class DefaultOf:
    """Give a dataclass field's default, so that migrations name its home and do not repeat it."""

    def __init__(self, value: type, name: str) -> None:
        self.value, self.name = value, name

    def __call__(self) -> Any:
        found = next(field for field in fields(self.value) if field.name == self.name)
        return found.default

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DefaultOf) and (self.value, self.name) == (other.value, other.name)

    def __hash__(self) -> int:
        return hash((self.value, self.name))


def working_copy_of(value: type) -> Callable[[type[M]], type[M]]:
    """Mark a model as what staff edit of the dataclass `value`, and take its defaults from there.

    Raises:
        FieldDoesNotExist: the model lacks one of the dataclass's fields.
    """

    def take_defaults(model: Any) -> Any:
        for field in fields(value):
            own: Any = model._meta.get_field(field.name)
            if field.default is not MISSING:
                own.default = DefaultOf(value, field.name)
                own.__dict__.pop("_get_default", None)
        model.value = value
        return model

    return take_defaults


def whole(
    label: Any, text: Any, unit: Any, low: int, high: int, *checks: Callable[[Any], None]
) -> models.IntegerField:
    """Make a field for a whole number of `unit`, from `low` to `high`, that passes `checks` too."""
    validators = [*_range(low, high), *checks]
    return models.IntegerField(label, help_text=_help(text, unit, low, high), validators=validators)


def real(label: Any, text: Any, unit: Any, low: float, high: float) -> models.FloatField:
    """Make a field for a number of `unit`, from `low` to `high`."""
    return models.FloatField(
        label, help_text=_help(text, unit, low, high), validators=_range(low, high)
    )


def numbers(
    label: Any,
    text: Any,
    unit: Any,
    low: float,
    high: float,
    *,
    count: tuple[int, int],
    whole: bool = True,
    rising: bool = True,
) -> "Numbers":
    """Make a field for `count` (fewest, most) numbers of `unit`, each from `low` to `high`."""
    check = Row(low, high, *count, rising)
    told = _help(text, unit, low, high)
    if not whole:
        told = format_lazy("{} {}", told, _("Decimaler med punkt."))
    return Numbers(label, whole=whole, help_text=told, validators=[check])


def _help(text: Any, unit: Any, low: float, high: float) -> Any:
    only = low == high
    span = format_lazy(
        _("Alltid {low}.") if only else _("Enhet: {unit}, {low}–{high}."),
        unit=unit,
        low=_written(low),
        high=_written(high),
    )
    return format_lazy("{} {}", text, span)


_written = lazy(partial(number_format, use_l10n=True, force_grouping=True), str)
"""A number as the reader writes it: 0,1 and 32 768 in Swedish."""


def _range(low: float, high: float) -> list[Any]:
    return [MinValueValidator(low), MaxValueValidator(high)]


@deconstructible
class Row:
    """Check a row of numbers: how many, how large, and that each is larger than the one before."""

    def __init__(
        self, low: float, high: float, fewest: int, most: int, rising: bool = True
    ) -> None:
        self.low, self.high, self.fewest, self.most = low, high, fewest, most
        self.rising = rising

    def __call__(self, row: Iterable[Any]) -> None:
        if not isinstance(row, list | tuple) or not all(_is_number(each) for each in row):
            raise ValidationError(_("Skriv tal med komma emellan, till exempel 1, 2, 5, 8."))
        if not self.fewest <= len(row) <= self.most:
            if self.fewest == self.most:
                raise ValidationError(_("Ange %(n)d tal."), params={"n": self.fewest})
            raise ValidationError(
                _("Ange %(fewest)d till %(most)d tal."),
                params={"fewest": self.fewest, "most": self.most},
            )
        if any(not self.low <= each <= self.high for each in row):
            raise ValidationError(
                _("Talen ska ligga från %(low)s till %(high)s."),
                params={"low": self.low, "high": self.high},
            )
        if self.rising and any(b <= a for a, b in pairwise(row)):
            raise ValidationError(_("Varje tal ska vara större än det förra."))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Row) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


def _is_number(each: Any) -> bool:
    return isinstance(each, int | float) and not isinstance(each, bool)


class _List(models.JSONField):
    """A list, kept as JSON. The default is a tuple, which nobody can change by mistake."""

    def check(self, **kwargs: Any) -> list[Any]:
        return models.Field.check(self, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        # JSONField's own would add a JSON encoder that these fields have no use for.
        return models.Field.formfield(self, **kwargs)

    def value_from_object(self, obj: models.Model) -> list[Any]:
        return list(super().value_from_object(obj))


class Numbers(_List):
    """A row of numbers, written "1, 2, 5, 8" in a form."""

    def __init__(self, *args: Any, whole: bool = True, **kwargs: Any) -> None:
        self.whole = whole
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({} if self.whole else {"whole": False})

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": NumbersInput, "whole": self.whole} | kwargs)


class Lines(_List):
    """A list of texts, one a line in a form."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": LinesInput} | kwargs)


class Several(_List):
    """Some of a few known words, as boxes to tick in a form."""

    def __init__(self, *args: Any, of: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        known = {word for word, _label in self.of}
        if strange := [str(word) for word in value if word not in known]:
            raise ValidationError(
                _("Okänt: %(words)s."), params={"words": ", ".join(strange)}, code="invalid_choice"
            )

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": SeveralInput, "choices": self.of} | kwargs)


class OnlyRow(models.Model):
    """A model with one row, number 1."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="%(app_label)s_%(class)s_one")
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class RankedRow(models.Model):
    """A model whose rows have an order that matters."""

    LAST = 987

    rank = models.PositiveSmallIntegerField(
        _("ordning"),
        default=LAST,
        help_text=_("Lägst nummer kommer först, 0–987."),
        validators=[MaxValueValidator(LAST)],
    )

    class Meta:
        abstract = True
        ordering = ("rank", "id")
