"""K-Means and a mixture side by side: one clock, one view, and Python's numbers on both sides."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import gmm_core
from gmm_core import adjusted_rand_index, kmeans
from tests.browser.conftest import STAGE, Watched, open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import PATIENCE, Stage, eventually
from ui.analysis.comparing import RATIOS, comparison_of
from ui.data import Data
from ui.experiment.case import Case
from ui.experiment.cases import CASES
from ui.stage.comparison import Comparison

SIDES = {"kmeans": "The picture of K-Means", "mixture": "The picture"}


class Side(Stage):
    """One of the two pictures."""

    def __init__(self, page: Page, name: str) -> None:
        super().__init__(page)
        self.picture = self.root.get_by_role("group", name=SIDES[name], exact=True)

    def handle(self, number: int) -> Locator:
        return self.picture.locator(".em-handle").nth(number - 1)


@dataclass
class Both:
    """The comparison on a page."""

    stage: Stage
    kmeans: Side
    mixture: Side


def open_comparison(page: Page, server: str, watched: Watched, query: str = "") -> Both:
    """Through the address, as a link does."""
    page.goto(f"{server}/compare?{query}" if query else f"{server}/compare")
    page.wait_for_selector(f"{STAGE}[data-kind='comparison']", timeout=30_000)
    # Streamlit looks for its own addresses below the page's before it finds them at the root.
    watched.console_errors[:] = [text for text in watched.console_errors if "/compare/_stcore/" not in text]
    both = Both(Stage(page), Side(page, "kmeans"), Side(page, "mixture"))
    both.stage.wait_until_still()
    return both


def oracle_of(address: dict[str, str]) -> tuple[Data, gmm_core.EMRun, Comparison]:
    data, run = outcome_of(address)
    return data, run, comparison_of(experiment_of(address), data, run)


def labels_at(
    index: int, data: Data, run: gmm_core.EMRun, comparison: Comparison
) -> tuple[np.ndarray, np.ndarray]:
    """Hard labels of both sides at a picture, each side staying at its last one."""
    own = comparison.run.states
    colours = [min((index - 1) // 2, len(states) - 1) for states in (own, run.states)]
    clusters = kmeans.assign(data.points, own[colours[0]].centres[comparison.order])
    shares = gmm_core.responsibilities(data.points, run.states[colours[1]].mixture)
    return clusters, shares.argmax(axis=1)


@pytest.mark.parametrize("query", ["", "data=mouse&start_seed=3", "data=penguins&x=flipper_length_mm"])
def test_every_picture_has_pythons_numbers(page: Page, server: str, watched: Watched, query: str) -> None:
    stage = open_comparison(page, server, watched, query).stage
    data, run, comparison = oracle_of(stage.address)
    assert stage.last == 2 * max(len(run.states), len(comparison.run.states)) - 1
    assert stage.data("kmeans-states") == str(len(comparison.run.states))
    for index in [*range(1, 8), stage.last]:
        stage.go_to(index)
        state = run.states[min(index // 2, len(run.states) - 1)]
        assert stage.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-12)
        inertia = comparison.inertias[min(index, len(comparison.inertias) - 1)]
        assert float(stage.data("inertia")) == pytest.approx(inertia, rel=1e-12)
        clusters, components = labels_at(index, data, run, comparison)
        assert int(stage.data("disagreements")) == (clusters != components).sum()


def test_one_clock_steps_both_and_each_half_step_changes_one_thing(
    page: Page, server: str, watched: Watched
) -> None:
    both = open_comparison(page, server, watched)
    button = both.stage.action("next")
    expect(button).to_have_text("Assign the points | E-step")
    looks = [(both.kmeans.look(), both.mixture.look())]
    for index in (1, 2, 3):
        both.stage.step()
        assert both.stage.index == index
        looks.append((both.kmeans.look(), both.mixture.look()))
    expect(button).to_have_text("Move the centres | M-step")
    for side in (0, 1):
        start, assigned, moved, again = (look[side] for look in looks)
        assert start.canvases != assigned.canvases
        assert {s.path for s in start.ellipses} <= {s.path for s in assigned.ellipses}, "nothing moved"
        assert assigned.shapes != moved.shapes
        assert moved.canvases != again.canvases


def test_the_keys_step_both(page: Page, server: str, watched: Watched) -> None:
    stage = open_comparison(page, server, watched).stage
    stage.root.focus()
    page.keyboard.press("ArrowRight")
    stage.wait_at(1)
    page.keyboard.press("End")
    stage.wait_at(stage.last)
    expect(stage.action("next")).to_be_disabled()
    page.keyboard.press("Home")
    stage.wait_at(0)


@pytest.mark.parametrize("touched", SIDES)
def test_a_dragged_centre_moves_in_both_and_both_begin_again(
    page: Page, server: str, watched: Watched, touched: str
) -> None:
    both = open_comparison(page, server, watched)
    _, run, comparison = oracle_of(both.stage.address)
    both.stage.go_to(6)
    side: Side = getattr(both, touched)
    start = side.centre(side.handle(2))
    end = start[0] + 60, start[1] - 50
    place = side.axes().data(end)
    both.stage.drag(start, end, drop=False)
    for each in (both.kmeans, both.mixture):
        wait_near(page, each.handle(2), each.axes().pixels(place))
    both.stage.wait_for_change("log-likelihood", do=page.mouse.up)
    both.stage.wait(iteration=0, phase="start")
    mixture = experiment_of(both.stage.wait_for_address(**{"from": ".+"})).mixture()
    assert mixture is not None
    before = run.states[3].mixture.means
    if touched == "kmeans":
        before = comparison.run.states[3].centres[comparison.order]
    np.testing.assert_allclose(mixture.means[[0, 2]], before[[0, 2]], rtol=1e-10)
    np.testing.assert_allclose(mixture.covariances, run.states[3].mixture.covariances, rtol=1e-10)
    for each in (both.kmeans, both.mixture):
        for number, mean in enumerate(mixture.means, 1):
            wait_near(page, each.handle(number), each.axes().pixels(mean))


def wait_near(page: Page, handle: Locator, place: tuple[float, float]) -> None:
    page.wait_for_function(
        "([handle, x, y]) => { const box = handle.getBoundingClientRect();"
        " return Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 2; }",
        arg=[handle.element_handle(), *place],
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("leader", SIDES)
def test_zoom_and_pan_are_linked(page: Page, server: str, watched: Watched, leader: str) -> None:
    both = open_comparison(page, server, watched)
    side: Side = getattr(both, leader)
    before = both.kmeans.axes()
    page.mouse.move(*side.centre(side.picture))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    both.stage.wait_until_still()
    page.wait_for_timeout(100)
    assert_same_view(both)
    assert both.kmeans.axes().x[0] > 1.05 * before.x[0]
    zoomed = both.kmeans.axes()
    x, y = side.centre(side.picture)
    both.stage.drag((x + 90, y + 90), (x + 40, y + 60))
    both.stage.wait_until_still()
    page.wait_for_timeout(100)
    assert_same_view(both)
    assert abs(both.kmeans.axes().x[1] - zoomed.x[1]) > 20
    both.stage.button("Fit the view").click()
    both.stage.wait_until_still()
    assert_same_view(both)
    assert both.kmeans.axes().x[0] == pytest.approx(before.x[0], rel=1e-3)


def assert_same_view(both: Both) -> None:
    left, right = both.kmeans.axes(), both.mixture.axes()
    assert left.x[0] == pytest.approx(right.x[0], rel=1e-3)
    assert left.y[0] == pytest.approx(right.y[0], rel=1e-3)
    # The same place lies in the same place of either picture.
    corners = [side.picture.bounding_box() for side in (both.kmeans, both.mixture)]
    assert corners[0] is not None
    assert corners[1] is not None
    offsets = [left.x[1] - corners[0]["x"], right.x[1] - corners[1]["x"]]
    assert offsets[0] == pytest.approx(offsets[1], abs=2)


def test_every_case_opens_with_one_click(page: Page, server: str, watched: Watched) -> None:
    stage = open_comparison(page, server, watched, "data=spiral&k=2").stage
    for case in CASES.values():
        stage.wait_for_change("log-likelihood", do=lambda case=case: click_case(page, case.title))
        expect(page.get_by_text(case.sentences)).to_be_visible(timeout=PATIENCE)
        eventually(page, lambda case=case: assert_case(stage, case))
        data, run, comparison = oracle_of(stage.address)
        stage.wait(points=len(data.points), components=run.mixture.n_components)
        stage.go_to(stage.last)
        clusters, components = labels_at(stage.last, data, run, comparison)
        assert int(stage.data("disagreements")) == (clusters != components).sum()


def assert_case(stage: Stage, case: Case) -> None:
    assert experiment_of(stage.address) == case.experiment


def click_case(page: Page, title: str) -> None:
    page.get_by_test_id("stMain").get_by_role("radio", name=title, exact=True).click()


def test_the_truth_is_hidden_until_asked_for(page: Page, server: str, watched: Watched) -> None:
    stage = open_comparison(page, server, watched).stage
    data, run, comparison = oracle_of(stage.address)
    stage.go_to(stage.last)
    assert stage.data("kmeans-index") == stage.data("mixture-index") == ""
    expect(stage.root.get_by_text("Adjusted Rand index")).to_have_count(0)
    stage.button("Compare with the truth").click()
    clusters, components = labels_at(stage.last, data, run, comparison)
    assert data.labels is not None
    for name, labels in (("kmeans", clusters), ("mixture", components)):
        index = float(stage.data(f"{name}-index"))
        assert index == pytest.approx(adjusted_rand_index(labels, data.labels), abs=1e-12)
        shared = np.zeros((3, 3))
        np.add.at(shared, (data.labels, labels), 1)
        right = shared[np.arange(3), gmm_core.match(shared)].sum() / len(labels)
        assert float(stage.data(f"{name}-accuracy")) == pytest.approx(right, abs=1e-12)
    stage.wait_for_address(reveal="on")
    click_case(page, "Mouse")
    stage.wait_for_address(data="mouse", reveal=None)
    assert stage.data("kmeans-index") == ""
    stage.go_to(stage.last)
    stage.button("Compare with the truth").click()
    assert stage.data("kmeans-index") != ""
    stage.button("Hide the truth").click()
    assert stage.data("kmeans-index") == ""


def test_the_dial_turns_the_mixture_into_k_means(page: Page, server: str, watched: Watched) -> None:
    stage = open_comparison(page, server, watched, "dial=on").stage
    data, _, comparison = oracle_of(stage.address)
    dial = comparison.dial
    assert dial is not None
    slider = stage.root.get_by_role("slider", name="Deviation of every component")
    stage.go_to(5)
    for position in (0, 6, len(RATIOS) - 1):
        slider.fill(str(position))
        stage.wait(deviation=js(dial.deviations[position]))
        run = dial.runs[position]
        assert stage.data("mixture-states") == str(len(run.states))
        state = run.states[min(2, len(run.states) - 1)]
        assert stage.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-12)
        clusters, components = labels_at(5, data, run, comparison)
        assert int(stage.data("disagreements")) == (clusters != components).sum()
    stage.wait_for_address(dial_at=str(len(RATIOS) - 1))
    for index in range(1, stage.last + 1):
        stage.go_to(index)
        assert stage.data("disagreements") == "0", "at its end every step is a step of K-Means"


def test_the_keys_turn_the_dial_and_step_nothing(page: Page, server: str, watched: Watched) -> None:
    stage = open_comparison(page, server, watched, "dial=on&at=4").stage
    _, _, comparison = oracle_of(stage.address)
    assert comparison.dial is not None
    stage.root.get_by_role("slider", name="Deviation of every component").focus()
    page.keyboard.press("ArrowRight")
    stage.wait(deviation=js(comparison.dial.deviations[1]))
    assert stage.index == 4


@pytest.mark.parametrize("query", ["data=draw", "n=2&k=5", "data=upload"])
def test_without_a_run_both_pictures_show_the_points_and_say_why(
    page: Page, server: str, watched: Watched, query: str
) -> None:
    both = open_comparison(page, server, watched, query)
    expect(both.kmeans.picture).to_be_visible()
    expect(both.mixture.picture).to_be_visible()
    expect(both.stage.root.locator(".em-words")).to_contain_text(re.compile("[a-z]{5}"))
    expect(both.stage.action("next")).to_be_disabled()


def js(number: float) -> str:
    """As JavaScript writes it, for numbers of ordinary size."""
    return repr(float(number))


@pytest.mark.parametrize(
    "query",
    [
        "data=mouse&at=9&radius=farthest&reveal=on",
        "data=blobs&dial=on&dial_at=7&at=4",
        "turn=35&stretch_y=2&at=6",
        "data=old_faithful&standardise=on&at=3",
    ],
)
def test_a_link_opens_the_same_comparison(page: Page, server: str, watched: Watched, query: str) -> None:
    both = open_comparison(page, server, watched, query)
    seen = both.kmeans.look(), both.mixture.look()
    address = both.stage.wait_for_address(at=r"\d+")
    assert sorted(address.items()) == sorted(parse_qsl(query))
    url = page.url
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector(f"{STAGE}[data-kind='comparison']", timeout=30_000)
    watched.console_errors[:] = [text for text in watched.console_errors if "/compare/_stcore/" not in text]
    both.stage.wait_until_still()
    assert (both.kmeans.look(), both.mixture.look()) == seen


def test_the_circles_radius_can_be_chosen(page: Page, server: str, watched: Watched) -> None:
    both = open_comparison(page, server, watched, "at=3")
    _, _, comparison = oracle_of(both.stage.address)
    scale = abs(both.kmeans.axes().x[0])
    for i, name in enumerate(["rms", "most", "farthest"]):
        both.stage.root.get_by_label("Circles").select_option(name)
        both.stage.wait_until_still()
        wanted = comparison.radii[3, i, comparison.order]
        drawn = both.kmeans.picture.locator(".shapelayer path").evaluate_all(
            "(paths) => paths.filter((path) => path.style.strokeWidth === '3px')"
            ".map((path) => path.getBBox().width)"
        )
        np.testing.assert_allclose(drawn, 2 * scale * wanted, rtol=0.01)


def test_the_lab_and_the_comparison_share_the_experiment(page: Page, server: str, watched: Watched) -> None:
    stage = Stage(open_lab(page, server, "data=mouse&start_seed=4"))
    page.get_by_role("link", name="K-Means beside it").click()
    page.wait_for_selector(f"{STAGE}[data-kind='comparison']", timeout=PATIENCE)
    stage.wait_for_address(data="mouse", start_seed="4")
    expect_sidebar(page, "Mouse", 3)
    page.get_by_role("link", name="Lab", exact=True).click()
    page.wait_for_selector(f"{STAGE}[data-kind='lab']", timeout=PATIENCE)
    stage.wait_for_address(data="mouse", start_seed="4")
    expect_sidebar(page, "Mouse", 3)
    slider = page.get_by_role("slider", name="Components K")
    slider.focus()
    page.keyboard.press("ArrowRight")
    stage.wait(components=4)


def expect_sidebar(page: Page, data: str, n_components: int) -> None:
    expect(page.get_by_role("combobox", name="Data set")).to_have_value(data)
    slider = page.get_by_role("slider", name="Components K")
    assert slider.get_attribute("aria-valuenow") or slider.input_value() == str(n_components)
    expect(page.get_by_role("radio", name="Spherical")).to_be_checked()


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1400, 900, "light"), (1400, 900, "dark"), (390, 844, "light"), (1920, 1080, "light")],
)
def test_pictures_and_the_button_are_on_the_screen(
    another_page: Callable[..., Page], server: str, watched: Watched, width: int, height: int, scheme: str
) -> None:
    page = another_page(width, height)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    both = open_comparison(page, server, watched)
    button = both.stage.action("next").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= height + 1
    for side in (both.kmeans, both.mixture):
        box = side.picture.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        if width > 1000:
            assert box["y"] + box["height"] <= height
