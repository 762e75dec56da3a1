"""The page *Uppvärmning* begins warm-ups, shows how far they have come, stops and goes on."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chat.models import Tenant, User
from chat.services import warm_ups
from chat.warming.questions import Wanted
from fibcache.models import WarmUp
from tests.test_conversations_are_ones_own import Api

pytestmark = pytest.mark.django_db

LIST = reverse("admin:fibcache_warmup_changelist")
BEGIN = reverse("admin:fibcache_warmup_begin")


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


def begin(client: Client, written: str = "Hej?\nHur?\n", name: str = "f.txt", **fields: object):
    file = SimpleUploadedFile(name, written.encode())
    form = {"source": "file", "file": file, "tenant": "alice", "per_minute": 5, **fields}
    return client.post(BEGIN, form, follow=True).content.decode()


def a_row(tenant: str = "alice", **fields: object) -> WarmUp:
    row = warm_ups.begin(source="file", name="f.txt", questions=[Wanted("Hej?")], tenant=tenant)
    WarmUp.objects.filter(pk=row.pk).update(**fields)
    return row


def step(name: str, row: WarmUp) -> str:
    return reverse(f"admin:fibcache_warmup_{name}", args=(row.pk,))


def test_a_file_is_handed_to_the_servers(root):
    page = begin(root)

    row = WarmUp.objects.get()
    assert "Servern ställer 2 frågor i bakgrunden." in page and "0 av 2" in page
    assert (row.state, row.per_minute, row.by.username, row.name) == (
        *("waiting", 5, "root"),
        "f.txt",
    )
    assert [question["text"] for question in row.questions] == ["Hej?", "Hur?"]
    assert LogEntry.objects.get().object_id == str(row.pk)


def test_the_most_asked_are_taken_from_what_people_asked(root):
    assert "Ingen har ställt någon fråga" in begin(root, source="asked")
    Api("anna").said("Hur lång är Storsjön?", tier="L1")

    begin(root, source="asked")

    assert WarmUp.objects.get().questions[0]["text"] == "Hur lång är Storsjön?"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"written": "question\n", "name": "f.tsv"}, "inga frågor"),
        ({"file": ""}, "Välj en fil."),
        ({"per_minute": 0}, "större än eller lika med 1"),
        ({"tenant": "ingen"}, "giltigt alternativ"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(root, fields, told):
    assert told in begin(root, **fields)
    assert not WarmUp.objects.exists()


def test_progress_and_failures_are_shown(root):
    row = a_row(total=89, position=34, problems=[{"line": 7, "code": "model_silent"}])

    page = root.get(LIST).content.decode()
    assert '<progress value="34" max="89" aria-label="34 av 89">' in page
    detail = root.get(reverse("admin:fibcache_warmup_change", args=(row.pk,))).content.decode()
    assert "7: model_silent" in detail and "34 av 89" in detail


def test_it_is_stopped_and_gone_on_with_by_a_click(root):
    row = a_row(state="running")
    assert step("cancel", row) in root.get(LIST).content.decode()
    assert root.get(step("cancel", row)).status_code == 405

    root.post(step("cancel", row))
    assert WarmUp.objects.get().state == "cancelled"
    page = root.post(step("cancel", row), follow=True).content.decode()
    assert "redan i ett annat läge" in page and step("resume", row) in page

    root.post(step("resume", row))
    assert WarmUp.objects.get().state == "waiting"


def test_staff_see_and_warm_their_own_tenant_with_the_permission(client):
    Tenant.objects.create(slug="grannen", name="Grannen")
    stina = User.objects.create_user("stina", is_staff=True)
    stina.user_permissions.add(Permission.objects.get(codename="view_warmup"))
    client.force_login(stina)
    mine, theirs = a_row(name="min.txt"), a_row("grannen", name="deras.txt")
    page = client.get(LIST).content.decode()
    assert "min.txt" in page and "deras.txt" not in page and BEGIN not in page
    assert client.get(BEGIN).status_code == 403
    assert client.post(step("cancel", mine)).status_code == 403

    stina.user_permissions.add(Permission.objects.get(codename="add_warmup"))
    client.post(step("cancel", theirs))
    assert WarmUp.objects.get(pk=theirs.pk).state == "waiting"
    assert "Grannen" not in client.get(BEGIN).content.decode()
    begin(client, tenant="grannen")
    assert WarmUp.objects.count() == 2


def test_every_field_has_a_label(root):
    page = root.get(BEGIN).content.decode()
    fields = re.findall(r'<(?:input|select)(?![^>]*hidden)[^>]* id="(id_\w+)"', page)

    assert len(fields) == 5
    for field in fields:
        assert f'for="{field}"' in page
