"""Numbers as people write them, for what is printed."""

import re
from math import floor, log10

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def significant(value: float, digits: int = 5) -> str:
    """`value` with so many digits that count, a true minus, and powers of ten instead of e-notation.

    >>> significant(-0.00000123456), significant(54.0), significant(123456.7)
    ('−1.2346·10⁻⁶', '54', '1.2346·10⁵')
    """
    return with_powers(f"{value + 0.0:.{digits}g}".replace("-", "−"))


def in_units(value: float, span: float) -> str:
    """`value` with as many decimals as places within `span` need to be told apart.

    >>> in_units(1000000.25, 8.0), in_units(54.61485, 53.0), in_units(1e-9, 0.0)
    ('1000000.2500', '54.615', '1·10⁻⁹')
    """
    if not 1e-4 <= span <= 1e7:
        return significant(value, 12 if span else 5)
    decimals = max(0, 4 - floor(log10(span)))
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "−")


def nats(value: float) -> str:
    """A log-likelihood or a criterion, with four decimals.

    >>> nats(-1130.26396)
    '−1,130.2640'
    """
    return f"{value:,.4f}".replace("-", "−")


def percent(share: float) -> str:
    """A share of 1 as a percentage."""
    return f"{100 * share:.1f} %"


def with_powers(sentence: str) -> str:
    """A sentence with its powers of ten as people write them.

    >>> with_powers("gained 5.6e-07 a point")
    'gained 5.6·10⁻⁷ a point'
    """
    return re.sub(r"(?<=\d)e([+\-−]?)0*(\d+)", _raised, sentence)


def _raised(power: re.Match[str]) -> str:
    sign = "" if power[1] == "+" else power[1].replace("−", "-")
    return f"·10{(sign + power[2]).translate(_RAISED)}"
