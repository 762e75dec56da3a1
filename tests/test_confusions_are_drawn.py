"""What is taken for what is drawn, with the worst pairs named."""

import json
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from nlu.confusions import drawn, worst

PAIRS = [
    *[("play_music", "play_music")] * 8,
    *[("play_music", "play_radio")] * 2,
    *[("play_radio", "play_music")] * 3,
    ("weather_query", "<b>"),
]


def test_the_most_confused_come_first() -> None:
    assert worst(PAIRS, most=2) == [
        ("play_radio", "play_music", 3),
        ("play_music", "play_radio", 2),
    ]
    assert worst([("a", "a")]) == []


def test_the_picture_tells_every_square() -> None:
    picture = ElementTree.fromstring(drawn(PAIRS))
    told = [one.text for one in picture.iter("{http://www.w3.org/2000/svg}title")]
    assert told[0] == "Avsikter som förväxlas: 8 av 14 rätt"
    assert "play_radio → play_music: 3" in told
    assert "weather_query → <b>: 1" in told


def test_evaluate_draws_what_it_measured(tmp_path: Path, db: None) -> None:
    messages, picture = tmp_path / "some.jsonl", tmp_path / "some.svg"
    messages.write_text(json.dumps({"utt": "spela jazz", "intent": "play_game"}) + "\n", "utf-8")
    out = StringIO()
    call_command("evaluate", "intents", str(messages), "--json", plot=picture, stdout=out)
    assert json.loads(out.getvalue())["accuracy"] == 0
    assert "play_game → play_music: 1" in picture.read_text("utf-8")
    with pytest.raises(CommandError, match="saknas"):
        call_command("evaluate", "intents", str(messages), plot=tmp_path / "saknas" / "a.svg")
