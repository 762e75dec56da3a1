"""Staff play a recording against marks that are saved, or not yet."""

from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chat.models import Revision, User
from chat.strain import STRAIN
from guardian.core.recordings import Moment, read
from guardian.core.state import Ladder, State, Vitals
from guardian.models import LadderSettings
from guardian.simulator import MARKS, PIECES

pytestmark = pytest.mark.django_db
WHERE = reverse("admin:guardian_laddersettings_simulation")
RAMP = "second,lag_ms\n" + "".join(f"{n},{200 if 5 <= n < 15 else 1}\n" for n in range(60))


def marks(**changed: str) -> dict[str, str]:
    ladder = Ladder()
    told = {name: getattr(ladder, name) for name in MARKS}
    written = {
        name: ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in told.items()
    }
    return written | changed


def test_the_saved_marks_are_played_at_once(admin_client):
    page = admin_client.get(WHERE).text

    assert "Högsta läge:" in page and "Med gränserna som de är sparade." in page
    assert page.count("<svg") > 1 and 'style="' not in page


def test_unsaved_marks_lead_elsewhere_and_nothing_is_saved(admin_client):
    saved = Revision.objects.count(), list(LadderSettings.objects.values())

    before = admin_client.post(WHERE, marks(text=RAMP)).text
    after = admin_client.post(WHERE, marks(text=RAMP, lag_ms="50, 100, 150")).text

    assert "Högsta läge: ansträngt" in before and "Med gränserna som de är" in before
    assert "Högsta läge: stängt" in after
    assert "inte är sparade: Händelseloopens eftersläpning." in " ".join(after.split())
    assert (Revision.objects.count(), list(LadderSettings.objects.values())) == saved


def test_what_is_drawn_is_told_in_tables_too(admin_client):
    page = admin_client.post(WHERE, marks(text=RAMP)).text

    drawing = ElementTree.fromstring(
        "<svg"
        + page.split('<figure class="alice-chart">')[1].split("<svg")[1].split("</svg>")[0]
        + "</svg>"
    )
    assert drawing.get("role") == "img"
    assert drawing.find("rect").get("class") == "brownout"
    assert '<th scope="row">8 s</th><td>normalt</td><td>ansträngt</td>' in page
    assert '<th scope="row">29 s</th><td>ansträngt</td><td>normalt</td>' in page
    rows = page.split("bit för bit")[1].split("<tbody>")[1].split("</tbody>")[0]
    assert rows.count("<tr>") <= PIECES and "200" in rows


def test_a_file_is_played_and_kept_for_the_next_try(admin_client):
    file = SimpleUploadedFile("ramp.csv", RAMP.encode())

    page = admin_client.post(WHERE, marks() | {"file": file}).text

    assert "Högsta läge: ansträngt" in page
    kept = page.split("<textarea")[1].split(">", 1)[1].split("</textarea>")[0]
    assert len(read(kept)) == 60


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "hej"}, "Det är ingen inspelning"),
        ({"text": "second,lag_ms\n1,2\n1,2"}, "Rad 2: tiden (second) ska stiga."),
        ({"file": b"\xff\xfe\x00"}, "Filen är ingen text i UTF-8."),
        ({"file": b"1" * (1 << 20) + b"1"}, "Filen får vara högst 1 MiB."),
        ({"recording": "../injection"}, "Välj ett giltigt alternativ"),
        ({"recording": "last_hour"}, "Processen har inte hunnit mäta något än."),
        ({"lag_ms": "3, 2, 1"}, "Varje tal ska vara större än det förra."),
        ({"stay_s": "-1"}, "större än eller lika med 1"),
    ],
)
def test_what_can_not_be_played_is_told(admin_client, given, said):
    if "file" in given:
        given = {"file": SimpleUploadedFile("x.csv", given["file"])}

    page = admin_client.post(WHERE, marks() | given).text

    assert said in page and "Högsta läge" not in page


def test_the_form_of_the_settings_can_be_tried_as_it_stands(admin_client):
    where = reverse("admin:guardian_laddersettings_change", args=[1])
    form = admin_client.get(where)
    assert f'formaction="{WHERE}"' in form.text

    fields = form.context["adminform"].form
    told = {bound.html_name: bound.value() for bound in fields if bound.value() is not None}
    told = {
        name: fields[name].field.prepare_value(value)
        if hasattr(fields[name].field, "prepare_value")
        else value
        for name, value in told.items()
    }
    page = admin_client.post(WHERE, {**told, "cpu_percent": "0.1, 0.2, 0.3"}).text

    assert "Högsta läge: stängt" in page


def test_what_a_process_felt_can_be_played_and_taken_away(admin_client, monkeypatch):
    late = Vitals(lag_ms=500.0)
    felt = [Moment(1000.0 + n, late if n > 9 else Vitals()) for n in range(20)]
    monkeypatch.setattr(STRAIN, "felt", felt)

    page = admin_client.post(WHERE, marks(recording="last_hour")).text
    taken = admin_client.get(reverse("admin:guardian_laddersettings_recording")).text

    assert "Högsta läge: nödläge" in page
    assert read(taken)[-1].vitals == late


def test_the_page_speaks_english(admin_client):
    page = admin_client.post(WHERE, marks(text="hej"), headers={"accept-language": "en"}).text

    assert "That is no recording" in page


def test_who_may_not_see_settings_plays_nothing(client):
    client.force_login(User.objects.create_user("anna", tenant_id="alice", is_staff=True))

    assert client.get(WHERE).status_code == 403
    assert client.get(reverse("admin:guardian_laddersettings_recording")).status_code == 403


def test_states_have_a_name_each():
    from guardian.simulator import state_name

    assert len({state_name(state) for state in State}) == len(State)
