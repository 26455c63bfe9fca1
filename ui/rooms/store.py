"""One SQLite file that several processes and their threads share."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ui.rooms.room import RoomError

PATIENCE = 1.0
"""Seconds to wait for somebody else's writing, which takes a thousandth of one."""

BUSY = "The room is busy just now; nothing is lost, try again in a moment."

TABLES = """
create table if not exists rooms (
  code text primary key, secret blob not null, owner blob not null, lesson text not null,
  round integer not null default 1, is_open integer not null default 1, ignored integer not null default 0,
  voters integer not null default 0, allowance real not null, allowed_at real not null,
  made real not null, used real not null
) without rowid;
create table if not exists votes (
  code text not null, voter blob not null, round integer not null, value not null,
  primary key (code, voter, round)
) without rowid;
"""

# The file is of this server's life only, so that nothing has to outlast a loss of power; what is deleted is
# overwritten, and its room given back.
SETTINGS = (
    "auto_vacuum = full",
    "journal_mode = wal",
    "synchronous = off",
    "secure_delete = on",
    "wal_autocheckpoint = 200",
    "journal_size_limit = 0",
)


class Store:
    """The file, made when it is first needed and again when somebody has deleted it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._inode = -1

    @contextmanager
    def transaction(self, kind: str = "immediate") -> Iterator[sqlite3.Connection]:
        """All that is done within it is done, or nothing of it: “immediate” to write, “deferred” to look.

        Raises RoomError where the file is locked or cannot be had.
        """
        if not self._lock.acquire(timeout=PATIENCE):
            raise RoomError(BUSY)
        try:
            connection = self._connected()
            connection.execute(f"begin {kind}")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
        except (sqlite3.Error, OSError) as error:
            # One that somebody else is writing to is as good as before.
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                self._close()
            raise RoomError(BUSY) from error
        finally:
            self._lock.release()

    def wipe(self) -> None:
        """Leaves nothing of what was deleted in the file's journal, where nobody reads it just now."""
        with self._lock:
            try:
                self._connected().execute("pragma wal_checkpoint(truncate)").fetchall()
            except (sqlite3.Error, OSError):
                self._close()

    def close(self) -> None:
        """Lets go of the file."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        if self._connection is not None and self._is_there():
            return self._connection
        self._close()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._connection = _opened(self._path)
        self._inode = self._path.stat().st_ino
        return self._connection

    def _is_there(self) -> bool:
        try:
            return self._path.stat().st_ino == self._inode
        except OSError:
            return False


def _opened(path: Path) -> sqlite3.Connection:
    """A connection, its tables made. When several processes come at once, all but one wait."""
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            for setting in SETTINGS:
                connection.execute(f"pragma {setting}").fetchall()
            connection.executescript(TABLES)
            return connection
        except sqlite3.Error:
            connection.close()
            # A change of the journal's mode does not wait by itself.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
