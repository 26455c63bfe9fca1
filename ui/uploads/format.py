"""What makes a format: how its files are known, read, and looked into once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui.uploads.original import Cells
from ui.uploads.table import Reading, Table


@dataclass(frozen=True)
class Format:
    """A kind of file that tables come in; each is one row of `formats.FORMATS`."""

    name: str
    """What people call it, and `Table.format` of its tables."""
    recognises: Callable[[bytes, str], bool]
    """Whether a file with such content and such an ending ("csv", in lower case) is one."""
    read: Callable[[str, bytes, Reading], Table]
    """From the file's name, its content and what is known of how to read it. Raises UploadError."""
    cells: Callable[[Table, bytes], Cells | None]
    """The cells of a table that was read, as the file's content holds them: values of its own kinds, "" or
    None where there is nothing. None where the rows cannot be found again."""
    unfolds: bool = False
    """Whether its content can unfold to more than its bytes, so that even a short file may take long."""
