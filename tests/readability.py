"""How hard an English text is to read, in years of school.

The formula is short, and the packages that have it bring more than it: textstat, for one, puts a package
called `tests` beside the installed ones, which hides this one.
"""

import re


def grade(text: str) -> float:
    """The grade of Kincaid, Fishburne, Rogers & Chissom (1975), Derivation of new readability formulas for
    Navy enlisted personnel; a word has as many syllables as groups of vowels, less a silent e."""
    sentences = [part for part in re.split(r"[.:?](?:\s|$)", text) if part.strip()]
    found = re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", text)
    syllables = sum(map(_syllables, found))
    return 0.39 * len(found) / len(sentences) + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str) -> int:
    plain = word.casefold()
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = re.search(r"[^aeiouyl]e[sd]?$", plain) and not re.search(r"([td]ed|[sxz]es|[cs]hes)$", plain)
    return max(1, groups - bool(silent))
