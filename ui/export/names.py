"""What files are called that people take home."""

import re
import unicodedata

_ENDING = re.compile(r"(\.[a-z0-9]{1,8})?(\.gz)?$")


def file_stem(title: str) -> str:
    """A name without ending that every system takes: what the data are called, in plain letters.

    >>> file_stem("Größe & Gewicht (2024).csv"), file_stem("数据")
    ('grosse-gewicht-2024', 'points')
    """
    plain = unicodedata.normalize("NFKD", _ENDING.sub("", title.casefold()))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))
    return "-".join(words)[:60].strip("-") or "points"
