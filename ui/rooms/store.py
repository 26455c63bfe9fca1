"""One SQLite file that several processes and their threads share."""

import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from ui.rooms.room import RoomError

PATIENCE = 1.0
"""Seconds to wait for somebody else's writing, which takes a thousandth of one."""

BUSY = "The room is busy just now; nothing is lost, try again in a moment."
NO_PLACE = (
    "This server cannot keep predictions just now: its disk is full, or may not be written to. Lessons go on "
    "without."
)
IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

TABLES = """
create table if not exists rooms (
  code text primary key, secret blob not null, owner blob not null, address blob not null,
  lesson text not null, generation integer not null default 1,
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
    """The file, made when it is first needed and again when somebody has deleted it. Without a path it is in
    a folder of its own, which goes when the store is closed."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._own: Path | None = None
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._inode: int | None = None

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
            # The lowest byte is the kind. One that somebody else is writing to is as good as before.
            if getattr(error, "sqlite_errorcode", -1) & 0xFF in IN_USE:
                raise RoomError(BUSY) from error
            self._close()
            raise RoomError(NO_PLACE) from error
        finally:
            self._lock.release()

    @property
    def is_begun(self) -> bool:
        """Whether there is a file: somebody has needed it."""
        return self._path is not None and self._path.exists()

    def wipe(self) -> None:
        """Leaves nothing of what was deleted in the file's journal, where nobody reads it just now."""
        with self._lock:
            try:
                self._connected().execute("pragma wal_checkpoint(truncate)").fetchall()
            except (sqlite3.Error, OSError):
                self._close()

    def close(self) -> None:
        """Lets go of the file, and removes the folder if it is the store's own."""
        with self._lock:
            self._close()
            if self._own is not None:
                shutil.rmtree(self._own, ignore_errors=True)
                self._own = self._path = None

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> sqlite3.Connection:
        path = self._path or self._own_path()
        if self._connection is not None and _inode_of(path) == self._inode:
            return self._connection
        self._close()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._connection = _opened(path)
        self._inode = _inode_of(path)
        return self._connection

    def _own_path(self) -> Path:
        # Only this user can look into it: that is how a temporary folder is made.
        self._own = Path(mkdtemp(prefix="gmm-lab-"))
        self._path = self._own / "rooms.sqlite"
        return self._path


def _inode_of(path: Path) -> int | None:
    """None where there is no such file."""
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _opened(path: Path) -> sqlite3.Connection:
    """A connection, its tables made. When several processes come at once, all but one wait."""
    deadline = time.monotonic() + PATIENCE
    # Nobody else's to read; what SQLite puts beside it is like it.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
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
