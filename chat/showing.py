"""What the page shows of a turn: names that people know, times they can read, words as HTML."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext as _

from chat.core.errors import error_named
from chat.core.events import Done, ToolReturned
from chat.models import TurnRecord
from chat.reasons import Reason, reason_of
from chat.rendering import render
from guardian.core.leaks import sentence

STEPS = {
    "admit": gettext_lazy("Släpper in dig"),
    "limit_rate": gettext_lazy("Räknar frågor per minut"),
    "replay": gettext_lazy("Ser efter om frågan redan ställts"),
    "save_question": gettext_lazy("Sparar frågan"),
    "mask_pii": gettext_lazy("Döljer personuppgifter"),
    "guard": gettext_lazy("Prövar mot reglerna"),
    "grant_tools": gettext_lazy("Tar fram verktyg"),
    "recall_exact": gettext_lazy("Letar efter samma fråga"),
    "recall_similar": gettext_lazy("Letar efter liknande frågor"),
    "understand": gettext_lazy("Förstår frågan"),
    "choose_route": gettext_lazy("Väljer väg"),
    "generate": gettext_lazy("Börjar svara"),
    "speak": gettext_lazy("Säger svaret"),  # what is left of the time when the steps are counted
    "remember": gettext_lazy("Lägger svaret på minnet"),
    "land_flight": gettext_lazy("Avslutar det delade svaret"),
    "keep_for_replay": gettext_lazy("Sparar för omfrågning"),
    "save_messages": gettext_lazy("Sparar svaret"),
    "settle_tokens": gettext_lazy("Räknar token"),
    "check_in_shadow": gettext_lazy("Stickprovar svaret"),
    "measure": gettext_lazy("Mäter"),
}
"""The steps in their order, and what each does."""

TOOLS = {
    "calculator": gettext_lazy("Räknare"),
    "clock": gettext_lazy("Klocka"),
    "calendar": gettext_lazy("Kalender"),
    "units": gettext_lazy("Enhetsomvandling"),
}
PASSING = frozenset({"waiting"})
"""Remarks that mean nothing once the answer is there."""

ROUTES = {
    "micro": gettext_lazy("snabbvägen"),
    "tool": gettext_lazy("verktygsvägen"),
    "planner": gettext_lazy("språkmodellens väg"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step and its time; `share` is of the slowest, 0 to 1, in a machine's own digits."""

    label: str
    ms: str
    share: str


@dataclass(frozen=True, slots=True)
class About:
    """Where an answer came from and what it cost."""

    source: str
    route: str
    total_ms: str
    steps: tuple[Step, ...]
    joined: bool = False  # another turn had the answer under way
    reason: Reason | None = None  # of a remembered answer
    again: bool = False  # the same request came once more
    withheld: tuple[str, ...] = ()  # a sentence for each kind of leak that was taken out


