"""The figures of luck, of a model that decides and of how sure it is: what they hold, with words apart."""

from html import unescape

import numpy as np
import pytest

from gmm_core import Mixture
from ui.figures import starts_figure as starts
from ui.figures.certainty_figures import add_mean_regions, ratio_figure, wins_figure
from ui.figures.fit_picture import NOISE, Pictured, fit_picture
from ui.figures.starts_figure import starts_figure
from ui.figures.weights_figure import OFF, weights_figure
from ui.palette import colour_of

HEIGHTS = [-10.0, -10.0, -10.3, -11.0, -18.0, -10.0]
PLACES = [(-10.0, (0, 1, 5)), (-10.3, (2,)), (-11.0, (3,)), (-18.0, (4,))]


def test_every_start_has_one_dot_at_its_height_and_the_better_stand_before_the_worse() -> None:
    figure = starts_figure(PLACES, HEIGHTS, yours=5, chosen=3, axis="nats")
    across = [x for trace in figure.data for x in trace.x]
    dots = [int(run) for trace in figure.data for run in trace.customdata]
    assert sorted(dots) == list(range(6))
    assert across == list(range(1, 7))
    assert [y for trace in figure.data for y in trace.y] == [HEIGHTS[run] for run in dots]
    assert dots[0] == 5
    ringed = {
        run
        for trace in figure.data
        for run, width in zip(trace.customdata, trace.marker.line.width, strict=True)
        if width
    }
    assert ringed == {"5", "3"}


def test_counts_stand_apart_from_one_another() -> None:
    figure = starts_figure(PLACES, HEIGHTS, yours=5, chosen=3, axis="nats")
    words = [(each.y, each.text) for each in figure.layout.annotations if "of 6" in each.text]
    assert words[0] == (-10.0, "3 of 6, the best")
    assert words[-1] == (-18.0, "1 of 6, 8.0 below")
    gaps = -np.diff([y for y, _ in words])
    assert (gaps > starts.NEAR * 8.0).all()


@pytest.mark.parametrize("height", [0.0, -257.46])
def test_starts_that_end_alike_to_a_hundredth_are_not_blown_up(height: float) -> None:
    heights = [height, height - 0.004, height - 0.001]
    figure = starts_figure([(height, (0, 1, 2))], heights, yours=0, chosen=0, axis="nats")
    low, high = figure.layout.yaxis.range
    assert low < height - 0.9 < height < high


@pytest.mark.parametrize("n_columns", [1, 2])
def test_names_of_columns_are_shown_letter_by_letter_beside_their_axes(n_columns: int) -> None:
    names = ("<b>x</b> $\\frac{1}{0}$ & y", '<a href="javascript:alert(1)">y</a>')[:n_columns]
    mixture = Mixture([1.0], np.zeros((1, n_columns)), np.eye(n_columns)[None])
    points, extent = np.zeros((5, n_columns)), (-1.0, 1.0) * n_columns
    figure = fit_picture(Pictured(points, np.zeros(5, dtype=int), mixture, names, extent, (0,), False))
    titles = [figure.layout.xaxis.title.text, figure.layout.yaxis.title.text][:n_columns]
    assert not set("<>$") & set("".join(titles))
    assert [unescape(title) for title in titles] == list(names)


def test_what_is_switched_off_is_grey_and_what_is_left_has_its_colour_and_its_weight() -> None:
    weights = np.array([[0.4, 0.3, 0.3], [0.5, 0.1, 0.4], [0.55, 0.0, 0.45]])
    figure = weights_figure(weights, [0, 2])
    assert [trace.line.color for trace in figure.data] == [OFF, colour_of(0), colour_of(1)]
    assert [each.text for each in figure.layout.annotations] == ["55.0%", "45.0%"]


def test_a_histogram_counts_every_resample_whether_or_not_it_reaches_what_was_observed() -> None:
    resampled = np.array([0.0, 1.0, 2.0, 7.5])
    for statistic in 0.5, 30.0:
        figure = ratio_figure(resampled, statistic)
        bins = figure.data[0].xbins
        assert bins.start <= resampled.min()
        assert bins.end > resampled.max()
        assert figure.layout.xaxis.range[1] > max(statistic, resampled.max())
    assert not ratio_figure(np.empty(0), 3.0).data


def test_the_most_frequent_k_is_marked() -> None:
    figure = wins_figure([1, 2, 3], [0, 12, 5], 17)
    assert len({figure.data[0].marker.color[i] for i in (0, 2)}) == 1
    assert figure.data[0].marker.color[1] != figure.data[0].marker.color[0]


def test_a_fit_has_a_shape_for_every_component_in_its_colour_and_noise_in_none() -> None:
    points = np.random.default_rng(0).normal(size=(30, 2))
    labels = np.arange(30) % 3 - 1
    means = np.array([[0.0, 0.0], [1.0, 1.0]])
    mixture = Mixture([0.5, 0.5], means, [np.eye(2)] * 2)
    shown = Pictured(points, labels, mixture, ("x", "y"), (-3.0, 3.0, -3.0, 3.0), (4, 1), True)
    figure = fit_picture(shown)
    counts = {trace.marker.color: len(trace.x) for trace in figure.data[:3]}
    assert counts == {NOISE: 10, colour_of(4): 10, colour_of(1): 10}
    assert [trace.line.color for trace in figure.data[3:]] == [colour_of(4), colour_of(1)]
    spreads = np.array([np.eye(2) * 0.01, np.diag([0.04, 0.0])])
    add_mean_regions(figure, means, spreads, (4, 1), 2.0)
    # Where the means do not vary in a direction a line stands for the ellipse.
    assert len(figure.data) == 7
    np.testing.assert_allclose(np.ptp(figure.data[-2].x), 0.4, rtol=1e-3)
    np.testing.assert_allclose(sorted(figure.data[-1].x), [0.6, 1.4])
