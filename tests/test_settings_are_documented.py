"""Every setting that Alice reads from the environment stands in docs/configuration.md."""

import re
from pathlib import Path

import pytest

from alice_site.settings import BASE_DIR, env
from chat.seeds import SEEDS

DOCUMENTED = set(
    re.findall(r"`([A-Z][A-Z_]+)`", Path(BASE_DIR, "docs/configuration.md").read_text())
)


@pytest.mark.parametrize("name", [*env.scheme, *(seed.variable for seed in SEEDS)])
def test_a_variable_that_is_read_is_documented(name):
    assert name in DOCUMENTED
