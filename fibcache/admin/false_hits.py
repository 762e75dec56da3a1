"""What the page about the false-hit budget shows."""

from itertools import pairwise
from typing import Any, cast

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alice_site.curves import Chart, chart
from chat import live, wiring
from chat.false_hits import shown
from fibcache.core.budget import EDGES, Shown
from fibcache.core.cache import FibonacciCache
from fibcache.core.calibration import THRESHOLD, Calibration
from fibcache.evidence import DatabaseEvidence


def false_hits() -> dict[str, Any]:
    """Give what the page shows, worded."""
    cache = cast(FibonacciCache, wiring.kit().cache)
    spiral = live.current_sync().spiral
    calibration = cache.matcher.calibration(spiral.calibration)
    evidence = cast(DatabaseEvidence, cache.evidence)
    now = shown(evidence)
    tally = evidence.known_sync()
    is_open = tally.open_bins(spiral=spiral, calibration=calibration)
    return {
        "told": told(now, spiral.evidence_days),
        "verdict": verdict(now),
        "kept": now.kept,
        "calibration": calibration,
        "published": calibration is spiral.calibration,
        "operating": number(calibration.operating_cosine, 3),
        "threshold": number(THRESHOLD, 3),
        "fitted_with": fitted_with(calibration),
        "charts": charts(calibration),
        "points": [
            (
                number(point.cosine, 3),
                number(calibration.score(point.cosine), 3),
                point.hits,
                point.wrong,
                percent(point.hit_rate),
                percent(point.at_most),
            )
            for point in calibration.curve
        ],
        "bins": [
            (f"{number(low, 2)}–{number(high, 2)}", right, wrong, open_)
            for (low, high), (wrong, right), open_ in zip(
                pairwise((*EDGES, 1.0)), tally.bins, is_open, strict=True
            )
        ],
    }


def told(now: Shown, days: int) -> str:
    """Say in a sentence what the checks show."""
    if not now.checked:
        return _("Inga kontrollerade träffar de senaste %(days)d dagarna.") % {"days": days}
    checked = ngettext(
        "%(count)d kontrollerad träff", "%(count)d kontrollerade träffar", now.checked
    ) % {"count": now.checked}
    return _(
        "Senaste %(days)d dagarna: %(checked)s, %(wrong)d fel, högst %(at_most)s med "
        "%(confidence)s säkerhet. Budgeten är %(budget)s."
    ) % {
        "days": days,
        "checked": checked,
        "wrong": now.wrong,
        "at_most": percent(now.at_most),
        "confidence": percent(now.confidence),
        "budget": percent(now.budget),
    }


def verdict(now: Shown) -> str:
    """Say whether the budget is shown to be kept, and what it would take."""
    if now.kept:
        return _("Budgeten hålls.")
    if now.wrong > now.budget * max(1, now.checked):
        return _("Fler fel än budgeten tillåter bland de kontrollerade träffarna.")
    return (
        ngettext(
            "För få kontroller för att säga att budgeten hålls: %d till utan fel behövs.",
            "För få kontroller för att säga att budgeten hålls: %d till utan fel behövs.",
            now.lacking,
        )
        % now.lacking
    )


def fitted_with(calibration: Calibration) -> str:
    """Say what a calibration rests on."""
    if not calibration.fitted:
        return _("Ingen har kalibrerat den här kodaren än: en försiktig skala gäller.")
    mix = (
        _("blandade som i filerna")
        if calibration.different is None
        else _("där %s av snarlika frågor antas vara olika") % percent(calibration.different)
    )
    return _(
        "Anpassad på %(pairs)s par (%(files)s), %(mix)s, till budgeten %(budget)s med "
        "%(confidence)s säkerhet."
    ) % {
        "pairs": number(calibration.pairs, 0),
        "files": calibration.fitted_on,
        "mix": mix,
        "budget": percent(calibration.budget),
        "confidence": percent(calibration.confidence),
    }


def charts(calibration: Calibration) -> list[Chart]:
    """Draw both curves of a calibration, none where it has none."""
    points = calibration.curve
    if not points:
        return []
    how: dict[str, Any] = {
        "x_label": _("tröskel (cosinus)"),
        "x_text": lambda x: number(x, 2),
        "y_text": percent,
    }
    return [
        chart(
            [(point.cosine, point.hit_rate) for point in points],
            title=_("Andel lika frågor som skulle få svar"),
            y_label=_("funna"),
            **how,
        ),
        chart(
            [(point.cosine, point.at_most) for point in points],
            title=_("Övre gräns för andelen felaktiga svar"),
            y_label=_("fel, högst"),
            limits=((calibration.budget, _("budget")),),
            **how,
        ),
    ]


def number(value: float, decimals: int) -> str:
    """Write a number as the reader does."""
    return number_format(round(value, decimals), decimal_pos=decimals, force_grouping=True)


def percent(share: float) -> str:
    """Write a share in per cent, as the reader does, with two decimals where it is small."""
    written = number(100 * share, 2 if share < 0.01 else 1)
    return f"{written.rstrip('0').rstrip(',.')} %"
