"""What an OpenAI client asks, as typed values and in Alice's own words.

Unknown fields are ignored, as clients send many. What would change the answer but can't be done
here is refused with `unsupported_value` rather than ignored.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chat.core.errors import BadRequest, NoSuchModel
from chat.core.policy import Policy
from chat.core.turn import Options, Said

from .bodies import refuse_null
from .errors import BadField

ALICE = "alice"
"""The model's name that leaves the choice to Alice."""

ROLES = {"developer": "system", "function": "tool"}
"""Roles that Alice calls by another name."""


class Unsupported(BadRequest):
    """The request asks for something that Alice does not do; `param` names the field."""

    code = "unsupported_value"

    def __init__(self, param: str, *, sv: str, en: str) -> None:
        super().__init__()
        self.param = param
        self._sv, self._en = sv, en

    def message(self, language: str) -> str:
        return self._en if language == "en" else self._sv


class Part(msgspec.Struct):
    type: str
    text: str | None = None


class Message(msgspec.Struct):
    role: str
    content: str | list[Part] | None = None


class StreamOptions(msgspec.Struct):
    include_usage: bool | None = None


class ResponseFormat(msgspec.Struct):
    type: str = "text"


Tokens = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Completion(msgspec.Struct):
    """The body of `POST /v1/chat/completions`."""

    messages: list[Message]
    model: str = ALICE
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    stop: str | Annotated[list[str], Meta(max_length=4)] | None = None
    max_tokens: Tokens | None = None
    max_completion_tokens: Tokens | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    n: Tokens | None = None
    tool_choice: str | dict[str, Any] | None = None
    response_format: ResponseFormat | None = None
    logprobs: bool | None = None


def check(request: Completion) -> None:
    """Refuse what Alice does not do.

    Raises:
        Unsupported: and it says which field, and why.
    """
    if request.n is not None and request.n > 1:
        raise Unsupported(
            "n", sv="Alice ger ett svar i taget: n = 1.", en="Alice gives one answer: n = 1."
        )
    choice = request.tool_choice
    if isinstance(choice, dict) or choice == "required":
        raise Unsupported(
            "tool_choice",
            sv="Alice använder sina egna verktyg och kan inte tvingas att anropa ditt.",
            en="Alice uses tools of her own and can't be made to call yours.",
        )
    if request.response_format is not None and request.response_format.type != "text":
        raise Unsupported(
            "response_format", sv="Alice svarar i text.", en="Alice answers in plain text."
        )
    if request.logprobs:
        raise Unsupported(
            "logprobs", sv="Alice lämnar inte ut logprobs.", en="Alice gives no logprobs."
        )


def question_and_history(messages: Sequence[Message]) -> tuple[str, list[Said]]:
    """Take the last message of the user's as the question, the others as what was said before.

    Raises:
        BadField: there is none, or a role is unknown.
        Unsupported: a message holds something else than text.
    """
    said = [_said(message, number) for number, message in enumerate(messages)]
    for number in range(len(said) - 1, -1, -1):
        if said[number].role == "user":
            question = said.pop(number)
            return question.text, [each for each in said if each.text]
    raise BadField("Expected a message with role `user` - at `$.messages`")


def _said(message: Message, number: int) -> Said:
    role = ROLES.get(message.role, message.role)
    if role not in ("system", "user", "assistant", "tool"):
        raise BadField(f"Unknown role `{message.role[:50]}` - at `$.messages[{number}].role`")
    content = message.content or ""
    if not isinstance(content, str):
        content = "\n".join(_text(part) for part in content)
    refuse_null(content, f"messages[{number}].content")
    return Said(role, content)


def _text(part: Part) -> str:
    if part.text is None or part.type not in ("text", "input_text"):
        raise Unsupported(
            "messages",
            sv=f"Alice läser bara text, inte {part.type[:50]}.",
            en=f"Alice reads text only, not {part.type[:50]}.",
        )
    return part.text


def options_of(request: Completion, policy: Policy) -> Options:
    """Say what the client asks of the answer in Alice's own words.

    Raises:
        NoSuchModel: no back-end offers the model.
    """
    if request.model not in models_of(policy):
        raise NoSuchModel()
    stop = request.stop or ()
    return Options(
        model=None if request.model == ALICE else request.model,
        max_tokens=request.max_completion_tokens or request.max_tokens,
        temperature=request.temperature,
        stop=(stop,) if isinstance(stop, str) else tuple(stop),
    )


def models_of(policy: Policy) -> tuple[str, ...]:
    """Name the models that may be asked for: Alice, and what her back-ends offer."""
    offered = (
        backend.model or policy.routing.model for backend in policy.backends if backend.enabled
    )
    return tuple(dict.fromkeys((ALICE, *offered)))
