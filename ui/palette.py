"""The one place for colour, and for the signs that stand beside it: one of each per component, everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

# Blue and vermillion of Okabe & Ito (2008), then what a search found farthest from all before as everybody
# sees it, the colour-blind included, among colours of a contrast of 3 on white and on the dark ground; a test
# holds the distances.
COMPONENTS = (
    "#0072b2",
    "#d55e00",
    "#4f9a5b",
    "#b5237c",
    "#9988d2",
    "#844fee",
    "#d77790",
    "#935629",
    "#30a3a5",
    "#c357fc",
    "#fe514b",
    "#655e92",
)

DENSITY = ("#f4f7fa", "#cfe1ee", "#98c3df", "#5a9fca", "#1d78b1", "#0b5285", "#052f52", "#02162b")
"""From the lowest density to the highest, on light pages and on dark ones: each darker than the last."""

# Björn Ottosson (2020), A perceptual color space for image processing.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

_NOISE_GREY = 0.6
"""How bright the grey is, in linear RGB, of what belongs to no component."""

GLYPHS_FROM = 5
"""Components, or true classes, from which on their points have glyphs unless people choose otherwise."""

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Glyph:
    """The sign of a component's points, so that colour is never alone."""

    name: str
    """What Plotly calls it."""
    rings: tuple[Ring, ...]
    """Corners (x, y) of closed outlines about (0, 0), y downwards, in radii of a plain point; what lies in
    an odd number of them is filled."""


def glyphs_wanted(choice: str, n_kinds: int) -> bool:
    """Whether points of so many kinds have glyphs under the choice "auto", "on" or "off"."""
    return choice == "on" or (choice == "auto" and n_kinds >= GLYPHS_FROM)


def colour_of(component: int) -> str:
    """The colour "#rrggbb" of a component, counted from 0; after the last colour comes the first again."""
    return COMPONENTS[component % len(COMPONENTS)]


def linear_rgb(colours: Sequence[str]) -> np.ndarray:
    """(N, 3): linear red, green and blue, from 0 to 1, of N colours "#rrggbb"."""
    rgb = np.array([list(bytes.fromhex(colour[1:])) for colour in colours]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(linear: np.ndarray) -> np.ndarray:
    """(N, 3): lightness, green to red and blue to yellow in OKLab, of linear RGB (N, 3)."""
    return np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T


def blended(shares: np.ndarray) -> list[str]:
    """N colours: those of K components, mixed by the shares (N, K) of each point in OKLab, where mixing looks
    even. What no component holds, since noise does, is grey."""
    components = oklab(linear_rgb([colour_of(k) for k in range(shares.shape[1])]))
    mixed = shares @ components + (1 - shares.sum(axis=1, keepdims=True)) * oklab(np.full(3, _NOISE_GREY))
    linear = (mixed @ np.linalg.inv(_TO_OKLAB).T) ** 3 @ np.linalg.inv(_TO_CONES).T
    linear = linear.clip(0, 1)
    gamma = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in np.round(255 * gamma).astype(int).clip(0, 255).tolist()]


def _regular(n_corners: int, radius: float, turn: float = 0.0) -> Ring:
    """Corners clockwise from the top, turned by `turn` of a full turn."""
    angles = [2 * pi * (i / n_corners + turn) for i in range(n_corners)]
    return tuple((round(radius * sin(angle), 3), round(-radius * cos(angle), 3)) for angle in angles)


def _cross(reach: float, half: float) -> Ring:
    return (
        *((-half, -reach), (half, -reach), (half, -half), (reach, -half), (reach, half), (half, half)),
        *((half, reach), (-half, reach), (-half, half), (-reach, half), (-reach, -half), (-half, -half)),
    )


def _star(reach: float, notch: float) -> Ring:
    outer, inner = _regular(5, reach), _regular(5, notch, 1 / 10)
    return tuple(corner for pair in zip(outer, inner, strict=True) for corner in pair)


def _turned(ring: Ring) -> Ring:
    """By an eighth of a turn."""
    return tuple((round((x - y) / 2**0.5, 3), round((x + y) / 2**0.5, 3)) for x, y in ring)


GLYPHS = (
    Glyph("circle", (_regular(16, 1.0),)),
    Glyph("square", (_regular(4, 1.32, 1 / 8),)),
    Glyph("triangle-up", (_regular(3, 1.4),)),
    Glyph("cross", (_cross(1.3, 0.42),)),
    Glyph("diamond", (_regular(4, 1.35),)),
    Glyph("triangle-down", (_regular(3, 1.4, 1 / 2),)),
    Glyph("x", (_turned(_cross(1.4, 0.42)),)),
    Glyph("star", (_star(1.7, 0.72),)),
    Glyph("triangle-left", (_regular(3, 1.4, 3 / 4),)),
    Glyph("hourglass", (((-1.15, -1.2), (1.15, -1.2), (-1.15, 1.2), (1.15, 1.2)),)),
    Glyph("bowtie", (((-1.2, -1.15), (1.2, 1.15), (1.2, -1.15), (-1.2, 1.15)),)),
    Glyph("triangle-right", (_regular(3, 1.4, 1 / 4),)),
)
"""As many as there are colours, the plainest first; all are filled, since hollow ones say no."""
