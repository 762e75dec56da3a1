"""Questions to warm with are read from files, or found among what people have asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Conversation, TurnRecord
from chat.warming import asked
from chat.warming.asked import most_asked, tier_of
from chat.warming.questions import AT_MOST, BadQuestions, Wanted, read_questions
from tests.test_conversations_are_ones_own import Api

HEJ, HOW = Wanted("Hej?", "sv", 1), Wanted("How?", "en", 3)


@pytest.mark.parametrize(
    ("name", "written", "found"),
    [
        ("a.txt", "Hej?\n\n# inte den\n  Och?  \n", [HEJ, Wanted("Och?", "sv", 4)]),
        ("a", "\ufeffHej?", [HEJ]),
        (
            "a.tsv",
            'question\tn\tlanguage\n"Hej?\t5\t\nHow?\t2\ten\n\t\t\n',
            [Wanted('"Hej?', "sv", 2), HOW],
        ),
        (
            "a.JSONL",
            '"Hej?"\n\n{"question": "How?", "language": "en", "answer": "So."}\n',
            [HEJ, HOW],
        ),
    ],
)
def test_every_kind_of_file_is_read(name, written, found):
    assert read_questions(written.encode(), name) == found


@pytest.mark.parametrize(
    ("name", "written", "told"),
    [
        ("a.txt", b"", "inga frågor"),
        ("a.txt", b"\xff", "UTF-8"),
        ("a.txt", b"a\0b", "nolltecken"),
        ("a.tsv", b"text\nHej?\n", "a.tsv:2: saknar question"),
        ("a.jsonl", b'"Hej?"\n{', "a.jsonl:2: .r inte JSON"),
        ("a.jsonl", b"7", "a.jsonl:1: saknar question"),
        ("a.jsonl", b'{"question": ["Hej?"]}', "a.jsonl:1: question"),
        ("a.jsonl", b'{"question": "Hej?", "language": "de"}', "a.jsonl:1: language"),
        ("a.txt", b"Hej?\n" * (AT_MOST + 1), f"{AT_MOST}"),
    ],
)
def test_a_broken_file_is_told_with_its_line(name, written, told):
    with pytest.raises(BadQuestions, match=told):
        read_questions(written, name)


def test_the_most_asked_belong_in_the_first_three_tiers_by_rank():
    assert [tier_of(rank) for rank in (1, 34, 35, 67, 68, 100, 101, 500)] == [
        *(3, 3, 2, 2, 1, 1, 1, 1)
    ]


@pytest.fixture
def anna(db) -> Api:
    return Api("anna")


def say(api: Api, *questions: str, tier: str = "L1", **fields: object) -> Conversation | None:
    said = None
    for question in questions:
        said = api.said(question, tier=tier, **fields)
    return said


def texts(tenant: str = "alice", **wanted: int) -> list[str]:
    return [one.text for one in most_asked(tenant=tenant, **wanted)]


def test_the_most_asked_come_first_however_they_were_written(anna):
    say(anna, "Vad väger en älg?", "Vad väger en älg?", "Vad väger en elefant?")
    say(anna, "hur lång är Storsjön?", "Hur lång är Storsjön?", "Hur  lång är Storsjön?")

    found = most_asked(tenant="alice", count=2)

    assert [one.text.casefold().split()[1] for one in found] == ["lång", "väger"]
    assert [(one.line, one.tier) for one in found] == [(1, 3), (2, 3)]


def test_only_what_was_answered_for_everybody_is_asked_again(anna):
    say(anna, "Delad?")
    say(anna, "Vad är klockan?", tier="")
    say(anna, "Ring 070-123 45 67?")
    gone = say(anna, "Raderad?")
    Conversation.objects.filter(pk=gone.pk).update(deleted=timezone.now())
    say(anna, "Gammal?", asked_at=timezone.now() - timedelta(days=asked.DAYS + 1))
    say(Api("bo", tenant="grannen"), "Grannens?")
    followed = say(anna, "Delad?")
    TurnRecord.objects.create(
        id="00000000-0000-4000-8000-000000000001",
        conversation=followed,
        question="Och då?",
        reply="Svar.",
        state="complete",
        tier="L1",
    )

    assert texts() == ["Delad?"]
    assert texts("grannen") == ["Grannens?"]
