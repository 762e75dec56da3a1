"""An answer may turn out to hold for the moment only, after its first words were said."""

import pytest

from chat.core.events import Ended, Noted, Token
from tests.fakes import NoCache, ScriptedSpeaker, a_kit, ask


class NotingCache(NoCache):
    """Notes what it is to remember."""

    def __init__(self):
        self.entries = []

    async def remember(self, entry, *, tiers, spiral):
        self.entries.append(entry)
        return "L1"


@pytest.mark.parametrize(("fleeting", "kept"), [(True, 0), (False, 1)])
def test_an_answer_that_became_fleeting_is_not_remembered(fleeting, kept):
    cache = NotingCache()
    speaker = ScriptedSpeaker("Tolv.", Ended(fleeting=fleeting), keep=True)

    ask("vad är klockan?", a_kit(speaker=speaker, cache=cache))

    assert len(cache.entries) == kept


def test_notes_are_about_this_time_and_are_not_remembered():
    cache = NotingCache()
    speaker = ScriptedSpeaker(Noted("waiting", "Vänta …"), "Hej!", keep=True)

    ask("hej", a_kit(speaker=speaker, cache=cache))

    assert cache.entries[0].events == (Token("Hej!"),)
