"""Working copies, policy and revision say the same; what was in force once is never changed."""

from dataclasses import fields, replace

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.db import models

from alice_site.live_fields import Numbers, Row
from alice_site.live_forms import NumbersInput
from chat import revisions
from chat.changes import changes
from chat.core.policy import Alerts, Policy
from chat.models import Backend, CuratedAnswer, FeatureFlag, Revision, RoutingSettings
from chat.sections import SECTIONS, Off, One, compiled, from_snapshot, restore, to_snapshot
from fibcache.models import CacheTier
from guardian.models import PolicyRule, RuleTest, ToolGate

MODELS = [section.model for section in SECTIONS if not isinstance(section, Off)]
NUMBERS = (models.IntegerField, models.FloatField, Numbers)


def newest() -> Revision:
    return Revision.objects.all()[0]


def settings_in(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields} - {"id", "rank"}


def test_every_part_of_the_policy_is_edited_somewhere() -> None:
    edited = {section.name for section in SECTIONS}

    assert edited == {field.name for field in fields(Policy)} - {"revision"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_form_has_exactly_the_fields_of_its_value(model: type) -> None:
    assert settings_in(model) == {field.name for field in fields(model.value)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_number_tells_its_unit_and_range(model: type) -> None:
    for field in model._meta.concrete_fields:
        if isinstance(field, NUMBERS) and field.name in settings_in(model):
            told = str(field.help_text)
            assert ("Enhet: " in told and "–" in told) or "Alltid " in told, field.name
            assert field.validators, field.name
            assert field.verbose_name != field.name.replace("_", " "), field.name


@pytest.mark.parametrize("section", [s for s in SECTIONS if isinstance(s, One)], ids=str)
def test_an_empty_row_holds_the_defaults(section: One) -> None:
    row = section.model()

    row.clean_fields()
    for field in fields(section.model.value):
        assert getattr(row, field.name) == getattr(getattr(Policy(), section.name), field.name)


@pytest.mark.django_db
def test_what_is_restored_is_what_is_compiled() -> None:
    restore(Policy())

    assert compiled() == Policy()


@pytest.mark.django_db
def test_a_snapshot_reads_back_as_the_same_policy() -> None:
    policy = compiled()
    as_json = msgspec.json.decode(msgspec.json.encode(to_snapshot(policy)))

    assert from_snapshot(as_json, 7) == replace(policy, revision=7)


def test_a_snapshot_from_another_time_is_read_all_the_same() -> None:
    snapshot = to_snapshot(Policy()) | {"weather": {"sunny": True}}
    del snapshot["alerts"]
    del snapshot["routing"]["history_turns"]
    snapshot["routing"]["moon"] = "full"

    assert from_snapshot(snapshot, 0) == Policy(alerts=Alerts())


def test_a_snapshot_with_the_wrong_kind_of_value_is_refused() -> None:
    snapshot = to_snapshot(Policy()) | {"bounds": {"message_chars": "many"}}

    with pytest.raises(msgspec.ValidationError):
        from_snapshot(snapshot, 0)


@pytest.mark.django_db
def test_publishing_nothing_new_gives_the_revision_there_is() -> None:
    assert revisions.publish(author=None) == newest()
    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_a_revision_notes_what_changed_and_from_where_each_value_comes() -> None:
    RoutingSettings.objects.update(plan_within_ms=900)
    revisions.publish(author=None)
    CacheTier.objects.filter(name="L10").update(ttl_h=144)
    third = revisions.publish(author=None, note="Längre minne.")

    assert third.note == "Längre minne."
    assert third.origins == {"routing.plan_within_ms": 2, "tiers.L10.ttl_h": 3}
    assert [str(change) for change in revisions.changes_in(third)] == ["tiers.L10.ttl_h: 89 → 144"]


@pytest.mark.django_db
def test_the_diff_tells_of_rows_that_come_go_and_move() -> None:
    before = compiled()
    CuratedAnswer.objects.filter(name="skämt").delete()
    CuratedAnswer.objects.filter(name="tack").update(rank=0)
    ToolGate.objects.filter(tool="clock").update(enabled=False, roles=["staff"])
    FeatureFlag.objects.filter(name="guests").update(on=False)
    Backend(name="moln", kind="openai", url="https://ai.example/v1").save()

    said = [str(change) for change in changes(before, compiled())]

    assert "gates.clock.enabled: på → av" in said
    assert "gates.clock.roles: guest, member, staff, program → staff" in said
    assert "backends.moln.url: – → https://ai.example/v1" in said
    assert any(line.startswith("answers.skämt.text_sv: Vad sa nollan") for line in said)
    assert any(line.startswith("answers: hej, ") for line in said)


@pytest.mark.django_db
def test_rolling_back_restores_rows_and_is_a_revision_of_its_own() -> None:
    first = revisions.policy_of(newest())
    kept = RoutingSettings.objects.get(), list(CuratedAnswer.objects.values_list("pk", "name"))
    RoutingSettings.objects.update(plan_within_ms=900, model_production="other")
    PolicyRule.objects.all().delete()
    RuleTest.objects.all().delete()
    CuratedAnswer.objects.filter(name="hej").update(questions=["hejhej"])
    PolicyRule(name="ny", pattern="nytt").save()
    revisions.publish(author=None)

    back = revisions.roll_back(to=Revision.objects.get(number=1), author=None)

    assert back.number == 3
    assert revisions.policy_of(back) == replace(first, revision=3)
    assert compiled() == replace(first, revision=0)
    assert RoutingSettings.objects.get().plan_within_ms == kept[0].plan_within_ms
    assert list(CuratedAnswer.objects.values_list("pk", "name")) == kept[1]
    assert Revision.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "row", "field", "value", "said"),
    [
        (CacheTier, {"name": "L4"}, "ttl_h", 3, "L4 ska ha längre livslängd än L3."),
        (CacheTier, {"name": "L4"}, "hits_to_enter", 2, "L4 ska kräva fler träffar än L3."),
        (CacheTier, {"name": "L1"}, "hits_to_enter", 1, "L1 ska kräva 0 träffar"),
        (CacheTier, {"name": "L4"}, "name", "X4", "Cachenivåerna ska vara L1 till L10."),
        (RoutingSettings, {}, "first_token_s", [1, 2, 5, 34], "Längsta tystnaden"),
        (RoutingSettings, {}, "passages", "1, 2", "Expected `array`"),
        (PolicyRule, {"name": "systemprompt"}, "pattern", "(?=x)", "RE2"),
    ],
)
def test_settings_that_contradict_each_other_are_not_published(
    model: type, row: dict[str, str], field: str, value: object, said: str
) -> None:
    model.objects.filter(**row).update(**{field: value})  # past every form

    with pytest.raises(ValidationError, match=said):
        revisions.publish(author=None)
    assert newest().number == 1


@pytest.mark.django_db
def test_a_published_revision_is_never_changed_nor_deleted() -> None:
    revision = newest()

    for change in (revision.save, revision.delete, Revision.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        Revision.objects.update(note="")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([1], "Ange 2 till 3 tal."),
        ([1, 2, 3, 4], "Ange 2 till 3 tal."),
        ([0, 2], "Talen ska ligga från 1 till 10."),
        ([1, 11], "Talen ska ligga från 1 till 10."),
        ([2, 1], "Varje tal ska vara större än det förra."),
        ([1, 1], "Varje tal ska vara större än det förra."),
        ("1, 2", "Skriv tal med komma emellan"),
        ([True, 2], "Skriv tal med komma emellan"),
    ],
)
def test_a_row_of_numbers_has_length_range_and_direction(row: object, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Row(1, 10, 2, 3)(row)

    assert said in refused.value.messages[0]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("1, 2, 5, 8", [1, 2, 5, 8]),
        ("1 2\t5", [1, 2, 5]),
        ("0.5, 1.25", [0.5, 1.25]),
        ("0,5; 1,25", [0.5, 1.25]),
        ("", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, row: list[float]) -> None:
    assert NumbersInput(whole=False).to_python(text) == row
