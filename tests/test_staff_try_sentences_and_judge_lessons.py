"""The console reads a sentence and says why, and shows a lesson's report before it is kept."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from chat import wiring
from chat.models import Revision, User
from chat.services import lessons
from nlu.models import IntentExample, IntentLesson
from nlu.taught import packed, unpacked
from tests.lessons import ASKED, MEANT, learnt, some_examples

pytestmark = pytest.mark.django_db(transaction=True)
TRY = reverse("admin:nlu_triedsentence_changelist")
LIST = reverse("admin:nlu_intentlesson_changelist")


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def read(client: Client, text: str, **more: str) -> str:
    return client.post(TRY, {"text": text, "language": "sv", **more}).content.decode()


def step(name: str, row: IntentLesson | None = None) -> str:
    return reverse(f"admin:nlu_intentlesson_{name}", args=[row.pk] if row else [])


def test_a_sentence_is_read_and_the_reasons_told(root: Client) -> None:
    page = read(root, "hur blir vädret i Umeå på tisdag")

    assert "<strong>weather_query</strong>" in page and "svaret håller i" in page
    assert "<mark>Umeå<small>place_name</small></mark>" in page
    assert "bokstäverna i ”vädret”" in page and "vad hela meningen liknar" in page
    assert "ordet ””" not in page and "≈" not in page


@pytest.mark.parametrize("text", ["?!", "🎵", "12", "hur " * 70, "<script>alert(1)</script>"])
def test_anything_can_be_tried(root: Client, text: str) -> None:
    page = read(root, text)
    assert "Så läser Alice meningen" in page and "<script>alert" not in page


def test_what_is_too_long_is_told(root: Client) -> None:
    assert "som mest 377 tecken" in read(root, "ord " * 200)


def test_a_sentence_is_kept_as_an_example(root: Client) -> None:
    page = read(root, "spåra brevet", intent=MEANT)
    assert f"Sparad som exempel på {MEANT}." in page
    assert IntentExample.objects.get().by.username == "root"

    assert "Meningen finns redan" in read(root, "spåra brevet", intent="alarm_set")


def test_without_a_model_the_page_says_so(root: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "taught", lambda: None)
    assert "Avsikterna kan inte läsas" in root.get(TRY).content.decode()


def test_a_lesson_is_tried_judged_kept_and_put_aside(root: Client) -> None:
    assert "inga exempel att lära av" in root.get(LIST).content.decode()
    some_examples()
    assert "Lär om" in root.get(LIST).content.decode()
    row = learnt()

    page = root.get(reverse("admin:nlu_intentlesson_change", args=[row.pk])).content.decode()
    assert "Före och efter" in page and "Era exempel" in page and "spåra paket" in page
    both = read(root, ASKED)
    assert "I bruk nu" in both and f"Lärdom {row.pk}, att ta ställning till" in both
    assert f"ert exempel ”{ASKED}”" in both

    kept = root.post(step("keep", row), follow=True).content.decode()
    assert "Den här lärdomen gäller nu." in kept and "revision 2</a>" in kept
    assert f"<strong>{MEANT}</strong>" in read(root, ASKED)
    settings = root.get(reverse("admin:nlu_nlusettings_change", args=[1])).content.decode()
    assert f">Lärdom {row.pk}</a>" in settings

    root.post(step("aside"))
    assert lessons.version_in_force() == "" and Revision.objects.count() == 3
    assert f"<strong>{MEANT}</strong>" not in read(root, ASKED)


def test_a_lesson_of_another_model_is_told_of(root: Client) -> None:
    some_examples()
    row = learnt()
    lessons.keep(pk=row.pk, author=None)
    assert "ny grundmodell" not in root.get(LIST).content.decode()

    told = {at: replace(one, model="older") for at, one in unpacked(bytes(row.packed)).items()}
    IntentLesson.objects.update(packed=packed(told))

    assert "ny grundmodell" in root.get(LIST).content.decode()
    assert f"<strong>{MEANT}</strong>" in read(root, ASKED)  # loaded before; a new process:
    wiring.taught.cache_clear()
    assert f"<strong>{MEANT}</strong>" not in read(root, ASKED)
    wiring.taught.cache_clear()


def test_progress_is_shown_without_a_script(root: Client) -> None:
    some_examples()
    root.post(step("begin"))
    row = IntentLesson.objects.get()
    IntentLesson.objects.update(done=0.34)

    page = root.get(reverse("admin:nlu_intentlesson_change", args=[row.pk])).content.decode()
    assert '<progress value="0.340"' in page and 'http-equiv="refresh"' in page
    assert "Alice lär sig redan." in root.post(step("begin"), follow=True).content.decode()
    assert "Avbruten." in root.post(step("cancel", row), follow=True).content.decode()
    page = root.get(reverse("admin:nlu_intentlesson_change", args=[row.pk])).content.decode()
    assert 'http-equiv="refresh"' not in page


def test_what_was_thrown_away_can_not_be_kept(root: Client) -> None:
    row = IntentLesson.objects.create(state="ready", packed=b"x", version="0123456789ab")

    assert "Kastad." in root.post(step("discard", row), follow=True).content.decode()
    assert "finns inte kvar" in root.post(step("keep", row), follow=True).content.decode()
    assert Revision.objects.count() == 1


def test_only_those_who_may_teach_and_try(client: Client) -> None:
    client.force_login(User.objects.create_user("stina", is_staff=True))
    row = IntentLesson.objects.create(state="ready", packed=b"x")

    assert client.get(TRY).status_code == client.get(LIST).status_code == 403
    assert client.post(step("begin")).status_code == client.post(step("aside")).status_code == 403
    for name in ("keep", "discard", "cancel"):
        assert client.post(step(name, row)).status_code == 403
        assert client.get(step(name, row)).status_code == 405
