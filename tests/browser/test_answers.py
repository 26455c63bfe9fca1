"""The numbers and colours on the screen against Python's: the table, the answers, the points themselves."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import gmm_core
from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import PICTURE, Stage
from ui import palette

SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

# The colour, from 0 to 255, of the pixel at each place on the page.
COLOURS_AT = f"""
(places) => {{
  const canvas = document.querySelector(`{PICTURE} canvas.em-points`);
  const box = canvas.getBoundingClientRect();
  const ratio = canvas.width / box.width;
  return places.map(([x, y]) => {{
    const [left, top] = [(x - box.x) * ratio, (y - box.y) * ratio].map(Math.floor);
    return [...canvas.getContext("2d").getImageData(left, top, 1, 1).data].slice(0, 3);
  }});
}}
"""

NUMBER = re.compile(r"[-\u2212]?\d[\d,]*(?:\.\d+)?(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?%?")


def shown(text: str) -> list[tuple[float, float]]:
    """(value, half of its last digit) of every number in a text, as people write numbers."""
    found = []
    for token in NUMBER.findall(text):
        plain = token.replace("\u2212", "-").replace(",", "")
        scale = 0.01 if plain.endswith("%") else 1.0
        digits, _, power = plain.rstrip("%").partition("·10")
        scale *= 10.0 ** int(power.translate(SUPERSCRIPTS) or 0)
        decimals = len(digits.partition(".")[2])
        found.append((float(digits) * scale, 0.5 * 10.0**-decimals * scale))
    return found


def assert_shows(text: str, *wanted: float) -> None:
    """The text's numbers are these, rounded to the digits it shows."""
    numbers = shown(text)
    assert len(numbers) == len(wanted), f"{text!r} should show {wanted}"
    for (value, half), exact in zip(numbers, wanted, strict=True):
        assert abs(value - exact) <= 1.001 * half + 1e-12, f"{text!r} should show {wanted}"


