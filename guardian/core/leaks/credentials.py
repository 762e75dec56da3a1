"""Finds keys, tokens and the passwords of addresses in a stream.

The forms are those that their issuers publish. What may be one is held back until it ends.
"""

import re
from collections.abc import Callable

BEFORE_CHARS = 233  # looked at before a word
MOST_CHARS = 2_584  # of a word are held back
SHORTEST = 15  # signs of a key whose form is known

_NOT_BEFORE = r"(?<![^\W_])"
_FORMS = {  # how it begins -> how it goes on
    "AKIA": r"[0-9A-Z]{16}(?![A-Za-z0-9])",
    "ASIA": r"[0-9A-Z]{16}(?![A-Za-z0-9])",
    "AIza": r"[\w-]{35}",
    "GOCSPX-": r"[\w-]{20,}",
    "ya29.": r"[\w-]{20,}",
    "ghp_": r"[A-Za-z0-9]{30,}",
    "gho_": r"[A-Za-z0-9]{30,}",
    "ghu_": r"[A-Za-z0-9]{30,}",
    "ghs_": r"[A-Za-z0-9]{30,}",
    "ghr_": r"[A-Za-z0-9]{30,}",
    "github_pat_": r"\w{22,}",
    "glpat-": r"[\w-]{20,}",
    "sk-": r"(?:(?:proj|svcacct|admin|ant|or|lf)-[\w-]{16,}|[A-Za-z0-9]{20,})",
    "sk_live_": r"[A-Za-z0-9]{16,}",
    "sk_test_": r"[A-Za-z0-9]{16,}",
    "rk_live_": r"[A-Za-z0-9]{16,}",
    "whsec_": r"[A-Za-z0-9+/=]{24,}",
    "xoxa-": r"[\w-]{10,}",
    "xoxb-": r"[\w-]{10,}",
    "xoxp-": r"[\w-]{10,}",
    "xoxr-": r"[\w-]{10,}",
    "xoxs-": r"[\w-]{10,}",
    "xapp-": r"[\w-]{20,}",
    "hooks.slack.com/services/": r"[\w/-]{20,}",
    "SG.": r"[\w-]{16,}\.[\w-]{16,}",
    "SK": r"[0-9a-f]{32}(?![A-Za-z0-9])",
    "npm_": r"[A-Za-z0-9]{36}",
    "pypi-": r"[\w-]{50,}",
    "hf_": r"[A-Za-z0-9]{30,}",
    "dop_v1_": r"[a-f0-9]{64}",
    "glsa_": r"\w{32,}",
    "django-insecure-": r"\S{20,}",
    "alice_": r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{20,}",
    "eyJ": r"[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",
}
_PASSWORD_IN_ADDRESS = r"://[^\s/:@]*:(?P<address>[^\s/@]+)@"  # "postgres://anna:hemligt@…"
_FOUND = re.compile(
    "|".join(
        [
            f"{_NOT_BEFORE}(?:{'|'.join(re.escape(one) + more for one, more in _FORMS.items())})",
            _PASSWORD_IN_ADDRESS,
        ]
    )
)
_ANY_LENGTH = sorted(
    {one[:length] for one in _FORMS for length in range(1, len(one))}, key=len, reverse=True
)
_MAY_BEGIN = re.compile(
    f"{_NOT_BEFORE}(?:{'|'.join(map(re.escape, _FORMS))}"
    f"|(?:{'|'.join(map(re.escape, _ANY_LENGTH))})\\Z)|://|:/?\\Z"
)
_EXAMPLES = frozenset(
    ["password", "passwd", "pass", "pwd", "secret", "lösenord", "hemligt", "changeme"]
)
_STANDS_FOR = re.compile(r"[<{$%\[]|[x*.…]+\Z|your|ditt|min[_-]|my[_-]", re.IGNORECASE)

