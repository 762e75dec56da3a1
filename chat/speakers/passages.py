"""Curated answers that a model may lean on."""

from collections.abc import Sequence

from chat.core.turn import Turn
from chat.curated import curated_in

from .words import spoken_language

RELATED_AT_LEAST = 0.2  # share of the question's words, by rarity; below it nothing is shown
EVIDENCE_AT_LEAST = 0.8  # together; below it the search widens


def passages_for(turn: Turn, k_steps: Sequence[int]) -> tuple[str, ...]:
    """Give the curated answers most related to the question, best first.

    As many as the first of `k_steps` (1, 2, 3, 5), and more, step by step, only while what they
    share with the question adds up to too little. None when nothing relates.
    """
    related = [
        match
        for match in curated_in(turn.policy.answers).related(turn.question)
        if match.confidence >= RELATED_AT_LEAST
    ]
    chosen = related[:0]
    for count in k_steps:
        chosen = related[:count]
        evidence = sum(match.confidence for match in chosen)
        if evidence >= EVIDENCE_AT_LEAST or count >= len(related):
            break
    texts = {
        answer.name: (spoken_language(turn) == "en" and answer.text_en) or answer.text_sv
        for answer in turn.policy.answers
    }
    return tuple(texts[match.name] for match in chosen)
