"""The report says what was done, with the numbers of the fit, and what they do not bear."""

import doctest
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import FAMILIES, Mixture, Noise, StopReason, Variant
from tests.outcomes import blobs, faithful, iris, outcome_of
from ui.export import numbers
from ui.export.agreement import Labels
from ui.export.caveats import caveats
from ui.export.figure import MOST_DRAWN, mixture_figure
from ui.export.numbers import in_units, nats, percent, significant, with_powers
from ui.export.report import report
from ui.palette import colour_of

SVG = "{http://www.w3.org/2000/svg}"

NASTY = "</style></table><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & {title} größe"

VOID = {"meta"}


class Reader(HTMLParser):
    """Tags, attributes and texts of a page; fails on tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.cells: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "li"):
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
            if self.cells and {"td", "th", "li"} & set(self.open):
                self.cells[-1] += data


def test_every_number_of_the_fit_is_there() -> None:
    outcome = outcome_of(faithful(), 2, title="Old Faithful", columns=("eruptions", "waiting"))
    remarks = ["3 rows are not used: a value is missing."]
    page = Reader(report(outcome, remarks=remarks, choices={"start": "k-means++, seed 5"}))
    run, mixture = outcome.run, outcome.run.mixture
    free = gmm_core.n_parameters("full", 2, 2)
    entropy = gmm_core.classification_entropy(outcome.points, mixture)
    distance = gmm_core.kolmogorov_distance(gmm_core.density_percentiles(outcome.points, mixture))
    expected = [
        nats(run.log_likelihood),
        nats(gmm_core.bic(run.log_likelihood, free, 272)),
        nats(gmm_core.icl(run.log_likelihood, free, 272, entropy)),
        nats(gmm_core.aic(run.log_likelihood, free)),
        f"{free}",
        *(percent(weight) for weight in mixture.weights),
        *(significant(value) for value in mixture.covariances[:, 0, 1]),
        "k-means++, seed 5",
        *remarks,
        "K = 2",
        "272",
        with_powers(run.explanation),
        f"percentiles up to {distance:.3f} from uniform",
    ]
    for text in expected:
        assert any(text in cell for cell in page.cells), text
    assert "Gaussian mixture: Old Faithful" in page.text
    assert "eruptions, 1.6000 to 5.1000" in page.cells


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_its_report(family: str) -> None:
    page = Reader(report(outcome_of(iris(), 3, family)))
    assert any(FAMILIES[family].sentence in cell for cell in page.cells)


def test_what_people_wrote_is_text() -> None:
    plain_outcome = outcome_of(faithful(), 2, max_steps=3)
    outcome = outcome_of(faithful(), 2, max_steps=3, title=NASTY, columns=(NASTY, NASTY))
    html = report(outcome, choices={NASTY: NASTY}, remarks=[NASTY], link="javascript:alert(1)")
    page, harmless = Reader(html), Reader(report(plain_outcome, choices={"a": "b"}, remarks=["c"]))
    assert page.tags == harmless.tags
    assert {name for name, _ in page.attributes} == {name for name, _ in harmless.attributes}
    assert NASTY in page.cells
    assert "javascript" not in html


def test_a_link_of_the_web_is_one() -> None:
    html = report(outcome_of(faithful(), 2, max_steps=3), link='http://localhost:8501/?k=2&x="')
    assert ("href", 'http://localhost:8501/?k=2&x="') in Reader(html).attributes


def test_it_needs_nothing_else() -> None:
    page = Reader(report(outcome_of(faithful(), 2)))
    assert not {"script", "link", "img", "iframe", "object", "use", "image"} & set(page.tags)
    assert not {"src", "href", "xlink:href"} & {name for name, _ in page.attributes}


def test_names_of_any_length_leave_the_page_its_size() -> None:
    outcome = outcome_of(faithful(), 2, max_steps=3, title="t" * 10**5, columns=("c" * 10**5, "d" * 10**5))
    labels = Labels(np.arange(272) % 3 - 1, ("l" * 10**5, "m" * 10**5), "r" * 10**5)
    page = Reader(report(replace(outcome, labels=labels), choices={"n" * 10**5: "v"}))
    assert len(page.text) < 5000


def test_no_remark_is_cut_and_none_is_left_out() -> None:
    remarks = [f"{i} " + "word " * 100 + "end." for i in range(40)]
    page = Reader(report(outcome_of(faithful(), 2, max_steps=3), remarks=remarks))
    assert [cell for cell in page.cells if cell in remarks] == remarks


def labelled(codes: Any, names: tuple[str, ...], rest: str = "", **settings: Any) -> Any:
    return replace(outcome_of(iris(), 3, **settings), labels=Labels(np.asarray(codes), names, rest))


SPECIES = np.repeat([0, 1, 2], 50)


def test_agreement_with_labels_is_an_index_and_a_table() -> None:
    outcome = labelled(SPECIES, ("setosa", "<b>", "virginica"))
    page = Reader(report(outcome))
    components = gmm_core.responsibilities(outcome.points, outcome.run.mixture).argmax(axis=1)
    index = gmm_core.adjusted_rand_index(components, SPECIES)
    assert any(f"{index:.3f}: 1 for" in cell for cell in page.cells)
    assert "<b>" in page.cells
    for k in range(3):
        counts = [int(((components == k) & (j == SPECIES)).sum()) for j in range(3)]
        row = [f"{k + 1}", *map(str, counts), f"{sum(counts)}"]
        assert any(page.cells[i : i + 5] == row for i in range(len(page.cells)))


def test_points_without_a_label_are_counted_and_agree_with_nothing() -> None:
    codes = np.where(np.arange(150) % 5 == 0, -1, SPECIES)
    outcome = labelled(codes, ("a", "b", "c"))
    known = codes >= 0
    index = gmm_core.adjusted_rand_index(outcome.groups[known], codes[known])
    text = Reader(report(outcome)).text
    assert f"{index:.3f}: 1 for" in text
    assert "of the 120 points that have a label" in text
    assert "no label" in text
    drawn = labelled(codes, ("a", "b", "c"), "background")
    assert drawn.labels.index(drawn.groups) == gmm_core.adjusted_rand_index(drawn.groups, codes)
    assert "no point has a label" in Reader(report(labelled(np.full(150, -1), ()))).text


def test_noise_has_a_row_of_its_own_and_no_labels_have_no_section() -> None:
    start = Mixture([0.4], [[1.5, 0.2]], [np.eye(2) * 0.02], Noise(0.6, 20.0))
    outcome = labelled(SPECIES, ("a", "b", "c"), start=start)
    assert (outcome.groups == 1).any()
    assert Reader(report(outcome)).cells.count("noise") == 2
    assert "Agreement" not in report(outcome_of(iris(), 3))


def shapes(
    points: np.ndarray, mixture: Mixture, columns: tuple[str, str] = ("x", "y")
) -> ElementTree.Element:
    return ElementTree.fromstring(mixture_figure(points, mixture, columns))


def test_the_figure_has_every_point_and_two_ellipses_a_component() -> None:
    outcome = outcome_of(iris(), 3)
    root = shapes(outcome.points, outcome.run.mixture)
    circles = list(root.iter(f"{SVG}circle"))
    assert sum("opacity" in circle.attrib for circle in circles) == len(outcome.points)
    badges = [circle for circle in circles if "opacity" not in circle.attrib]
    assert [badge.attrib["fill"] for badge in badges] == [colour_of(k) for k in range(3)]
    outlines = [path for path in root.iter(f"{SVG}path") if path.attrib.get("fill") == "none"]
    assert [path.attrib["stroke"] for path in outlines] == [colour_of(k) for k in (0, 0, 1, 1, 2, 2)]
    assert sum("stroke-dasharray" in path.attrib for path in outlines) == 3


def test_the_figure_puts_points_and_axes_on_one_scale() -> None:
    points = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 3.0]])
    mixture = Mixture([1.0], [[2.0, 1.0]], [np.eye(2)])
    root = shapes(points, mixture)
    dots = [circle for circle in root.iter(f"{SVG}circle") if "opacity" in circle.attrib]
    places = np.array([[float(dot.attrib["cx"]), float(dot.attrib["cy"])] for dot in dots])
    per_x, per_y = places[1, 0] - places[0, 0], places[0, 1] - places[2, 1]
    assert per_x / 4 == pytest.approx(per_y / 3, rel=1e-2)
    labels = {
        text.text: text.attrib
        for text in root.iter(f"{SVG}text")
        if text.attrib.get("text-anchor") == "middle"
    }
    assert float(labels["4"]["x"]) == pytest.approx(places[1, 0], abs=0.2)


def test_a_point_of_one_component_has_its_colour_and_one_between_has_neither() -> None:
    mixture = Mixture([0.5, 0.5], [[-9.0, 0.0], [9.0, 0.0]], [np.eye(2)] * 2)
    root = shapes(np.array([[-9.0, 0.0], [9.0, 0.0], [0.0, 0.0]]), mixture)
    first, second, between = [
        circle.attrib["fill"] for circle in root.iter(f"{SVG}circle") if "opacity" in circle.attrib
    ]
    assert (first, second) == (colour_of(0), colour_of(1))
    # Half and half in OKLab, as the browser's blend has it.
    assert between == "#897376"


def test_many_points_are_thinned_and_it_is_said() -> None:
    points = gmm_core.generate("elongated", n_points=5001, rng=np.random.default_rng(0)).points
    outcome = outcome_of(points, 2, max_steps=2)
    html = report(outcome)
    assert html.count('opacity="0.8"') == 1667 <= MOST_DRAWN
    assert "1,667 of 5,001 points are drawn." in html


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("offset", [0.0, -1e6])
def test_axes_have_readable_numbers_in_any_units(scale: float, offset: float) -> None:
    points = (blobs() + offset) * scale
    mixture = Mixture([1.0], [points.mean(axis=0)], [np.cov(points.T)])
    across = [
        text.text for text in shapes(points, mixture).iter(f"{SVG}text") if text.attrib.get("y") == "404.0"
    ]
    assert 2 <= len(set(across)) == len(across)


def sentences(outcome: Any, **told: Any) -> str:
    return "\n".join(caveats(outcome, **({"k_by_hand": False, "n_starts": 9} | told)))


def test_a_sound_fit_has_no_caveat() -> None:
    assert sentences(outcome_of(faithful(), 2, tolerance=1e-9)) == ""


@pytest.mark.parametrize(
    ("told", "words"),
    [({"k_by_hand": True}, "K = 2 was chosen by hand"), ({"n_starts": 1}, "from one start")],
)
def test_what_was_not_tried_is_said(told: dict[str, Any], words: str) -> None:
    assert words in sentences(outcome_of(faithful(), 2), **told)


def test_each_end_but_convergence_is_said() -> None:
    limited = outcome_of(faithful(), 2, max_steps=2)
    assert "has not converged" in sentences(limited)
    fell = outcome_of(iris(), 3, reg_covar=0.3, tolerance=0.0)
    assert fell.run.stop_reason is StopReason.LIKELIHOOD_FELL
    assert "the last step lost" in sentences(fell)
    assert "reg_covar added 0.3 to every variance" in sentences(fell)
    points = np.vstack([blobs(), np.full((9, 2), 9.0)])
    start = Mixture([0.98, 0.02], [[0.0, 0.0], [8.0, 8.0]], [np.eye(2) * 4, np.eye(2) * 20])
    collapsed = outcome_of(points, start=start, tolerance=0.0)
    assert collapsed.run.stop_reason is StopReason.COMPONENT_COLLAPSED
    said = sentences(collapsed)
    assert "Component 2 collapsed" in said
    assert "it is no maximum" in said
    assert "Component 2 holds only 9" in said
    Reader(report(collapsed))


@pytest.mark.parametrize("units", [(1.0, 1.0), (1e6, 1e-6)])
def test_a_thin_component_is_named_whatever_the_units(units: tuple[float, float]) -> None:
    rng = np.random.default_rng(0)
    along = np.linspace(-3, 3, 40)
    line = np.column_stack([along, along]) + 1e-3 * rng.normal(size=(40, 2)) + [9, 0]
    points = np.vstack([blobs(), line]) * units
    labels = np.repeat([0, 1], [len(blobs()), 40])
    means = [points[labels == k].mean(axis=0) for k in (0, 1)]
    start = Mixture([0.9, 0.1], means, [np.cov(points[labels == k].T) for k in (0, 1)])
    assert "Component 2 is nearly a line" in sentences(outcome_of(points, start=start))
    assert "Component 1 is nearly" not in sentences(outcome_of(points, start=start))


def test_few_points_and_doubtful_shares_are_said() -> None:
    few = outcome_of(faithful()[:40], 2)
    assert "40 points for 11 free parameters are few" in sentences(few)
    overlapping = outcome_of(blobs(), 6, "spherical", max_steps=30)
    assert re.search(r"\d % of the points belong to no component", sentences(overlapping))


def test_noise_and_weights_of_points_are_in_it() -> None:
    start = Mixture([0.5, 0.4], [[2, 55], [4.3, 80]], [np.diag([0.1, 30.0])] * 2, Noise(0.1, 200.0))
    variant = Variant(sample_weights=np.linspace(1, 2, 272))
    page = Reader(report(outcome_of(faithful(), start=start, variant=variant)))
    assert "noise" in page.cells
    assert "from 1 to 2" in page.cells


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (significant(-0.0), "0"),
        (significant(1e-300), "1·10⁻³⁰⁰"),
        (significant(-2.5e12), "−2.5·10¹²"),
        (in_units(-0.00001, 1.0), "0.0000"),
        (in_units(3.0, 1e9), "3"),
        (
            with_powers("gained 2e-13 a point, 1e+05 in all; see e4"),
            "gained 2·10⁻¹³ a point, 1·10⁵ in all; see e4",
        ),
    ],
)
def test_numbers_are_written_as_people_do(written: str, expected: str) -> None:
    assert written == expected


def test_the_examples_in_the_docstrings_hold() -> None:
    results = doctest.testmod(numbers)
    assert results.attempted >= 4
    assert results.failed == 0
