"""Two questions share an answer only when every guard agrees, in Swedish and in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fibcache.core.guards import GUARDS


def who_object(question: str, other: str) -> list[str]:
    verdicts = [guard(question, other) for guard in GUARDS]
    return [verdict.guard for verdict in verdicts if not verdict.agrees]


APART = [
    ("polarity", "Vilka svampar är ätliga?", "Vilka svampar är inte ätliga?"),
    ("polarity", "Får jag köra bil?", "Får jag aldrig köra bil?"),
    ("polarity", "Can I pay with cash?", "Can't I pay with cash?"),
    ("polarity", "Hur lagar jag mat med salt?", "Hur lagar jag mat utan salt?"),
    ("content", "Är det lagligt att fiska?", "Är det olagligt att fiska?"),
    ("content", "Is it possible to fly?", "Is it impossible to fly?"),
    ("numbers", "Vad är 12 gånger 8?", "Vad är 12 gånger 9?"),
    ("numbers", "Vad är 12 minus 8?", "Vad är 8 minus 12?"),
    ("numbers", "Ge mig tre tips", "Ge mig sju tips"),
    ("numbers", "Vad är tjugofem procent av 80?", "Vad är trettiofem procent av 80?"),
    ("numbers", "Vad är 1 250 kronor i euro?", "Vad är 1 205 kronor i euro?"),
    ("numbers", "Väck mig klockan 07:30", "Väck mig klockan 07:45"),
    ("units", "Hur många gram är ett uns?", "Hur många kilo är ett uns?"),
    ("times", "Vad gör vi på tisdag?", "Vad gör vi på fredag?"),
    ("times", "Blir det regn i morgon?", "Blir det regn i dag?"),
    ("times", "What happened in June?", "What happened in July?"),
    ("question_word", "Var ligger Skansen?", "När ligger Skansen?"),
    ("question_word", "Why do cats purr?", "How do cats purr?"),
    ("mood", "Måste jag deklarera?", "Kan jag deklarera?"),
    ("mood", "Is Anna a nurse?", "Was Anna a nurse?"),
    ("content", "När öppnar affären?", "När öppnade affären?"),
    ("scope_words", "Hur raderar jag ett meddelande?", "Hur raderar jag alla meddelanden?"),
    ("scope_words", "När går första bussen?", "När går sista bussen?"),
    ("persons", "Vad heter jag?", "Vad heter du?"),
    ("persons", "Vem älskar mig?", "Vem älskar dig?"),
    ("direction", "Hur loggar jag in?", "Hur loggar jag ut?"),
    ("direction", "Hur lägger jag till en kontakt?", "Hur tar jag bort en kontakt?"),
    ("roles", "Hur byter jag från Telia till Tele2?", "Hur byter jag från Tele2 till Telia?"),
    ("roles", "Can a cat hunt a dog?", "Can a dog hunt a cat?"),
    ("roles", "Bor Anna hos Bo?", "Bor Bo hos Anna?"),
    ("roles", "He was here not ten minutes ago.", "He was not here ten minutes ago."),
    ("roles", "Did you hit Anna?", "Did Anna hit you?"),
    ("roles", "Slog han Anna?", "Slog Anna han?"),
    (
        "roles",
        "Till Lund klockan 5, till Malmö klockan 7",
        "Till Malmö klockan 5, till Lund klockan 7",
    ),
    ("persons", "Kan han se henne?", "Kan hon se honom?"),
    ("units", "Hur många gram är ett kilo?", "Hur många kilo är ett gram?"),
    ("times", "Öppet från måndag till fredag?", "Öppet från fredag till måndag?"),
    ("times", "Not on Friday but on Saturday?", "Not on Saturday but on Friday?"),
    ("direction", "Vad hände från 5 till 7?", "Vad hände till 5 från 7?"),
    ("antonyms", "Hur öppnar jag luckan?", "Hur stänger jag luckan?"),
    ("antonyms", "Vad heter kungen?", "Vad heter drottningen?"),
    ("names", "Hur reser jag till Gotland?", "Hur reser jag till Öland?"),
    ("content", "hur reser jag till gotland", "hur reser jag till öland"),
    ("names", "Vad är Sveriges huvudstad?", "Vad är Norges huvudstad?"),
    ("content", "Vad är C++?", "Vad är C#?"),
    ("content", "Vad betyder 😀?", "Vad betyder 😡?"),
    ("content", "Vad är x²?", "Vad är x³?"),
    ("content", "Ring [TEL_1]", "Ring [TEL_2]"),
    ("content", "Hur fungerar importen?", "Hur fungerar exporten?"),
    # Look-alikes that are forms of different words
    ("content", "Vad är en dator?", "Vad är data?"),
    ("content", "Vad är en pastor?", "Vad är pasta?"),
    ("content", "vad kostar en banan", "vad kostar en bana"),
    ("content", "Vilken planet är störst?", "Vilken plan är störst?"),
    ("content", "Är koran dyr?", "Är kor dyra?"),
    ("content", "Vad är en val?", "Vad är ett val?"),
    ("content", "Vad gör en lärare?", "Vad gör en läkare?"),
    ("content", "Hur skapar jag en kontakt?", "Hur skapar jag en kontrakt?"),
    ("content", "Vem är Jens?", "Vem är Jen?"),
    # Small words that are all of the difference
    ("mood", "Vad gör en hund?", "Vad har en hund?"),
    ("mood", "Är du arg?", "Blir du arg?"),
    ("scope_words", "Får man röka här?", "Får man röka där?"),
    ("direction", "Hur kopplar jag i sladden?", "Hur kopplar jag ur sladden?"),
    ("persons", "Hur gammal är jag?", "Hur gammal är man?"),
    ("persons", "Vad tjänar jag i månaden?", "Vad tjänar vi i månaden?"),
    # A way is not any way, and somebody's story not advice
    ("scope_words", "How do I get well?", "How do I get well on my own?"),
    ("content", "How can I lose weight quickly?", "How can I lose weight effectively?"),
    ("content", "What is the easiest way to learn?", "What is the best way to learn?"),
    ("mood", "How did you stop smoking?", "How do I stop smoking?"),
    ("scope_words", "Is he still angry?", "Is he angry?"),
    ("antonyms", "Why don't women smoke?", "Why do men smoke?"),
    ("persons", "How do I know if someone is in love with me?", "How do I know if I am in love?"),
    ("mood", "Why should we pray?", "Why do people pray?"),
    # Definitions
    ("content", "What is a logical fallacy?", "What are some logical fallacies?"),
    ("content", "What is processing?", "What is a process?"),
    ("content", "What is catnip?", "What is in catnip?"),
    ("scope_words", "What flag is this?", "What is a flag?"),
    ("persons", "What is your IQ?", "What is IQ?"),
    # Figures, signs and texts
    ("numbers", "What is 1,250 times 2?", "What is 1.25 times 2?"),
    ("numbers", "Vad är nytt i Python 3.1?", "Vad är nytt i Python 3.10?"),
    ("content", "Vad är (2+3)*4?", "Vad är 2+3*4?"),
    ("content", "Vad är 5!", "Vad är 5?"),
    ("wording", "Vad gör a++?", "Vad gör ++a?"),
    ("wording", "Vad betyder ju?", "Vad betyder väl?"),
    ("wording", "Översätt: huset", "Översätt: hus"),
    ("letter_case", "Hur många W är 5 mW?", "Hur många W är 5 MW?"),
    ("letter_case", "Vad gör ls -l?", "Vad gör ls -L?"),
]


@pytest.mark.parametrize(("guard", "question", "other"), APART)
def test_questions_that_differ_are_kept_apart(guard, question, other):
    assert guard in who_object(question, other)
    assert guard in who_object(other, question)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Hur tvättar jag ull?", "hur tvättar jag ull"),
        ("Hur tvättar jag ull?", "HUR TVÄTTAR JAG ULL!!!"),
        ("Hur tvättar jag ull?", "Hej, kan du vara snäll och berätta hur jag tvättar ull?"),
        ("Hur tvättar jag ull?", "Snälla, hur tvättar man ull, tack?"),
        ("Vad är klockan?", "Vet du vad klockan är?"),
        ("Vad är klockan?", "Kan du säga vad klockan är?"),
        ("What time is it?", "Could you please tell me what time it is?"),
        ("Hur monterar jag hyllan?", "Hur monterar man en hylla?"),
        ("Hur söker jag sjukpenning?", "Hur söker jag sjuk penning?"),
        ("Hur betalar jag räkningen?", "hur betlar jag räkningen"),
        ("När stänger badet på söndagar?", "På söndag, när stänger badet?"),
        ("Vad är 1 250 gånger 3?", "vad är 1250 gånger tre?"),
        ("Blir det regn i morgon?", "blir det regn imorgon"),
        ("Hur byter jag däck?", "Hur byter man däcken?"),
        ("Hur lagar jag kalops (utan kött)?", "Hur lagar man kalops utan kött?"),
        ("Vad kostar sju bananer?", "vad kostar 7 bananer"),
        ("Hur ansöker jag om pass?", "hur ansöjer jag om pass"),
        ("Vad väger 3 kg mjöl?", "Vad väger 3 kilo mjöl?"),
        ("Hur reser jag till Gotland?", "hur reser jag till gotland"),
        ("Where is the museum in Lund?", "where is the museum in lund"),
        ("Why can't I get cash?", "Why can I not get cash?"),
        ("What does it feel like to be a nurse?", "What is it like to be a nurse?"),
        ("How do I get traffic?", "How do I get more traffic?"),
        ("Who is the richest man?", "Who is the richest man in the world?"),
        ("How do I know whether I am ill?", "How do I know if I am ill?"),
        ("Why do I procrastinate?", "Why am I procrastinating?"),
        ("What are the best Quora answers?", "What are the best answers on Quora?"),
        ("Vem ska sanda gatan?", "Vem ansvarar för att sanda gatan?"),
        ("När öppnar Skansen?", "När o\u0308ppnar Skansen?"),  # the same letters, decomposed
    ],
)
def test_trivial_rewrites_share_an_answer(question, other):
    assert who_object(question, other) == []
    assert who_object(other, question) == []


@given(st.text(max_size=60))
def test_every_question_is_its_own(question):
    assert who_object(question, question) == []


SOME = st.sampled_from(sorted({text for _, *pair in APART for text in pair}))


@given(SOME, SOME)
def test_guards_are_of_one_mind_in_both_directions(question, other):
    assert who_object(question, other) == who_object(other, question)


def test_a_verdict_shows_where_the_questions_part():
    verdicts = {guard(*APART[0][1:]).guard: guard(*APART[0][1:]) for guard in GUARDS}

    assert verdicts["polarity"].reason == "– | inte"
    assert verdicts["content"].agrees and verdicts["content"].reason == ""
