"""Sweden's counties, and its cities with the county that each lies in.

Source:
    ISO 3166-2:SE, which takes the letters that Sweden gives its counties.
"""

from ..text import fold

_ROWS = """
SE-AB ; Stockholm ; Stockholm Solna Sundbyberg Södertälje Norrtälje Nacka Huddinge Täby Lidingö \
Sollentuna Järfälla Nynäshamn Sigtuna Märsta Vaxholm Upplands_Väsby Åkersberga Tyresö Haninge \
Botkyrka Danderyd Arlanda
SE-C ; Uppsala ; Uppsala Enköping Knivsta Tierp Östhammar
SE-D ; Södermanland ; Nyköping Eskilstuna Strängnäs Katrineholm Flen Oxelösund Trosa Mariefred
SE-E ; Östergötland ; Linköping Norrköping Motala Mjölby Vadstena Finspång Söderköping
SE-F ; Jönköping ; Jönköping Huskvarna Nässjö Värnamo Vetlanda Tranås Eksjö Gislaved Gränna
SE-G ; Kronoberg ; Växjö Ljungby Älmhult Alvesta
SE-H ; Kalmar ; Kalmar Västervik Oskarshamn Nybro Vimmerby Borgholm Hultsfred
SE-I ; Gotland ; Visby
SE-K ; Blekinge ; Karlskrona Karlshamn Ronneby Sölvesborg
SE-M ; Skåne ; Malmö Helsingborg Lund Kristianstad Landskrona Trelleborg Ystad Ängelholm \
Hässleholm Eslöv Höganäs Simrishamn Båstad Lomma Kävlinge Höör Hörby Tomelilla Åhus
SE-N ; Halland ; Halmstad Varberg Falkenberg Kungsbacka Laholm Hylte
SE-O ; Västra Götaland ; Göteborg Borås Trollhättan Skövde Uddevalla Mölndal Alingsås Lidköping \
Vänersborg Mariestad Falköping Strömstad Kungälv Skara Ulricehamn Lysekil Lerum Marstrand
SE-S ; Värmland ; Karlstad Arvika Kristinehamn Filipstad Säffle Hagfors Sunne Torsby
SE-T ; Örebro ; Örebro Karlskoga Kumla Lindesberg Askersund Nora Hallsberg
SE-U ; Västmanland ; Västerås Köping Sala Fagersta Arboga Hallstahammar
SE-W ; Dalarna ; Falun Borlänge Mora Ludvika Avesta Leksand Hedemora Rättvik Malung Älvdalen
SE-X ; Gävleborg ; Gävle Sandviken Hudiksvall Söderhamn Bollnäs Ljusdal
SE-Y ; Västernorrland ; Sundsvall Örnsköldsvik Härnösand Sollefteå Kramfors Timrå
SE-Z ; Jämtland ; Östersund Åre Strömsund Sveg
SE-AC ; Västerbotten ; Umeå Skellefteå Lycksele Vännäs Storuman
SE-BD ; Norrbotten ; Luleå Kiruna Boden Piteå Gällivare Haparanda Kalix Jokkmokk Arvidsjaur
"""
COUNTIES: dict[str, tuple[str, str]] = {}
"""Name and code, by the plain name."""
CITIES: dict[str, tuple[str, str]] = {"gothenburg": ("Göteborg", "SE-O")}
"""Name and county, by the plain name."""

for _row in _ROWS.strip().splitlines():
    _code, _county, _cities = _row.split(" ; ")
    COUNTIES[fold(_county.lower())] = (_county, _code)
    for _city in (_name.replace("_", " ") for _name in _cities.split()):
        CITIES[fold(_city.lower())] = (_city, _code)
