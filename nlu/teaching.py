"""Learning from examples in a process of its own, so that no turn waits for it.

    python -m nlu.teaching < wanted.json

Reads `{language: {"own": [[text, intent], …], "before": […], "model": "…"}}`; writes lines of JSON:
how far it has come (`{"done": 0.34}`), and last the lessons and what they are worth.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from .core.encoder import SwedishEncoder
from .core.intents import IntentModel, shipped
from .core.language import language_of
from .core.lessons import Example, Lesson, learn
from .core.reports import report_of
from .core.text import normal
from .core.trials import Trial, trials_of
from .core.understanding import LANGUAGE
from .training.messages import examples

KINDNESS = 15  # of 19: turns come first
STEP = 0.01  # progress is told when it has grown by so much


def teach(
    wanted: Mapping[str, Mapping[str, Any]], goes_on: Callable[[float], None]
) -> tuple[dict[str, Lesson], dict[str, Any]]:
    """Learn a lesson for each language, and try it.

    Args:
        wanted: by language, the operator's `own` examples, and of what is in force the examples
            that it was learnt from (`before`) and the model that it corrects (`model`). One of
            another model is not in force: Alice reads as she came.
        goes_on: hears how much is done, 0..1.
    """
    encoder = SwedishEncoder.load()
    lessons: dict[str, Lesson] = {}
    trials: dict[str, list[Trial]] = {}
    for number, (language, told) in enumerate(sorted(wanted.items())):

        def further(done: float, begun: int = number) -> None:
            goes_on((begun + done) / len(wanted))

        model = IntentModel.load(encoder, shipped(language), language)
        before, own = (
            [Example(*one) for one in told[name] if one[1] in model.intents]
            for name in ("before", "own")
        )
        known = [*own, *beside(own, language)]
        if told["model"] != model.fingerprint:
            before = []
        lessons[language] = learn(model, known)
        trials[language] = trials_of(model, before, known, own=frozenset(own), goes_on=further)
    return lessons, report_of(trials)


def beside(own: list[Example], language: str) -> list[Example]:
    """Give what Alice came with in a language; where the operator says otherwise, that holds."""
    taken = {normal(one.text) for one in own}
    return [
        Example(one.text, one.intent)
        for one in examples()
        if normal(one.text) not in taken and language_of(one.text, LANGUAGE).language == language
    ]


def main() -> None:
    """Do what stdin asks for."""
    os.nice(KINDNESS)
    told = 0.0

    def say(done: float) -> None:
        nonlocal told
        if done - told >= STEP:
            told = done
            print(json.dumps({"done": round(done, 3)}), flush=True)

    lessons, report = teach(json.load(sys.stdin), say)
    written = {language: lesson.packed().decode() for language, lesson in lessons.items()}
    print(json.dumps({"lessons": written, "report": report}), flush=True)


if __name__ == "__main__":
    main()
