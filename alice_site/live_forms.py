"""Form fields of live settings: numbers on a line, texts on lines, boxes to tick."""

import math
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class NumbersInput(forms.Field):
    """A row of numbers: "1, 2, 5, 8", or "0,5; 1,5" with decimal commas."""

    def __init__(self, *, whole: bool = True, **kwargs: Any) -> None:
        self.whole = whole
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "vTextField"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else in_words(value)

    def to_python(self, value: Any) -> list[int | float]:
        text = str(value or "").strip()
        parts = text.replace(",", ".").split(";") if ";" in text else re.split(r"[,\s]+", text)
        return [self._number(part.strip()) for part in parts if part.strip()]

    def _number(self, text: str) -> int | float:
        try:
            number = int(text) if self.whole else float(text)
        except ValueError:
            kind = _("heltal") if self.whole else _("tal")
            raise ValidationError(
                _("”%(text)s” är inte ett %(kind)s."), params={"text": text, "kind": kind}
            ) from None
        if not math.isfinite(number):
            raise ValidationError(
                _("”%(text)s” är inte ett %(kind)s."), params={"text": text, "kind": _("tal")}
            )
        return number

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or ()) != self.to_python(data)
        except ValidationError:
            return True


class LinesInput(forms.Field):
    """Texts, one a line; empty lines and doubles are dropped."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"})
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def to_python(self, value: Any) -> list[str]:
        lines = (line.strip() for line in str(value or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != self.to_python(data)


class SeveralInput(forms.MultipleChoiceField):
    """Some of a few known words."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        for unused in ("widget", "max_length", "encoder", "decoder"):
            kwargs.pop(unused, None)
        super().__init__(**kwargs)


def in_words(row: Any) -> str:
    """Write numbers so that reading them gives exactly the same ones."""
    return ", ".join(
        str(int(each)) if isinstance(each, float) and each.is_integer() else repr(each)
        for each in row
    )
