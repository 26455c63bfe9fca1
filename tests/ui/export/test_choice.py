"""What is taken home of a sweep says what the sweep says: table, paragraph, code, the report's section."""

import csv
import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import gmm_core
from gmm_core import FAMILIES
from tests.scripts import executed
from tests.ui.export.test_report import Reader
from tests.ui.stage.test_codec import scene_of
from ui.analysis.choosing import sweeping
from ui.analysis.choosing.criteria import cell_of
from ui.analysis.choosing.held_out import held_out
from ui.analysis.choosing.sweeping import swept
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import NO_COLUMN, UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.export.choice import NOT_TRIED, Choice
from ui.export.choice_code import choice_code
from ui.export.choice_methods import SOURCES, methods_text
from ui.export.choice_results import choice_results
from ui.export.choice_section import choice_section
from ui.export.code import points_csv
from ui.export.numbers import nats
from ui.export.results import results
from ui.stage.codec import encode
from ui.uploads import read_table
from ui.workspace.opening import experiment_of_table

ROOT = Path(__file__).resolve().parents[3]
FAITHFUL = replace(choose_data(Experiment(), "old_faithful"), most=3, among=("full", "tied", "VEE"))
TABLE = read_table(
    "weighted.csv",
    b"a,b,often\n" + b"".join(b"%d.5,%d,%d\n" % (i * i % 37 + 1, i * 7 % 23, i % 3) for i in range(60)),
)
WEIGHTED = replace(
    experiment_of_table(Experiment(), TABLE),
    x="a",
    y="b",
    weight="often",
    log_x=True,
    standardise=True,
    most=2,
)
KINDS: dict[str, Experiment] = {
    "plain": FAITHFUL,
    "all settings": replace(FAITHFUL, noise=True, prior=True, strength=2.0, equal=True, reg_covar=0.01),
    "a prior that the lab's family has not": replace(FAITHFUL, prior=True, family="VEE"),
    "on a line": replace(FAITHFUL, y=NO_COLUMN),
    "four columns": replace(
        choose_data(Experiment(), "iris"), more=("petal_width", "sepal_width"), most=2, among=("full",)
    ),
    "yes/no": Experiment("answers", 150, yes="answer", most=2),
    "turned": replace(FAITHFUL, turn=30.0, stretch=0.1, standardise=True, most=2),
    "weights and logarithms": WEIGHTED,
    "ten points": Experiment("blobs", 10, most=12, among=("full", "spherical")),
}


@cache
def chosen(kind: str, criterion: str = "bic") -> Choice:
    experiment = replace(KINDS[kind], criterion=criterion)
    data = data_of(experiment, TABLE if experiment.data == UPLOADED else None)
    found = swept(experiment, data)
    judged = held_out(experiment, found, lambda *_: False) if criterion == "held_out" else {}
    return Choice(experiment, found, judged)


def rows(choice: Choice) -> list[dict[str, str]]:
    table = choice_results(choice)[0]
    assert table.make is not None
    content = table.make()
    assert isinstance(content, bytes)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_has_every_model_to_the_last_digit(kind: str) -> None:
    choice = chosen(kind)
    found = rows(choice)
    assert [(row["family"], int(row["components"])) for row in found] == choice.cells
    for row, cell in zip(found, choice.cells, strict=True):
        fit = choice.swept.fit(cell)
        assert row["letters"] == FAMILIES[cell[0]].letters
        if fit is None:
            assert row["why there is no fit"] == choice.swept.failed[cell]
            assert row["BIC"] == ""
            continue
        assert float(row["log-likelihood"]) == fit.log_likelihood
        assert [float(row[name]) for name in ("BIC", "AIC", "ICL")] == [fit.bic, fit.aic, fit.icl]
        assert float(row["entropy"]) == 0.5 * (fit.icl - fit.bic)
        assert float(row["lightest component"]) == fit.smallest_count
        assert int(row["parameters"]) == fit.n_parameters
        assert row["why there is no fit"] == ""


