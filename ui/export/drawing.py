"""What the figures of a report are drawn with: a frame with its axes, points, numbered means; as SVG text.

For paper: black on white, without a script, a font or a picture from elsewhere.
"""

from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np

from ui import palette
from ui.export.html import escaped
from ui.export.numbers import significant

MOST_DRAWN = 2000
"""More points than this are thinned to so many, evenly through the rows."""

WIDTH, HEIGHT = 640.0, 430.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 10.0, 10.0, 42.0
INK = "#18222e"
_WANTED_TICKS = 6
_MOST_LETTERS = 60


@dataclass(frozen=True)
class Frame:
    """Data units and the SVG's, which it has in common with no other."""

    x0: float
    y0: float
    per_x: float
    per_y: float

    @property
    def view(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1 in data units."""
        across, upwards = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return self.x0, self.x0 + across / self.per_x, self.y0, self.y0 + upwards / self.per_y

    def place(self, points: np.ndarray) -> np.ndarray:
        """(..., 2) in the SVG's units."""
        across = LEFT + (points[..., 0] - self.x0) * self.per_x
        down = HEIGHT - BOTTOM - (points[..., 1] - self.y0) * self.per_y
        return np.stack([across, down], axis=-1)


def svg(parts: list[str], label: str) -> str:
    """The whole picture."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{label}" font-family="sans-serif" font-size="12">' + "".join(parts) + "</svg>"
    )


def is_thinned(n_points: int) -> bool:
    """Whether a figure of so many points leaves some out."""
    return n_points > MOST_DRAWN


def dots(
    places: np.ndarray,
    colours: list[str],
    kinds: np.ndarray | None = None,
    filled: np.ndarray | None = None,
) -> str:
    """Points at places (N, 2) of the picture; as the signs of their kinds (N,), where given, and hollow where
    `filled` (N,) says so."""
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


def badge(frame: Frame, mean: np.ndarray, k: int) -> str:
    """The number of component k from 1 on, at its mean (2,)."""
    x, y = frame.place(mean).tolist()
    colour = palette.colour_of(k)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="{colour}" stroke="#fff" stroke-width="2"/>'
        f'<text x="{x:.1f}" y="{y + 4.2:.1f}" text-anchor="middle" font-weight="bold" '
        f'fill="#fff">{k + 1}</text>'
    )


def axes(frame: Frame, columns: tuple[str, ...], least: float = -np.inf) -> str:
    """A box with ticks, and what its two axes are called; upwards there are ticks from `least` on."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    width, height = right - LEFT, bottom - TOP
    lines, texts = [], []
    for value, text in _ticks(frame.x0, frame.x0 + width / frame.per_x):
        x = LEFT + (value - frame.x0) * frame.per_x
        lines.append(f"M{x:.1f} {TOP}V{bottom}")
        texts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{text}</text>')
    for value, text in _ticks(max(frame.y0, least), frame.y0 + height / frame.per_y):
        y = bottom - (value - frame.y0) * frame.per_y
        lines.append(f"M{LEFT} {y:.1f}H{right}")
        texts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    across, up = (escaped(" ".join(name.split()), _MOST_LETTERS) for name in columns)
    middle_x, middle_y = LEFT + width / 2, TOP + height / 2
    box = f'x="{LEFT}" y="{TOP}" width="{width}" height="{height}"'
    return (
        f'<clipPath id="gmm-frame"><rect {box}/></clipPath><path d="{"".join(lines)}" stroke="#e6e9ee"/>'
        f'<rect {box} fill="none" stroke="#b9c1cb"/>{"".join(texts)}'
        f'<text x="{middle_x:g}" y="{HEIGHT - 6:g}" text-anchor="middle">{across}</text>'
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
