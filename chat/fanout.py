"""What a person's other tabs should know: that the list of conversations has changed.

The channel layer carries only this, never the words of an answer. When it is out of reach, lists
are as old as their pages; nothing else is lost.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = structlog.get_logger(__name__)

REACH_WITHIN_S = 1.0
LISTEN_AGAIN_S = 13.0

_telling: set[asyncio.Task[None]] = set()


def tell_tabs(person: str, *, sender: str = "") -> None:
    """Tell the tabs of `person`, all but `sender`, without waiting for it."""
    task = asyncio.create_task(conversations_changed(person, sender=sender))
    _telling.add(task)
    task.add_done_callback(_telling.discard)


async def conversations_changed(person: str, *, sender: str = "") -> None:
    """Tell the tabs of `person`, all but `sender`, to fetch their list again."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async with asyncio.timeout(REACH_WITHIN_S):
            await layer.group_send(_group(person), {"type": "conversations.changed", "by": sender})
    except Exception as error:  # whatever the layer is built on raises when it is away
        log.warning("fanout_failed", error=type(error).__name__)


def tell_tabs_now(person: str) -> None:
    """Tell all tabs of `person`, from code that has no event loop."""
    async_to_sync(conversations_changed)(person)


async def listen(person: str, me: str, changed: Callable[[], Awaitable[None]]) -> None:
    """Call `changed` whenever another tab of `person` than `me` has changed the list; for ever."""
    layer = get_channel_layer()
    while layer is not None:
        name = None
        try:
            name = await layer.new_channel()
            await layer.group_add(_group(person), name)
            while True:
                message = await layer.receive(name)
                if message.get("by") != me:
                    await changed()
        except Exception as error:  # as above
            log.warning("fanout_failed", error=type(error).__name__)
        finally:
            if name is not None:
                with suppress(Exception):
                    await layer.group_discard(_group(person), name)
        await asyncio.sleep(LISTEN_AGAIN_S)


def _group(person: str) -> str:
    return f"person.{sha256(person.encode()).hexdigest()[:32]}"
