"""Staff write, search, bring in and take out examples; what can't be learnt is refused, and why."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from chat.models import User
from nlu import models
from nlu.example_files import BadExamples, Row, read_examples, to_jsonl, to_tsv
from nlu.models import EXAMPLE_CHARS, IntentExample
from tests.lessons import an_example

pytestmark = pytest.mark.django_db
LIST = reverse("admin:nlu_intentexample_changelist")
ADD = reverse("admin:nlu_intentexample_add")


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def add(client: Client, text: str, intent: str = "alarm_set", language: str = "sv") -> str:
    form = {"text": text, "intent": intent, "language": language}
    return client.post(ADD, form, follow=True).content.decode()


def bring_in(client: Client, written: str, name: str = "e.tsv") -> str:
    file = {"file": SimpleUploadedFile(name, written.encode())}
    where = reverse("admin:nlu_intentexample_import")
    return client.post(where, file, follow=True).content.decode()


def test_an_example_is_written_and_its_author_noted(root: Client) -> None:
    add(root, "  väck mig   vid fem ")

    row = IntentExample.objects.get()
    assert (row.text, row.intent, row.language, row.by.username) == (
        *("väck mig vid fem", "alarm_set", "sv"),
        "root",
    )


@pytest.mark.parametrize(
    ("text", "intent", "language", "told"),
    [
        ("?!", "alarm_set", "sv", "Skriv en mening med ord."),
        ("", "alarm_set", "sv", "obligatoriskt"),
        ("väck mig", "no_such", "sv", "no_such"),
        ("ord " * EXAMPLE_CHARS, "alarm_set", "sv", "som mest 377 tecken"),
        ("what is the weather like today", "weather_query", "sv", "läser det här som engelska"),
        ("hur blir vädret i morgon", "weather_query", "en", "läser det här som svenska"),
        ("Väck  mig!", "alarm_remove", "sv", "finns redan, som exempel på alarm_set"),
    ],
)
def test_what_can_not_be_learnt_is_refused(
    root: Client, text: str, intent: str, language: str, told: str
) -> None:
    an_example("väck mig", "alarm_set")

    assert told in add(root, text, intent, language)
    assert IntentExample.objects.count() == 1


def test_there_is_an_end_to_examples(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "EXAMPLES_AT_MOST", 1)
    an_example("väck mig", "alarm_set")

    assert "Det finns redan 1 exempel" in add(root, "väck mig sen")


def test_the_list_is_searched_and_narrowed(root: Client) -> None:
    an_example("väck mig", "alarm_set")
    an_example("spela p3", "play_radio")

    for query in ("?q=p3", "?intent=play_radio"):
        page = root.get(LIST + query).content.decode()
        assert "spela p3" in page and "väck mig" not in page


def test_a_file_is_brought_in_and_what_is_wrong_told_by_line(root: Client) -> None:
    an_example("väck mig", "alarm_set")
    page = bring_in(
        root,
        "# mina\nalarm_set\tväck mig\nplay_radio\tspela p3\nfoo\tbar är bra\n"
        "weather_query\twhat is the weather like today\n",
    )

    assert "2 nya exempel. 1 fanns redan." in page
    assert "Rad 4: Det finns ingen avsikt som heter ”foo”." in page
    assert IntentExample.objects.get(text__startswith="what").language == "en"


@pytest.mark.parametrize(
    ("written", "name", "told"),
    [
        ("", "e.tsv", "tom"),
        ("# nothing\n", "e.tsv", "inga exempel i filen"),
        ("alarm_set väck mig", "e.tsv", "rad 1: ska ha en avsikt och en mening"),
        ('{"intent": 3}', "e.jsonl", "rad 1: ska ha en avsikt"),
        ("{", "e.jsonl", "rad 1: är inte JSON"),
        ("a\tb\0", "e.tsv", "nolltecken"),
    ],
)
def test_a_broken_file_is_refused(root: Client, written: str, name: str, told: str) -> None:
    assert told in bring_in(root, written, name)
    assert not IntentExample.objects.exists()


@pytest.mark.parametrize("kind", ["tsv", "jsonl"])
def test_what_is_taken_out_can_be_brought_in(root: Client, kind: str) -> None:
    an_example("väck mig", "alarm_set")
    an_example('säg "hej" \\ då', "general_greet")
    written = root.get(reverse("admin:nlu_intentexample_export", args=[kind]))
    assert f"alice-exempel.{kind}" in written["Content-Disposition"]
    IntentExample.objects.all().delete()

    bring_in(root, written.content.decode(), f"e.{kind}")

    assert {one.text for one in IntentExample.objects.all()} == {"väck mig", 'säg "hej" \\ då'}


def test_massives_own_rows_are_read() -> None:
    row = json.dumps({"utt": "väck mig", "intent": "alarm_set", "annot_utt": "väck mig"})
    assert read_examples(row.encode(), "m.jsonl") == [Row(1, "alarm_set", "väck mig", "sv")]


words = st.text("abcåäö ?\"'\\#{}12", min_size=1).map(lambda t: " ".join(t.split())).filter(bool)


@given(st.lists(words, min_size=1, max_size=5))
def test_files_say_what_was_written(texts: list[str]) -> None:
    rows = [Row(0, "alarm_set", text, "sv") for text in texts]
    for write, name in ((to_tsv, "e.tsv"), (to_jsonl, "e.jsonl")):
        found = read_examples(write(rows).encode(), name)
        assert [row._replace(line=0) for row in found] == rows


@pytest.mark.parametrize("written", [b"\xff", b"x" * (1 << 22)])
def test_no_text_is_no_file_of_examples(written: bytes) -> None:
    with pytest.raises(BadExamples):
        read_examples(written, "e.tsv")


def test_only_those_who_may_are_let_in(client: Client) -> None:
    client.force_login(User.objects.create_user("stina", is_staff=True))
    for name in ("changelist", "add", "import"):
        assert client.get(reverse(f"admin:nlu_intentexample_{name}")).status_code == 403
    export = reverse("admin:nlu_intentexample_export", args=["tsv"])
    assert client.get(export).status_code == 403
