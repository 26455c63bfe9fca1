"""How a model was chosen, as a section of the report."""

from html import escape

from gmm_core import FAMILIES, Fit
from ui.analysis.choosing.criteria import CRITERIA, Cell, cell_of
from ui.analysis.choosing.recommendation import Recommendation, ranking
from ui.export.choice import Choice
from ui.export.numbers import nats

MOST_ROWS = 5

HEADINGS = "", "parameters", "log-likelihood", "BIC", "AIC", "ICL"


def choice_section(choice: Choice, shown: Cell) -> str:
    """HTML of the best fits of a sweep and of what is recommended, empty where nothing could be fitted;
    `shown` is the fit that the report is about."""
    found = choice.found
    if found is None:
        return ""
    best = ranking(choice.swept, choice.criterion, choice.held_out)[:MOST_ROWS]
    judged = bool(choice.held_out)
    headings = [*HEADINGS, *(["held out, a point"] if judged else [])]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in headings)
    rows = "".join(_row(choice, fit, shown, judged=judged) for fit in best)
    return (
        '<section class="wide"><h2>How the model was chosen</h2>'
        f"<p>{escape(_said(choice, found, len(best)))}</p>"
        f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></section>'
    )


def _said(choice: Choice, found: Recommendation, n_best: int) -> str:
    swept, title = choice.swept, CRITERIA[choice.criterion].title
    letters = ", ".join(FAMILIES[family].letters for family in swept.families)
    of = f" to {len(swept.data.points):,} of the {swept.n_points:,} points" if swept.is_sample else ""
    return (
        f"{found.sentences[0]} The {n_best} best by {title} of {len(swept.fits)} fits{of}, "
        f"K = {swept.ks[0]} to {swept.ks[-1]} in {letters}:"
    )


def _row(choice: Choice, fit: Fit, shown: Cell, *, judged: bool) -> str:
    letters = FAMILIES[fit.family].letters
    called = letters if letters == fit.family else f"{fit.family} ({letters})"
    held_out = choice.held_out.get(cell_of(fit))
    name = f"{called}, K = {fit.n_components}"
    cells = [
        f"{fit.n_parameters}",
        *map(nats, (fit.log_likelihood, fit.bic, fit.aic, fit.icl)),
        *([nats(held_out.mean) if held_out else "–"] if judged else []),
    ]
    if cell_of(fit) == shown:
        name += ", this report's"
    return (
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
    )
