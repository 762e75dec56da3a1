"""Where an answer belongs in the cache: who may hear it, in which context, to which question."""

import json
from dataclasses import dataclass
from hashlib import blake2b, sha256
from secrets import token_bytes

from guardian.core.pii import TELLING

from .leaning import leaned_on
from .policy import Policy
from .turn import Turn

_OWN_KEY = token_bytes(32)


@dataclass(frozen=True, slots=True)
class Address:
    """Two digests in hexadecimal. `scope` is a hard filter; `key` is the scope and the question."""

    scope: str
    key: str
    person: str = ""  # whose alone, where the answer may depend on who asks


def address_of(turn: Turn) -> Address:
    """Work out where the answer to this turn belongs.

    The scope holds the tenant, and the person too as soon as the answer could depend on the person
    (an earlier turn in the conversation); the language, model, tools and options that shape an
    answer, and the live settings that do; and the masked turns that the question may lean on. "Och
    i morgon?" is thus never matched alone.
    """
    options, earlier = turn.options, leaned_on(turn)
    person = turn.caller.person if earlier else ""
    scope = _digest(
        json.dumps(
            [
                turn.caller.tenant,
                person,
                turn.language,
                options.model,
                _digest_of(turn.policy),
                sorted(turn.tools),
                options.max_tokens,
                options.temperature,
                options.stop,
                [(said.role, said.text) for said in earlier],
                _spoken_of(turn),
            ]
        )
    )
    return Address(scope, _digest(f"{scope}\n{as_asked(turn.question)}"), person)


def _spoken_of(turn: Turn) -> str:
    """Sum up whom or what the question is about, where that was masked; empty where nothing was.

    "Vem äger [REG_1]?" is another question for each plate. The digest's key is this process's own,
    so that nobody reads a plate back out of it.
    """
    telling = [
        value for name, value in turn.secrets.items() if name[1:].partition("_")[0] in TELLING
    ]
    return blake2b(json.dumps(telling).encode(), key=_OWN_KEY).hexdigest() if telling else ""


def as_asked(question: str) -> str:
    """Even out what never matters. Capitals may (mW and MW), and the spaces of several lines."""
    question = question.strip() if "\n" in question else " ".join(question.split())
    return question[:1].casefold() + question[1:]


_KEPT = 5  # a revision, a draft, and turns that still run under those before
_digests: list[tuple[Policy, str]] = []


def _digest_of(policy: Policy) -> str:
    """Sum up the settings that shape an answer, once for each policy (by identity).

    Staff who edit a curated answer or connect another model are not to hear the old words again.
    """
    for known, digest in _digests:
        if known is policy:
            return digest
    routing = policy.routing
    models = [backend.model or routing.model for backend in policy.backends if backend.enabled]
    digest = _digest(
        repr((policy.answers, models, routing.model, routing.system_prompt, routing.max_tokens))
    )
    _digests.insert(0, (policy, digest))
    del _digests[_KEPT:]
    return digest


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