def test_what_is_known_of_unseen_points_is_in_the_table() -> None:
    choice = chosen("plain", "held_out")
    for row, cell in zip(rows(choice), choice.cells, strict=True):
        judged = choice.held_out[cell]
        assert float(row["held-out log-likelihood a point"]) == judged.mean
        assert float(row["its standard error"]) == judged.standard_error


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_gives_the_same_bits(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = chosen(kind)
    names = executed(choice_code(choice), points_csv(choice), tmp_path, monkeypatch)
    # From the columns' own units back again there is rounding.
    within = 1e-9 if choice.units else 0.0
    np.testing.assert_allclose(names["points"], choice.swept.data.fitted, rtol=within, atol=within)
    assert [cell_of(fit) for fit in names["fits"]] == [cell_of(fit) for fit in choice.swept.fits]
    for fit, expected in zip(names["fits"], choice.swept.fits, strict=True):
        for name in ("log_likelihood", "bic", "aic", "icl", "smallest_count"):
            assert getattr(fit, name) == pytest.approx(getattr(expected, name), rel=10 * within, abs=0)
    assert choice.found is not None
    assert cell_of(names["best"]) == cell_of(choice.found.fit)


@pytest.mark.parametrize("criterion", ["aic", "icl", "held_out", "entropy"])
def test_the_code_chooses_by_the_same_criterion(
    criterion: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choice = chosen("plain", criterion)
    names = executed(choice_code(choice), points_csv(choice), tmp_path, monkeypatch)
    assert choice.found is not None
    assert cell_of(names["best"]) == cell_of(choice.found.fit)
    assert {cell: one.mean for cell, one in names["held_out"].items()} == {
        cell: one.mean for cell, one in choice.held_out.items()
    }


def test_the_code_runs_as_a_script_and_prints_the_table(tmp_path: Path) -> None:
    choice = chosen("plain")
    (tmp_path / "points.csv").write_text(points_csv(choice), encoding="utf-8")
    (tmp_path / "sweep.py").write_text(choice_code(choice), encoding="utf-8")
    command = [sys.executable, "-W", "error", str(tmp_path / "sweep.py")]
    answer = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    lines = [line.split("\t") for line in answer.stdout.splitlines()]
    assert lines[0][:2] == ["family", "K"]
    printed = {(line[0], int(line[1])): float(line[4]) for line in lines[1:-1]}
    assert printed == {cell_of(fit): fit.bic for fit in choice.swept.fits}
    assert lines[-1] == ["best tied 3"]


def test_a_sample_is_repeated_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST_SWEPT", 100)
    experiment = Experiment("blobs", 400, most=2, among=("full",))
    choice = Choice(experiment, swept(experiment, data_of(experiment, None)))
    assert "random sample of 100 of 400 observations" in methods_text(choice)
    names = executed(choice_code(choice), points_csv(choice), tmp_path, monkeypatch)
    assert [fit.bic for fit in names["fits"]] == [fit.bic for fit in choice.swept.fits]


@pytest.mark.parametrize(("kind", "criterion"), [("plain", "bic"), ("plain", "held_out"), ("plain", "icl")])
def test_the_paragraph_has_every_number(kind: str, criterion: str) -> None:
    choice = chosen(kind, criterion)
    text = methods_text(choice)
    best = choice.found
    assert best is not None
    assert best.runner is not None
    assert best.margin is not None
    letters = FAMILIES[best.fit.family].letters
    expected = [
        "272 observations of Eruption (minutes) and Wait",
        "K = 1 to 3",
        "VVV, EEE, VEE",
        f"{best.fit.n_components} components of family {letters}",
        f"with {best.fit.n_parameters} free parameters",
        nats(best.fit.log_likelihood),
        f"held {best.fit.smallest_count:,.1f} observations",
        f"gmm_core {gmm_core.__version__}",
        f"NumPy {np.__version__}",
    ]
    if criterion == "held_out":
        judged = choice.held_out[cell_of(best.fit)]
        expected += [f"{nats(judged.mean)} ± {judged.standard_error:.4f}", "Smyth 2000", "10-fold"]
    else:
        expected += [nats(getattr(best.fit, criterion)), nats(getattr(best.runner, criterion))]
        expected.append(f"a difference of {best.margin:.2f}")
    for part in expected:
        assert part in text, part
    # Only a difference of BIC has its grade.
    assert ("Kass & Raftery 1995" in text) == (criterion == "bic")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cited_has_its_source_and_nothing_else_has(kind: str) -> None:
    said, listed = methods_text(chosen(kind)).split("\nReferences\n")
    cited = {short for short in SOURCES if short in said}
    assert set(re.findall(r"[A-Z][a-z]+(?: & [A-Z][a-z]+| et al\.)? (?:19|20)\d\d", said)) == cited
    assert sorted(listed.split("\n")[:-1]) == sorted(SOURCES[short] for short in cited)


def test_every_setting_is_in_the_paragraph() -> None:
    text = methods_text(chosen("all settings"))
    for part in (
        "maximum posterior density",
        "with their defaults for K = 2, worth 2 times as much",
        "uniform background of volume",
        "mixing proportions were held equal",
        "0.01 was added to every variance",
    ):
        assert part in text, part
    few = chosen("ten points")
    assert len(few.swept.fits) < 24
    assert f"Of 24 models {24 - len(few.swept.fits)} could not be fitted" in methods_text(few)
    plain = methods_text(chosen("plain"))
    assert not [part for part in ("posterior", "uniform", "equal", "M-step") if part in plain]
    assert "to 2 and N = 60 in all" in methods_text(chosen("weights and logarithms"))
    assert "with a width of its own for each and with one width for all" in methods_text(chosen("on a line"))
    assert "yes/no column answer" in methods_text(chosen("yes/no"))


def test_a_sweep_that_was_ended_says_so() -> None:
    whole = chosen("plain").swept
    choice = Choice(FAITHFUL, replace(whole, fits=whole.fits[:4], is_whole=False))
    assert "ended early, with 4 of 9 models" in methods_text(choice)
    assert [row["why there is no fit"] for row in rows(choice)].count(NOT_TRIED) == 5
    assert "was ended early" in choice_code(choice)


def test_where_nothing_could_be_fitted_the_table_says_why_and_the_rest_is_declined() -> None:
    whole = chosen("plain").swept
    choice = Choice(FAITHFUL, replace(whole, fits=(), failed=dict.fromkeys(chosen("plain").cells, "No.")))
    made = {result.title: result.make is not None for result in choice_results(choice)}
    assert list(made.values()) == [True, False, False, True]
    assert {row["why there is no fit"] for row in rows(choice)} == {"No."}
    assert choice_section(choice, ("full", 2)) == ""


NASTY = "end\nraise SystemExit('escaped') </table><script>alert(1)</script>"


def test_names_cannot_leave_their_comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = chosen("plain")
    data = replace(choice.swept.data, title=NASTY, columns=(NASTY, NASTY))
    nasty = replace(choice, swept=replace(choice.swept, data=data))
    names = executed(choice_code(nasty), points_csv(nasty), tmp_path, monkeypatch)
    assert len(names["fits"]) == 9
    assert len(methods_text(nasty).split("\n\nReferences")[0].splitlines()) == 1


def report_of(experiment: Experiment, choice: Choice | None) -> str:
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    message: Callable[[], bytes] = lambda: encode(scene_of(experiment, run=None, points=data.points))  # noqa: E731
    files = results(experiment, data, run, message=message, link="", seen={}, choice=choice)
    made = next(file.make for file in files if file.title == "Report")
    assert made is not None
    content = made()
    assert isinstance(content, str)
    return content


def test_the_report_says_how_the_model_was_chosen() -> None:
    choice = chosen("plain")
    assert choice.found is not None
    lab = replace(FAITHFUL, family="tied", n_components=3)
    page = Reader(report_of(lab, choice))
    assert "How the model was chosen" in page.text
    assert choice.found.sentences[0] in page.text
    best = sorted(choice.swept.fits, key=lambda fit: fit.bic)
    for fit in best[:5]:
        assert nats(fit.bic) in page.cells
    assert nats(best[6].bic) not in page.cells
    assert "tied (EEE), K = 3, this report's" in page.cells
    # It was not.
    assert "was chosen by hand" not in page.text
    other = Reader(report_of(replace(lab, n_components=2), choice))
    assert "K = 2 was chosen by hand" in other.text
    assert "How the model" not in Reader(report_of(lab, None)).text
