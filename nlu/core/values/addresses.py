"""Addresses of mail as people say them: "jens jansson snabel a. gmail punkt kom"."""

import re

from .value import Said, Value

_AT = re.compile(r"\s*(?:\bsnabel-?\s?a\b\.?|\bat\b|\bpå\b|@)\s*")
_POINT = re.compile(r"\s*(?:\bpunkt\b|\bdot\b)\s*")
_LETTER = re.compile(r"\b([a-z])\.")
_ADDRESS = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}", re.A)


def address(said: Said) -> Value | None:
    """Read an address; None where it isn't a whole one."""
    words = _POINT.sub(" punkt ", said.text.lower())
    words = _AT.sub("@", words)
    words = _LETTER.sub(r"\1", words).replace(" punkt ", ".").replace(" ", "")
    words = re.sub(r"\.kom$", ".com", words)
    return Value("email", words) if _ADDRESS.fullmatch(words) else None
