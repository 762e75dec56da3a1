"""What the shipped encoder hears: meaning a little, spelling well, and the same everywhere."""

import asyncio
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alice_site.checks import check_encoder
from chat import wiring
from fibcache.core.shipped import SHIPPED as CALIBRATIONS
from nlu.core.encoder import (
    BUCKETS,
    MOST_LETTERS,
    SHIPPED,
    BadEncoderFile,
    Rows,
    SwedishEncoder,
    words_of,
)

ENCODER = SwedishEncoder.load()


def cosine(one: str, other: str) -> float:
    return float(ENCODER.encode(one) @ ENCODER.encode(other))


@given(st.text(max_size=80))
def test_every_text_has_a_vector(text):
    vector = ENCODER.encode(text)

    assert vector.shape == (512,) and vector.dtype == np.float32
    assert bool(words_of(text)) == bool(vector.any())
    assert not vector.any() or np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " …?! ", "🙂👍🏽", "\ud800"])
def test_no_letters_no_direction(text):
    assert not ENCODER.encode(text).any()


def test_a_huge_text_is_cut_and_a_huge_word_too():
    assert np.linalg.norm(ENCODER.encode("hur mår du? " * 100_000)) == pytest.approx(1, abs=1e-5)
    assert cosine("a" * 1_000_000, "a" * MOST_LETTERS) == pytest.approx(1, abs=1e-5)


def test_case_and_punctuation_are_not_heard():
    assert np.array_equal(ENCODER.encode("Hur mår du?"), ENCODER.encode("  hur   MÅR du!"))
    assert np.array_equal(ENCODER.encode("mår"), ENCODER.encode("ma\u030ar"))  # å of two signs


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("Hur betalar jag räkningen?", "hur betlar jag räkningen", "Vem är kung?"),  # a slip
        ("cyklarna", "cykel", "bilarna"),  # an inflection
        ("bil", "fordon", "banan"),  # a synonym
        ("hund", "dog", "cat"),  # English
        ("En man spelar gitarr.", "En kille lirar på en gitarr.", "En man äter en banan."),
        ("När öppnar biblioteket?", "Vilken tid öppnar biblioteket?", "När går tåget?"),
    ],
)
def test_what_means_the_same_lies_nearer(text, near, far):
    assert cosine(text, near) > cosine(text, far) + 0.1


async def test_many_at_once_are_the_same_as_one_by_one():
    texts = ["Hur mår du?", "", *(f"fråga nummer {n}" for n in range(70))]

    many = await ENCODER.vectors_of(texts)

    assert np.array_equal(many, np.stack([ENCODER.encode(text) for text in texts]))
    assert np.array_equal(await ENCODER.vector_of(texts[0]), many[0])


@pytest.mark.parametrize(
    ("text", "start", "total"),
    [
        ("Hur mår du, Åsa?", [0.002191, -0.0028797, 0.0032661, -0.0347929], 0.2625343),
        ("När går tåget till Malmö?", [0.0315534, -0.1005777, 0.0330741, 0.0253887], -1.6923063),
    ],
)
def test_the_numbers_stay_what_they_were(text, start, total):
    vector = ENCODER.encode(text)

    assert vector[:4].tolist() == pytest.approx(start, abs=1e-6)
    assert vector.sum() == pytest.approx(total, abs=1e-5)
    assert ENCODER.fingerprint == "alice-words-and-runs-512-v1-5a0913e1d7cb"


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_makes_the_same_vector(seed):
    script = (
        "from nlu.core.encoder import SwedishEncoder;"
        "print(SwedishEncoder.load().encode('Hur mår du, Åsa?').tobytes().hex())"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()

    assert printed == ENCODER.encode("Hur mår du, Åsa?").tobytes().hex()


def test_it_ships_small_and_is_the_one_that_is_used(settings):
    settings.ALICE_ENCODER = ""

    assert SHIPPED.stat().st_size < 17e6
    assert wiring.encoder().fingerprint == ENCODER.fingerprint


def test_it_ships_with_a_calibration():
    assert ENCODER.fingerprint in {one.encoder for one in CALIBRATIONS}


def some_rows() -> Rows:
    numbers = np.ones((2 + BUCKETS, 512), np.int8)
    return Rows(("hej", "då"), np.array([255, 0], np.uint8), numbers, np.ones(len(numbers), "f4"))


def test_rows_are_read_as_they_were_written():
    rows = some_rows()
    again = Rows.unpacked(rows.packed())

    assert again.words == rows.words and np.array_equal(again.numbers, rows.numbers)
    assert again.packed() == rows.packed()


def test_a_word_without_weight_is_not_heard():
    encoder = SwedishEncoder(some_rows(), "test")

    assert np.array_equal(encoder.encode("hej då"), encoder.encode("hej"))


def torn(packed: bytes) -> bytes:
    return packed[: len(packed) // 2]


def of_another_shape(packed: bytes) -> bytes:
    rows = Rows.unpacked(packed)
    return Rows(rows.words, rows.weights, rows.numbers[:-1], rows.scales).packed()


def with_a_flipped_bit(packed: bytes) -> bytes:
    return packed[: len(packed) // 2] + b"!?" + packed[len(packed) // 2 + 2 :]


@pytest.mark.parametrize("damaged", [torn, of_another_shape, with_a_flipped_bit, lambda _: b""])
def test_a_damaged_file_is_told_of(damaged, tmp_path, monkeypatch, settings):
    settings.ALICE_ENCODER = ""
    path = tmp_path / "encoder.npz"
    path.write_bytes(damaged(some_rows().packed()))
    monkeypatch.setattr("alice_site.checks.SHIPPED", path)

    (found,) = check_encoder(None)

    assert found.id == "alice.E007" and str(path) in found.msg and "nlu train encoder" in found.hint
    with pytest.raises(BadEncoderFile):
        SwedishEncoder.load(path)


def test_a_missing_file_is_told_of(tmp_path, monkeypatch, settings):
    settings.ALICE_ENCODER = ""
    monkeypatch.setattr("alice_site.checks.SHIPPED", tmp_path / "encoder.npz")

    assert [found.id for found in check_encoder(None)] == ["alice.E007"]
    settings.ALICE_ENCODER = "ollama:nomic-embed-text"  # then nobody needs the file
    assert check_encoder(None) == []


def test_others_get_their_time_while_many_are_encoded():
    async def run() -> int:
        turns = 0

        async def others() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(others())
        await ENCODER.vectors_of(["hej"] * 340)
        task.cancel()
        return turns

    assert asyncio.run(run()) >= 9
