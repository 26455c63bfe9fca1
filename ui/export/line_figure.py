"""The final picture of a line as a small SVG: weighted densities in a stack, over a rug of points."""

from math import ceil

import numpy as np

import gmm_core
from ui import palette
from ui.export.drawing import (
    BOTTOM,
    HEIGHT,
    INK,
    LEFT,
    MOST_DRAWN,
    RIGHT,
    TOP,
    WIDTH,
    Frame,
    axes,
    badge,
    dots,
    svg,
)

# Of the curves: places across, and how many times as high as the histogram one may be: a collapse has no end.
_N_PLACES = 600
_HIGHEST = 3.0
_ABOVE = 1.06

# Below the axis, in units of the picture: room for the points, and a lane for every component.
_RUG, _LANE, _MOST_LANES = 70.0, 24.0, 130.0

# The share of a turn that spreads neighbours in the data over the height of the rug.
_GOLDEN = (np.sqrt(5) - 1) / 2

_NOISE = "#8a94a0"


def line_figure(
    points: np.ndarray,
    mixture: gmm_core.Mixture,
    columns: tuple[str, ...],
    glyphs: str = "auto",
    shares: np.ndarray | None = None,
) -> str:
    """SVG text of points (N, 1) under a mixture: the components' densities times their weights, one upon the
    other, the noise lowest, and their sum in ink; below the axis the numbered means with 1 sigma to both
    sides, 2 sigma dashed, and the points in any height. Points, `glyphs` and `shares` else as in
    `mixture_figure`.
    """
    step = ceil(len(points) / MOST_DRAWN)
    shown, places = points[::step], points[:, 0]
    n_components = mixture.n_components
    shares = gmm_core.responsibilities(shown, mixture) if shares is None else shares[::step, :n_components]
    lane = min(_LANE, _MOST_LANES / n_components)
    frame = _frame(places, mixture, _RUG + lane * n_components)
    signed = palette.glyphs_wanted(glyphs, n_components)
    across = np.linspace(*frame.view[:2], _N_PLACES)
    edges = np.cumsum(_layers(across, mixture), axis=0)
    below = (np.zeros(_N_PLACES), *edges[:-1])
    colours = [_NOISE, *map(palette.colour_of, range(n_components))]
    heights = -(lane * n_components + _RUG * _spread(len(points))) / frame.per_y
    rug = frame.place(np.column_stack([places, heights])[::step])
    parts = [
        axes(frame, (*columns, "density"), least=0.0),
        '<g clip-path="url(#gmm-frame)">',
        *(_area(frame, across, *layer) for layer in zip(below, edges, colours, strict=True)),
        *(_curve(frame, across, edges[k + 1], colours[k + 1], 1.5) for k in range(n_components)),
        _curve(frame, across, edges[-1], INK, 2.2),
        f'<path d="M{LEFT} {_ground(frame):.1f}H{WIDTH - RIGHT}" stroke="#566373"/>',
        dots(
            rug,
            palette.blended(shares),
            shares.argmax(axis=1) if signed else None,
            filled=shown[:, 1] == 1 if mixture.probabilities.size else None,
        ),
        *(_width(frame, mixture, k, -lane * (k + 0.5) / frame.per_y) for k in range(n_components)),
        *(
            badge(frame, np.array([mean, -lane * (k + 0.5) / frame.per_y]), k)
            for k, mean in enumerate(mixture.means[:, 0])
        ),
        "</g>",
    ]
    return svg(parts, f"{len(points)} points on a line and {n_components} curves")


def _layers(places: np.ndarray, mixture: gmm_core.Mixture) -> np.ndarray:
    """(1 + K, n): weight times density at places (n,), of the noise first, which may be 0."""
    # The volume counts both values of a yes/no column, and here they are taken together.
    n_binary = mixture.probabilities.shape[1]
    noise = 0.0 if mixture.noise is None else 2.0**n_binary * mixture.noise.amount / mixture.noise.volume
    variances = mixture.covariances[:, 0]
    # Far from every mean the square is beyond any float, and the density 0 all the same.
    with np.errstate(over="ignore"):
        squares = (places - mixture.means) ** 2 / variances
    heights = mixture.weights[:, None] / np.sqrt(2 * np.pi * variances) * np.exp(-0.5 * squares)
    return np.vstack([np.full(len(places), noise), heights])


def _frame(places: np.ndarray, mixture: gmm_core.Mixture, below: float) -> Frame:
    """With 0 upwards so many units of the picture above its lower edge."""
    low, high = float(places.min()), float(places.max())
    sigma = float(np.sqrt(mixture.covariances.max()))
    span = 1.1 * (high - low if high - low > 1e-9 * max(abs(low), abs(high)) else 6 * sigma)
    start = (low + high) / 2 - span / 2
    looked_at = np.concatenate([np.linspace(start, start + span, _N_PLACES), mixture.means[:, 0]])
    top = float(_layers(looked_at, mixture).sum(axis=0).max())
    if high > low:
        bars = float(np.histogram(places, bins=_n_bars(places))[0].max()) / len(places)
        top = min(top, _HIGHEST * bars * _n_bars(places) / (high - low))
    per_y = (HEIGHT - TOP - BOTTOM - below) / (_ABOVE * top)
    return Frame(start, -below / per_y, (WIDTH - LEFT - RIGHT) / span, per_y)


def _n_bars(places: np.ndarray) -> int:
    """Of the histogram, by the rule of Freedman & Diaconis (1981)."""
    quarter = float(np.subtract(*np.quantile(places, [0.75, 0.25])))
    if quarter == 0:
        return 1
    return int(np.clip(np.ceil(np.ptp(places) / quarter * np.cbrt(len(places)) / 2), 1, 200))


def _spread(n_points: int) -> np.ndarray:
    """(N,) heights from 0 to 1 in which neighbours in the data lie apart."""
    return 0.12 + 0.8 * ((np.arange(n_points) * _GOLDEN) % 1)


def _ground(frame: Frame) -> float:
    return float(frame.place(np.array([frame.x0, 0.0]))[1])


def _line(frame: Frame, across: np.ndarray, heights: np.ndarray) -> str:
    return "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.place(np.column_stack([across, heights])).tolist())


def _area(frame: Frame, across: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str) -> str:
    there, back = _line(frame, across, high), _line(frame, across[::-1], low[::-1])
    return f'<path d="M{there}L{back}Z" fill="{colour}" opacity="0.3" class="layer"/>'


def _curve(frame: Frame, across: np.ndarray, heights: np.ndarray, colour: str, width: float) -> str:
    return (
        f'<path d="M{_line(frame, across, heights)}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
    )


def _width(frame: Frame, mixture: gmm_core.Mixture, k: int, height: float) -> str:
    mean, sigma = float(mixture.means[k, 0]), float(np.sqrt(mixture.covariances[k, 0, 0]))
    ends = [(level * side, height) for level in (1, 2) for side in (-1, 1)]
    place = frame.place(np.array([(mean + sigma * off, y) for off, y in ends]))
    (left, y), (right, _), (far_left, _), (far_right, _) = place.tolist()
    pen = f'stroke="{palette.colour_of(k)}" fill="none"'
    return (
        f'<path d="M{far_left:.1f} {y:.1f}H{far_right:.1f}" {pen} stroke-width="2" stroke-dasharray="6 4"/>'
        f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" {pen} stroke-width="4"/>'
    )