@dataclass(frozen=True, slots=True)
class Note:
    """A remark or the use of a tool, beside the answer."""

    kind: str  # "noted", "tool" or "tool bad"
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as the page shows it. Without an id it is the blank that the script fills in."""

    id: str = ""
    client_id: str = ""
    question: str = ""
    html: str = ""  # safe
    state: str = ""
    notes: tuple[Note, ...] = ()
    trouble: str = ""
    code: str = ""  # of the error
    about: About | None = None
    thumb: str = ""
    comment: str = ""


def shown(record: TurnRecord) -> Shown:
    """Make ready what is kept of a turn."""
    feedback = getattr(record, "feedback", None)
    unfinished = record.state == TurnRecord.State.OPEN
    return Shown(
        id=str(record.id),
        client_id=record.client_id or "",
        question=record.question,
        html=render(record.reply),
        state="unfinished" if unfinished else record.state,
        notes=tuple(_notes(record)),
        trouble=_trouble(record),
        code=record.error_code,
        about=_about_record(record) if record.state == TurnRecord.State.COMPLETE else None,
        thumb=feedback.thumb if feedback else "",
        comment=feedback.comment if feedback else "",
    )


def about_html(done: Done, tools: Iterable[str]) -> str:
    """Draw the line under a finished answer, in the language that is active."""
    about = _about(
        source=_source(done.source, done.tier, done.model, tools),
        route=done.route,
        elapsed_ms=done.elapsed_ms,
        steps_ms=done.steps_ms,
        again=done.source == "replay",
        why={**done.why, "joined": done.joined},
    )
    return "".join(render_to_string("chat/_about.html", {"about": about}))  # msgspec knows str only


def tool_told(returned: ToolReturned, route: str) -> str:
    """Say which tool was used and what it gave; nothing where that is the answer itself."""
    if not is_news(returned.ok, route):
        return ""
    return f"{_tool(returned.name)}: {returned.text}"


def _about_record(record: TurnRecord) -> About:
    used = [str(note.get("name")) for note in record.notes if note.get("type") == "tool_called"]
    return _about(
        source=_source(record.source, record.tier, record.model, used),
        route=record.route,
        elapsed_ms=record.elapsed_ms or 0.0,
        steps_ms=record.steps_ms,
        why=record.why,
    )


def _about(
    *,
    source: str,
    route: str,
    elapsed_ms: float,
    steps_ms: Mapping[str, float],
    why: Mapping[str, Any],
    again: bool = False,
) -> About:
    spoken_ms = elapsed_ms - sum(steps_ms.values())
    times = {**steps_ms, "speak": max(spoken_ms, 0.0)}
    slowest = max([*times.values(), 0.001])
    order = list(STEPS)
    named = sorted(times, key=lambda name: order.index(name) if name in order else len(order))
    return About(
        source=source,
        route=str(ROUTES.get(route, route)),
        total_ms=milliseconds(elapsed_ms),
        joined=bool(why.get("joined")),
        reason=reason_of(why),
        again=again,
        withheld=tuple(
            sentence(kind, (get_language() or "sv")[:2]) for kind in why.get("withheld", ())
        ),
        steps=tuple(
            Step(
                str(STEPS.get(name, name)),
                milliseconds(times[name]),
                f"{times[name] / slowest:.4f}",
            )
            for name in named
        ),
    )


def _source(source: str, tier: str, model: str, tools: Iterable[str]) -> str:
    """Name where the answer came from."""
    if source == "replay":
        return _("Samma svar igen")
    if source == "spiral":
        return _("Svar på en liknande fråga, cache %(tier)s") % {"tier": tier}
    if source.startswith("L"):
        return _("Svar från cache %(tier)s") % {"tier": source}
    if source == "micro":
        return _("Färdigt svar")
    if source == "tool":
        return ", ".join(dict.fromkeys(map(_tool, tools))) or _("Verktyg")
    if model:
        return _("Språkmodell %(model)s") % {"model": model}
    return _("Utan språkmodell")


def _tool(name: str) -> str:
    return str(TOOLS.get(name, name))


def _notes(record: TurnRecord) -> Iterable[Note]:
    for note in record.notes:
        text = str(note.get("text", ""))
        if note.get("type") == "noted" and note.get("code") not in PASSING:
            yield Note("noted", text)
        elif note.get("type") == "tool_returned":
            ok = bool(note.get("ok", True))
            if is_news(ok, record.route):
                kind = "tool" if ok else "tool bad"
                yield Note(kind, f"{_tool(str(note.get('name')))}: {text}")


def is_news(ok: bool, route: str) -> bool:
    """Tell whether a tool's result is worth a line: on the tool route it is the answer itself."""
    return not ok or route != "tool"


def _trouble(record: TurnRecord) -> str:
    """Say why there is no whole answer, and let the button beside it say what to do."""
    if record.state == TurnRecord.State.STOPPED:
        return gettext("Svaret stoppades.")
    if record.state == TurnRecord.State.OPEN:
        return gettext("Svaret blev inte klart.")
    if record.state == TurnRecord.State.FAILED:
        return error_named(record.error_code)().message((get_language() or "sv")[:2])
    return ""


def milliseconds(ms: float) -> str:
    """Write a time with as many decimals as mean something: 1 234, 21,4 or 0,37."""
    if ms < 0.01:
        return f"< {number_format(0.01, use_l10n=True)}"
    places = 0 if ms >= 100 else 1 if ms >= 10 else 2
    return str(number_format(ms, decimal_pos=places, use_l10n=True, force_grouping=True))
