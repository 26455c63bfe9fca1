"""The algorithm beside the picture: its lines lead there, and the lit one's formula has the numbers."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

import gmm_core
from tests.browser.conftest import Watched, open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import ROOT, Stage, eventually
from tests.browser.test_answers import rows_of
from tests.browser.test_everybody import faults, open_page

LINES = ("start", "E", "M", "until")

# What a formula was written as, without its colours.
TEX = """
(node) => {
  let tex = node.dataset.tex;
  const tint = /\\\\textcolor\\{#\\w+\\}\\{((?:[^{}]|\\{[^{}]*\\})*)\\}/;
  while (tint.test(tex)) tex = tex.replace(tint, "$1");
  return tex;
}
"""


def card_of(stage: Stage, name: str = "The algorithm") -> Locator:
    return stage.root.get_by_role("region", name=name, exact=True)


def line(card: Locator, name: str) -> Locator:
    return card.locator(f'[data-line="{name}"]')


def assert_lit(card: Locator, name: str) -> None:
    expect(card.locator('[aria-current="step"]')).to_have_count(1)
    expect(line(card, name)).to_have_attribute("aria-current", "step")


def numbers_of(card: Locator) -> str:
    return card.locator(".em-numbers .em-formula").first.evaluate(TEX)


def tex_of(text: str) -> str:
    """A number as the answer shows it, in TeX."""
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    text = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"^{{{found[0].translate(powers)}}}", text)
    return text.replace("·", r" \cdot ").replace("%", r"\%").replace("−", r"\mathord{-}")


def test_every_line_leads_to_its_picture(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    card = card_of(stage)
    assert_lit(card, "start")
    for name, at in (("E", 1), ("E", 3), ("M", 4), ("E", 5), ("M", 6), ("start", 0), ("M", 2)):
        line(card, name).click()
        stage.wait_at(at)
        assert_lit(card, name)
    line(card, "until").click()
    stage.wait_at(stage.last)
    assert_lit(card, "E")
    expect(line(card, "until")).to_have_text(
        "Converged: the last step gained no more per point than the tolerance"
    )
    # At the end the last picture of a phase is the one that is meant.
    line(card, "M").click()
    stage.wait_at(stage.last - 1)
    expect(line(card, "until")).to_have_text("until a step gains no more per point than the tolerance")
    line(card, "E").click()
    stage.wait_at(stage.last)
    line(card, "E").click()
    stage.wait_at(stage.last)


def test_lines_are_reached_by_keys_and_say_what_they_do(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=2"))
    card = card_of(stage)
    line(card, "E").focus()
    page.keyboard.press("Tab")
    expect(line(card, "M")).to_be_focused()
    expect(line(card, "M")).to_have_attribute(
        "aria-description", re.compile(r"^Go to iteration 2 of \d+, M-step$")
    )
    shown = line(card, "M").evaluate("(node) => getComputedStyle(node, '::after').content")
    assert "Go to iteration 2" in shown
    page.keyboard.press("Enter")
    stage.wait_at(4)
    expect(line(card, "M")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(card.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.locator("details")).not_to_have_attribute("open", "")


def test_the_asked_points_numbers_are_those_of_the_answer(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=5"))
    card, answer = card_of(stage), stage.root.get_by_role("region", name="Ask")
    number = stage.root.get_by_role("spinbutton", name="Ask point number")
    for index in (5, 9):
        stage.go_to(index)
        number.fill("137")
        number.press("Enter")
        expect(card).to_contain_text("Point 137, as you asked.")
        stage.catch_up()
        expect(card.locator(".em-numbers .katex")).to_be_visible()
        expect(answer).to_contain_text("Point 137 ")

        def the_same() -> None:
            tex = numbers_of(card)
            for k, weight, density, product, share in rows_of(answer.get_by_role("table")):
                own = rf"r_{{137,{k}}} &= {tex_of(weight)} \cdot {tex_of(density)} \,/\, "
                assert own in tex
                assert f"= {tex_of(share)}" in tex[tex.index(own) :].split(r"\\")[0]
                assert tex_of(product) in tex.split("&=")[-1]

        eventually(page, the_same)


def test_the_asked_components_numbers_are_the_answers_and_the_cores(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=4"))
    _, run = outcome_of(stage.address)
    card = card_of(stage)
    expect(card).to_contain_text("Component 1. Ask another")
    stage.button("Ask component 2").click()
    expect(card).to_contain_text("Component 2, as you asked.")
    cells = stage.root.get_by_role("region", name="Ask").locator("td").all_inner_texts()
    held, weight, mean, variances, covariance = cells
    tex = numbers_of(card)
    assert rf"N_{{2}} &= {held.split()[0]}" in tex
    assert tex_of(weight) in tex
    assert tex_of(mean).replace(", ", r",\, ") in tex
    xx, yy = map(tex_of, variances.split(", "))
    assert rf"{xx} & {tex_of(covariance)} \\ {tex_of(covariance)} & {yy}" in tex
    assert abs(run.states[2].mixture.weights[1] - float(weight.rstrip("%")) / 100) < 5e-5


def test_where_nobody_asks_the_most_torn_point_stands_there(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=5"))
    data, run = outcome_of(stage.address)
    torn = int(gmm_core.responsibilities(data.points, run.mixture).max(axis=1).argmin()) + 1
    expect(card_of(stage)).to_contain_text(f"Point {torn}: on it the components disagree most at the end.")
    stage.step(2)
    expect(card_of(stage)).to_contain_text(f"Point {torn}:")


def test_formulas_are_set_with_small_letters_below(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=5"))
    index = card_of(stage).locator(".em-symbols .katex-html .msupsub .mtight").first
    expect(index).to_be_visible()
    below, beside = (
        node.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")
        for node in (index, card_of(stage).locator(".em-symbols .katex-html .mord").first)
    )
    assert below < 0.8 * beside
    expect(page.locator(f"{ROOT} .katex-error")).to_have_count(0)


@pytest.mark.parametrize(
    "query",
    [
        "data=answers&yes=answer&noise=on",
        "y=none&data=blobs",
        "algorithm=variational&k=12&prior=on",
        "family=VEV",
    ],
)
def test_whatever_takes_part_formulas_are_set_and_fit(page: Page, server: str, query: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    stage = Stage(open_lab(page, server, query))
    card = card_of(stage)
    for _ in range(4):
        expect(card.locator(".em-numbers .katex")).to_be_visible()
        expect(card.locator(".katex-error")).to_have_count(0)
        for part in card.locator(".em-formulas > div").all():
            assert part.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 1
        stage.step()
        stage.catch_up()


def test_both_algorithms_stand_side_by_side(page: Page, server: str, watched: Watched) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    stage = open_page(page, watched, f"{server}/compare?k=3&at=3")
    kmeans, mixture = (card_of(stage, f"The algorithm of {name}") for name in ("K-Means", "the mixture"))
    assert_lit(kmeans, "E")
    assert_lit(mixture, "E")
    left, right = kmeans.bounding_box(), mixture.bounding_box()
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    kmeans.locator("summary").click()
    for card in (kmeans, mixture):
        expect(card.locator(".em-numbers .katex")).to_be_visible()
    line(kmeans, "M").click()
    stage.wait_at(4)
    assert_lit(mixture, "M")
    line(kmeans, "until").click()
    expect(line(kmeans, "until")).to_have_text("Converged: no centre moves any more")
    # The mixture goes on after K-Means has come to rest.
    expect(line(mixture, "until")).to_have_text(re.compile("^until a step"))


def test_a_phone_has_it_folded_away_and_its_state_is_kept(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    stage = Stage(open_lab(page, server, "k=8&at=5"))
    card = card_of(stage)
    expect(card.locator("details")).not_to_have_attribute("open", "")
    expect(card.locator(".em-formula")).to_have_count(0)
    card.locator("summary").click()
    expect(card.locator(".em-numbers .katex")).to_be_visible()
    widths = page.evaluate(
        "() => [document.documentElement, document.querySelector('.stMain')].map((n) => n.scrollWidth)"
    )
    assert max(widths) <= 390
    stage.step()
    expect(card.locator("details")).to_have_attribute("open", "")


def test_what_was_closed_stays_closed_and_costs_nothing(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=5"))
    card = card_of(stage)
    card.locator("summary").click()
    before = numbers_of(card)
    stage.step(3)
    stage.catch_up()
    assert numbers_of(card) == before, "nothing is set where nobody sees it"
    card.locator("summary").click()
    eventually(page, lambda: _differs(card, before))


def _differs(card: Locator, before: str) -> None:
    assert numbers_of(card) != before


def test_picture_and_transport_are_where_they_were(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    stage = Stage(open_lab(page, server, "at=5"))
    for node in (stage.picture, stage.action("next"), stage.scrubber, line(card_of(stage), "until")):
        expect(node).to_be_in_viewport(ratio=1)
    expect(card_of(stage).locator(".em-symbols")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_formulas_shut_nobody_out(
    page: Page, server: str, watched: Watched, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    stage = open_page(page, watched, f"{server}/?k=12&at=4")
    stage.step()
    expect(card_of(stage).locator(".em-numbers .katex")).to_be_visible()
    assert faults(page) == []


def test_nothing_leaves_the_server_and_no_picture_waits(
    server: str, another_page: Callable[..., Page]
) -> None:
    page = another_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    stage = Stage(open_lab(page, server, "at=5"))
    expect(card_of(stage).locator(".em-numbers .katex")).to_be_visible()
    assert all(address.startswith((server, "data:", "blob:")) for address in asked)
    setters = [i for i, address in enumerate(asked) if "/katex." in address and address.endswith(".js")]
    plotly = next(i for i, address in enumerate(asked) if "plotly.min.js" in address)
    assert len(setters) == 1
    assert setters[0] > plotly
