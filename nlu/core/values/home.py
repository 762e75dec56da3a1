"""Things and rooms of a home, by a small list of codes that is Alice's own."""

from .vocabulary import Vocabulary

device = Vocabulary(
    "device",
    """
    light ; lampa: lamp|ljus|belysning|taklamp|bordslamp ; light: light|lighting|lamp|overhead
    vacuum ; dammsugare: dammsug|dammsugar|dammsugarrobot|roomba|robotdammsugar|städrobot\
|robotstädar|städar ; \
vacuum cleaner: vacuum|vacuum cleaner|cleaner|vacuum bot|irobot|vacuum cleaner robot|roomba
    plug ; uttag: uttag|kontakt|plugg|stickkontakt|wemo|vägguttag|smartkontakt ; \
plug: plug|socket|outlet|wemo|plug socket
    coffee_machine ; kaffebryggare: kaffebryggar|kaffemaskin|kaffepann|kaffekokar|bryggar ; \
coffee maker: coffee machine|coffee maker|coffee pot|coffeemaker|espresso machine
    rice_cooker ; riskokare: riskokar ; rice cooker: rice cooker
    kettle ; vattenkokare: vattenkokar ; kettle: kettle
    television ; tv: tv|teve|tv-apparat|t v ; television: television|tv|t v
    radio ; radio: radio|radioapparat ; radio: radio
    speaker ; högtalare: högtalar ; speaker: speaker
    music_player ; musikspelare: musikspelar|musikanläggning|musiksystem|stereo|mediaspelar ; \
music player: music player|music system|stereo|media player
    fan ; fläkt: fläkt ; fan: fan
    heating ; värme: värme|element|termostat|värmepump ; heating: heating|heater|thermostat|radiator
    air_conditioning ; luftkonditionering: luftkonditionering|ac ; \
air conditioning: air conditioning|air conditioner|ac
    blind ; persienn: persienn|gardin|rullgardin|markis ; blind: blind|curtain|shade
    door ; dörr: dörr|garageport|port ; door: door|garage door|gate
    lock ; lås: lås|dörrlås ; lock: lock|door lock
    charger ; laddare: laddar ; charger: charger
    phone ; telefon: telefon|mobil|mobiltelefon ; phone: phone|cell phone|mobile|telephone
    computer ; dator: dator|laptop ; computer: computer|laptop|p c
    oven ; ugn: ugn|spis ; oven: oven|stove
    washing_machine ; tvättmaskin: tvättmaskin ; washing machine: washing machine|washer
    dishwasher ; diskmaskin: diskmaskin ; dishwasher: dishwasher
    camera ; kamera: kamer|kamera ; camera: camera
    alarm ; larm: larm|hemlarm ; alarm: alarm
    """,
)

room = Vocabulary(
    "room",
    """
    living_room ; vardagsrum: vardagsrum|vardagsrumm|vardagsrumet|finrum|finrumm ; \
living room: living room|lounge|livingroom
    kitchen ; kök: kök ; kitchen: kitchen
    bedroom ; sovrum: sovrum|sovrumm|huvudsovrum|huvudsovrumm ; \
bedroom: bedroom|bed room|master bedroom|kids bedroom
    bathroom ; badrum: badrum|badrumm|toalett|dusch ; bathroom: bathroom|bath room|toilet|restroom
    hall ; hall: hall|farstu|tambur|entré ; hall: hall|hallway|entrance
    office ; kontor: kontor|arbetsrum|arbetsrumm ; office: office|study
    guest_room ; gästrum: gästrum|gästrumm ; guest room: guest room
    game_room ; spelrum: spelrum|spelrumm|lekrum|lekrumm ; game room: game room|playroom|play room
    media_room ; mediarum: mediarum|mediarumm|media rum|media rumm|tv rum|tv rumm ; \
media room: media room|tv room|t v room|den
    dining_room ; matsal: matsal|matrum|matrumm ; dining room: dining room
    nursery ; barnkammare: barnkammar|barnrum|barnrumm ; nursery: nursery
    laundry_room ; tvättstuga: tvättstug ; laundry room: laundry room|laundry
    basement ; källare: källar ; basement: basement|cellar
    attic ; vind: vind ; attic: attic|loft
    garage ; garage: garag ; garage: garage
    garden ; trädgård: trädgård ; garden: garden|yard|backyard
    balcony ; balkong: balkong ; balcony: balcony|balconie
    patio ; uteplats: uteplats|altan|terrass ; patio: patio|terrace|deck
    porch ; veranda: verand ; porch: porch|front porch
    lobby ; lobby: lobby ; lobby: lobby
    house ; hus: hus ; house: house
    apartment ; lägenhet: lägenhet|lya|lyan ; apartment: apartment|flat
    indoors ; inomhus: inomhus|inne ; indoors: indoors|interior|inside
    outdoors ; utomhus: utomhus|ute ; outdoors: outdoors|outside
    floor ; golv: golv ; floor: floor
    home ; hem: hem|hemma ; home: home
    room ; rum: rum|rumm ; room: room
    """,
    first=True,
)
