"""Numbers as they are printed: "1 250,5" in Swedish, "1,250.5" in English."""

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import lru_cache
from typing import Any

MOST_DIGITS = 40  # longer numbers are printed as powers of ten
_ROOM = Context(prec=120, rounding=ROUND_HALF_UP)


def rounded(value: Decimal, *, decimals: int, significant: int | None = None) -> Decimal:
    """Round to `decimals`, or to fewer when `significant` digits are enough."""
    if significant is not None and value:
        decimals = max(0, min(decimals, significant - 1 - value.adjusted()))
    return value.quantize(Decimal(1).scaleb(-decimals), context=_ROOM)


def in_figures(value: Decimal | int, language: str) -> str:
    """Print all digits of `value`, grouped and with the decimal sign of `language`."""
    value = Decimal(value)
    if value and not -7 <= value.adjusted() < MOST_DIGITS:
        return _power_of_ten(value, language)
    return _printed(value, language)


def _power_of_ten(value: Decimal, language: str) -> str:
    exponent = value.adjusted()
    lead = rounded(value.scaleb(-exponent, context=_ROOM), decimals=6)
    return f"{_printed(lead, language)} × 10^{_printed(Decimal(exponent), language)}"


@lru_cache(maxsize=2)
def _pattern(language: str) -> tuple[Any, Any]:
    from babel import Locale
    from babel.numbers import parse_pattern

    return parse_pattern("#,##0.###"), Locale(language)


def _printed(value: Decimal, language: str) -> str:
    pattern, locale = _pattern("en" if language == "en" else "sv")
    with localcontext(_ROOM):
        printed = str(pattern.apply(value, locale, decimal_quantization=False))
    return printed.replace("-", "−")
