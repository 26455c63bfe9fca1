"""The numbers of the components mean nothing: in another order the fit is the same."""

import numpy as np

import gmm_core
from ui.lessons.lesson import END, Choice, Facts, Lesson, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    mixture, points = run_of(before).mixture, before.data.points
    order = np.roll(np.arange(mixture.n_components), 1)
    other = gmm_core.Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])
    values = [gmm_core.log_likelihood(points, each) for each in (mixture, other)]
    gap = values[1] - values[0]
    answer = "same" if abs(gap) < 1e-8 else "higher" if gap > 0 else "lower"
    return {"first": values[0], "second": values[1], "gap": abs(gap), "answer": answer}


LESSON = Lesson(
    name="names",
    preset={"at": END},
    prediction=Choice(("same", "lower", "higher"), of="answer"),
    facts=_facts,
    claim=lambda facts: float(facts["gap"]) < 1e-8,
)
