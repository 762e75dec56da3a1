"""What a lesson was worth, as plain values that are kept beside it and shown to staff."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .trials import Tally, Trial, tally

CHANGED_AT_MOST = 144  # examples that are told one by one; of more only the number is kept


def report_of(trials: Mapping[str, Sequence[Trial]]) -> dict[str, Any]:
    """Sum up trials by language.

    Returns:
        own, shipped: `Tally` of the operator's examples, and of those that Alice came with.
        intents: one for each intent of the operator's examples: name and tally, the most changed
            first.
        changed: what is read otherwise than before, the worse first.
    """
    every = [one for several in trials.values() for one in several]
    own = [one for one in every if one.own]
    by_intent: dict[str, list[Trial]] = defaultdict(list)
    for one in own:
        by_intent[one.example.intent].append(one)
    told = [(name, tally(several)) for name, several in by_intent.items()]
    told.sort(key=lambda one: (-one[1].worse - one[1].better, one[0]))
    changed = [one for one in every if one.before.intent != one.after.intent]
    changed.sort(key=lambda one: (one.is_right - one.was_right, one.example))
    return {
        "own": asdict(tally(own)),
        "shipped": asdict(tally([one for one in every if not one.own])),
        "intents": [{"intent": name, **asdict(counted)} for name, counted in told],
        "changed": [_plain(one) for one in changed[:CHANGED_AT_MOST]],
        "changed_in_all": len(changed),
    }


def tally_in(told: Mapping[str, Any]) -> Tally:
    """Read a tally as `report_of` wrote it."""
    return Tally(**{name: int(told[name]) for name in Tally.__dataclass_fields__})


def _plain(trial: Trial) -> dict[str, Any]:
    return {
        "text": trial.example.text,
        "intent": trial.example.intent,
        "own": trial.own,
        "before": trial.before.intent,
        "before_sure": round(trial.before.confidence, 3),
        "after": trial.after.intent,
        "after_sure": round(trial.after.confidence, 3),
        "change": trial.is_right - trial.was_right,  # 1 better, -1 worse, 0 wrong as before
    }
