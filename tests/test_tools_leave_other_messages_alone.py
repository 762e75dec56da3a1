"""A tool reads a message only when it is plainly meant for it; an unsure reading is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.tools import TOOLS
from chat.tools.base import ToolContext, ToolTrouble

CONTEXT = ToolContext(datetime(2026, 11, 23, 14, 4, tzinfo=UTC))

OTHERS = """
    vad är meningen med livet
    berätta om 2 kap. 3 § regeringsformen
    jag har 3 barn
    ring 112
    hej
    tack så mycket!
    vem är du?
    12
    112
    3,14
    -5
    2024-05-01
    2024-05
    1/5
    24/12
    24/7
    vad är 24/7
    vad är 9/11?
    5-3
    3-2 till Sverige
    19900101-1234
    900101-1234
    mitt nummer är 070-123 45 67
    070-123 45 67
    +46 70 123 45 67
    08-12 34 56
    +46701234567
    Python 3.11.2
    3.11.2 - 1
    192.168.0.1
    kapitel 3
    läs sidan 10-12
    vi ses kl 15:30
    mötet är 10:00-11:30
    c++ eller c#?
    a + b
    8 Mb i MB
    x = 5
    e-post
    2 av 3 tandläkare
    3 av 5
    en av tre
    vad är skillnaden mellan katter och hundar
    vad är summan av kardemumman
    vad är kvadraten på hypotenusan
    hur räknar man ut moms
    vad är procent
    vad är 10 % av befolkningen
    jag tror till 100 %
    hur mycket kostar 3 kg äpplen
    hur mycket är ett kilo guld värt
    hur många bor i Sverige
    hur många dagar tar det att bygga ett hus
    hur många dagar är det till min födelsedag
    3 kg äpplen i en påse
    100 dollar i kronor
    hur många kronor är 100 euro
    12 volt i ampere
    mil i km
    km
    meter
    fot
    när är du född
    när är första världskriget
    när dog Gustav Vasa
    när är affären öppen
    vilken dag är bäst för träning
    vilken vecka är bäst att åka
    och i morgon?
    i morgon
    på fredag
    fredag
    jul
    vecka
    dag
    jul i Småland
    berätta om midsommar
    vad gör man på midsommar
    vad är klockan i Mordor
    vad kostar en klocka
    hur fungerar en klocka
    vad är tid
    tid
    time
    jag har inte tid
    once upon a time
    what is the meaning of life
    how many people live in Tokyo
    when was the first world war
    tell me a joke
    what day suits you
    skriv en dikt om 5 katter
    översätt 'god dag' till engelska
    [TEL_1]
    ring [TEL_1] i morgon
    1e5 + 3
    är 1+1=3 en sanning
    vad är 5 plus en hund
    10 - 4 personer
    vad är ++
    2 timmar i dag
    3 dagar i år
    5 veckor i år
    vad är det i år
    3 dl mjöl i gram
    hur många gram är 3 dl mjöl
    5 fot 11 kg i cm
    hur långt är ett halvt år
    hur många dagar har en katt
    hur många procent av svenskarna är vänsterhänta
    hur många procent alkohol är det i vin
    hur stor andel av befolkningen är under 20
    öka farten med 10 %
    minska stressen med 5 övningar
    vad är moms
    moms
    hur mycket moms är det på böcker
    när ska jag betala moms
    momsen är 25 %
    100 kr inklusive moms
    är det 5!
    112!
    3 + 4!
    2^3!
    5!!
    1/2pi
    pi
    vad är genomsnittet av svenska löner
    genomsnittet av 3
    genomsnittet av 3,5,10
    summan av alla delar
    avrunda
    avrunda priset till två decimaler
    avrunda 3,14159
    e-post e bra
    va
    va sa du
    de e bra
    vad e du
    vicken film e bäst
    vilka röda dagar är du ledig
    röda dagar
    är det röda laget bäst
    är du ett skottår
    vad är ett skottår
    vilket år dog Gustav Vasa
    vilket år är bäst för vin
    vilken månad är varmast
    är det fredag den trettonde som ger otur
    är det måndag som är värst
    är fredag bäst
    hur gammal är du
    hur gammal är Sverige
    hur gammal är man om man är född 85
    hur gammal är jag om jag är född på en fredag
    hur gammal är den som är född 2040
    när är du född 1985
    hur många veckor har maj
    hur många dagar har jag semester
    när börjar skolan
    när börjar vecka 60
    när börjar filmen vecka 34
    när slutar tiden
    när går vi till stranden
    när ställer vi om till vegetariskt
    vad är sommartid
    tidsskillnad
    vad beror tidsskillnaden på
    tidsskillnaden mellan Mordor och Japan
    vad är klockan om en stund
    vad är klockan om jag får fråga
    vad gör du om en timme
    väck mig om en timme
    vad händer om 90 minuter
    ?
    =
    %
    (((
    """


@pytest.mark.parametrize("text", [line.strip() for line in OTHERS.strip().splitlines()])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_tool_takes_what_is_not_its_own(text: str, language: str) -> None:
    context = ToolContext(CONTEXT.now, language=language)
    assert {tool.name: tool.read(text, context) for tool in TOOLS} == {
        tool.name: None for tool in TOOLS
    }


def test_a_question_has_one_tool_at_most() -> None:
    asked = {
        "vad är klockan i Tokyo": "clock",
        "vilken vecka är det": "calendar",
        "hur mycket är 15 % av 1 250": "calculator",
        "hur många dl är 3 msk": "units",
        "hur många timmar är tre dygn": "units",
        "hur många dagar är det till jul": "calendar",
    }
    for text, name in asked.items():
        assert [tool.name for tool in TOOLS if tool.read(text, CONTEXT) is not None] == [name]


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_read_or_left(text: str) -> None:
    """What a tool reads it also answers."""
    for tool in TOOLS:
        arguments = tool.read(text, CONTEXT)
        if arguments is not None:
            try:
                assert tool.run(arguments, CONTEXT)
            except ToolTrouble as trouble:
                assert trouble.sv and trouble.en


def test_every_tool_tells_a_model_what_it_takes() -> None:
    for tool in TOOLS:
        assert tool.parameters["type"] == "object"
        assert set(tool.parameters.get("required", ())) <= set(tool.parameters["properties"])
        assert tool.description and tool.title_sv != tool.title_en
    assert len({tool.name for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("text", ["10.000 * 12", "15 % av 1.250", "1.000 m i km"])
def test_a_number_that_may_be_a_thousand_times_another_is_not_read(text: str) -> None:
    assert [tool.name for tool in TOOLS if tool.read(text, CONTEXT) is not None] == []
