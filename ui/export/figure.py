"""The final picture as a small SVG of its own: points in their blended colours, ellipses, means, axes.

For paper: black on white, without a script, a font or a picture from elsewhere. It draws the plane, D = 2.
"""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

import gmm_core
from ui import palette
from ui.export.html import escaped
from ui.export.numbers import significant
from ui.stage.codec import UNLIKE

MOST_DRAWN = 2000
"""More points than this are thinned to so many, evenly through the rows."""

_WIDTH, _HEIGHT = 640.0, 430.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 10.0, 10.0, 42.0
_WANTED_TICKS = 6
_MOST_LETTERS = 60


@dataclass(frozen=True)
class _Frame:
    """Data units and the SVG's, which it has in common with no other."""

    x0: float
    y0: float
    per_x: float
    per_y: float

    @property
    def view(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1 in data units."""
        across, upwards = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return self.x0, self.x0 + across / self.per_x, self.y0, self.y0 + upwards / self.per_y

    def place(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) in the SVG's units."""
        across = _LEFT + (points[..., 0] - self.x0) * self.per_x
        down = _HEIGHT - _BOTTOM - (points[..., 1] - self.y0) * self.per_y
        return np.stack([across, down], axis=-1)


def mixture_figure(
    points: np.ndarray,
    mixture: gmm_core.Mixture,
    columns: tuple[str, ...],
    glyphs: str = "auto",
    shares: np.ndarray | None = None,
) -> str:
    """SVG text of points (N, 2) under a mixture, with ellipses at 1 sigma, and dashed at 2; under the choice
    `glyphs` every point has the sign of its strongest component. A mixture with a binary column has points
    (N, 3), which are hollow where it is 0. `shares` (N, K or more) are those of the points, where they are
    others than the mixture's responsibilities.

    Both axes have the same scale unless that would make one of them a line.
    """
    step = ceil(len(points) / MOST_DRAWN)
    shown, places = points[::step], points[:, :2]
    frame, n_components = _frame(places), mixture.n_components
    shares = gmm_core.responsibilities(shown, mixture) if shares is None else shares[::step, :n_components]
    signed = palette.glyphs_wanted(glyphs, mixture.n_components)
    parts = [
        _axes(frame, columns),
        '<g clip-path="url(#gmm-frame)">',
        _dots(
            frame.place(places[::step]),
            palette.blended(shares),
            shares.argmax(axis=1) if signed else None,
            filled=shown[:, 2] == 1 if mixture.probabilities.size else None,
        ),
        *(_ellipses(frame, mixture, k) for k in range(mixture.n_components)),
        *(_badge(frame, mean, k) for k, mean in enumerate(mixture.means)),
        "</g>",
    ]
    return _svg(parts, f"{len(points)} points and {mixture.n_components} ellipses")


def clusters_figure(
    points: np.ndarray,
    labels: np.ndarray,
    centres: np.ndarray,
    radii: np.ndarray,
    columns: tuple[str, ...],
    glyphs: str = "auto",
) -> str:
    """SVG text of points (N, 2) in the colours of their clusters, labels (N,) from 0, with the cells of
    centres (K, 2), and a circle of radius (K,) about each; none where the radius is 0. Under the choice
    `glyphs` every point has the sign of its cluster."""
    step = ceil(len(points) / MOST_DRAWN)
    frame = _frame(points)
    signed = palette.glyphs_wanted(glyphs, len(centres))
    colours = [palette.colour_of(k) for k in labels[::step].tolist()]
    circles = [
        _outline(frame, gmm_core.ellipse(centre, radius**2 * np.eye(2), 1.0), k)
        for k, (centre, radius) in enumerate(zip(centres, radii, strict=True))
        if radius > 0
    ]
    parts = [
        _axes(frame, columns),
        '<g clip-path="url(#gmm-frame)">',
        *(_border(frame, cell) for cell in gmm_core.voronoi_cells(centres, frame.view) if len(cell)),
        _dots(frame.place(points[::step]), colours, labels[::step] if signed else None),
        *circles,
        *(_badge(frame, centre, k) for k, centre in enumerate(centres)),
        "</g>",
    ]
    return _svg(parts, f"{len(points)} points and {len(centres)} centres of K-Means")


def _svg(parts: list[str], label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" '
        f'aria-label="{label}" font-family="sans-serif" font-size="12">' + "".join(parts) + "</svg>"
    )


def is_thinned(n_points: int) -> bool:
    """Whether a figure of so many points leaves some out."""
    return n_points > MOST_DRAWN


def _frame(points: np.ndarray) -> _Frame:
    low, high = points.min(axis=0), points.max(axis=0)
    spans = high - low
    widest = max(float(spans.max()), 1e-9 * float(np.abs(high).max()), 1e-300)
    spans = np.where(spans > 0, spans, widest)
    spans, middle = 1.1 * spans, (low + high) / 2
    room = np.array([_WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM])
    scales = room / spans
    if spans.max() <= UNLIKE * spans.min():
        scales = np.full(2, scales.min())
    start = middle - room / scales / 2
    return _Frame(float(start[0]), float(start[1]), float(scales[0]), float(scales[1]))


def _dots(
    places: np.ndarray,
    colours: list[str],
    kinds: np.ndarray | None = None,
    filled: np.ndarray | None = None,
) -> str:
    radius = 3.2 if len(places) <= 300 else 2.2
    fills = [True] * len(places) if filled is None else filled.tolist()
    pens = [
        f'fill="{colour}"' if fill else f'fill="none" stroke="{colour}"'
        for colour, fill in zip(colours, fills, strict=True)
    ]
    if kinds is not None:
        return _signs(places, pens, kinds.tolist(), max(radius, 2.6))
    dots = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" {pen}/>'
        for (x, y), pen in zip(places.tolist(), pens, strict=True)
    )
    # One radius for all, which old browsers read from an attribute only.
    return "".join(dots).replace("<circle ", f'<circle r="{radius}" opacity="0.8" ')


