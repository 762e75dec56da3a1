"""What `manage.py evaluate` can measure: one module each, and one table of them."""

from .base import Measure
from .pairs import PairsMeasure
from .retrieval import RetrievalMeasure
from .sts import StsMeasure
from .traffic import TrafficMeasure

MEASURES: tuple[Measure, ...] = (
    PairsMeasure(),
    TrafficMeasure(),
    StsMeasure(),
    RetrievalMeasure(),
)
