"""Messages with what they ask for, read from open data sets and from Alice's own examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nlu.core.intents import OUT_OF_SCOPE
from nlu.core.language import language_of

from .pairs import rows

EXAMPLES = Path(__file__).resolve().parent.parent / "data" / "examples.tsv"
SENTENCES = Path(__file__).resolve().parent
LOCALES = {"sv": "sv-SE", "en": "en-US"}
SENTENCE_WEIGHT = 1.0  # of a sentence written for Alice; a row of an open data set weighs 1
FEW = 5  # one in so many rows of an intent that is out of scope is enough


class Message(NamedTuple):
    """What somebody said, what it asks for, and how much it counts when it is learnt."""

    text: str
    intent: str
    weight: float = 1.0


CLINC = {
    "identity": """what_is_your_name who_made_you are_you_a_bot how_old_are_you where_are_you_from
        who_do_you_work_for what_can_i_ask_you do_you_have_pets what_are_your_hobbies""",
    "small_talk": "goodbye thank_you meaning_of_life",
    "general_greet": "greeting",
    "general_joke": "tell_joke",
    "unit_convert": "measurement_conversion",
    "qa_maths": "calculator",
    "qa_definition": "definition",
    "qa_currency": "exchange_rate",
    "weather_query": "weather",
    "transport_traffic": "traffic",
    "transport_taxi": "uber",
    "cooking_recipe": "recipe",
    "datetime_query": "time date",
    "datetime_convert": "timezone",
    OUT_OF_SCOPE: """oos freeze_account routing pin_change bill_due account_blocked interest_rate
        min_payment transfer order_checks balance report_fraud replacement_card_duration
        expiration_date damaged_card improve_credit_score report_lost_card card_declined
        credit_limit apr redeem_rewards application_status international_fees plug_type
        international_visa vaccines lost_luggage carry_on car_rental insurance payday taxes income
        rollover_401k pto_balance w2 direct_deposit oil_change_when oil_change_how tire_pressure
        jump_start mpg gas_type sync_device flip_coin roll_dice spelling translate""",
}
"""Which of CLINC150's intents mean the same as one of Alice's; the rest are left out."""

_OF_CLINC = {theirs: ours for ours, several in CLINC.items() for theirs in several.split()}


def messages(data: Path, language: str) -> tuple[list[Message], list[Message], list[Message]]:
    """Give what to learn from in one language: MASSIVE's train and dev, and what is beside them.

    Raises:
        MissingData: a set is not there.
    """
    locale = LOCALES[language]
    beside = [one for one in examples() if language_of(one.text, "sv").language == language]
    beside += sentences(language)
    if language == "en":
        beside += banking(data) + clinc(data, "train") + clinc(data, "dev")
    return massive(data, locale, "train"), massive(data, locale, "dev"), beside


def massive(data: Path, locale: str, partition: str) -> list[Message]:
    """Read one partition of MASSIVE. Raises MissingData."""
    path = data / f"massive/{locale}.{partition}.jsonl.gz"
    return [Message(row["utt"], row["intent"]) for row in rows(path)]


def clinc(data: Path, partition: str) -> list[Message]:
    """Read what CLINC150 has of Alice's intents, and out-of-scope rows. Raises MissingData.

    Of intents that are out of scope every fifth row is enough.
    """
    found = [*rows(data / f"clinc150/{partition}.jsonl.gz")]
    known = [row for row in found if _OF_CLINC.get(row["intent"], OUT_OF_SCOPE) != OUT_OF_SCOPE]
    beside = [row for row in found if _OF_CLINC.get(row["intent"]) == OUT_OF_SCOPE]
    kept = [*known, *beside[::FEW], *rows(data / f"clinc150/oos.{partition}.jsonl.gz")]
    return [Message(row["text"], _OF_CLINC[row["intent"]]) for row in kept]


def banking(data: Path) -> list[Message]:
    """Read every tenth question to a bank: out of scope. Raises MissingData."""
    return [Message(row["text"], OUT_OF_SCOPE) for row in rows(data / "banking77/train.jsonl.gz")][
        ::10
    ]


def sentences(language: str, weight: float = SENTENCE_WEIGHT) -> list[Message]:
    """Read the sentences written for Alice that only training needs; lines as of `examples`."""
    read = examples(SENTENCES / f"sentences.{language}.tsv")
    return [one._replace(weight=weight) for one in read]


def examples(path: Path = EXAMPLES) -> Iterator[Message]:
    """Read Alice's own examples: an intent, a tab and a message on each line.

    Raises:
        ValueError: a line is not so.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        intent, tab, text = line.partition("\t")
        if not (intent and tab and text.strip()):
            raise ValueError(f"{path}, line {number}: {json.dumps(line, ensure_ascii=False)}")
        yield Message(text.strip(), intent)
