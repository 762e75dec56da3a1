"""Meals, ways to travel and to get one's food, by a small list of codes that is Alice's own."""

from .vocabulary import Vocabulary

meal = Vocabulary(
    "meal",
    """
    breakfast ; frukost: frukost ; breakfast: breakfast
    brunch ; brunch: brunch ; brunch: brunch
    lunch ; lunch: lunch ; lunch: lunch
    snack ; mellanmål: mellanmål|fika ; snack: snack
    dinner ; middag: middag|kvällsmat ; dinner: dinner|supper
    """,
    first=True,
)

order = Vocabulary(
    "order",
    """
    delivery ; hemkörning: hemkör|utkör|lever|hemlever|utkörning|leverans|hemkörning|hemleverans ; \
delivery: deliver|delivery|delivere|deliverie
    takeaway ; avhämtning: avhämtning|hämt|hämtmat|takeaway|take away|att ta med|ta med sig ; \
takeaway: takeaway|take away|take out|takeout|carry out|pickup|pick up|to go|take out service
    """,
    first=True,
)

transport = Vocabulary(
    "transport",
    """
    train ; tåg: tåg|pendeltåg ; train: train
    metro ; tunnelbana: tunnelban ; metro: subway|metro|underground
    tram ; spårvagn: spårvagn ; tram: tram
    bus ; buss: buss ; bus: bus
    taxi ; taxi: taxi ; taxi: taxi|cab
    car ; bil: bil|skjuts ; car: car|ride|drive
    flight ; flyg: flyg|plan ; flight: flight|plane
    ferry ; färja: färj|båt ; ferry: ferry|boat|ferrie
    bicycle ; cykel: cykel|cykla|cykl ; bicycle: bike|bicycle
    walk ; gång: promenad|promener|gå ; walk: walk
    """,
    first=True,
)
