"""What people write beside a number: a currency, a per cent sign, a unit of measurement."""

from __future__ import annotations

import re
from typing import NamedTuple

_CURRENCY = (
    r"US\$|A\$|C\$|R\$|[$€£¥₹₽₩₺₴₫₪฿]|zł|Kč|kr\.?|Fr\.?"
    r"|USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|HUF"
)
_ONE = (
    r"%|‰|°|°\s?[CF]|℃|℉|deg(?:rees?)?|deg[CFTK]|rad"
    r"|[kcdmµμn]?m|[km]?g|lbs?|oz|t|[mcdµμ]?[lL]|ft|in|inch(?:es)?|miles?|mi|nmi|yd"
    r"|ms|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|dy|days?|mo|months?|yrs?|years?"
    r"|[kMh]?Pa|m?bar|mb|atm|mmHg|psi|[kMG]?Hz|[kM]?W|[kMG]?Wh|[kM]?J|k?cal|[km]?V|m?A|[kM]?Ω|K|N"
    r"|kn|kts?|knots|mph|psu|pp[mb]|dB"
)
_POWER = r"(?:\^?-?[23]|[²³])?"
_UNIT = rf"(?:{_ONE}){_POWER}(?:\s?[/·*]\s?(?:{_ONE}){_POWER}){{0,2}}"
_LONGEST_CELL = 60

_BARE = re.compile(r"[+-]?[0-9.][^€$]*[0-9]|[^0-9]*", re.ASCII)
_BEFORE = re.compile(rf"(?P<sign>[+-]?)\s?(?P<unit>{_CURRENCY})\s?(?P<number>[+-]?[0-9.,].*)")
_BEHIND = re.compile(
    rf"(?P<number>[+-]?[0-9.,][0-9.,'’\s]*(?:[eE][+-]?[0-9]+)?)(?P<unit>{_CURRENCY}|{_UNIT})"
)
_ALONE = re.compile(rf"[(\[]?\s*(?:{_CURRENCY}|{_UNIT}|-|1)\s*[)\]]?")


class Quantity(NamedTuple):
    """A cell: what is written as a number, and the unit beside it."""

    number: str
    """The cell without its unit; the whole of it if it has none."""
    unit: str
    """As written; "" for none."""


def quantity(cell: str) -> Quantity:
    """Return a cell without spaces at its ends as number and unit, whether or not the number is one."""
    if len(cell) > _LONGEST_CELL or _BARE.fullmatch(cell):
        return Quantity(cell, "")
    found = _BEFORE.fullmatch(cell)
    if found:
        return Quantity(found["sign"] + found["number"], found["unit"])
    found = _BEHIND.fullmatch(cell)
    return Quantity(found["number"].rstrip(), found["unit"]) if found else Quantity(cell, "")


def is_unit(cell: str) -> bool:
    """Return whether a cell names a unit and nothing else, in brackets or not; "-" stands for none."""
    return _ALONE.fullmatch(cell.strip()) is not None
