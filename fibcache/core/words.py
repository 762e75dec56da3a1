"""Words that decide whether two questions are the same, in Swedish and English. Lists of our own.

Every table maps a word to the idea it stands for; words of one idea may replace each other.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Table(dict[str, str]):
    """Maps a word to its idea; never changed, and known by itself, so that hearing can be kept."""

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other


def _table(**ideas: str) -> Table:
    return Table((word, idea) for idea, words in ideas.items() for word in words.split())


NEGATIONS = _table(
    no="inte ej icke not cannot nej no",
    never="aldrig never",
    none="ingen inget inga ingenting ingenstans none nobody nothing nowhere",
    without="utan without sans",
    neither="varken neither nor",
    hardly="knappt knappast hardly barely",
    other="annan annat andra förutom except other else",
)

SCOPES = _table(
    all="alla allt all every everything everyone alltid always samtliga hela whole entire",
    each="varje each",
    only="bara endast enbart only solely blott",
    both="båda bägge både both",
    most="flesta mest most",
    least="minst least lägst",
    more="mer mera fler more ytterligare",
    less="mindre färre less fewer",
    too="too",
    first="först första first",
    last="sist sista last senaste latest",
    next="nästa next kommande",
    previous="förra föregående previous",
    still="fortfarande ännu still",
    already="redan already yet",
    again="igen again åter",
    sides="själv själva myself yourself themselves himself herself oneself ourselves",
    here="här here",
    there="där",
    this="this these denna detta dessa",
)

QUESTIONS = _table(
    who="vem who whom",
    whose="vems vars whose",
    what="vad what vilken vilket vilka which",
    when="när when",
    where="var where",
    whither="vart whither",
    whence="varifrån whence",
    how="hur how",
    why="varför why",
)

PERSONS = _table(
    anyone="jag man vi we one people person persons",  # may be left out or take each other's place
    me="mig mej oss me us sig",
    my="min mitt mina my our vår vårt våra mine sin sitt sina",
    it="it",
    you="du ni you",
    you_object="dig dej",
    your="din ditt dina er ert era your yours",
    he="han he",
    him="honom him",
    his="hans his",
    she="hon she",
    her="henne her",
    hers="hennes hers",
    they="they",
    them="dem them",
    their="deras their theirs",
)

DIRECTIONS = _table(
    to="till into",
    **{"from": "från from"},
    by="av by",
    up="upp up",
    down="ner ned down",
    out="ut ute out",
    inside="in inne",
    out_of="ur",
    off="off bort",
    on="på on",
    over="över over above ovanför",
    under="under below nedanför",
    before="före innan before",
    after="efter after",
    against="mot against",
    for_the_sake_of="åt",
    together="med with",
    between="mellan between",
    than="än than",
    since="sedan sen since",
    until="tills until",
    through="genom via through",
    if_="om if",
    because="eftersom because",
    however="trots despite although",
    or_="eller or",
)

MOODS = _table(
    can="kan can kunna could",
    could="kunde",
    will="ska skall will shall",
    would="skulle would",
    should="bör borde should ought",
    must="måste must need behöver behövs",
    may="får få",
    want="vill want vilja",
    past="did was were hade had blev",
    be="är vara is are be am",
    become="blir bli become becomes",
    have="har ha have has",
    make="gör göra",
)

TIMES = _table(
    monday="måndag måndagen måndagar måndags monday mondays",
    tuesday="tisdag tisdagen tisdagar tisdags tuesday tuesdays",
    wednesday="onsdag onsdagen onsdagar onsdags wednesday wednesdays",
    thursday="torsdag torsdagen torsdagar torsdags thursday thursdays",
    friday="fredag fredagen fredagar fredags friday fridays",
    saturday="lördag lördagen lördagar lördags saturday saturdays",
    sunday="söndag söndagen söndagar söndags sunday sundays",
    january="januari january",
    february="februari february",
    march="mars march",
    april="april",
    may="maj may",
    june="juni june",
    july="juli july",
    august="augusti august",
    september="september",
    october="oktober october",
    november="november",
    december="december",
    today="idag today",
    tomorrow="imorgon imorron tomorrow",
    yesterday="igår yesterday",
    day_after="övermorgon",
    day_before="förrgår",
    tonight="ikväll tonight",
    this_night="inatt",
    this_morning="imorse",
    now="nu",
    soon="snart soon",
    spring="våren spring vårens",
    summer="sommar sommaren summer sommarens",
    autumn="höst hösten autumn fall höstens",
    winter="vinter vintern winter vinterns",
    weekend="helg helgen helger weekend weekends",
    weekday="vardag vardagar vardagen weekday weekdays",
    morning="morgon morgonen mornings morning förmiddag förmiddagen",
    noon="middag lunch noon lunchtid",
    afternoon="eftermiddag eftermiddagen afternoon",
    evening="kväll kvällen kvällar evening evenings",
    night="natt natten nätter night nights",
    daily="dagligen daily",
    weekly="veckovis weekly",
    monthly="månadsvis monthly",
    yearly="årligen yearly annually",
)

UNITS = _table(
    gram="g gram grams",
    kilo="kg kilo kilogram kilon kilos",
    hekto="hg hekto",
    milligram="mg milligram",
    tonne="ton tonne tonnes",
    millimetre="mm millimeter millimetre",
    centimetre="cm centimeter centimetre",
    decimetre="dm decimeter",
    metre="m meter metre metres meters",
    kilometre="km kilometer kilometre kilometres kilometers",
    mile="mile miles",
    mil="mil",
    inch="tum inch inches",
    foot="fot foot feet",
    millilitre="ml milliliter",
    centilitre="cl centiliter",
    decilitre="dl deciliter",
    litre="l liter litre litres liters",
    second="sekund sekunder second seconds sek",
    minute="minut minuter minute minutes",
    hour="timme timmar timma hour hours",
    day="dag dagar dygn day days",
    week="vecka veckor week weeks",
    month="månad månader month months",
    year="år year years",
    krona="kr krona kronor kronan",
    euro="euro euros eur €",
    dollar="dollar dollars usd $",
    pound="pund pound pounds gbp £",
    percent="procent percent %",
    celsius="celsius grader degrees °c",
    fahrenheit="fahrenheit °f",
    kelvin="kelvin",
    byte="byte bytes",
    megabyte="mb megabyte",
    gigabyte="gb gigabyte",
    terabyte="tb terabyte",
)

NUMBERS = {
    word: value
    for value, words in {
        0: "noll zero",
        2: "två tvåa two",
        3: "tre three tredje third",
        4: "fyra four fjärde fourth",
        5: "fem five femte fifth",
        6: "sex six sjätte sixth",
        7: "sju seven sjunde seventh",
        8: "åtta eight åttonde eighth",
        9: "nio nine nionde ninth",
        10: "tio ten tionde tenth",
        11: "elva eleven elfte eleventh",
        12: "tolv twelve tolfte twelfth",
        13: "tretton thirteen trettonde",
        14: "fjorton fourteen fjortonde",
        15: "femton fifteen femtonde",
        16: "sexton sixteen sextonde",
        17: "sjutton seventeen sjuttonde",
        18: "arton eighteen artonde",
        19: "nitton nineteen nittonde",
        20: "tjugo twenty tjugonde",
        30: "trettio thirty trettionde",
        40: "fyrtio forty fyrtionde",
        50: "femtio fifty femtionde",
        60: "sextio sixty",
        70: "sjuttio seventy",
        80: "åttio eighty",
        90: "nittio ninety",
        100: "hundra hundred hundrade",
        1000: "tusen thousand",
        1_000_000: "miljon miljoner million millions",
        1_000_000_000: "miljard miljarder billion billions",
        0.5: "halv halva half",
        1.5: "halvannan",
        0.25: "kvart quarter fjärdedel",
    }.items()
    for word in words.split()
}

ANTONYMS = tuple(
    tuple(_words(side) for side in pair.split("/"))
    for pair in (
        "öppna öppnar öppet öppen open opens / stäng stänga stänger stängt stängd close closes",
        "höja höjer höj öka ökar raise increase / sänka sänker sänk minska minskar lower decrease",
        "starta startar start starts begin börja börjar / stoppa stoppar stopp stop stops sluta "
        "slutar avsluta avslutar end",
        "på on / av off",
        "in / ut out",
        "upp up / ner ned down",
        "före innan before / efter after",
        "tända tänder tänd / släcka släcker släck",
        "köpa köper köp buy / sälja säljer sälj sell",
        "ge ger give / ta tar få får take get",
        "skicka skickar send / mottaga mottar receive",
        "vinna vinner vann win / förlora förlorar förlorade lose",
        "störst större stor stort stora largest bigger big large / minst mindre liten litet små "
        "smallest smaller small",
        "högst högre hög högt höga highest higher high / lägst lägre låg lågt låga lowest lower "
        "low",
        "längst längre lång långt långa longest longer long / kortast kortare kort korta shortest "
        "shorter short",
        "äldst äldre gammal gammalt gamla oldest older old / yngst yngre ung ungt unga ny nytt nya "
        "youngest younger young new",
        "bäst bättre bra god gott goda best better good / sämst sämre dålig dåligt dåliga värst "
        "värre worst worse bad",
        "snabb snabbt snabba snabbare snabbast fast faster fastest / långsam långsamt långsamma "
        "långsammare långsammast slow slower slowest",
        "varm varmt varma varmare varmast hot warm / kall kallt kalla kallare kallast cold",
        "billig billigt billiga billigare billigast cheap / dyr dyrt dyra dyrare dyrast expensive",
        "lägga lägger add / ta tar remove",
        "aktivera aktiverar enable / inaktivera avaktivera inaktiverar avaktiverar disable",
        "installera installerar install / avinstallera avinstallerar uninstall",
        "login inloggning / logout utloggning",
        "tillåta tillåten tillåtet allow allowed / förbjuda förbjuden förbjudet forbid forbidden",
        "höger right / vänster left",
        "norr norra north / söder södra south",
        "öster östra east / väster västra west",
        "kung kungen king / drottning drottningen queen",
        "man mannen husband / fru frun hustru wife",
        "pojke pojken son boy / flicka flickan dotter girl",
        "mamma mamman mor mother / pappa pappan far father",
        "importera import / exportera export",
        "komma kommer ankomst arrive / åka avgång avgår leave depart",
        "tidigast tidigare tidigt early / senast senare sent late",
        "med with / utan without",
    )
)

CONTRARIES = {
    word: frozenset().union(
        *(opposite for pair in ANTONYMS for side, opposite in (pair, pair[::-1]) if word in side)
    )
    for pair in ANTONYMS
    for side in pair
    for word in side
}

SYNONYMS = _table(
    mail="mejl mail mejla maila e-post epost email e-mail",
    tv="tv teve",
    okay="ok okej okay",
    password="lösenord lösen password",
    clock="kl klockan",
)

ARTICLES = _words("en ett den det de the a an min mitt mina my your his her this that these")

DETERMINERS = _table(  # a noun after one of these stands in the form that a dictionary has
    common="en vilken någon nån ingen min din",
    neuter="ett vilket något nåt inget mitt ditt",
    either="varje a an every each",
)

GENERALS = _words(  # a question that begins so may be meant for anybody who asks it
    """
    hur var när får kan måste bör ska how where when may can must should
    kostar hurlänge vadgöra vadkrävs cost howlong ok whathappens recept tips worth
    """
)

MENTIONS = _words(  # who asks about words means each of them, the small ones too
    """
    ordet ord orden betyder betyda stavas stavar stava uttalas uttalar uttala böjs böjer böj böja
    rimmar plural singular säger översätt översätta översätts rätta sammanfatta word words
    mean means spell spelled pronounce pronounced rhyme rhymes say
    translate summarize summarise
    """
)

PLACES = _words(
    "i in of at för for hos vid om åt som"
)  # prepositions that bind a word to its place

FILLERS = _words(  # carry no meaning of their own
    """
    en ett den det de dom att som så och var vore
    ju väl nog då för vid hos om
    a an the do does to of in at for i
    that those its as and so there och be been being
    någon något några någonsin nån nåt any anyone anything ever some someone something
    actually really truly indeed somehow just basically simply literally exactly currently
    egentligen faktiskt liksom typ ens verkligen please tack gärna själva alltså
    lite got get getting gets about now various certain own
    very also even quite fairly considered having
    """
)

LIGHT = _words("to by on with than if_ because however through inside together")
"""Ideas of direction that may come and go, where nothing clashes with them."""

SWAPS = frozenset(  # what an English verb or noun may stand with, to the same end
    frozenset(pair.split())
    for pair in ("from through", "from together", "from on", "from by", "over through")
)

CLASHES = frozenset(
    frozenset(pair.split())
    for pair in (
        "to from",
        "to by",
        "to off",
        "on off",
        "up down",
        "inside out",
        "inside out_of",
        "inside off",
        "over under",
        "before after",
        "from until",
    )
)
"""Ideas of direction that exclude each other."""

JOINTS = _table(**{"and": "och and samt & vs"}, or_="eller or")

MUTUAL = _words(  # who stands on which side of these makes no difference
    """
    friends friend acquaintance acquaintances close married engaged tied related similar different
    dating siblings bonded
    connected attached linked equal identical compatible acquainted neighbors neighbours
    gift gifta kompis kompisar vän vänner släkt syskon sambo förlovad förlovade lik lika
    """
)

PEOPLE = _words(  # whose contrary no "not" makes: not women, but who else?
    """
    man men woman women boy boys girl girls son daughter mother father mom dad husband wife king
    queen brother sister uncle aunt male female kvinna kvinnor män mannen kvinnan pojke pojkar
    flicka flickor
    """
)
