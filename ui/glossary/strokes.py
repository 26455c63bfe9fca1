"""Path data for pictures of three strokes, in a box 60 wide and 40 high, with y downwards."""

from itertools import pairwise
from math import cos, pi, sin, tan

WIDTH, HEIGHT = 60, 40


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _pair(x: float, y: float) -> str:
    return f"{_number(x)} {_number(y)}"


def line(*corners: tuple[float, float]) -> str:
    """From corner to corner."""
    first, *rest = corners
    return f"M{_pair(*first)}" + "".join(f"L{_pair(*corner)}" for corner in rest)


def lines(*ends: tuple[float, float, float, float]) -> str:
    """Several straight ones, each from (x, y) to (x, y)."""
    return "".join(line((x0, y0), (x1, y1)) for x0, y0, x1, y1 in ends)


def curve(*points: tuple[float, float]) -> str:
    """Smooth through all points: Catmull and Rom's spline, with the slope of each point's neighbours."""
    padded = [points[0], *points, points[-1]]
    text = f"M{_pair(*points[0])}"
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        text += f"C{_pair(*first)} {_pair(*second)} {_pair(*end)}"
    return text


def dots(*places: tuple[float, float]) -> str:
    """A dot at each place: a circle that its own stroke fills."""
    return "".join(f"M{_pair(x - 0.9, y)}a.9.9 0 1 0 1.8 0a.9.9 0 1 0-1.8 0" for x, y in places)


def ellipse(x: float, y: float, along: float, across: float, tilt: float = 0.0) -> str:
    """Around (x, y) with these half-axes, turned counterclockwise by `tilt` degrees: four Bézier curves."""
    turn = -tilt * pi / 180
    reach = 4 / 3 * tan(pi / 8)

    def at(right: float, up: float) -> str:
        a, b = along * right, across * up
        return _pair(x + a * cos(turn) - b * sin(turn), y + a * sin(turn) + b * cos(turn))

    corners = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]
    text = f"M{at(1, 0)}"
    for (x0, y0), (x1, y1) in pairwise(corners):
        first = (x0 + reach * x1, y0 + reach * y1)
        second = (x1 + reach * x0, y1 + reach * y0)
        text += f"C{at(*first)} {at(*second)} {at(x1, y1)}"
    return text + "Z"


def circle(x: float, y: float, radius: float) -> str:
    """Around (x, y)."""
    return ellipse(x, y, radius, radius)


def bell(x: float, width: float, top: float, ground: float = 36) -> str:
    """A bell-shaped curve over the ground, with its top at (x, top) and a standard deviation of `width`."""
    left, right = x - 3 * width, x + 3 * width
    return (
        f"M{_pair(left, ground)}"
        f"C{_pair(x - 1.3 * width, ground)} {_pair(x - 1.1 * width, top)} {_pair(x, top)}"
        f"C{_pair(x + 1.1 * width, top)} {_pair(x + 1.3 * width, ground)} {_pair(right, ground)}"
    )


def bars(ground: float, width: float, *tops: tuple[float, float]) -> str:
    """Bars with their left edges and tops at (x, y), as outlines."""
    return "".join(line((x, ground), (x, y), (x + width, y), (x + width, ground)) for x, y in tops)


def arrow(x0: float, y0: float, x1: float, y1: float, head: float = 4) -> str:
    """From one place to another, with a head."""
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    a, b = (x1 - x0) / length * head, (y1 - y0) / length * head
    left, right = (x1 - a + b * 0.7, y1 - b - a * 0.7), (x1 - a - b * 0.7, y1 - b + a * 0.7)
    return line((x0, y0), (x1, y1)) + line(left, (x1, y1), right)


def cross(x: float, y: float, size: float = 3) -> str:
    """A standing cross, as a mean has."""
    return lines((x - size, y, x + size, y), (x, y - size, x, y + size))
