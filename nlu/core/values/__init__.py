"""What the slots of a message mean: for each of MASSIVE's types, who reads it."""

from collections.abc import Callable

from .addresses import address
from .colours import colour
from .everyday import meal, order, transport
from .home import device, room
from .people import person, relation
from .places import place
from .quantities import amount, currency
from .times import time
from .value import Said, Value
from .zones import zone

__all__ = ["READERS", "Said", "Value", "value_of"]

READERS: dict[str, Callable[[Said], Value | None]] = {
    "change_amount": amount,
    "color_type": colour,
    "currency_name": currency,
    "date": time,
    "device_type": device,
    "email_address": address,
    "general_frequency": time,
    "house_place": room,
    "meal_type": meal,
    "order_type": order,
    "person": person,
    "place_name": place,
    "relation": relation,
    "time": time,
    "time_zone": zone,
    "timeofday": time,
    "transport_type": transport,
}
"""Types that are not here are words, and mean what they say: songs, dishes, topics."""


def value_of(name: str, said: Said) -> Value | None:
    """Read what a slot of the type `name` means; None where that can't be told."""
    read = READERS.get(name)
    return Value("text", said.text) if read is None else read(said)
