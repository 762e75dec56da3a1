"""What happens to a message. Start reading here; to change it, change these tuples."""

from chat.core.converse import Pipeline
from chat.core.policy import OPTIONAL_STEPS
from chat.core.steps.answering import choose_route, generate, understand
from chat.core.steps.entrance import admit, limit_rate, replay
from chat.core.steps.keeping import (
    measure,
    save_messages,
    save_question,
    settle_tokens,
    tell_joiners,
)
from chat.core.steps.leaks import withhold_leaks
from chat.core.steps.memory import (
    check_in_shadow,
    keep_for_replay,
    land_flight,
    recall_exact,
    recall_similar,
    remember,
)
from chat.core.steps.safety import grant_tools, guard, mask_pii, unmask_pii

CHAT = Pipeline(
    before=(  # until one of them replies
        admit,  # may this caller chat?
        limit_rate,  # early: a flood must be cheap to refuse
        replay,  # same Idempotency-Key: say the same again
        save_question,  # from here on the message survives a crash
        mask_pii,  # "070-123 45 67" becomes "[TEL_1]"
        grant_tools,
        guard,  # Guardian's rules; one of them may ask what is understood, with which tools
        recall_exact,  # L1..L10
        recall_similar,  # along the spiral
        understand,  # language, intent and slots
        choose_route,  # micro, tool or planner
        generate,  # always replies; the same question at once is answered once
    ),
    during=(  # filters on the words being spoken
        withhold_leaks,  # instructions, credentials, links that carry data away
        unmask_pii,
        tell_joiners,
    ),
    after=(
        remember,
        land_flight,  # when it is remembered: whoever asks meanwhile joins in or finds it there
        save_messages,  # before the key is let go: whoever repeats the request finds it saved
        keep_for_replay,
        settle_tokens,  # what was spent, in place of what was reserved
        check_in_shadow,  # a few similar hits, in the background: was the answer right?
        measure,
    ),
    optional=OPTIONAL_STEPS,
)
