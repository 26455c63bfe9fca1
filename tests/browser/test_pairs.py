"""More columns than a plane: fitted in all, seen in pairs, taken home and brought back."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from playwright.sync_api import Locator, Page, expect

import gmm_core
from tests.browser.conftest import STAGE, Watched, open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import PATIENCE, Stage
from tests.browser.test_answers import assert_shows, rows_of
from tests.browser.test_links import assert_link_opens_the_same
from tests.browser.test_saving import download, texts_of
from tests.browser.test_taking_home import bring, take

LINK = "data=iris&more=petal_width,sepal_width&trails=off"
NAMES = ("Sepal length (cm)", "Sepal width (cm)", "Petal length (cm)", "Petal width (cm)")


def thumb(stage: Stage, across: int, upwards: int) -> Locator:
    name = f"{NAMES[across]} across, {NAMES[upwards]} upwards"
    return stage.root.get_by_role("radio", name=name, exact=True)


def assert_means_at(stage: Stage, mixture: gmm_core.Mixture, pair: tuple[int, int]) -> None:
    """Every handle is on its component's mean, in the columns of the pair."""
    axes = stage.axes()
    found = [stage.centre(stage.handle(k + 1)) for k in range(mixture.n_components)]
    wanted = [axes.pixels(mean) for mean in mixture.means[:, list(pair)]]
    np.testing.assert_allclose(found, wanted, atol=1.5)


def test_any_pair_of_one_fit_is_a_click_away_and_goes_home_and_comes_back(
    page: Page, another_page: Callable[..., Page], server: str, watched: Watched
) -> None:
    stage = Stage(open_lab(page, server, f"{LINK}&at=9"))
    data, run = outcome_of(stage.address)
    assert (stage.data("dimensions"), stage.index) == ("4", 9)
    assert abs(stage.log_likelihood - run.states[4].log_likelihood) < 1e-6
    assert_means_at(stage, run.states[4].mixture, (0, 2))
    expect(thumb(stage, 0, 2)).to_be_checked()
    thumb(stage, 1, 3).click()
    stage.wait_for_address(pair="1,3", at="9")
    expect(thumb(stage, 1, 3)).to_be_checked()
    assert abs(stage.log_likelihood - run.states[4].log_likelihood) < 1e-6
    assert_means_at(stage, run.states[4].mixture, (1, 3))
    stage.step(2)
    stage.wait_until_still()
    assert_means_at(stage, run.states[5].mixture, (1, 3))

    # A point's figures are those of all columns.
    number = stage.root.get_by_role("spinbutton", name="Ask point number")
    number.fill("7")
    number.press("Enter")
    answer = stage.root.get_by_role("region", name="Ask")
    expect(answer).to_contain_text("all 4 columns")
    mixture, point = run.states[5].mixture, data.points[6:7]
    shares = gmm_core.responsibilities(point, mixture)[0]
    for k, row in enumerate(rows_of(answer.locator("table"))):
        assert_shows(row[1], mixture.weights[k])
        assert_shows(row[4], shares[k])
    stage.page.keyboard.press("Escape")

    # Pictures, links, sessions.
    _, svg = download(page, stage, "Save as SVG")
    texts = texts_of(ElementTree.fromstring(svg))
    assert any("2 of 4 columns" in text for text in texts)
    assert {NAMES[1], NAMES[3]} <= set(texts)
    assert_link_opens_the_same(stage, another_page())
    session = take(page, "Session")
    other = another_page()
    other.goto(server)
    other.wait_for_selector(STAGE)
    other.get_by_text("Open a file").click()
    bring(other, "again.json", session)
    again = Stage(other)
    again.wait(dimensions=4, iteration=5, phase="E")
    again.wait_until_still()
    assert_means_at(again, run.states[5].mixture, (1, 3))


def test_a_mean_under_a_hand_keeps_the_columns_that_are_not_seen(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, f"{LINK}&pair=2,1&at=9"))
    _, run = outcome_of({k: v for k, v in stage.address.items() if k != "pair"})
    before, start = run.states[4].mixture, stage.centre(stage.handle(1))
    expect(stage.button("Add points")).to_be_disabled()
    stage.wait_for_change("log-likelihood", do=lambda: stage.drag(start, (start[0] + 60, start[1] - 40)))
    stage.wait_for_address(**{"from": ".+"})
    begun = experiment_of(stage.address).mixture()
    assert begun is not None
    moved = begun.means - before.means
    assert (moved[0, [2, 1]] > 0.05).all()
    assert_means_at(stage, begun, (2, 1))
    moved[0, [2, 1]] = 0
    np.testing.assert_allclose(moved, 0, atol=1e-9)
    data, again = outcome_of({k: v for k, v in stage.address.items() if k not in ("pair", "at")})
    assert data.points.shape[1] == 4
    stage.go_to(stage.last)
    assert abs(stage.log_likelihood - again.log_likelihood) < 1e-6


def test_keys_walk_through_the_pairs_and_the_page_that_plays_has_them(
    page: Page, another_page: Callable[..., Page], server: str, tmp_path: Path
) -> None:
    stage = Stage(open_lab(page, server, f"{LINK}&at=3"))
    thumb(stage, 0, 2).focus()
    for key, pair in (("ArrowRight", (1, 2)), ("ArrowDown", (1, 3)), ("ArrowLeft", (0, 3))):
        page.keyboard.press(key)
        expect(thumb(stage, *pair)).to_be_checked()
        expect(thumb(stage, *pair)).to_be_focused()
    stage.wait_for_address(pair="0,3", at="3")
    (tmp_path / "plays.html").write_bytes(take(page, "Page that plays"))
    alone = another_page()
    alone.goto((tmp_path / "plays.html").as_uri())
    alone.wait_for_selector(f"{STAGE}[data-dimensions='4']", timeout=PATIENCE)
    played = Stage(alone)
    expect(thumb(played, 0, 3)).to_be_checked()
    thumb(played, 0, 1).click()
    expect(thumb(played, 0, 1)).to_be_checked()
    played.step(1)
    assert played.index == 4
