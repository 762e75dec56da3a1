"""Which encoder ALICE_ENCODER asks for.

""                            the one that Alice comes with
sentence-transformers:MODEL   a model in this process (`pip install sentence-transformers`)
openai:MODEL                  any server with OpenAI's /embeddings
ollama:MODEL                  an Ollama
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from fibcache.core.encoder import Encoder

ADDRESSES = {"openai": "https://api.openai.com/v1", "ollama": "http://127.0.0.1:11434"}
KINDS = ("sentence-transformers", *ADDRESSES)


class BadChoice(Exception):
    """There is no such encoder; `hint` says what to do."""

    def __init__(self, said: str, hint: str) -> None:
        super().__init__(said)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Choice:
    """An encoder and what it takes to reach it."""

    kind: str  # "" for the shipped one
    model: str = ""
    url: str = ""

    @classmethod
    def read(cls, text: str, url: str = "") -> "Choice":
        """Read ALICE_ENCODER and ALICE_ENCODER_URL.

        Raises:
            BadChoice: they make no sense.
        """
        if not text:
            return cls("")
        kind, _, model = text.partition(":")
        if kind not in KINDS or not model.strip():
            raise BadChoice(
                f"ALICE_ENCODER is {text!r}.",
                f"Write one of {', '.join(f'{kind}:MODEL' for kind in KINDS)}, or nothing.",
            )
        if kind == "sentence-transformers" and find_spec("sentence_transformers") is None:
            raise BadChoice(
                "ALICE_ENCODER needs the package sentence-transformers, which is not installed.",
                "pip install sentence-transformers",
            )
        address = url or ADDRESSES.get(kind, "")
        if address and not address.startswith(("http://", "https://")):
            raise BadChoice(f"ALICE_ENCODER_URL is {url!r}.", "It begins with http:// or https://.")
        return cls(kind, model.strip(), address)


def chosen(
    choice: Choice,
    *,
    shipped: Callable[[], Encoder],
    key: str,
    within_s: float,
    pool: int,
    clock: Callable[[], float],
) -> Encoder:
    """Build the encoder.

    Args:
        shipped: gives the one that Alice comes with.
        key: of the server, sent as a Bearer token; "" for none.
        within_s: longest wait for one question's vector.
        pool: requests that may be under way at one server.
        clock: monotonic seconds.
    """
    if choice.kind == "":
        return shipped()
    if choice.kind == "sentence-transformers":
        from .sentences import SentenceEncoder

        return SentenceEncoder(choice.model, within_s=within_s, clock=clock)
    from .remote import PROTOCOLS, RemoteEncoder

    return RemoteEncoder(
        PROTOCOLS[choice.kind],
        choice.model,
        choice.url,
        key=key,
        within_s=within_s,
        pool=pool,
        clock=clock,
    )
