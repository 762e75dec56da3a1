"""Which language a short message is in: Swedish, English or another one."""

import logging
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from .letters import KINDS, BadLettersFile, Letters, shipped


class Heard(NamedTuple):
    """A language ("sv", "en" or "other") and how sure it is, 0..1."""

    language: str
    confidence: float


# Words that say little but are in every sentence, and the first words people say to an assistant.
# Those that more than one of the languages have ("man", "under", "en", "is") count for each.
_WORDS = {
    "sv": """
        och att det som på är av för med till den har de inte om ett men var jag sig från vi så kan
        när nu då skall ska där efter eller vad sin han hon ut ur utan finns vara här hur ju många
        mycket blir bli vilken vilket vilka vem varför mig dig oss er du ni min mitt mina din ditt
        dina ja nej tack hej hejsan hallå snälla gör göra alla något någon några också bara ännu
        mellan mot genom hos vill måste får fick gick säg berätta skriv förklara hjälp klockan i
        idag dag vecka år en man under kommer ge vet visst okej god morgon kväll natt läge tjena tja
        hejdå lite igen sedan redan alltid aldrig vart vilar heter kallas betyder räkna gånger
        delat procent rabatt upphöjt roten hälften hundra tusen tolv tio nio åtta sju sex fem fyra
        tre två ar pa for nar har hur manga fran vem gor nagot ocksa imorgon igår bra plus minus
        moms kr kronor rot
        """,
    "en": """
        the of and to a in is that it he was for on are as with his they i at be this have from or
        had by but not what all were we when your can said there use an each which she do how their
        if will up other about out many then them these so some her would make like him into time
        has look more go see no way could my than been who its now did get come made may you me am
        does hello hi hey thanks thank please yes tell write explain help why where whats today
        tomorrow much week day year good morning evening night bye was plus minus times divided
        percent square root half hundred thousand should us our any because tell days until between
        convert
        """,
    "other": """
        der die das und ist nicht ich sie ein eine mit auf wie was wer wo warum bitte danke hallo
        heute uhr spät wieviel viel sind haben bist kannst
        le la les des et est une pas je vous nous que qui quel quelle pour dans sur avec bonjour
        merci comment pourquoi où est-ce heure
        el los las una es por con para como qué quién dónde cuándo hola gracias hora cómo porque
        il che non sono una per come ciao grazie perché
        o os um uma não você para obrigado
        og ikke jeg hva hvad hvordan hvor hvem hvorfor af til er å jeg noe noget klokken klokka
        mange takk tak være
        ja se on ei että mikä kuka kuinka mitä missä minä sinä kiitos hei mutta ovat paljonko kello
        het een niet ik zijn van dat wat hoe waarom en voor met
        jest nie jak co to czy dlaczego dzień dobry dziękuję
        """,
}
_SHARES = {
    word: tuple((language, 1 / len(found)) for language in found)
    for word in {word for words in _WORDS.values() for word in words.split()}
    for found in [[language for language, words in _WORDS.items() if word in words.split()]]
}
_SIGNS = re.compile("[åäö]|[æøßñçéèêëàâîôûïáíóúüœąęłńśźżčšžõãỳ¿¡]|th|wh|[a-z]w")
_SWEDISH, _ENGLISH = frozenset("åäö"), frozenset(("th", "wh"))
_ENOUGH = 1.5  # evidence that makes a reading half sure
SURE = 0.8  # share of the odds, from which letters decide where no word does
FAR_SURER = 0.9  # and from which they outvote words that several languages have
SHORTEST = 4  # letters in all, or they tell nothing
_MOST_CHARS = 400  # the first lines tell


def language_of(text: str, fallback: str = "sv") -> Heard:
    """Tell the language of `text`; `fallback` with confidence 0 when it is too short to tell."""
    lowered = unicodedata.normalize("NFC", text[:_MOST_CHARS]).lower()
    votes = {"sv": 0.0, "en": 0.0, "other": 0.0}
    words = re.findall(r"[^\W\d_]+", lowered)
    for word in words:
        for language, share in _SHARES.get(word, ()):
            votes[language] += share
    for sign in _SIGNS.findall(lowered):
        if sign in _SWEDISH:
            votes["sv"] += 0.6
        elif sign in _ENGLISH:
            votes["en"] += 0.3
        elif not sign.isascii():
            votes["other"] += 0.8
    if not lowered.isascii():
        votes["other"] += _foreign_letters(lowered)
    best, second, _ = sorted(votes.values(), reverse=True)
    if best == second or best < 0.5:
        return _by_letters(words) or Heard(fallback, 0.0)
    language = max(votes, key=votes.__getitem__)
    if second and (seen := _by_letters(words, FAR_SURER)) and seen.language == "other":
        return seen  # words that several languages have, but that look like none of ours
    lead = (best - second) / best
    return Heard(language, round(lead * best / (best + _ENOUGH), 3))


def _by_letters(words: list[str], least: float = SURE) -> Heard | None:
    """Tell what the words look like; None where they may be names, or anything."""
    if sum(map(len, words)) < SHORTEST:
        return None
    letters = _shipped()
    if letters is None:
        return None
    odds = letters.odds(words)
    best = int(odds.argmax())
    if not KINDS[best] or odds[best] < least:
        return None
    return Heard(KINDS[best], min(0.99, round(float(odds[best]), 3)))


@cache
def _shipped() -> Letters | None:
    try:
        return shipped()
    except BadLettersFile:
        logging.getLogger(__name__).exception("letters_left_out")
        return None


def _foreign_letters(text: str) -> float:
    """Count letters of other alphabets, a word's worth for every four."""
    return sum(1 for sign in text if sign > "ʯ" and sign.isalpha()) / 4