def rows_of(table: Locator) -> list[list[str]]:
    """The texts of a table's cells, without its head."""
    rows = table.locator("tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent))"
    )
    return [row for row in rows if row]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "data=old_faithful&family=tied&k=3",
        "data=old_faithful&scale=equal",
        "data=old_faithful&standardise=on",
        "stretch_y=20",
        "data=penguins&turn=40&stretch_y=0.05",
    ],
)
def test_table_of_components(page: Page, server: str, query: str) -> None:
    stage = Stage(open_lab(page, server, query))
    _, run = outcome_of(stage.address)
    table = stage.root.get_by_role("table", name="Components")
    for index in (0, 5, stage.last):
        stage.go_to(index)
        mixture = run.states[index // 2].mixture
        axes = gmm_core.principal_axes(mixture.covariances)
        rows = rows_of(table)
        assert len(rows) == mixture.n_components
        for k, (name, weight, mean, sigmas, angle) in enumerate(rows):
            assert name == str(k + 1)
            assert_shows(weight, mixture.weights[k])
            assert_shows(mean, *mixture.means[k])
            assert_shows(sigmas, *axes[k, :2])
            assert_shows(angle, drawn_angle(page, mixture.covariances[k]))


def drawn_angle(page: Page, covariance: np.ndarray) -> float:
    """Of the ellipse's long axis, in degrees, in the pixels that it is drawn in."""
    across, upwards = page.evaluate(
        """() => {
            const { xaxis, yaxis } = document.querySelector(".em-plot")._fullLayout;
            return [xaxis, yaxis].map((axis) => axis._length / (axis.range[1] - axis.range[0]));
        }"""
    )
    scale = np.diag([across, upwards])
    return float(np.degrees(gmm_core.principal_axes((scale @ covariance @ scale)[None])[0, 2]))


def test_ask_a_point(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    data, run = outcome_of(stage.address)
    answer = stage.root.get_by_role("region", name="Ask")
    number = stage.root.get_by_role("spinbutton", name="Ask point number")
    stage.go_to(4)
    for point, index in ((1, 4), (137, 4), (500, 9)):
        stage.go_to(index)
        stage.catch_up()
        number.fill(str(point))
        number.press("Enter")
        expect(answer).to_contain_text(f"Point {point} ")
        place, mixture = data.points[point - 1 : point], run.states[index // 2].mixture
        shares = gmm_core.responsibilities(place, mixture)[0]
        log_density = gmm_core.log_density(place, mixture)[0]
        for k, (name, weight, density, product, share) in enumerate(rows_of(answer.get_by_role("table"))):
            exact = shares[k] * np.exp(log_density)
            assert name == str(k + 1)
            assert_shows(weight, mixture.weights[k])
            assert_shows(density, exact / mixture.weights[k])
            assert_shows(product, exact)
            assert_shows(share, shares[k])
        below = (gmm_core.log_density(data.points, mixture) < log_density).mean()
        sentence = answer.locator("p").inner_text()
        assert_shows(sentence[sentence.index("p(x) =") :], np.exp(log_density), log_density, below)

    answer.get_by_role("button", name="Close the answer").click()
    expect(answer).to_contain_text("Click a point")


def test_typing_a_number_is_not_disturbed_by_playing(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    answer = stage.root.get_by_role("region", name="Ask")
    number = stage.root.get_by_role("spinbutton", name="Ask point number")
    number.fill("4")
    number.press("Enter")
    expect(answer).to_contain_text("Point 4 ")
    stage.select("Speed").select_option(label="4×")
    stage.action("play").click()
    number.fill("13")
    iteration = int(stage.data("iteration"))
    page.wait_for_function(
        "([root, iteration]) => Number(root.dataset.iteration) > iteration + 2",
        arg=[stage.root.element_handle(), iteration],
    )
    number.press("End")
    number.press("7")
    number.press("Enter")
    expect(answer).to_contain_text("Point 137 ")
    stage.action("pause").click()


def test_ask_by_clicking(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    data, run = outcome_of(stage.address)
    answer = stage.root.get_by_role("region", name="Ask")
    stage.step(3)
    # The points farthest out have no other in reach.
    axes = stage.axes()
    for point in np.argsort(-np.abs(data.points - data.points.mean(axis=0)).sum(axis=1))[:2]:
        page.mouse.click(*axes.pixels(data.points[point]))
        expect(answer).to_contain_text(f"Point {point + 1} ")

    stage.button("Ask component 2").click()
    expect(answer).to_contain_text("Component 2")
    held = run.states[1].moments
    rows = dict(answer.locator("tr").evaluate_all("(rows) => rows.map((row) => row.innerText.split('\t'))"))
    covariance = held.scatters[1] / held.counts[1]
    assert_shows(rows["holds Σr"], held.counts[1], 500)
    assert_shows(rows["weight"], held.counts[1] / 500)
    assert_shows(rows["weighted mean"], *held.means[1])
    assert_shows(rows["weighted variances"], covariance[0, 0], covariance[1, 1])
    assert_shows(rows["weighted covariance"], covariance[0, 1])
    page.keyboard.press("Escape")
    expect(answer).to_contain_text("Click a point")


def test_words_on_coverage(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    data, run = outcome_of(stage.address)
    stage.go_to(7)
    mixture = run.states[3].mixture
    shares = gmm_core.responsibilities(data.points, mixture)
    held = shares.sum(axis=0) / len(data.points)
    covered = [gmm_core.coverage(data.points, mixture, shares, level) @ held for level in (1.0, 2.0)]
    words = stage.root.get_by_text(re.compile(r"^1 σ holds .* of the data"))
    expect(words).to_be_visible()
    assert_shows(
        words.inner_text(), 1, covered[0], gmm_core.mass_within(1), 2, covered[1], gmm_core.mass_within(2)
    )


def test_likelihood_and_its_gain(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    _, run = outcome_of(stage.address)
    region = stage.root.get_by_role("region", name="Log-likelihood")
    for t in (1, 2, 5):
        stage.go_to(2 * t)
        now, before = run.states[t], run.states[t - 1]
        head = region.locator("header").inner_text()
        bound = gmm_core.lower_bound(before, now.mixture)
        gain = now.log_likelihood - before.log_likelihood
        assert_shows(head.replace("-step", ""), now.log_likelihood, gain, now.log_likelihood - bound)


def oklab(colours: np.ndarray) -> np.ndarray:
    """(n, 3) colours from 0 to 255 in OKLab, as Ottosson (2020) defines it."""
    part = colours / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    cones = linear @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    return np.cbrt(cones) @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )


def test_points_wear_the_blend_of_their_shares(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=400"))
    data, run = outcome_of(stage.address)
    colours = np.array([list(bytes.fromhex(colour[1:])) for colour in palette.COMPONENTS[:3]], dtype=float)
    axes = stage.axes()
    pixels = np.array([axes.pixels(place) for place in data.points])
    gaps = np.linalg.norm(pixels[:, None] - pixels, axis=2)
    np.fill_diagonal(gaps, np.inf)
    lonely = gaps.min(axis=1) > 12
    assert lonely.sum() > 30
    for index in (1, 4, 11):
        stage.go_to(index)
        found = np.array(page.evaluate(COLOURS_AT, pixels[lonely].tolist()), dtype=float)
        # An M picture still has the colours of the state before.
        mixture = run.states[(index - 1) // 2].mixture
        shares = gmm_core.responsibilities(data.points[lonely], mixture)
        np.testing.assert_allclose(oklab(found), shares @ oklab(colours), atol=0.012)
