"""A yes/no column on the stage: chosen, seen, asked about, taken home and brought back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import gmm_core
from tests.browser.conftest import STAGE, Watched, open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import PATIENCE, PICTURE, Stage, choose
from tests.browser.test_answers import assert_shows, rows_of
from tests.browser.test_comparison import open_comparison
from tests.browser.test_links import assert_link_opens_the_same
from tests.browser.test_saving import download, marked, texts_of
from tests.browser.test_taking_home import bring, open_data_page, take
from tests.browser.test_uploading import assert_one_sentence, upload
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.data.compared import numbers_alone

ANSWERS = "data=answers&yes=answer"
CHOICE = "Yes/no column (optional)"

# How opaque the canvas of points is, from 0 to 1, in the middle of each place on the page and beside it.
OPACITIES_AT = f"""
([places, beside]) => {{
  const canvas = document.querySelector(`{PICTURE} canvas.em-points`);
  const box = canvas.getBoundingClientRect();
  const ratio = canvas.width / box.width;
  const context = canvas.getContext("2d");
  const at = (x, y) => context.getImageData((x - box.x) * ratio, (y - box.y) * ratio, 1, 1).data[3] / 255;
  return places.map(([x, y]) => [at(x, y), at(x + beside, y)]);
}}
"""


def lonely(places: np.ndarray, apart: float) -> np.ndarray:
    """The indices of those that have no other within `apart` pixels."""
    distances = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    np.fill_diagonal(distances, np.inf)
    return np.flatnonzero(distances.min(axis=1) > apart)


@pytest.mark.parametrize(("n", "radius"), [(200, 5), (500, 4), (3000, 2.6), (50_000, 1.3)])
def test_who_says_yes_is_filled_and_who_says_no_is_hollow(
    page: Page, server: str, n: int, radius: float
) -> None:
    stage = Stage(open_lab(page, server, f"{ANSWERS}&n={n}&tol=0.01&trails=off"))
    data, _ = outcome_of(stage.address)
    axes = stage.axes()
    places = np.array([axes.pixels(point) for point in data.points])
    alone = lonely(places, 4 * radius + 6) if n < 5000 else np.argsort(-np.abs(data.points).max(axis=1))[:5]
    said = data.fitted[alone, -1]
    found = np.array(page.evaluate(OPACITIES_AT, [places[alone].tolist(), 0.8 * radius]))
    assert len(alone) >= 5
    assert (found[said == 1, 0] > 0.5).all()
    assert (found[said == 0, 0] < 0.35).all(), "a hole in the middle"
    assert (found[said == 0, 1] > 0.35).all(), "and a line about it"
    assert {0, 1} == set(said) or n > 5000


def test_a_component_tells_how_often_it_says_yes(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, f"{ANSWERS}&at=9"))
    _, run = outcome_of(stage.address)
    expect(stage.root.get_by_role("columnheader", name="P(answer = yes)")).to_be_visible()
    symbols = stage.root.get_by_role("region", name="The algorithm").locator(".em-symbols .em-formula")
    expect(symbols).to_have_attribute("data-tex", re.compile(r"P\(b_i \\mid \\theta_k\)"))
    expect(stage.picture.get_by_text("answer = yes", exact=True)).to_be_visible()
    expect(stage.picture.get_by_text("answer = no", exact=True)).to_be_visible()
    stage.button("Ask component 2").click()
    rows = dict(
        stage.root.get_by_role("region", name="Ask")
        .locator("tr")
        .evaluate_all("(rows) => rows.map((row) => row.innerText.split('\t'))")
    )
    held = run.states[4].moments
    assert_shows(rows["weighted share of answer = yes"], held.successes[1, 0] / held.counts[1])
    stage.go_to(stage.last)
    yes = [row[5] for row in rows_of(stage.root.get_by_role("table", name="Components"))]
    for text, probability in zip(yes, run.mixture.probabilities[:, 0], strict=True):
        assert_shows(text, probability)
    assert max(run.mixture.probabilities) > 0.8
    assert min(run.mixture.probabilities) < 0.2


def test_the_sidebar_switches_it_on_and_off_and_undo_takes_it_back(
    page: Page, another_page: Callable[..., Page], server: str
) -> None:
    stage = Stage(open_lab(page, server, "data=answers"))
    stage.wait(yes="answer")
    choose(page, CHOICE, "none")
    stage.wait(yes="")
    stage.go_to(stage.last)
    stage.wait_until_still()
    # These points come with the column, so that a link has to say that it is left out.
    assert stage.address["yes"] == ""
    assert_link_opens_the_same(stage, another_page())
    choose(page, CHOICE, "answer")
    stage.wait(yes="answer")
    stage.wait_for_address(yes=None)
    for yes in ("", "answer"):
        page.get_by_role("button", name="Undo").click()
        stage.wait(yes=yes)


@pytest.mark.parametrize("name", ["nothing", "species", "bill_length_mm"])
def test_a_link_with_a_column_that_cannot_be_says_so_and_is_mended_beside(
    page: Page, server: str, name: str
) -> None:
    stage = Stage(open_lab(page, server, f"data=penguins&yes={name}"))
    stage.wait(points=0)
    assert_one_sentence(stage.root.get_by_text(re.compile("yes/no column")).first.inner_text())
    choose(page, CHOICE, "sex")
    stage.wait(yes="sex", components=3)
    stage.step(2)


def test_a_dragged_mean_keeps_the_probabilities_of_its_picture(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, ANSWERS))
    _, run = outcome_of(stage.address)
    stage.go_to(12)
    start = stage.centre(stage.handle(2))
    end = start[0] + 60, start[1] - 40
    stage.wait_for_change("log-likelihood", do=lambda: stage.drag(start, end))
    stage.wait(iteration=0, phase="start", yes="answer")
    mixture = experiment_of(stage.wait_for_address(**{"from": ".+"})).mixture()
    assert mixture is not None
    np.testing.assert_allclose(mixture.probabilities, run.states[6].mixture.probabilities, rtol=1e-10)
    _, again = outcome_of(stage.address)
    assert stage.log_likelihood == pytest.approx(again.states[0].log_likelihood, rel=1e-12)
    stage.step(3)
    assert stage.log_likelihood == pytest.approx(again.states[1].log_likelihood, rel=1e-12)


@pytest.mark.parametrize("glyphs", ["off", "on"])
def test_the_saved_picture_has_open_and_filled_marks_and_says_what_they_mean(
    page: Page, server: str, glyphs: str
) -> None:
    stage = Stage(open_lab(page, server, f"{ANSWERS}&n=200&at=5&glyphs={glyphs}"))
    data, _ = outcome_of(stage.address)
    _, content = download(page, stage, "Save as SVG")
    tree = ElementTree.fromstring(content)
    styles = [node.get("style", "") for node in marked(tree, "point")]
    # In the legend is one of each more, and with glyphs a filled one for each component.
    n_open = sum("fill: none" in style for style in styles)
    assert n_open == (data.fitted[:, -1] == 0).sum()
    assert len(styles) - n_open >= (data.fitted[:, -1] == 1).sum()
    assert {"answer = yes", "answer = no"} <= set(texts_of(tree))
    legend = [path.get("style", "") for layer in marked(tree, "legendpoints") for path in layer.iter()]
    assert any("fill: none" in style and "stroke: rgb" in style for style in legend)
    name, png = download(page, stage, "Save as PNG")
    assert name.endswith(".png")
    assert png.startswith(b"\x89PNG")


def test_it_goes_home_and_comes_back(another_page: Callable[..., Page], server: str, tmp_path: Path) -> None:
    mine = another_page()
    stage = Stage(open_lab(mine, server, "data=penguins&yes=sex&at=7"))
    likelihood = stage.log_likelihood
    session, page_that_plays = take(mine, "Session"), take(mine, "Page that plays")
    _, run = outcome_of(stage.address)

    theirs = another_page()
    other = Stage(open_lab(theirs, server))
    theirs.get_by_text("Open a file").click()
    bring(theirs, "class.json", session)
    other.wait(yes="sex")
    other.wait_at(7)
    assert other.log_likelihood == likelihood

    file = tmp_path / "penguins.html"
    file.write_bytes(page_that_plays)
    opened = another_page()
    opened.goto(file.as_uri())
    opened.wait_for_selector(STAGE, timeout=PATIENCE)
    there = Stage(opened)
    there.go_to(there.last)
    assert there.data("yes") == "sex"
    assert there.log_likelihood == pytest.approx(run.log_likelihood, rel=1e-12)
    yes = [row[5] for row in rows_of(there.root.get_by_role("table", name="Components"))]
    for text, probability in zip(yes, run.mixture.probabilities[:, 0], strict=True):
        assert_shows(text, probability)


def test_the_comparison_leaves_it_out_and_says_so(page: Page, server: str, watched: Watched) -> None:
    query = "data=penguins&yes=sex"
    stage = open_comparison(page, server, watched, query).stage
    experiment = experiment_of(stage.address)
    data = numbers_alone(data_of(experiment, None))
    run = run_of(experiment, data)
    expect(page.get_by_text("K-Means knows nothing of a yes/no column")).to_be_visible(timeout=PATIENCE)
    assert stage.log_likelihood == pytest.approx(run.states[0].log_likelihood, rel=1e-12)
    assert int(stage.data("points")) == len(data.points) == 333, "those whose sex is known"


def people(n: int = 300) -> pd.DataFrame:
    """Two groups that overlap in height and weight, of which one mostly smokes; two do not say."""
    rng = np.random.default_rng(3)
    group = rng.integers(0, 2, n)
    smokes = np.where(rng.random(n) < np.where(group, 0.9, 0.1), "yes", "no").astype(object)
    smokes[[4, 17]] = None
    height, weight = rng.normal(170 + 5 * group, 6), rng.normal(70 + 4 * group, 9)
    return pd.DataFrame({"height": height.round(2), "weight": weight.round(2), "smokes": smokes})


def test_a_file_brings_one(page: Page, server: str) -> None:
    table: Any = people()
    open_data_page(page, server)
    bring(page, "people.csv", table.to_csv(index=False).encode())
    expect(page.get_by_text("300 points.")).to_be_visible(timeout=PATIENCE)
    choose(page, CHOICE, "smokes")
    expect(page.get_by_text("298 points.")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="See them in the lab").click()
    page.wait_for_selector(STAGE, timeout=PATIENCE)
    stage = Stage(page)
    stage.wait(points=298, yes="smokes")
    expect(page.get_by_text("2 rows have no value in smokes and are left out.")).to_be_visible()
    expect(stage.root.get_by_role("columnheader", name="P(smokes = yes)")).to_be_visible()
    stage.go_to(stage.last)
    model = gmm_core.load_model(take(page, "Model, JSON").decode())
    assert model.log_likelihood == pytest.approx(stage.log_likelihood, rel=1e-12)
    assert model.mixture.probabilities.shape == (stage.root.locator(".em-side tbody tr").count(), 1)


def test_names_that_are_markup_or_break_formulas_stay_text_on_the_stage(
    page: Page, server: str, watched: Watched
) -> None:
    across, upwards, asked = "<img src=x onerror=alert(1)>", "100%_{a} $\\frac{1}{0}$ & #~^", "<b>{%_\\"
    answers = "<script>alert(2)</script>_{%", "\\text{$x$}</span>&%_"
    rng = np.random.default_rng(4)
    places = rng.normal(size=(90, 2)) + 4 * (np.arange(90) % 2)[:, None]
    rows = [f"{x:.3f},{y:.3f},{answers[i % 3 > 0]}" for i, (x, y) in enumerate(places)]
    stage = Stage(open_lab(page, server))
    upload(page, "<b>odd</b>.csv", "\n".join([f"{across},{upwards},{asked}", *rows]).encode())
    stage.wait(points=90)
    choose(page, CHOICE, asked)
    stage.wait(yes=asked)
    number = stage.root.get_by_role("spinbutton", name="Ask point number")
    number.fill("2")
    number.press("Enter")
    answer = stage.root.get_by_role("region", name="Ask")
    expect(answer).to_contain_text(answers[1])
    card = stage.root.get_by_role("region", name="The algorithm")
    for _ in range(3):
        expect(card.locator(".em-numbers .katex")).to_be_visible()
        expect(card.locator(".katex-error")).to_have_count(0)
        stage.step()
        stage.catch_up()
    expect(card).to_contain_text(answers[1])
    for name in (across, upwards, answers[0]):
        expect(stage.picture).to_contain_text(name)
    stage.button("Ask component 1").click()
    expect(answer).to_contain_text(answers[1])
    assert page.locator("img[src='x'], .em-stage script, .em-stage b:text('{%_')").count() == 0
    assert watched == Watched()
