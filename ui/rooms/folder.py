"""Where the rooms of this server are: in a private folder that its processes share, and that goes with it."""

import atexit
import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ui.rooms import FOLDER
from ui.rooms.rooms import Rooms


@cache
def rooms() -> Rooms:
    """Those of this server. A process that serves alone makes the folder when it first needs one, and removes
    it when it ends."""
    shared = os.environ.get(FOLDER)
    if shared:
        return Rooms(Path(shared) / "rooms.sqlite")
    # Only this user can look into it: that is how a temporary folder is made.
    folder = TemporaryDirectory(prefix="gmm-lab-")
    found = Rooms(Path(folder.name) / "rooms.sqlite")
    # The last one registered is the first one done.
    atexit.register(folder.cleanup)
    atexit.register(found.close)
    return found
