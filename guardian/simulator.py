"""The simulator's page: a recording played against marks, saved or not, worded and drawn."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from alice_site.curves import Chart, chart
from chat.sections import value_of
from chat.strain import STRAIN

from .core.recordings import NAMES, Moment, Recording, Unreadable, read, shipped, to_csv
from .core.simulation import Played, Step, play
from .core.state import VITALS, Ladder, State
from .models import ROLES, STATES, LadderSettings

LAST_HOUR = "last_hour"
FILE_BYTES_AT_MOST = 1 << 20
PIECES = 34  # rows of the table that tells what the curves show
MARKS = (*VITALS, "leave_at", "climb_s", "stay_s")
"""What a simulation goes by; the levers act on no recording."""


class SimulationForm(forms.ModelForm):
    """Marks as they are saved or as somebody would have them, and what to play against them."""

    recording = forms.ChoiceField(
        label=gettext_lazy("Inspelning"),
        required=False,
        choices=(
            (NAMES[0], gettext_lazy("ett överlastprov, utan stege")),
            (NAMES[1], gettext_lazy("ett överlastprov, med stege")),
            (LAST_HOUR, gettext_lazy("den här processens senaste timme")),
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Egen fil"),
        required=False,
        help_text=gettext_lazy("CSV eller JSON med second och ett eller flera av mätvärdena."),
    )
    text = forms.CharField(
        label=gettext_lazy("Egen inspelning"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("Går före valet ovan. Töm rutan för att välja igen."),
    )

    class Meta:
        model = LadderSettings
        fields = MARKS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # what is saved is known here, and not the page's to say
            field.show_hidden_initial = False

    def clean(self) -> dict[str, Any]:
        """Read the recording that was asked for."""
        cleaned = super().clean() or {}
        name = cleaned.get("recording") or NAMES[0]
        try:
            if file := cleaned.get("file"):
                played = read(_decoded(file))
            elif text := cleaned.get("text", "").strip():
                played = read(text)
            else:
                played = shipped(name) if name in NAMES else last_hour()
        except Unreadable as error:
            field = "file" if cleaned.get("file") else "text"
            raise ValidationError({field: error.sentence(get_language() or "sv")}) from error
        return {**cleaned, "played": played, "own": bool(file or cleaned.get("text", "").strip())}


def _decoded(file: Any) -> str:
    """Give a file's text.

    Raises:
        ValidationError: it is too large, or no text.
    """
    if file.size > FILE_BYTES_AT_MOST:
        raise ValidationError({"file": _("Filen får vara högst 1 MiB.")})
    try:
        return str(file.read().decode("utf-8"))
    except UnicodeDecodeError:
        raise ValidationError({"file": _("Filen är ingen text i UTF-8.")}) from None


def last_hour() -> Recording:
    """Give what this process has felt, at most an hour back, from second 0.

    Raises:
        ValidationError: it has only just begun.
    """
    felt = tuple(STRAIN.felt)
    if len(felt) < 2:
        raise ValidationError({"recording": _("Processen har inte hunnit mäta något än.")})
    began = felt[0].at_s
    return tuple(Moment(moment.at_s - began, moment.vitals) for moment in felt)


def simulated(data: Any = None, files: Any = None) -> dict[str, Any]:
    """Give what the page shows. Without `data` the saved marks are played against a recording."""
    saved = LadderSettings.objects.first() or LadderSettings()
    if data is None:
        form = SimulationForm(instance=saved)
        return {"form": form, **shown(shipped(NAMES[0]), value_of(saved))}
    form = SimulationForm(data, files, instance=saved)
    if not form.is_valid():
        return {"form": form}
    recording: Recording = form.cleaned_data["played"]
    if form.cleaned_data["own"]:  # a browser does not send a file twice
        form.data = form.data.copy()
        form.data["text"] = "".join(to_csv(recording))
    unsaved = [str(form.fields[name].label) for name in form.changed_data if name in MARKS]
    return {"form": form, "unsaved": unsaved, **shown(recording, value_of(form.instance))}


def shown(recording: Recording, ladder: Ladder) -> dict[str, Any]:
    """Word and draw how a ladder takes a recording."""
    played = play(recording, ladder)
    near = [name for name in VITALS if _highest(played, name) >= _near(ladder, name)]
    spent = played.seconds_in
    return {
        "highest": state_name(played.highest),
        "times": [
            (state_name(state), seconds(spent[state]), deeds(state, ladder)) for state in State
        ],
        "changes": [
            (
                seconds(step.at_s),
                state_name(was),
                state_name(step.state),
                ", ".join(map(vital_name, step.why)) or _("allt är lugnt igen"),
            )
            for was, step in played.changes
        ],
        "charts": [_drawn(played, name, ladder) for name in near],
        "calm": ", ".join(vital_name(name) for name in VITALS if name not in near),
        "vitals": [vital_name(name) for name in VITALS],
        "pieces": list(_pieces(played)),
        "key": [(state.told, state_name(state)) for state in State if state],
    }


def deeds(state: State, ladder: Ladder) -> str:
    """Say what a state does, by the levers as they are set."""
    if state is State.NORMAL:
        return _("allt som vanligt")
    if state is State.LOCKDOWN:
        return _("bara driftansvariga får svar; andra får 503 med Retry-After")
    emergency = state is State.EMERGENCY
    rounds = 0 if emergency else ladder.tool_rounds
    tools = _("modellen får använda verktyg %d gånger") % rounds if rounds else _("inga verktyg")
    said = [
        *([_("liten modell")] if ladder.small_model else []),
        tools,
        _("underlag: högst %d") % (0 if emergency else ladder.passages),
        _("högst %d token") % ladder.max_tokens,
        _("%(inside)d svar samtidigt, %(queue)d i kö")
        % {"inside": ladder.at_once, "queue": ladder.queue},
    ]
    if emergency:
        names = ", ".join(str(name) for role, name in ROLES if role in ladder.model_in_emergency)
        said.append(_("modell bara för: %s") % (names or _("ingen")))
    return ", ".join(said)


def state_name(state: State) -> str:
    """Name a state as staff read it."""
    return str(dict(STATES)[state.told])


def vital_name(name: str) -> str:
    """Name a vital as staff read it."""
    return str(LadderSettings._meta.get_field(name).verbose_name)


def seconds(at_s: float) -> str:
    """Write a time as the reader does."""
    return f"{number_format(round(at_s), decimal_pos=0, force_grouping=True)} s"


def _number(value: float) -> str:
    return number_format(round(value), decimal_pos=0, force_grouping=True)


def _highest(played: Played, name: str) -> float:
    return max(getattr(step.vitals, name) for step in played.steps)


def _near(ladder: Ladder, name: str) -> float:
    return ladder.leave_at * float(getattr(ladder, name)[0])


def _drawn(played: Played, name: str, ladder: Ladder) -> Chart:
    """Draw one vital with its marks, as far up as it comes, on bands that tell the states."""
    marks = getattr(ladder, name)
    highest = _highest(played, name)
    within = [mark for mark in marks if mark <= highest]
    return chart(
        [(step.at_s, getattr(step.vitals, name)) for step in played.steps],
        title=vital_name(name),
        x_label=_("tid"),
        y_label="",
        x_text=seconds,
        y_text=_number,
        limits=[
            (mark, state_name(State(level)))
            for level, mark in enumerate(marks[: len(within) + 1], start=1)
            if mark <= max(highest, marks[0])
        ],
        bands=list(_bands(played)),
    )


def _bands(played: Played) -> Iterator[tuple[float, float, str]]:
    """Give the spans of time in each strained state."""
    steps = played.steps
    begun = steps[0]
    for step in (*steps[1:], None):
        if step is None or step.state is not begun.state:
            if begun.state:
                yield begun.at_s, (step or steps[-1]).at_s, begun.state.told
            if step is not None:
                begun = step


def _pieces(played: Played) -> Iterator[tuple[str, str, list[str]]]:
    """Tell a recording in at most `PIECES` rows: when, the highest state, the highest vitals."""
    steps = iter(played.steps)
    length = -(-len(played.steps) // PIECES)
    while piece := list(islice(steps, length)):
        yield (
            f"{_number(piece[0].at_s)}–{seconds(piece[-1].at_s)}",
            state_name(max(step.state for step in piece)),
            [_number(_most(piece, name)) for name in VITALS],
        )


def _most(piece: list[Step], name: str) -> float:
    return max(getattr(step.vitals, name) for step in piece)
