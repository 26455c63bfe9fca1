"""Pictures of approximations, as data: what is drawn where, and on one scale."""

import numpy as np
import pytest

from ui import palette
from ui.figures.shape import MOST_DRAWN, Frame, Worth, density_figure, points_figure, worth_figure

PLANE = Frame(((0.0, 2.0), (0.0, 1.0)), equal=True)
LINE = Frame(((0.0, 2.0),), equal=False)


def test_densities_are_darker_where_they_are_higher() -> None:
    lightness = palette.oklab(palette.linear_rgb(palette.DENSITY))[:, 0]
    assert (np.diff(lightness) < -0.05).all()
    heat = density_figure(np.zeros((3, 4), np.float32), [np.arange(4), np.arange(3)], PLANE, (-6, 0)).data[0]
    assert (heat.zmin, heat.zmax) == (-6, 0)
    assert [colour for _, colour in heat.colorscale] == list(palette.DENSITY)
    curve = density_figure(np.log([1.0, 2.0]).astype(np.float32), [np.array([0, 1])], LINE, (-6, 0)).data[0]
    assert list(curve.y) == pytest.approx([1, 2])


def test_points_are_drawn_in_their_frame_and_not_too_many() -> None:
    points = np.random.default_rng(0).random((9000, 2))
    figure = points_figure(points, PLANE)
    assert len(figure.data[0].x) == MOST_DRAWN
    assert list(figure.layout.xaxis.range) == [0, 2]
    assert figure.layout.yaxis.scaleanchor == "x"
    bars = points_figure(points[:, :1], LINE, is_sample=True).data[0]
    assert bars.type == "histogram"
    assert len(bars.x) == 9000


def test_both_lines_are_named_and_the_best_is_marked() -> None:
    figure = worth_figure(Worth([1, 2, 5], [-3, -2, -1], [1, 2, 5], [-3.1, -2.5, -2.9], [0.1] * 3, 2))
    assert [list(line.y) for line in figure.data] == [[-3, -2, -1], [-3.1, -2.5, -2.9]]
    assert figure.data[1].fill == "tonexty"
    best = figure.layout.annotations[-1]
    assert (best.text, best.x, best.y) == ("★ best: K = 2", pytest.approx(np.log10(2)), -2.5)
    assert len(worth_figure(Worth([1], [-3], [], [], [], None)).layout.annotations) == 1
