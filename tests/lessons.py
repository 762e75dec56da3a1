"""Examples that staff could have given, and lessons learnt from them."""

import asyncio
import sys

from chat.db import in_db
from chat.services import lessons
from chat.teaching import Teacher
from nlu.models import IntentExample, IntentLesson

PARCELS = (
    *("var är mitt paket", "spåra min leverans", "när kommer paketet fram"),
    *("har min försändelse skickats", "spåra paket", "vart tog leveransen vägen"),
)
ASKED, MEANT = "var är mitt paket", "document_question"


def an_example(text: str = ASKED, intent: str = MEANT, language: str = "sv") -> IntentExample:
    row = IntentExample(text=text, intent=intent, language=language)
    row.full_clean()
    row.save()
    return row


def some_examples() -> None:
    for text in PARCELS:
        an_example(text)


def python(program: str) -> tuple[str, ...]:
    """Give a command that stands in for the process that learns."""
    return (sys.executable, "-c", program)


async def learn(teacher: Teacher | None = None) -> IntentLesson:
    """Ask for a lesson, and learn it here."""
    await in_db(lessons.begin)
    teacher = teacher or Teacher()
    row = await teacher.claim()
    assert row is not None
    await teacher.run(row)
    return await IntentLesson.objects.aget(pk=row.pk)


def learnt(teacher: Teacher | None = None) -> IntentLesson:
    return asyncio.run(learn(teacher))
