"""The console shows whether the false-hit budget is kept, and the curve it rests on."""

from xml.etree import ElementTree

import msgspec
import pytest
from django.urls import reverse

from alice_site.curves import chart
from chat.evaluations.feedback import pairs_of_feedback
from chat.models import Revision, TurnRecord, User
from fibcache.admin.false_hits import told, verdict
from fibcache.core.budget import Outcome, Tally
from fibcache.core.spiral import Spiral
from fibcache.models import SpiralSettings
from tests.test_conversations_are_ones_own import Api
from tests.test_hits_keep_to_a_budget import SHOWN
from tests.test_outcomes_are_known_everywhere import noted

pytestmark = pytest.mark.django_db(transaction=True)
WHERE = "admin:fibcache_spiralsettings_false_hits"


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_superuser("chef", tenant_id="alice"))
    return client


def page(admin) -> str:
    answer = admin.get(reverse(WHERE), headers={"accept-language": "sv"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_is_honest_where_nothing_is_known(admin):
    shown = page(admin)

    assert "Inga kontrollerade träffar de senaste 30 dagarna." in shown
    assert "598 till utan fel behövs" in shown
    assert "Kalibreringen som följer med Alice gäller." in shown


def test_what_is_known_is_told_with_its_bound(admin):
    for _ in range(3):
        noted(Outcome("e", 0.8, True))
    noted(Outcome("e", 0.9, False))

    shown = page(admin)

    assert "4 kontrollerade träffar, 1 fel, högst 75,1\xa0%" in shown.replace(" %", "\xa0%")
    assert "Fler fel än budgeten tillåter" in shown
    assert "nej, budgeten har inte plats" in shown


def test_the_sentence_of_a_month():
    tally = Tally.of([*[Outcome("e", 0.8, True)] * 411, Outcome("e", 0.8, False)])
    shown = tally.shown(spiral=Spiral())

    assert told(shown, 30) == (
        "Senaste 30 dagarna: 412 kontrollerade träffar, 1 fel, högst 1,1 % med 95 % säkerhet. "
        "Budgeten är 0,5 %."
    )
    assert verdict(shown) == (
        "För få kontroller för att säga att budgeten hålls: 535 till utan fel behövs."
    )
    kept = Tally.of([Outcome("e", 0.8, True)] * 598).shown(spiral=Spiral())
    assert verdict(kept) == "Budgeten hålls."


def test_the_curves_are_drawn_without_style_or_script_and_told_in_a_table(admin):
    shown = page(admin)

    figures = [part.split("</figure>")[0] for part in shown.split("<figure")[1:]]
    drawings = [figure.split("<svg")[1].split("</svg>")[0] for figure in figures]
    assert len(drawings) == 2
    for drawing in drawings:
        drawn = ElementTree.fromstring(f"<svg{drawing}</svg>")
        assert drawn.get("role") == "img" and drawn.get("aria-label")
        points = [
            tuple(map(int, p.split(","))) for p in drawn.find("polyline").get("points").split()
        ]
        along = [x for x, _ in points]
        assert along == sorted(along) and len(points) > 1
        assert "style" not in drawing
    assert "Vad varje tröskel skulle ge på paren" in shown
    assert 'style="' not in shown


def test_the_settings_lead_to_the_page(admin):
    form = admin.get(reverse("admin:fibcache_spiralsettings_change", args=[1])).content.decode()

    assert reverse(WHERE) in form
    for name in ("false_hits_at_most", "confidence", "shadow_share", "checks_per_minute"):
        assert f'name="{name}"' in form


def test_whoever_may_not_see_settings_does_not_see_the_page(client):
    client.force_login(User.objects.create_user("anna", tenant_id="alice", is_staff=True))

    assert client.get(reverse(WHERE)).status_code == 403


def test_saving_the_settings_keeps_a_published_calibration(admin):
    row = SpiralSettings.objects.get()
    row.calibration = msgspec.to_builtins(SHOWN)
    row.save()
    where = reverse("admin:fibcache_spiralsettings_change", args=[1])
    form = admin.get(where).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data["probes"] = "1, 2, 3"

    admin.post(where, data)

    assert Revision.objects.first().snapshot["spiral"]["calibration"]["encoder"] == "e"


def test_feedback_is_made_into_labelled_pairs():
    why = {"entry": "k", "question": "Hur kokar man ägg?", "asked": "d", "score": 0.83}
    api = Api("anna")
    api.said("Ring 070-123 45 67, hur kokar jag ägg?", why=why, source="spiral")
    turn = TurnRecord.objects.get()
    noted(Outcome("k", 0.83, False), turn.pk)
    (checked,) = pairs_of_feedback()
    assert (checked.b, checked.same) == ("Hur kokar man ägg?", False)
    assert "070" not in checked.a

    api.post("/api/feedback", {"turn_id": str(turn.pk), "thumb": "up"})

    (judged,) = pairs_of_feedback()
    assert judged.same  # a person knows better


def test_a_curve_of_one_point_can_be_drawn():
    drawn = chart(
        [(0.5, 0.1)],
        title="t",
        x_label="x",
        y_label="y",
        x_text=str,
        y_text=str,
        limits=[(0.2, "gräns")],
    )

    assert drawn.line and drawn.limits[0].at == drawn.top
    with pytest.raises(ValueError, match="points"):
        chart([], title="t", x_label="x", y_label="y", x_text=str, y_text=str)
