"""The E-step changes the colours alone, the M-step the ellipses alone."""

from ui.lessons.lesson import Choice, Facts, Lesson, Outcome, log_likelihood, run_of


def _facts(before: Outcome, _: Outcome) -> Facts:
    first, second = (state.mixture for state in run_of(before).states[:2])
    moved = float(abs(second.means - first.means).max())
    gain = log_likelihood(before, 1) - log_likelihood(before, 0)
    return {"moved": moved, "gain": gain, "answer": "ellipses"}


LESSON = Lesson(
    name="half_steps",
    preset={"at": "1"},
    prediction=Choice(("ellipses", "colours", "both"), of="answer"),
    facts=_facts,
    secrets=("steps",),
    claim=lambda facts: float(facts["moved"]) > 0 and float(facts["gain"]) > 0,
    at=2,
)
