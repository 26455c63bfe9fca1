"""The likelihood always rises with K; BIC falls and then rises."""

import gmm_core
from ui.lessons.lesson import END, Facts, Lesson, Number, Outcome

KS = range(1, 7)


def _facts(before: Outcome, _: Outcome) -> Facts:
    fits = gmm_core.sweep(before.data.points, KS, "full")
    best = min(fits, key=lambda fit: fit.bic)
    rise = fits[-1].log_likelihood - best.log_likelihood
    return {"best": best.n_components, "bic": best.bic, "rise": rise, "cost": fits[-1].bic - best.bic}


LESSON = Lesson(
    name="which_k",
    preset={"k": "6", "at": END},
    prediction=Number(1, 6, 1, of="best", near=0),
    facts=_facts,
    cards=("curve",),
    claim=lambda facts: facts["best"] == 3 and float(facts["rise"]) > 0 and float(facts["cost"]) > 10,
)
