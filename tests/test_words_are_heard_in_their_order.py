"""A small network hears the words of a message in their order, and is learnt without help."""

from dataclasses import replace

import numpy as np
import pytest

from nlu.core.order import Order, OrderModel
from nlu.training import sequences

WORDS = ("tänd", "inte", "lampan", "släck")
INTENTS = 3


class OneEach:
    """An encoder in which every word is a direction of its own."""

    fingerprint = "one each"

    def encode(self, text: str) -> np.ndarray:
        vector = np.zeros(8, np.float32)
        if text:
            vector[WORDS.index(text) if text in WORDS else 7] = 1
        return vector


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "WIDTH", 12)
    monkeypatch.setattr(sequences, "UNITS", 16)


def test_slopes_are_those_of_the_loss(small: None) -> None:
    random = np.random.default_rng(0)
    begun = sequences.begin(8, 4, INTENTS, random)
    net = {name: held + 0.05 * random.normal(size=held.shape) for name, held in begun.items()}
    vectors = np.vstack([np.zeros(8), random.normal(size=(5, 8))])
    words, own = np.array([[1, 2, 3, 0], [4, 5, 0, 0]]), np.array([[1, 2, 0, 0], [3, 0, 0, 0]])
    wanted, weights = np.array([0, 2]), np.array([1.0, 2.0])

    def loss() -> float:
        told = sequences.scores(net, vectors, words, own)
        sure = told - np.log(np.exp(told).sum(axis=1, keepdims=True))
        believed = np.full(sure.shape, (1 - sequences.BELIEF) / INTENTS)
        believed[np.arange(2), wanted] += sequences.BELIEF
        return float(-(sure * believed * weights[:, None]).sum() / 2)

    found = sequences.slopes(net, vectors, words, own, wanted, weights)
    for name, held in net.items():
        place = tuple(size // 2 for size in held.shape)
        as_it_is = held[place]
        held[place] = as_it_is + 1e-6
        above = loss()
        held[place] = as_it_is - 1e-6
        below = loss()
        held[place] = as_it_is
        assert found[name][place] == pytest.approx((above - below) / 2e-6, abs=1e-6), name


@pytest.fixture
def order(small: None, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Learnt from messages that only the order of their words tells apart."""
    monkeypatch.setattr(sequences, "EPOCHS", 40)
    said = [["tänd", "inte", "släck"], ["släck", "inte", "tänd"], ["lampan"]] * 40
    wanted = np.array([0, 1, 2] * 40)
    monkeypatch.setattr(sequences, "learn", _patiently(sequences.learn))
    return sequences.order_of(said, wanted, np.ones(120, np.float32), INTENTS, OneEach())


def _patiently(learn):
    return lambda *args: learn(*args, epochs=60)


def test_the_order_of_words_decides(order: Order) -> None:
    model = OrderModel(order, OneEach().encode)
    assert model.scores(["tänd", "inte", "släck"]).argmax() == 0
    assert model.scores(["släck", "inte", "tänd"]).argmax() == 1
    assert model.scores(["lampan"]).argmax() == 2


def test_scores_say_how_intents_differ(order: Order) -> None:
    assert OrderModel(order, OneEach().encode).scores(["aldrig", "hört"]).mean() == pytest.approx(
        0, abs=0.01
    )


def test_what_was_written_is_read_again(order: Order) -> None:
    again = Order.read(order.known, order.arrays())
    one, other = (OrderModel(held, OneEach().encode) for held in (order, again))
    assert np.array_equal(one.scores(["tänd", "lampan"]), other.scores(["tänd", "lampan"]))


def test_tables_that_do_not_fit_are_refused(order: Order) -> None:
    cut = replace(order, near=order.near[:-1])
    with pytest.raises(ValueError, match="wrong shapes"):
        Order.read(cut.known, cut.arrays())
