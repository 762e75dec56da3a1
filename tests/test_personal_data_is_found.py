"""Numbers with checksums, phones and e-mail are found; numbers that only look like them stay."""

import pytest

from guardian.core.pii import Pseudonyms


def masked(text: str) -> str:
    return Pseudonyms().mask(text)


@pytest.mark.parametrize(
    "written",
    [
        "850821-9998",
        "8508219998",
        "850821 9998",
        "19850821-9998",
        "19850821 9998",
        "198508219998",
        "090527+1474",  # over a hundred years old
        "570428-9999",
        "701063-2391",  # samordningsnummer
    ],
)
def test_personnummer_in_every_form(written):
    assert masked(f"Patient {written}, ny tid") == "Patient [PNR_1], ny tid"


@pytest.mark.parametrize("written", ["850821-9997", "851321-9994", "850231-9995", "19850821-99"])
def test_a_wrong_date_or_checksum_is_no_personnummer(written):
    assert "PNR" not in masked(f"Nummer {written}.")


@pytest.mark.parametrize(
    "written",
    [
        "070-123 45 67",
        "0701234567",
        "+46 70 123 45 67",
        "+46701234567",
        "0046701234567",
        "08-123 456 78",
        "(08) 123 456 78",
        "+1 650 253 0000",
        "+47 22 12 34 56",
    ],
)
def test_phones_in_every_form(written):
    assert masked(f"Ring {written} tack") == "Ring [TEL_1] tack"


@pytest.mark.parametrize(
    "written", ["a@b.se", "åsa.öberg@exempel.se", "x+y_z@mail.example.co.uk", "q-1@räksmörgås.se"]
)
def test_email(written):
    assert masked(f"Skriv till <{written}>.") == "Skriv till <[EPOST_1]>."


@pytest.mark.parametrize(
    "written",
    ["4495490267304324", "4495 4902 6730 4324", "5555-5555-5555-4444", "3782 822463 10005"],
)
def test_payment_cards(written):
    assert masked(f"Kortet {written} 123") == "Kortet [KORT_1] 123"


@pytest.mark.parametrize(
    "written",
    ["SE60 6672 8587 7184 9602 0554", "SE6066728587718496020554", "NO93 8601 1117 947"],
)
def test_iban_ends_where_its_country_says(written):
    assert masked(f"Betala till {written} tack") == "Betala till [IBAN_1] tack"


@pytest.mark.parametrize(
    "text",
    [
        "Ring 112",
        "Det kostar 1 250 000 kronor",
        "Mitt ordernummer är 2024-118833",
        "Ordernr: 0701234567",
        "ISBN 978-91-0-012345-6",
        "Version 0.12.345.67",
        "Mötet är 2025-03-14 klockan 13:30",
        "Mellan 1999-2024 och 2025-2030",
        "Beräkna 123456 * 7890",
        "π är 3.14159265358979",
        "Vad betyder @override och @media?",
        "Kort 4495490267304325",  # checksum
        "SE61 6672 8587 7184 9602 0554 är fel",  # checksum
        "Tid: 20240517 1230",
    ],
)
def test_other_numbers_stay(text):
    assert masked(text) == text


def test_the_longest_find_wins():
    assert masked("0701234567@exempel.se") == "[EPOST_1]"


def test_a_value_found_once_is_hidden_where_it_runs_into_others():
    assert masked("0701234567 x0701234567y") == "[TEL_1] x[TEL_1]y"
