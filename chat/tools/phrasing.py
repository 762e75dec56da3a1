"""What people put around a question, as patterns over folded lower-case text."""

import re

LEAD = (
    r"(?:(?:hej|hejsan|alice|ok|okej|snalla|please|hi|hello)[ ,!]+)*"
    r"(?:(?:kan|vet|skulle) du (?:snalla )?(?:saga )?(?:mig )?"
    r"|(?:can|could) you (?:please )?(?:tell me )?|do you know |sag mig |tell me )?"
)
TAIL = r"(?:,? (?:tack|alice|please|egentligen|nu))?[ ?!.]*"

_AS_SPOKEN = {
    "va": "vad",
    "e": "är",
    "ä": "är",
    "vicken": "vilken",
    "vilke": "vilket",
    "vicket": "vilket",
    "mycke": "mycket",
}
_SPOKEN = re.compile(rf"\b(?:{'|'.join(_AS_SPOKEN)})(?= )(?! ?[-+*/^=])", re.I)
_IT = re.compile(r"\b(är|blir|var|har|finns|går) de\b", re.I)


def as_written(text: str) -> str:
    """Spell Swedish as in writing where it is spelt as it sounds: "va e klockan", "e de"."""
    text = _SPOKEN.sub(lambda spoken: _AS_SPOKEN[spoken[0].lower()], text)
    return _IT.sub(r"\1 det", text)
