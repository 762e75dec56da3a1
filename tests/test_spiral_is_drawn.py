"""`manage.py spiral` draws each cell of the index, as large as it is full."""

import io
from math import hypot
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from fibcache import services
from fibcache.core.encoder import EncoderAway
from fibcache.core.picture import EDGE, SIDE, dots
from tests.caching import filled, in_force

pytestmark = pytest.mark.django_db(transaction=True)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(path, *arguments: str) -> list[ElementTree.Element]:
    call_command("spiral", str(path), *arguments, stdout=io.StringIO())
    return list(ElementTree.fromstring(path.read_text("utf-8")))


def test_dots_lie_within_the_picture_and_apart():
    placed = dots([100] * 89)

    assert all(hypot(dot.x - SIDE / 2, dot.y - SIDE / 2) <= SIDE / 2 - EDGE for dot in placed)
    assert all(
        hypot(one.x - other.x, one.y - other.y) > one.radius
        for one in placed
        for other in placed[: one.number]
    )


def test_a_fuller_cell_is_larger_and_darker():
    empty, some, most = dots([0, 5, 50])

    assert empty.radius < some.radius < most.radius
    assert empty.shade < some.shade < most.shade == 1


def test_a_file_of_questions_is_drawn(tmp_path):
    questions = tmp_path / "questions.txt"
    questions.write_text("\n".join(f"Hur lång är sjö {n}?" for n in range(700)), "utf-8")

    shapes = drawn(tmp_path / "s.svg", "--questions", str(questions), "--ask", "Hur lång är sjö 7?")

    circles = [shape for shape in shapes if shape.tag == f"{SVG}circle"]
    counts = [int(circle.find(f"{SVG}title").text.split(": ")[1]) for circle in circles]
    assert (len(circles), sum(counts)) == (89, 700)
    assert [shape.text for shape in shapes if shape.tag == f"{SVG}text"] != []


def test_the_shared_cache_is_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(services, "here_only", lambda cache: False)
    with in_force(filled()):
        shapes = drawn(tmp_path / "s.svg")

    assert "4 frågor" in shapes[0].text


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "inga frågor"), (b"\xff\xfe", "UTF-8"), (None, "No such file")]
)
def test_what_cannot_be_read_is_said(tmp_path, content, says):
    questions = tmp_path / "questions.txt"
    if content is not None:
        questions.write_bytes(content)

    with pytest.raises(CommandError, match=says):
        drawn(tmp_path / "s.svg", "--questions", str(questions))


def test_a_cache_in_the_servers_process_needs_a_file(tmp_path):
    with in_force(filled()), pytest.raises(CommandError, match="REDIS_URL"):
        drawn(tmp_path / "s.svg")


def test_an_encoder_that_is_away_is_said_so(tmp_path, monkeypatch):
    async def away(question: str):
        raise EncoderAway("timed out")

    questions = tmp_path / "questions.txt"
    questions.write_text("Hej?", "utf-8")
    with in_force(filled()) as cache, pytest.raises(CommandError, match="timed out"):
        monkeypatch.setattr(cache.matcher, "vector", away)
        drawn(tmp_path / "s.svg", "--questions", str(questions))
