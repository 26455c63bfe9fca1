"""The comparison in one HTML file, opened from disk without a network: both sides, the dial, the answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Request, expect

import gmm_core
from gmm_core import kmeans
from tests.browser.stage import Stage
from tests.browser.test_answers import assert_shows, rows_of
from tests.browser.test_comparison import Both, Side, assert_same_view, js
from ui.analysis.comparing import comparison_of
from ui.analysis.fitting import run_of
from ui.data import data_of, frame_of
from ui.experiment import Experiment, View
from ui.experiment.address import VIEW_DEFAULTS
from ui.experiment.cases import CASES
from ui.export.page import standalone_page
from ui.stage.codec import Scene, encode
from ui.stage.comparison import Comparison
from ui.workspace.scene import as_drawn

OPENED = '[data-testid="em-stage"][data-points]'


@dataclass
class Opened:
    """The page in a browser without a network, and what Python knows of it."""

    page: Page
    both: Both
    scene: Scene
    comparison: Comparison

    @property
    def stage(self) -> Stage:
        return self.both.stage

    def answer(self, side: str) -> Locator:
        half = self.stage.root.locator(".em-half").nth(["kmeans", "mixture"].index(side))
        return half.get_by_label("Ask", exact=True).locator(".em-answer-content")


def scene_of(experiment: Experiment) -> tuple[Scene, Comparison]:
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    comparison = comparison_of(experiment, data, run)
    scene = Scene(
        points=data.points,
        run=run,
        identity="run",
        beginning=0,
        data_identity="data",
        extent=frame_of(data.extent),
        title=data.title,
        labels=data.labels,
        label_names=data.label_names,
        **as_drawn(View()),
        view_defaults=VIEW_DEFAULTS,
        family=experiment.family,
        comparison=comparison,
    )
    return scene, comparison


@pytest.fixture
def open_file(another_page: Callable[..., Page], tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """open_file(experiment, **options of another_page): its page, from disk."""
    requests: list[str] = []
    pages: list[Page] = []

    def note(request: Request) -> None:
        requests.append(request.url)

    def open_it(experiment: Experiment, **options: int) -> Opened:
        scene, comparison = scene_of(experiment)
        file = tmp_path / "lesson.html"
        page_text = standalone_page(encode(scene), title="Lesson", line="Both", kind="comparison")
        file.write_text(page_text, encoding="utf-8")
        page = another_page(**options)
        pages.append(page)
        page.context.on("request", note)
        page.context.set_offline(True)
        page.goto(file.as_uri())
        page.wait_for_selector(OPENED)
        both = Both(Stage(page), Side(page, "kmeans"), Side(page, "mixture"))
        both.stage.wait_until_still()
        return Opened(page, both, scene, comparison)

    yield open_it
    for page in pages:
        page.context.remove_listener("request", note)
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []


def test_both_sides_step_play_and_zoom_together_offline(open_file: Callable[..., Opened]) -> None:
    opened = open_file(CASES["unequal_sizes"].experiment)
    stage, page, run = opened.stage, opened.page, opened.scene.run
    assert run is not None
    page.keyboard.press("ArrowRight")
    for index in (1, 2, 3):
        stage.wait_at(index)
        assert stage.log_likelihood == run.states[index // 2].log_likelihood
        assert float(stage.data("inertia")) == pytest.approx(opened.comparison.inertias[index], rel=1e-12)
        stage.step()
    stage.go_to(stage.last - 3)
    stage.select("Speed").select_option("4")
    stage.root.focus()
    page.keyboard.press("Space")
    stage.wait_at(stage.last)
    stage.root.locator(".em-tools button", has_text="+").click()
    stage.wait_until_still()
    assert_same_view(opened.both)
    stage.root.get_by_text("Compare with the truth").click()
    assert float(stage.data("mixture-index")) > float(stage.data("kmeans-index"))


def test_the_dial_turns_offline(open_file: Callable[..., Opened]) -> None:
    opened = open_file(replace(CASES["unequal_sizes"].experiment, dial=True))
    dial = opened.comparison.dial
    assert dial is not None
    slider = opened.stage.root.get_by_role("slider", name="Deviation of every component")
    for position in (8, len(dial.runs) - 1):
        slider.fill(str(position))
        opened.stage.wait(deviation=js(dial.deviations[position]))
        opened.stage.go_to(3)
        assert opened.stage.log_likelihood == pytest.approx(dial.runs[position].states[1].log_likelihood)
    assert opened.stage.data("disagreements") == "0"


@pytest.mark.parametrize("width", [1400, 390])
def test_a_point_is_answered_on_both_sides(open_file: Callable[..., Opened], width: int) -> None:
    opened = open_file(CASES["elongated"].experiment, width=width, height=900)
    stage, scene = opened.stage, opened.scene
    assert scene.run is not None
    order = opened.comparison.order
    field = stage.root.get_by_label("Ask point number")
    for point, index in ((40, 5), (333, 6)):
        stage.go_to(index)
        field.fill(str(point + 1))
        field.press("Enter")
        place = scene.points[point]
        centres = opened.comparison.run.states[index // 2].centres[order]
        distances = np.hypot(*(place - centres).T)
        expect(opened.answer("kmeans")).to_contain_text(f"to centre {distances.argmin() + 1}")
        rows = rows_of(opened.answer("kmeans"))
        for row, distance in zip(rows, distances, strict=True):
            assert_shows(" ".join(row[1:3]), distance, distance**2)
        assert [row[3] for row in rows].index("nearest") == distances.argmin()
        mixture = scene.run.states[index // 2].mixture
        shares = gmm_core.responsibilities(place[None], mixture)[0]
        for row, weight, share in zip(
            rows_of(opened.answer("mixture")), mixture.weights, shares, strict=True
        ):
            assert_shows(row[1], weight)
            assert_shows(row[4], share)
    opened.page.keyboard.press("Escape")
    field.evaluate("(node) => node.blur()")
    stage.root.focus()
    opened.page.keyboard.press("Escape")
    expect(opened.answer("kmeans")).to_be_hidden()


@pytest.mark.parametrize("side", ["kmeans", "mixture"])
def test_a_click_on_either_side_asks_for_the_same_point(open_file: Callable[..., Opened], side: str) -> None:
    opened = open_file(CASES["round"].experiment)
    opened.stage.go_to(3)
    point = int(opened.scene.points[:, 0].argmax())
    touched: Side = getattr(opened.both, side)
    opened.page.mouse.click(*touched.axes().pixels(opened.scene.points[point]))
    expect(opened.stage.root.get_by_label("Ask point number")).to_have_value(str(point + 1))
    for name in ("kmeans", "mixture"):
        expect(opened.answer(name)).to_be_visible()
        expect(getattr(opened.both, name).picture.locator(".em-ring:not(.em-hovered)")).to_be_visible()


@pytest.mark.parametrize("dial", [False, True])
def test_a_component_is_answered_with_its_sums(open_file: Callable[..., Opened], dial: bool) -> None:
    opened = open_file(replace(CASES["elongated"].experiment, dial=dial))
    comparison, points = opened.comparison, opened.scene.points
    run = comparison.dial.runs[0] if comparison.dial else opened.scene.run
    assert run is not None
    k, index = 1, 5
    opened.stage.go_to(index)
    chip = opened.stage.button(f"Ask centre {k + 1}")
    chip.focus()
    opened.page.keyboard.press("Enter")
    own = kmeans.assign(points, comparison.run.states[2].centres[comparison.order]) == k
    cells = [row[0] for row in rows_of(opened.answer("kmeans"))]
    assert_shows(cells[0], own.sum(), len(points))
    assert_shows(cells[1], *points[own].mean(axis=0))
    assert_shows(cells[2], comparison.parts[index, comparison.order[k]], comparison.inertias[index])
    moments = run.states[2].moments
    cells = [row[0] for row in rows_of(opened.answer("mixture"))]
    assert_shows(cells[0], moments.counts[k], len(points))
    assert_shows(cells[2], *moments.means[k])
    assert_shows(cells[3], *np.diag(moments.scatters[k] / moments.counts[k]))
    assert_shows(cells[4], moments.scatters[k, 0, 1] / moments.counts[k])
