"""Alice answers without what a damaged or missing file of the language model would have told."""

import pytest
from structlog.testing import capture_logs

from chat import wiring
from nlu.core import intents, lexicon, slots, understanding


@pytest.mark.parametrize(
    ("module", "name"),
    [(intents, "intents"), (lexicon, "words"), (slots, "slots")],
    ids=["intents", "words", "slots"],
)
@pytest.mark.parametrize("damage", [b"", b"nonsense"])
def test_messages_go_unread_and_the_log_says_why(module, name, damage, tmp_path, monkeypatch):
    path = tmp_path / f"{name}.file"
    path.write_bytes(damage)
    if module is intents:
        monkeypatch.setattr(understanding, "shipped", lambda language: path)
    elif module is lexicon:
        monkeypatch.setattr(lexicon, "shipped", lambda language: path)
        lexicon.lexicon.cache_clear()
    else:
        load = slots.SlotTagger.load
        monkeypatch.setattr(understanding, "shipped_slots", lambda language: load(path, language))
    try:
        with capture_logs() as lines:
            assert wiring.understanding.__wrapped__() is None
    finally:
        lexicon.lexicon.cache_clear()

    assert [line["event"] for line in lines] == ["intents_left_out"]
    assert str(path) in lines[0]["why"]
