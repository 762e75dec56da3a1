"""Where an answer belongs in the cache: who may hear it, in which context, to which question."""

import json
from dataclasses import dataclass
from hashlib import sha256

from .turn import Turn


@dataclass(frozen=True, slots=True)
class Address:
    """Two digests in hexadecimal. `scope` is a hard filter; `key` is the scope and the question."""

    scope: str
    key: str


def address_of(turn: Turn) -> Address:
    """Work out where the answer to this turn belongs.

    The scope holds the tenant, and the person too as soon as the answer could depend on the person
    (an earlier turn in the conversation); the language, model, system prompt, tools and options
    that shape an answer; and the masked turns that the question may lean on. "Och i morgon?" is
    thus never matched alone.
    """
    options, routing = turn.options, turn.policy.routing
    scope = sha256(
        json.dumps(
            [
                turn.caller.tenant,
                turn.caller.person if turn.context else "",
                turn.language,
                options.model or routing.model,
                routing.system_prompt,
                sorted(turn.tools),
                options.max_tokens,
                options.temperature,
                options.stop,
                [(said.role, said.text) for said in turn.context],
            ]
        ).encode("utf-8", "surrogatepass")
    ).hexdigest()
    question = " ".join(turn.question.split()).casefold()
    return Address(
        scope, sha256(f"{scope}\n{question}".encode("utf-8", "surrogatepass")).hexdigest()
    )
