"""An open number: a variational mixture begins with ten and switches off what it does not need."""

from ui.lessons.lesson import Facts, Lesson, Number, Outcome, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    states = run_of(before).states
    return {"begun": len(states[0].mixture.weights), "left": int(states[-1].n_active)}


LESSON = Lesson(
    name="open_number",
    preset={"algorithm": "variational", "k": "10"},
    prediction=Number(1, 10, 1, of="left", near=1),
    facts=_facts,
    cards=("curve", "parameters", "steps"),
    secrets=("curve",),
    claim=lambda facts: facts["left"] == 3,
)
