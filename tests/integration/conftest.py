"""A PostgreSQL of our own for the tests: made, started and thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

_numbers = count()


class Cluster:
    """One PostgreSQL server that listens on a socket in its own folder only.

    PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody`
    where there is no such user.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.server: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = next(name for name in ("postgres", "nobody") if _exists(name))
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
            self._as = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def start(self) -> None:
        initdb = [str(self.programs / "initdb"), "-D", str(self.folder / "cluster"), "-U", "tests"]
        options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run([*initdb, *options], check=True, capture_output=True, cwd="/", **self._as)
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "fsync=off"]
        flags = [part for setting in settings for part in ("-c", setting)]
        with (self.folder / "log").open("wb") as log:
            self.server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "cluster", *flags],
                stdout=log, stderr=log, cwd="/", **self._as,
            )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        if self.server is not None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def url(self, database: str) -> str:
        return f"postgresql://tests@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"tests_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def _wait(self) -> None:
        for _ in range(300):
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert self.server is not None and self.server.poll() is None, self._log()
                time.sleep(0.1)
        raise AssertionError(self._log())

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A running PostgreSQL; the tests that need it are skipped where none is installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-postgres-"))
    cluster = Cluster(programs, folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: Cluster) -> str:
    """The URL of an empty database."""
    return postgres.new_database()


def _programs() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps them off the search path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    candidates = [*folders, Path(found).parent] if found else folders
    return next((f for f in candidates if (f / "postgres").exists()), None)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged embedding model, unpacked once."""
    from knowledge.weights import ensure_weights

    return ensure_weights(tmp_path_factory.mktemp("models") / "e5-small")
