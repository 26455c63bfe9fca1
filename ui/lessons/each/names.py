"""The numbers of the components mean nothing: in another order the fit is the same."""

import numpy as np

import gmm_core
from ui.lessons.lesson import Choice, Facts, Lesson, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture, points = run_of(before).mixture, before.data.points
    order = np.roll(np.arange(mixture.n_components), 1)
    other = gmm_core.Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])
    values = [gmm_core.log_likelihood(points, each) for each in (mixture, other)]
    return {"first": values[0], "second": values[1], "gap": abs(values[1] - values[0]), "answer": "same"}


LESSON = Lesson(
    name="names",
    preset={"at": "60"},
    prediction=Choice(("same", "lower", "higher"), of="answer"),
    facts=_facts,
    claim=lambda facts: float(facts["gap"]) < 1e-8,
)
