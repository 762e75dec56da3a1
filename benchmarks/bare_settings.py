"""Alice's settings with the baseline's two doors."""

from alice_site.settings import *  # noqa: F403 - a settings module inherits all names

ROOT_URLCONF = "benchmarks.bare"
