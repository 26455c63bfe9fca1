"""Where the rooms of this server are: in a private folder that its processes share, and that goes with it."""

import atexit
import os
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ui.rooms import FOLDER
from ui.rooms.rooms import Rooms

_TO_LEAVE = ExitStack()


@cache
def rooms() -> Rooms:
    """Those of this server. A process that serves alone makes the folder when it first needs one."""
    shared = os.environ.get(FOLDER)
    # Only this user can look into it: that is how a temporary folder is made.
    folder = shared or _TO_LEAVE.enter_context(TemporaryDirectory(prefix="gmm-lab-"))
    found = Rooms(Path(folder) / "rooms.sqlite")
    _TO_LEAVE.callback(found.close)
    return found


@atexit.register
def leave() -> None:
    """Lets go of the file, and removes the folder if this process made it. A server that is stopped by a
    signal calls it itself, since it never comes to what Python does at its end."""
    _TO_LEAVE.close()
