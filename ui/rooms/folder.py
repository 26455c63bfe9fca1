"""Where the rooms of this server are: in a private folder that its processes share, and that goes with it."""

import atexit
import os
from functools import cache
from pathlib import Path

from ui.rooms import FOLDER
from ui.rooms.rooms import Rooms


@cache
def rooms() -> Rooms:
    """Those of this server. A process that serves alone makes a folder for them when somebody first needs
    one."""
    shared = os.environ.get(FOLDER)
    return Rooms(Path(shared) / "rooms.sqlite" if shared else None)


@atexit.register
def leave() -> None:
    """Lets go of the file, and removes the folder if this process made it. A server that is stopped by a
    signal calls it itself, since it never comes to what Python does at its end."""
    if rooms.cache_info().currsize:
        rooms().close()
