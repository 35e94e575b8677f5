"""A PostgreSQL server of our own for tests: in a temporary folder, on a socket there, as an account with no rights."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

_PROGRAMS = "/usr/lib/postgresql"  # where Debian and Ubuntu have them


class PostgreSQL:
    """The server, which is started when it is first asked for a database."""

    def __init__(self) -> None:
        self._server: subprocess.Popen[bytes] | None = None
        self._folder = Path()
        self._made = 0

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://grader@/{name}?host={self._folder}"

    def new_database(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        import psycopg

        if self._server is None:
            self._server = self._start()
        self._made += 1
        name = f"gradebook{self._made}"
        with psycopg.connect(f"host={self._folder} user=grader dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
        return name

    def stop(self) -> None:
        """Stop the server and remove all that it has written."""
        if self._server is not None:
            self._server.terminate()
            self._server.wait(timeout=60)
            shutil.rmtree(self._folder)

    def _start(self) -> subprocess.Popen[bytes]:
        versions = sorted(Path(_PROGRAMS).glob("*/bin"))
        assert versions, f"no PostgreSQL in {_PROGRAMS}: apt install postgresql"
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        who: dict[str, Any] = {}
        if os.geteuid() == 0:  # as which PostgreSQL refuses to run
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(self._folder, "nobody", "nogroup")
        data, log = self._folder / "data", self._folder / "log"
        setup = ["initdb", "-D", data, "-U", "grader", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
        with log.open("wb") as output:
            self._run(versions[-1], setup, output, who).wait(timeout=120)
            options = ["-c", "listen_addresses=", "-c", "fsync=off", "-k", self._folder]
            server = self._run(versions[-1], ["postgres", "-D", data, *options], output, who)
        ready = [versions[-1] / "pg_isready", "-q", "-h", self._folder]
        while subprocess.run(ready, check=False).returncode:
            assert server.poll() is None, log.read_text()
            time.sleep(0.05)
        return server

    def _run(self, programs: Path, command: list[Any], output: Any, who: dict[str, Any]) -> subprocess.Popen[bytes]:
        program = [programs / command[0], *command[1:]]
        return subprocess.Popen(program, cwd=self._folder, stdout=output, stderr=output, **who)