# "api_key = …", "Bearer …": what follows is a secret if it looks like one.
_LABEL = re.compile(
    r"(?:(?:api|secret|access|auth|private|account|signing)[ _-]?(?:access[ _-]?)?(?:key|token)"
    r"|sharedaccesskey|\bsig|client[ _-]?secret|token|nyckel|hemlighet)"
    r"[\"']?\s{0,3}(?:[:=]|är|is)\s{0,3}[\"'`]?\Z"
    r"|\bbearer\s{1,3}\Z",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[A-Za-z0-9+/=_.~-]{24,}")
_IN_STRING = re.compile(r"(?:password|pwd)\s?=\s?\Z", re.IGNORECASE)
_OTHER_PARTS = re.compile(
    r"(?:server|host|data source|user ?id|uid|username|database|initial catalog|dbname|user|port)"
    r"\s?=[^;=\n]{1,144}[;\s]",
    re.IGNORECASE,
)

_DELIMITERS = re.compile(r"[\s\"'`<>(){}\[\]|,;=]")
_BEFORE_VALUE = (":", "=", "är", "is", "bearer")


class Credentials:
    """Cuts credentials out of a stream.

    Args:
        cut: notes that one was cut and gives what to say instead.
    """

    def __init__(self, cut: Callable[[], str]) -> None:
        self._cut = cut
        self._reset()

    def _reset(self) -> None:
        self._before = ""  # the last of what was read, as it was written
        self._held = ""

    def feed(self, chunk: str) -> str:
        """Take the next words; give what can be said of them now."""
        return self._told(chunk, over=False)

    def rest(self) -> str:
        """Give what was held back, and begin anew."""
        said = self._told("", over=True)
        self._reset()
        return said

    def _told(self, chunk: str, *, over: bool) -> str:
        text = self._before + self._held + chunk
        at = len(self._before)
        said: list[str] = []
        for found in _DELIMITERS.finditer(text, at):
            said += self._word(text, at, found.start()), found.group()
            at = found.end()
        held_from = len(text)
        if over:
            said.append(self._word(text, at, held_from))
        elif at < held_from:
            held_from = self._hold_from(text, at)
            said.append(text[at:held_from])
        self._before = text[max(0, held_from - BEFORE_CHARS) : held_from]
        self._held = text[held_from:]
        return "".join(said)

    def _hold_from(self, text: str, start: int) -> int:
        """Tell from where on a word that may go on may be a credential."""
        if len(text) - start >= MOST_CHARS:
            return len(text)
        before = text[max(0, start - BEFORE_CHARS) : start]
        if _is_value(before) or _is_password(before):
            return start
        begun = _MAY_BEGIN.search(text, start)
        return begun.start() if begun else len(text)

    def _word(self, text: str, start: int, end: int) -> str:
        """Give a word with what is secret of it cut."""
        word = text[start:end]
        if len(word) < 4:
            return word
        before = text[max(0, start - BEFORE_CHARS) : start]
        if _is_password(before) and not _example(word):
            return self._cut()
        if _is_value(before) and (value := _LABELLED.match(word)):
            return self._cut() + word[value.end() :]
        said: list[str] = []
        at = start
        if len(word) < SHORTEST and "@" not in word:
            return word
        for found in _FOUND.finditer(text, start, end):
            secret = "address" if found["address"] is not None else 0
            if secret and _example(found["address"]):
                continue
            said += text[at : found.start(secret)], self._cut()
            at = found.end(secret)
        return "".join([*said, text[at:end]])


def _is_value(before: str) -> bool:
    """Tell whether what follows is said to be a key or a token."""
    if not before.rstrip(" \t\"'`").lower().endswith(_BEFORE_VALUE):
        return False
    return _LABEL.search(before[-55:]) is not None


def _is_password(before: str) -> bool:
    """Tell whether what follows is the password of a connection string."""
    if not before.endswith(("=", "= ")):
        return False
    return _IN_STRING.search(before[-13:]) is not None and bool(_OTHER_PARTS.search(before))


def _example(password: str) -> bool:
    return password.lower() in _EXAMPLES or _STANDS_FOR.match(password) is not None
