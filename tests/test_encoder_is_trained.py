"""`manage.py nlu train encoder` makes the encoder's file from open data, the same every time."""

import gzip
import json
from io import StringIO
from pathlib import Path
from random import Random

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from nlu.core.encoder import Rows, SwedishEncoder
from nlu.training import encoder as training
from nlu.training.encoder import Adam, contrast
from nlu.training.pairs import groups

TWINS = [
    ("Jag har en röd bil.", "I have a red car."),
    ("Hunden sover i köket.", "The dog sleeps in the kitchen."),
    ("Vi åker till havet i sommar.", "We are going to the sea this summer."),
    ("Hon läser en tjock bok.", "She is reading a thick book."),
]
LAW = (
    "Den som säljer en vara ska lämna kvitto till köparen. Kvittot ska visa pris och datum tydligt."
)


@pytest.fixture
def data(tmp_path):
    """A folder with a few rows of every set, in each set's own form."""

    def write(name, rows):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))

    write("tatoeba-en-sv/pairs.train80.jsonl.gz", [{"sv": sv, "en": en} for sv, en in TWINS * 8])
    write("tatoeba-en-sv/sv_paraphrases.train80.jsonl.gz", [{"sv_a": "Skynda!", "sv_b": "Fort!"}])
    for locale, utt in (("sv-SE", "väck mig vid nio"), ("en-US", "wake me at nine")):
        for part in ("train", "dev"):
            write(f"massive/{locale}.{part}.jsonl.gz", [{"id": part, "utt": utt}])
    said = {"entailment": "Han äter.", "contradiction": "Han sover.", "neutral": "Han ler."}
    rows = [{"premise": "Han äter lunch.", "hypothesis": h, "label": x} for x, h in said.items()]
    write("swenli/swenli.dev.jsonl.gz", rows)
    word = {"word": "bil", "translations": ["car"], "definition": ["fordon på fyra hjul"]}
    word |= {"synonyms": [["åk", 2.0], ["automobil", 4.5], ["kärra", None]]}
    word |= {"inflections": ["bilen", "bilar"], "examples": [["köra bil", "drive a car"]]}
    write("folkets-sv-en/folkets.jsonl.gz", [word, {"word": "och"}])
    write("synlex-sv/synpairs.jsonl.gz", [{"w1": "snabb", "w2": "fort", "level": 4.0}])
    about = {"question": "Vad visar kvittot?", "context": LAW, "answer_span": [60, 70]}
    write("swequad-mc/train.jsonl.gz", [about])
    write("sfs-lagtext/acts.train80.jsonl.gz", [{"text": f"# Lag\n\n{LAW}"}])
    path = tmp_path / "sv-frequency/sv_50k.txt.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress(b"jag 900\nen 800\nbil 20\n"))
    return tmp_path


def trained(data, out, **options):
    said = StringIO()
    call_command("nlu", "train", "encoder", data=data, out=out, stdout=said, **options)
    return said.getvalue()


def test_the_same_data_gives_the_same_file_and_twins_come_nearer(data, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "COMMON_DIRECTIONS", 0)  # few texts have only common ones
    one, other = tmp_path / "one.npz", tmp_path / "other.npz"

    said = trained(data, one, epochs=3)
    trained(data, other, epochs=3)

    assert one.read_bytes() == other.read_bytes()
    encoder = SwedishEncoder.load(one)
    assert encoder.fingerprint in said and "3/3" in said and "calibrate" in said
    swedish, english = (np.stack([encoder.encode(pair[side]) for pair in TWINS]) for side in (0, 1))
    cosines = swedish @ english.T
    assert (cosines.argmax(axis=1) == np.arange(len(TWINS))).all()


def test_common_words_count_less(data, tmp_path):
    trained(data, tmp_path / "one.npz", epochs=1)

    rows = Rows.unpacked((tmp_path / "one.npz").read_bytes())
    weights = dict(zip(rows.words, rows.weights.tolist(), strict=True))
    assert weights["jag"] < weights["bil"] < weights["hunden"] == 255 or weights["hunden"] == 254


def test_every_set_is_read_in_its_own_form(data):
    found = {kind.name: kind for kind in groups(data, Random(1))}

    assert found["massive"].pairs == [("väck mig vid nio", "wake me at nine")] * 2
    assert found["swenli"].opposites == {"Han äter lunch.": "Han sover."}
    assert found["synonyms"].pairs == [("bil", "automobil"), ("bil", "kärra")]
    assert found["forms"].pairs == [("bilen", "bil"), ("bilar", "bil")]
    assert found["translations"].english and not found["meanings"].english
    assert len(found["questions"].pairs) == 5
    assert "Den som säljer en vara ska lämna kvitto till köparen." in {
        one for one, _ in found["texts"].pairs
    }


def test_a_set_that_is_missing_is_named(data, tmp_path):
    (data / "synlex-sv/synpairs.jsonl.gz").unlink()

    with pytest.raises(CommandError, match="synpairs"):
        trained(data, tmp_path / "one.npz")


@pytest.mark.parametrize(("option", "value"), [("epochs", 0), ("out", "no/such/folder/a.npz")])
def test_what_can_not_be_done_is_told(data, tmp_path, option, value):
    with pytest.raises(CommandError, match=r"epochs|kan inte skrivas"):
        options = {"epochs": 1, option: Path(value) if option == "out" else value}
        trained(data, options.pop("out", tmp_path / "one.npz"), **options)


def test_the_slopes_are_those_of_the_loss():
    random = np.random.default_rng(3)
    ones = random.standard_normal((3, 5)).astype("f4") / 10
    others = random.standard_normal((4, 5)).astype("f4") / 10
    apart = np.ones((3, 4), bool)
    apart[0, 2] = False

    _, by_ones, by_others = contrast(ones, others, apart)

    for array, slopes in ((ones, by_ones), (others, by_others)):
        for place in ((0, 1), (2, 4)):
            losses = []
            for move in (-1e-3, 1e-3):
                moved = array.copy()
                moved[place] += move
                pair = (moved, others) if array is ones else (ones, moved)
                losses.append(contrast(*pair, apart)[0])
            assert slopes[place] == pytest.approx((losses[1] - losses[0]) / 2e-3, abs=0.02)


def test_a_row_that_is_not_used_does_not_move():
    rows = np.ones((3, 4), np.float32)
    Adam(rows).step(np.array([1]), np.full((1, 4), 2, np.float32), 0.1)

    assert (rows[[0, 2]] == 1).all() and rows[1] == pytest.approx(0.9)


def test_what_all_texts_share_is_taken_away():
    random = np.random.default_rng(1)
    kinds = [training.Group("a", [(f"ord{n} fras{n}", "") for n in range(200)], english=True)]
    reading = training.Reading(training.Words.of(kinds, {}, most=100))
    rows = random.standard_normal((100 + training.BUCKETS, 512)).astype("f4")
    used, matrix = reading.matrix([one for one, _ in kinds[0].pairs])

    def shared(rows):
        texts = matrix @ rows[used]
        return np.linalg.norm((texts / np.linalg.norm(texts, axis=1, keepdims=True)).mean(axis=0))

    assert shared(training.without_common(rows, reading, kinds)) < 0.2 < 0.5 < shared(rows)
