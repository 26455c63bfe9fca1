"""The final picture of the plane as a small SVG: points in their blended colours, ellipses, means, axes."""

from math import ceil

import numpy as np

import gmm_core
from ui import palette
from ui.export.drawing import (
    BOTTOM,
    HEIGHT,
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
from ui.stage.codec import UNLIKE


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
        axes(frame, columns),
        '<g clip-path="url(#gmm-frame)">',
        dots(
            frame.place(places[::step]),
            palette.blended(shares),
            shares.argmax(axis=1) if signed else None,
            filled=shown[:, 2] == 1 if mixture.probabilities.size else None,
        ),
        *(_ellipses(frame, mixture, k) for k in range(mixture.n_components)),
        *(badge(frame, mean, k) for k, mean in enumerate(mixture.means)),
        "</g>",
    ]
    return svg(parts, f"{len(points)} points and {mixture.n_components} ellipses")


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
        axes(frame, columns),
        '<g clip-path="url(#gmm-frame)">',
        *(_border(frame, cell) for cell in gmm_core.voronoi_cells(centres, frame.view) if len(cell)),
        dots(frame.place(points[::step]), colours, labels[::step] if signed else None),
        *circles,
        *(badge(frame, centre, k) for k, centre in enumerate(centres)),
        "</g>",
    ]
    return svg(parts, f"{len(points)} points and {len(centres)} centres of K-Means")


def _frame(points: np.ndarray) -> Frame:
    low, high = points.min(axis=0), points.max(axis=0)
    spans = high - low
    widest = max(float(spans.max()), 1e-9 * float(np.abs(high).max()), 1e-300)
    spans = np.where(spans > 0, spans, widest)
    spans, middle = 1.1 * spans, (low + high) / 2
    room = np.array([WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM])
    scales = room / spans
    if spans.max() <= UNLIKE * spans.min():
        scales = np.full(2, scales.min())
    start = middle - room / scales / 2
    return Frame(float(start[0]), float(start[1]), float(scales[0]), float(scales[1]))


def _ellipses(frame: Frame, mixture: gmm_core.Mixture, k: int) -> str:
    return "".join(
        _outline(frame, gmm_core.ellipse(mixture.means[k], mixture.covariances[k], level), k, dash)
        for level, dash in ((1.0, ""), (2.0, ' stroke-dasharray="6 4"'))
    )


def _outline(frame: Frame, outline: np.ndarray, k: int, dash: str = "") -> str:
    pen = f'stroke="{palette.colour_of(k)}" stroke-width="2"{dash}'
    return f'<path d="{_path(frame, outline)}" fill="none" {pen}/>'


def _border(frame: Frame, cell: np.ndarray) -> str:
    return f'<path d="{_path(frame, cell)}" fill="none" stroke="#999" stroke-width="0.7" class="cell"/>'


def _path(frame: Frame, corners: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in frame.place(corners).tolist()) + "Z"
