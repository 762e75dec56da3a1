"""People: by name, without the genitive, or by what they are to somebody."""

import re

from ..text import fold
from ..times.words import several
from .value import Said, Value
from .vocabulary import Vocabulary

# Names that end in s by themselves; of other names it is the genitive's.
_NAMED_SO = several(
    """
    adams agnes anders andreas bates brooks carlos charles claes clas edwards elias evans frances
    gates gonzales hannes hans hastings hawkins hayes hughes ines jacobs james jenkins jens
    johannes jonas jones klas lars lucas lukas mads mats mathias matias mattias mercedes miles
    moses myers nicholas nicklas niclas niklas nikolas nils phillips powers reeves richards roberts
    rogers sanders santos simmons simons spears stevens thomas tobias tomas watts williams woods
    zacharias
    """
)
_KEPT = ("us", "is", "ss")  # Magnus, Elvis
_SMALL = frozenset(
    ("af", "av", "von", "van", "de", "del", "der", "den", "la", "le", "da", "di", "och")
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")

_relations = Vocabulary(
    "relation",
    """
    mother_in_law ; svärmor: svärmor|svärmamm ; mother-in-law: mother in law
    father_in_law ; svärfar: svärfar|svärfader|svärpapp ; father-in-law: father in law
    mother ; mamma: mamm|mor|moder|mödrar|morsa|morsan ; mother: mother|mom|mum|mommy|mama
    father ; pappa: papp|far|fader|farsa|farsan ; father: father|dad|daddy|papa
    parent ; förälder: föräldr|förälder ; parent: parent
    sister ; syster: syster|systr|syrr ; sister: sister
    brother ; bror: bror|broder|brorsa|brorsan|bröder ; brother: brother|bro
    sibling ; syskon: syskon ; sibling: sibling
    wife ; fru: fru|hustru ; wife: wife|wive
    husband ; make: man|make|makes ; husband: husband|hubby
    partner ; partner: partner|sambo|särbo ; partner: partner|spouse
    girlfriend ; flickvän: flickvän|flickvänn ; girlfriend: girlfriend
    boyfriend ; pojkvän: pojkvän|pojkvänn ; boyfriend: boyfriend
    son ; son: son|söner|sön ; son: son
    daughter ; dotter: dotter|döttrar|döttr ; daughter: daughter
    child ; barn: barn|unge|ungar|bebis ; child: child|children|kid|kids|baby|babie
    grandmother ; mormor: mormor|farmor ; grandmother: grandmother|grandma|granny
    grandfather ; morfar: morfar|farfar ; grandfather: grandfather|grandpa
    aunt ; faster: faster|moster|tant ; aunt: aunt|auntie
    uncle ; farbror: farbror|morbror ; uncle: uncle
    cousin ; kusin: kusin ; cousin: cousin
    family ; familj: familj|familjemedlem|familjemedlemm|släkt ; \
family: family|familie|family member|relative
    friend ; vän: vän|vänn|kompis|polare|väninn ; friend: friend|buddy|pal|mate
    neighbour ; granne: grann|granne ; neighbour: neighbour|neighbor
    boss ; chef: chef ; boss: boss|manager|supervisor
    colleague ; kollega: kolleg|kollega|kollegor|arbetskamrat|arbetskolleg|medarbetar ; \
colleague: colleague|coworker|co worker
    employee ; anställd: anställd|anställda ; employee: employee|company worker
    client ; kund: kund|klient ; client: client|customer
    doctor ; läkare: läkar|doktor ; doctor: doctor|physician
    dentist ; tandläkare: tandläkar ; dentist: dentist
    teacher ; lärare: lärar ; teacher: teacher
    lawyer ; advokat: advokat ; lawyer: lawyer|attorney
    hairdresser ; frisör: frisör ; hairdresser: hairdresser|barber
    """,
)
_NEARER = ("farmor", "farfar", "moster", "morbror")
"""Swedish tells more of these than their code does."""


def relation(said: Said) -> Value | None:
    """Read what somebody is to somebody: "min systers" is a sister."""
    found = _relations(said)
    if found is None or said.language == "en":
        return found
    own = next((name for name in _NEARER if name in said.text.lower()), found.value)
    return Value(found.kind, own, code=found.code)


def person(said: Said) -> Value | None:
    """Read a name; a word for a relative counts as one."""
    name = " ".join(said.text.split())
    if not any(sign.isalpha() for sign in name):
        return None
    if said.language == "en" or _POSSESSIVE.search(name):
        name = _POSSESSIVE.sub("", name)
    else:
        name = _without_genitive(name)
    if name == name.lower():  # nobody writes capitals when talking
        name = " ".join(word if word in _SMALL else _capital(word) for word in name.split())
    return Value("person", name)


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _without_genitive(name: str) -> str:
    last = fold(name.lower()).rpartition(" ")[2]
    bare = not last.endswith("s") or len(last) < 4 or last.endswith(_KEPT) or last in _NAMED_SO
    return name if bare else name[:-1]
