"""Everything that is said in Swedish can be said in English."""

from gettext import GNUTranslations
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES"


def test_every_sentence_has_its_translation():
    catalogue = (FOLDER / "django.po").read_text()

    assert 'msgstr ""\n\n' not in catalogue.partition("\n\n")[2] + "\n\n"
    assert "fuzzy" not in catalogue


def test_what_is_compiled_is_what_is_written():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    catalogue = (FOLDER / "django.po").read_text()

    assert compiled.gettext("Vad undrar du?") == "What would you like to know?"
    # A sentence with a plural is there once for each of its forms.
    sentences = {key[0] if isinstance(key, tuple) else key for key in compiled._catalog}
    assert catalogue.count("\nmsgid ") == len(sentences)
