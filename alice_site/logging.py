"""One JSON line per happening, on stderr: time, level, event, and the ids of request and turn.

What people write never gets here: tracebacks carry no local values, and no line carries text.
"""

import logging.config
from typing import Any

import structlog
from structlog.typing import Processor

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def configure(configuration: dict[str, Any]) -> None:
    """Set up the standard library's logging and structlog. Django calls it at start."""
    logging.config.dictConfig(configuration)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def configuration(*, level: str, text: bool = False) -> dict[str, Any]:
    """Describe where log lines go and how they look: JSON, or plain text for people."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "alice": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*_SHARED, structlog.stdlib.add_logger_name],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *(_as_text() if text else _as_json()),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "alice"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "uvicorn": {"handlers": [], "level": "INFO", "propagate": True},
            "uvicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            "uvicorn.access": {"handlers": [], "level": "WARNING", "propagate": False},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # A request that was refused is the caller's business; it is counted, not logged.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "httpx": {"level": "WARNING"},  # its lines hold addresses with keys in them
            "axes": {"level": "WARNING"},
        },
    }


def _as_json() -> tuple[Processor, ...]:
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    return (
        structlog.processors.ExceptionRenderer(tracebacks),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    )


def _as_text() -> tuple[Processor, ...]:
    return (structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),)
