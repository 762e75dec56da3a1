"""What a browser may send over the chat socket."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec

from chat.core.errors import BadJson, BadRequest, BodyTooLarge, WrongType
from chat.opening import HOME_TIMEZONE


class Ask(msgspec.Struct, tag="ask"):
    """A message to Alice. `id` is the browser's own, in signs that every database can hold."""

    id: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,64}\Z")]
    text: str
    conversation_id: UUID | None = None
    timezone: Annotated[str, msgspec.Meta(max_length=64)] = HOME_TIMEZONE
    confirmed: bool = False


class Stop(msgspec.Struct, tag="stop"):
    """That will do."""

    id: str


_frames = msgspec.json.Decoder(Ask | Stop)


def read_frame(message: Mapping[str, Any], *, message_chars: int) -> Ask | Stop:
    """Read one frame, as the server hands it over.

    Raises:
        WrongType: it is bytes.
        BodyTooLarge: no message within the limit would need as much.
        BadJson: it is not JSON.
        BadRequest: it is JSON, and neither of the two above.
    """
    text = message.get("text")
    if text is None:
        raise WrongType()
    # The longest message, should JSON spend two \\uXXXX on each character, and its envelope.
    if len(text) > 12 * message_chars + 4096:
        raise BodyTooLarge()
    try:
        return _frames.decode(text)
    except msgspec.ValidationError as error:
        raise BadRequest() from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadJson() from error
