"""Saving a live setting in the console puts it in force; what is not sound is not saved at all."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat import revisions
from chat.changes import Change
from chat.models import (
    AlertSettings,
    CuratedAnswer,
    FeatureFlag,
    Revision,
    RoutingSettings,
    Tenant,
    User,
)
from chat.sections import SECTIONS
from fibcache.models import CacheTier
from guardian.models import OwnLimit, PolicyRule

pytestmark = pytest.mark.django_db
MODELS = [section.model for section in SECTIONS]


@pytest.fixture
def staff(client: Client) -> Client:
    tenant = Tenant.objects.get_or_create(slug="alice", defaults={"name": "Alice"})[0]
    client.force_login(User.objects.create_superuser("ada", tenant=tenant))
    return client


def row_of(model: type) -> object:
    """Give a published row; of own limits a new Alice has none."""
    if model is OwnLimit:
        OwnLimit.objects.create(whom="tenant:alice")
        revisions.publish(author=None)
    return model.objects.first()


def page(model: type, what: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def as_written(response: object) -> dict[str, object]:
    """Give a form as a browser would send it back untouched."""
    form = response.context["adminform"].form
    told = {}
    for bound in form:
        value = bound.value()
        if bound.field.widget.__class__.__name__ == "CheckboxInput":
            told |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            told[bound.html_name] = bound.field.prepare_value(value)
    return told


def list_as_written(response: object) -> dict[str, object]:
    formset = response.context["cl"].formset
    told = {bound.html_name: bound.value() for bound in formset.management_form}
    for form in formset.forms:
        told |= {bound.html_name: bound.value() for bound in form if bound.value() is not False}
    return told | {"_save": "Spara"}


def newest() -> Revision:
    return Revision.objects.all()[0]


@pytest.mark.parametrize(("language", "name"), [("sv", "Inloggning"), ("en", "Sign-in")])
def test_the_list_of_attempts_to_sign_in_is_called_so(staff: Client, language: str, name: str):
    groups = staff.get(reverse("admin:index"), headers={"accept-language": language}).context
    names = {group["app_label"]: str(group["name"]) for group in groups["app_list"]}

    assert names["axes"] == name


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_and_form_renders(staff: Client, model: type) -> None:
    row = row_of(model)

    assert staff.get(page(model, "changelist"), follow=True).status_code == 200
    form = staff.get(page(model, "change", row.pk))
    assert form.status_code == 200
    if admin.site.get_model_admin(model).has_add_permission(form.wsgi_request):
        assert staff.get(page(model, "add")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_saving_an_untouched_form_publishes_nothing(staff: Client, model: type) -> None:
    row = row_of(model)
    before = newest().number
    form = as_written(staff.get(page(model, "change", row.pk)))

    response = staff.post(page(model, "change", row.pk), form)

    assert response.status_code == 302
    assert newest().number == before


def test_a_save_is_in_force_with_its_author_and_what_changed(staff: Client) -> None:
    where = page(RoutingSettings, "change", 1)
    form = as_written(staff.get(where)) | {"plan_within_ms": "900"}

    staff.post(where, form)

    assert newest().author.username == "ada"
    assert newest().note == "vägar och modell · tid till planen"
    assert revisions.changes_in(newest()) == (Change("routing.plan_within_ms", 800, 900),)
    assert revisions.policy_of(newest()).routing.plan_within_ms == 900
    assert LogEntry.objects.filter(object_id="1", change_message__contains="till planen").exists()


def test_the_form_says_where_each_value_comes_from(staff: Client) -> None:
    where = page(RoutingSettings, "change", 1)
    staff.post(where, as_written(staff.get(where)) | {"plan_within_ms": "900"})

    fields = staff.get(where).context["adminform"].form.fields

    assert "Från revision 2." in fields["plan_within_ms"].help_text
    assert "Standardvärde." in fields["tool_rounds"].help_text


def test_a_form_that_is_refused_says_where_each_value_comes_from_too(staff: Client) -> None:
    where = page(RoutingSettings, "change", 1)

    answer = staff.post(where, as_written(staff.get(where)) | {"plan_within_ms": "1"})

    assert answer.content.decode().count("Standardvärde.") > 10


def test_the_origins_of_a_list_are_read_once(staff: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        html = staff.get(page(CacheTier, "changelist")).content.decode()

    assert html.count("Standardvärde.") == 10
    assert len([query for query in asked if '"origins"' in query["sql"]]) == 1


def test_the_list_of_answers_shows_where_each_begins(staff: Client) -> None:
    CuratedAnswer.objects.update(text_sv="Början. " + "ord " * 100 + "slutet")

    html = staff.get(page(CuratedAnswer, "changelist")).content.decode()

    assert "Början." in html and "slutet" not in html


def test_all_tiers_are_moved_in_one_revision(staff: Client) -> None:
    form = list_as_written(staff.get(page(CacheTier, "changelist")))
    form |= {f"form-{row}-ttl_h": str(100 + row) for row in range(10)}

    staff.post(page(CacheTier, "changelist"), form)

    assert newest().number == 2
    assert [tier.ttl_h for tier in revisions.policy_of(newest()).tiers] == list(range(100, 110))


def test_a_tier_that_lives_shorter_than_the_one_below_is_a_form_error(staff: Client) -> None:
    form = list_as_written(staff.get(page(CacheTier, "changelist"))) | {"form-2-ttl_h": "1.5"}

    listed = staff.post(page(CacheTier, "changelist"), form)
    third = CacheTier.objects.get(name="L3")
    alone = staff.post(page(CacheTier, "change", third.pk), {"ttl_h": "1.5", "hits_to_enter": "2"})

    for response in (listed, alone):
        assert response.status_code == 200
        assert "L3 ska ha längre livslängd än L2." in response.content.decode()
    assert CacheTier.objects.get(name="L3").ttl_h == 3
    assert newest().number == 1
    assert not LogEntry.objects.exists()


def test_a_pattern_that_is_not_re2_is_a_form_error(staff: Client) -> None:
    form = {"name": "ny", "pattern": "(?=x)", "action": "refuse", "rank": "1"}

    response = staff.post(page(PolicyRule, "add"), form)

    assert "RE2" in str(response.context["adminform"].form.errors["pattern"])
    assert not PolicyRule.objects.filter(name="ny").exists()


def test_a_question_that_two_answers_claim_is_a_form_error(staff: Client) -> None:
    form = {"name": "ny", "questions": "Hej\nhoj", "text_sv": "Hoj!", "rank": "1"}

    response = staff.post(page(CuratedAnswer, "add"), form)

    assert "finns både i" in str(response.context["adminform"].form.errors)
    assert not CuratedAnswer.objects.filter(name="ny").exists()


def test_a_new_answer_is_in_force(staff: Client) -> None:
    form = {"name": "öppet", "questions": "när har ni öppet\n\nöppettider", "text_sv": "Jämt."}

    staff.post(page(CuratedAnswer, "add"), form | {"rank": "987"})

    last = revisions.policy_of(newest()).answers[-1]
    assert (last.name, last.questions) == ("öppet", ("när har ni öppet", "öppettider"))
    assert LogEntry.objects.get().object_repr == "öppet"


def test_deleting_rows_publishes_once(staff: Client) -> None:
    gone = list(CuratedAnswer.objects.values_list("pk", flat=True)[:2])
    form = {"action": "delete_selected", "_selected_action": gone, "post": "yes"}

    staff.post(page(CuratedAnswer, "changelist"), form)
    assert newest().number == 2
    staff.post(page(CuratedAnswer, "delete", CuratedAnswer.objects.first().pk), {"post": "yes"})

    assert newest().number == 3
    assert len(revisions.policy_of(newest()).answers) == CuratedAnswer.objects.count()


def test_a_switch_turned_off_in_the_list_is_off(staff: Client) -> None:
    form = list_as_written(staff.get(page(FeatureFlag, "changelist")))
    place = list(FeatureFlag.objects.values_list("name", flat=True)).index("recall_similar")
    del form[f"form-{place}-on"]

    staff.post(page(FeatureFlag, "changelist"), form)

    assert "recall_similar" in revisions.policy_of(newest()).off


def test_alerts_out_of_order_are_a_form_error(staff: Client) -> None:
    where = page(AlertSettings, "change", 1)

    response = staff.post(where, as_written(staff.get(where)) | {"p95_critical_ms": "100"})

    assert "högre än varningen" in str(response.context["adminform"].form.errors)


def test_going_back_asks_first_and_restores_the_forms(staff: Client) -> None:
    where = page(RoutingSettings, "change", 1)
    staff.post(where, as_written(staff.get(where)) | {"plan_within_ms": "900"})
    back = reverse("admin:chat_revision_back", args=[1])

    asked = staff.get(back)
    assert "Ja, återgå till denna" in asked.content.decode()
    assert RoutingSettings.objects.get().plan_within_ms == 900

    staff.post(back)
    assert RoutingSettings.objects.get().plan_within_ms == 800
    assert (newest().number, newest().note) == (3, "Återgick till revision 1.")
    assert LogEntry.objects.filter(object_id="3").exists()


def test_revisions_are_listed_and_shown_with_what_they_changed(staff: Client) -> None:
    where = page(RoutingSettings, "change", 1)
    staff.post(where, as_written(staff.get(where)) | {"plan_within_ms": "900"})

    listed = staff.get(page(Revision, "changelist")).content.decode()
    shown = staff.get(page(Revision, "change", 2)).content.decode()

    assert "vägar och modell · tid till planen: 800 → 900" in listed
    assert "Det här är inställningarna som gäller nu." in shown
    assert "tid till planen" in shown
    assert "Återgå till denna" in staff.get(page(Revision, "change", 1)).content.decode()


def test_staff_without_the_right_can_not_go_back(staff: Client) -> None:
    where = page(RoutingSettings, "change", 1)
    staff.post(where, as_written(staff.get(where)) | {"plan_within_ms": "900"})
    User.objects.update(is_superuser=False)

    assert staff.post(reverse("admin:chat_revision_back", args=[1])).status_code == 403
    assert newest().number == 2


def test_the_first_page_is_alices_with_settings_first(staff: Client) -> None:
    response = staff.get(reverse("admin:index"))

    assert response.context["site_title"] == "Alice"
    assert [group["app_label"] for group in response.context["app_list"]][:4] == [
        "chat",
        "guardian",
        "fibcache",
        "nlu",
    ]
    assert response.context["app_list"][0]["models"][0]["object_name"] == "RoutingSettings"
