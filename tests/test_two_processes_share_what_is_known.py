"""Another process, a real one, heeds a wrong answer within about a second."""

import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent

THERE = """
import asyncio, sys, time
import django; django.setup()
from chat.db import close, in_db
from fibcache.evidence import DatabaseEvidence

async def watch():
    evidence = DatabaseEvidence(in_db)
    print((await evidence.known()).wrong, flush=True)
    sys.stdin.readline()
    began = time.monotonic()
    while not (await evidence.known()).wrong and time.monotonic() - began < 8:
        await asyncio.sleep(0.05)
    print((await evidence.known()).wrong, flush=True)

asyncio.run(watch()); close()
"""

HERE = """
import django; django.setup()
from fibcache.core.budget import Outcome
from fibcache.evidence import note
from uuid import uuid4
note(outcome=Outcome("e", 0.8, False), tenant="alice", turn_id=uuid4())
"""


def test_a_wrong_outcome_noted_by_one_process_is_known_to_another(tmp_path):
    environ = {
        **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")},
        "ALICE_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "alice_site.settings",
    }

    def python(*arguments: str, **how):
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=HOME, env=environ, text=True, **how
        )

    assert python("manage.py", "migrate", "-v0").wait(120) == 0
    there = python("-c", THERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert there.stdout.readline().strip() == "0"
        assert python("-c", HERE).wait(60) == 0
        told, _ = there.communicate("go\n", timeout=60)
    finally:
        there.kill()

    assert told.strip() == "1"