def _signs(places: np.ndarray, pens: list[str], kinds: list[int], radius: float) -> str:
    paths = [_sign(glyph, radius) for glyph in palette.GLYPHS]
    signs = (
        f'<path {pen} d="M{x:.1f} {y:.1f}{paths[kind % len(paths)]}"/>'
        for (x, y), pen, kind in zip(places.tolist(), pens, kinds, strict=True)
    )
    return f'<g opacity="0.85" fill-rule="evenodd">{"".join(signs)}</g>'


def _sign(glyph: palette.Glyph, radius: float) -> str:
    """The outlines relative to the place that they are drawn about, which they come back to."""
    drawn = ""
    for ring in glyph.rings:
        corners = radius * np.array(ring)
        steps = np.diff(corners, axis=0, prepend=np.zeros((1, 2)))
        first, *rest = (f"{x:.2f} {y:.2f}" for x, y in steps.tolist())
        # Closing leads back to the ring's first corner.
        back_x, back_y = (-corners[0]).tolist()
        drawn += f"m{first}l{' '.join(rest)}zm{back_x:.2f} {back_y:.2f}"
    return drawn


def _ellipses(frame: _Frame, mixture: gmm_core.Mixture, k: int) -> str:
    return "".join(
        _outline(frame, gmm_core.ellipse(mixture.means[k], mixture.covariances[k], level), k, dash)
        for level, dash in ((1.0, ""), (2.0, ' stroke-dasharray="6 4"'))
    )


def _outline(frame: _Frame, outline: np.ndarray, k: int, dash: str = "") -> str:
    pen = f'stroke="{palette.colour_of(k)}" stroke-width="2"{dash}'
    return f'<path d="{_path(frame, outline)}" fill="none" {pen}/>'


def _border(frame: _Frame, cell: np.ndarray) -> str:
    return f'<path d="{_path(frame, cell)}" fill="none" stroke="#999" stroke-width="0.7" class="cell"/>'


def _path(frame: _Frame, corners: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.place(corners).tolist()) + "Z"


def _badge(frame: _Frame, mean: np.ndarray, k: int) -> str:
    x, y = frame.place(mean).tolist()
    colour = palette.colour_of(k)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="{colour}" stroke="#fff" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="{y + 4.2:.1f}" text-anchor="middle" font-weight="bold" '
        f'fill="#fff">{k + 1}</text>'
    )


def _axes(frame: _Frame, columns: tuple[str, ...]) -> str:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    width, height = right - _LEFT, bottom - _TOP
    lines, texts = [], []
    for value, text in _ticks(frame.x0, frame.x0 + width / frame.per_x):
        x = _LEFT + (value - frame.x0) * frame.per_x
        lines.append(f"M{x:.1f} {_TOP}V{bottom}")
        texts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{text}</text>')
    for value, text in _ticks(frame.y0, frame.y0 + height / frame.per_y):
        y = bottom - (value - frame.y0) * frame.per_y
        lines.append(f"M{_LEFT} {y:.1f}H{right}")
        texts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    across, up = (escaped(" ".join(name.split()), _MOST_LETTERS) for name in columns)
    middle_x, middle_y = _LEFT + width / 2, _TOP + height / 2
    box = f'x="{_LEFT}" y="{_TOP}" width="{width}" height="{height}"'
    return (
        f'<clipPath id="gmm-frame"><rect {box}/></clipPath><path d="{"".join(lines)}" stroke="#e6e9ee"/>'
        f'<rect {box} fill="none" stroke="#b9c1cb"/>{"".join(texts)}'
        f'<text x="{middle_x:g}" y="{_HEIGHT - 6:g}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(13 {middle_y:g}) rotate(-90)" text-anchor="middle">{up}</text>'
    )


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """About so many round numbers from low to high, each in as many digits as tell it from the next."""
    rough = (high - low) / _WANTED_TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    values = [i * step for i in range(ceil(low / step), floor(high / step) + 1)]
    digits = max(7, ceil(log10(max(abs(low), abs(high)) / step)) + 1)
    return [(value, significant(value, digits)) for value in values]
