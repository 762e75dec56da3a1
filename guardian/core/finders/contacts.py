"""Where somebody is reached: phones, e-mail and IP addresses."""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

import phonenumbers

from .span import Span, before, is_other_number

HOME = "SE"  # how phone numbers without a country code are read
PHONE_DIGITS = (6, 15)

_PHONE = re.compile(
    # Up to 17 digits in groups, with at most two signs between. Begins so that most numbers fail.
    r"(?<![0-9])(?<![0-9][.,:/-])(?:\+|00|\(?\+?0)(?:[ \u00a0()./–‐-]{0,3}[0-9]){5,16}(?![0-9])"
)
_LOCAL = frozenset("!#$%&'*+-/=?^_`{|}~.")  # RFC 5322 atoms, beside letters and digits
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,63}(?![\w-])")
_AT = re.compile(
    r" ?(?:[(\[{<] ?(?:at|a|@|snabel-?a|på) ?[)\]}>]|(?<= )snabel-?a(?= )|(?<= )@(?= )) ?",
    re.IGNORECASE,
)
_AT_WORD = re.compile(r" (?:at|snabel-?a) ", re.IGNORECASE)
_DOT = r"(?:\.| ?[(\[{] ?(?:dot|punkt|\.) ?[)\]}] ?| (?:dot|punkt) )"
_SPOKEN_DOMAIN = re.compile(
    rf"[^\W_][\w-]{{0,62}}(?:{_DOT}[^\W_][\w-]{{0,62}}){{0,4}}{_DOT}[^\W\d_]{{2,24}}(?![\w-])",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])")
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-f:]{0,39}[0-9])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}"
    r"(?:(?<=:)[0-9]{1,3}(?:\.[0-9]{1,3}){3})?(?![\w:])",
    re.IGNORECASE,
)
_SAYS_VERSION = re.compile(
    r"\b(?:v|ver|version\w*|build|release|firmware|utgåva\w*|kapitel|avsnitt|paragraf|§)"
    r"[.:]?(?: (?:är|is|nr))?[ :]*$",
    re.IGNORECASE,
)


def phones(text: str) -> Iterator[Span]:
    """Find phone numbers, Swedish in any form and foreign ones with their country code.

    The library's own search takes 5 ms for one number in a sentence, so only what may be a number
    by its beginning and its length is shown to it.
    """
    for match in _PHONE.finditer(text):
        if match[0][:1] != "+" and is_other_number(text, match.start()):
            continue
        # What follows a number may be digits too ("… 67, 2 rum"): the longest that is valid.
        end = match.end()
        while end > match.start() + PHONE_DIGITS[0]:
            if _is_phone(text[match.start() : end]):
                yield match.start(), end
                break
            shorter = re.search(r"[ \u00a0()./–‐-]+[0-9]+$", text[match.start() : end])
            if shorter is None:
                break
            end = match.start() + shorter.start()


@lru_cache(maxsize=256)
def _is_phone(written: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, HOME))
    except phonenumbers.NumberParseException:
        return False


def emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses, Swedish letters included, also "anna (at) exempel punkt se"."""
    at = text.find("@")
    while at != -1:
        domain = _DOMAIN.match(text, at + 1)
        start = _local_from(text, at)
        if domain and start < at and text[at - 1] != ".":
            yield start, domain.end()
        at = text.find("@", at + 1)
    for match in _AT.finditer(text):
        domain = _SPOKEN_DOMAIN.match(text, match.end())
        start = _local_from(text, match.start())
        if domain and start < match.start():
            yield start, domain.end()
    for match in _AT_WORD.finditer(text):  # "at" is a word: the dot has to be one too
        domain = _SPOKEN_DOMAIN.match(text, match.end())
        start = _local_from(text, match.start())
        if domain and start < match.start() and re.search(r"\b(?:dot|punkt)\b", domain[0]):
            yield start, domain.end()


def _local_from(text: str, at: int) -> int:
    start = at
    while start > 0 and at - start < 64 and _is_local(text[start - 1]):
        start -= 1
    while start < at and not text[start].isalnum():
        start += 1
    return start


def _is_local(letter: str) -> bool:
    return letter.isalnum() or letter in _LOCAL


def ips(text: str) -> Iterator[Span]:
    """Find IP addresses of both versions; what is called a version is none."""
    for match in _IPV4.finditer(text):
        if _is_ip(match[0]) and not _SAYS_VERSION.search(before(text, match.start())):
            yield match.span()
    if text.count(":") >= 2:
        for match in _IPV6.finditer(text):
            if _is_ip(match[0]):
                yield match.span()


def _is_ip(written: str) -> bool:
    try:
        return bool(IPv6Address(written) if ":" in written else IPv4Address(written))
    except ValueError:
        return False
