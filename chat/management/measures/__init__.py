"""What `manage.py evaluate` can measure: one module each, and one table of them."""

from .base import Measure
from .dates import DatesMeasure
from .intents import IntentsMeasure
from .pairs import PairsMeasure
from .retrieval import RetrievalMeasure
from .sts import StsMeasure
from .traffic import TrafficMeasure

MEASURES: tuple[Measure, ...] = (
    DatesMeasure(),
    PairsMeasure(),
    TrafficMeasure(),
    StsMeasure(),
    RetrievalMeasure(),
    IntentsMeasure(),
)
