"""What `manage.py evaluate` can measure: one module each, and one table of them."""

from .base import Measure
from .dates import DatesMeasure
from .injection import InjectionMeasure
from .intents import IntentsMeasure
from .language import LanguageMeasure
from .pairs import PairsMeasure
from .pii import PiiMeasure
from .retrieval import RetrievalMeasure
from .robust import RobustMeasure
from .sts import StsMeasure
from .traffic import TrafficMeasure

MEASURES: tuple[Measure, ...] = (
    DatesMeasure(),
    PairsMeasure(),
    TrafficMeasure(),
    StsMeasure(),
    RetrievalMeasure(),
    IntentsMeasure(),
    InjectionMeasure(),
    RobustMeasure(),
    LanguageMeasure(),
    PiiMeasure(),
)
