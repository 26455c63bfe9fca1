"""Where a class put its flags, as a picture in the lesson's own coordinates: it tells nobody who is right."""

import math
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ui.rooms.ballot import place_of
from ui.rooms.room import FIRST, SECOND, Value

WIDE, HIGH = 100.0, 66.0
"""Of the picture, in its own units; a stack of flags on a line is as high as LANE."""

LANE = 24.0
KINDS = {FIRST: ("alone", "alone"), SECOND: ("talked", "after talking")}
"""By round: how it is drawn, and what it is called."""

PAINT = {
    "data": 'fill="#808080" opacity="0.35"',
    "alone": 'fill="#0b6bb0" stroke="#ffffff" stroke-width="0.3"',
    "talked": 'fill="#b45309" stroke="#ffffff" stroke-width="0.3"',
    "truth": 'fill="none" stroke="#e0a800" stroke-width="1.4"',
}
"""Of dots, on a light page and on a dark one."""

MOST_POINTS = 400
"""Of the data behind the flags, which only say where one is."""


def flags(
    points: NDArray[np.float64], votes: Mapping[int, "Counter[Value]"], truth: Sequence[float] | None
) -> str:
    """A picture with its key, as HTML. `points` (N, D) are the lesson's, D one or two; `truth` is the place
    that came true, and None until it may be seen."""
    shown = points[:: math.ceil(len(points) / MOST_POINTS)]
    draw = _line if points.shape[1] == 1 else _plane
    said = ", ".join(f"{name} {votes[round].total()}" for round, (_, name) in KINDS.items())
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:g} {HIGH:g}" font-family="sans-serif">'
        f"{draw(shown, votes, truth)}</svg>"
    )
    key = " · ".join(
        f'<span class="{kind}">●</span> {name} {votes[round].total()}'
        for round, (kind, name) in KINDS.items()
    )
    return (
        f'<img class="class-map" alt="Where the class put its flags: {said}" '
        f'src="data:image/svg+xml;base64,{b64encode(picture.encode()).decode()}">'
        f'<p class="class-key">{key}{" · ◯ what happened" if truth is not None else ""}</p>'
    )


def _plane(
    points: NDArray[np.float64], votes: Mapping[int, "Counter[Value]"], truth: Sequence[float] | None
) -> str:
    low, high = points.min(axis=0), points.max(axis=0)
    # The same length of both axes is as long in the picture.
    scale = 0.92 * min(WIDE / max(high[0] - low[0], 1e-12), HIGH / max(high[1] - low[1], 1e-12))

    def at(place: Sequence[float]) -> tuple[float, float]:
        x, y = (scale * (value - middle) for value, middle in zip(place, (low + high) / 2, strict=True))
        return _within(WIDE / 2 + x, WIDE), _within(HIGH / 2 - y, HIGH)

    dots = [_dot("data", at(point), 0.6) for point in points.tolist()]
    for round, (kind, _) in KINDS.items():
        dots += [
            _dot(kind, at(place_of(vote)), 1.5 * math.sqrt(count)) for vote, count in votes[round].items()
        ]
    return "".join(dots) + ("" if truth is None else _dot("truth", at(truth), 3.0))


def _line(
    points: NDArray[np.float64], votes: Mapping[int, "Counter[Value]"], truth: Sequence[float] | None
) -> str:
    low, high = float(points.min()), float(points.max())

    def across(value: float) -> float:
        return _within(WIDE * (0.04 + 0.92 * (value - low) / max(high - low, 1e-12)), WIDE)

    ground = HIGH - 8.0
    parts = [_dot("data", (across(value), ground), 0.6) for value in points[:, 0].tolist()]
    stacks = {round: Counter[int]() for round in KINDS}
    for round, stack in stacks.items():
        for vote, count in votes[round].items():
            stack[int(across(place_of(vote)[0]) / 2.0 + 0.5)] += count
    most = max([1, *(count for stack in stacks.values() for count in stack.values())])
    pitch = min(2.0, LANE / most)
    for (round, (kind, _)), floor in zip(KINDS.items(), (ground - 3.0, ground - 6.0 - LANE), strict=True):
        parts += [
            _dot(kind, (2.0 * place, floor - pitch * height), 1.0)
            for place, count in stacks[round].items()
            for height in range(count)
        ]
    parts += [
        f'<text x="{across(value):.1f}" y="{HIGH - 1.5:g}" font-size="4.5" text-anchor="middle" '
        f'fill="#808080">{f"{value:.3g}".replace("-", "−")}</text>'
        for value in (low, (low + high) / 2, high)
    ]
    if truth is not None:
        parts.append(_dot("truth", (across(truth[0]), ground), 3.0))
    return "".join(parts)


def _dot(kind: str, at: tuple[float, float], radius: float) -> str:
    return f'<circle {PAINT[kind]} cx="{at[0]:.2f}" cy="{at[1]:.2f}" r="{radius:.2f}"/>'


def _within(value: float, size: float) -> float:
    """A flag far outside stands at the edge."""
    return min(size - 2.0, max(2.0, value))
