"""One JSON line per happening, on stderr: time, level, event, and the ids of request and turn.
In a terminal it is text instead.

What people write never gets here: a traceback is told as places in the code, without the values
there, and an exception's own words only where they can't be a person's.
"""

import logging.config
import sys
import traceback
from typing import Any

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SPEAKS_OF_MACHINES = (OSError, ImportError)
"""Exceptions whose words are about files, hosts and modules."""


_steps: list[Processor] = []  # one list: loggers that are bound already hold on to it


def configure(configuration: dict[str, Any]) -> None:
    """Set up the standard library's logging and structlog. Django calls it at start."""
    level = getattr(logging, configuration["root"]["level"])
    shown: tuple[Processor, ...] = configuration["formatters"]["alice"]["processors"][1:]
    logging.config.dictConfig(configuration)
    # Our own lines are written straight away: a turn's line costs a third of what it would cost
    # on the way through the standard library.
    _steps[:] = structlog.contextvars.merge_contextvars, *_SHARED, *shown
    structlog.configure(
        processors=_steps,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def is_for_people(format: str) -> bool:
    """Tell whether lines are to be text: where an operator says so, or nothing, in a terminal."""
    return format == "text" or (not format and sys.stderr.isatty())


def configuration(*, level: str, text: bool = False) -> dict[str, Any]:
    """Describe where log lines go and how they look: JSON, or plain text for people."""
    shown: tuple[Processor, ...] = (structlog.processors.JSONRenderer(serializer=_as_json),)
    if text:
        shown = (_in_lines, structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()))
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "alice": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.stdlib.add_logger_name,
                    *_SHARED,
                ],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    tell_exception,
                    *shown,
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
            "django.request": {"level": "ERROR"},
            "httpx": {"level": "WARNING"},  # its lines hold addresses, and those may hold keys
            "axes": {"level": "WARNING"},
        },
    }


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by `exception`: what it was, where it came from and what was its cause."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(error, BaseException):
        event["exception"] = _told(error)
    return event


def _in_lines(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write an exception as people read it: what it was, and under it where it came from."""
    if chain := event.get("exception"):
        event["exception"] = "\n".join(
            line
            for told in chain
            for line in (
                f"{told['type']} {told.get('says', '')}".rstrip(),
                *(f"  {at}" for at in told["at"]),
            )
        )
    return event


def _told(error: BaseException | None) -> list[dict[str, Any]]:
    chain: list[dict[str, Any]] = []
    while error is not None and len(chain) < 8:
        frames = traceback.extract_tb(error.__traceback__)
        told: dict[str, Any] = {
            "type": type(error).__qualname__,
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        }
        if isinstance(error, SPEAKS_OF_MACHINES):
            told["says"] = str(error)
        chain.append(told)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain


def _as_json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()


_SHARED: tuple[Processor, ...] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)
