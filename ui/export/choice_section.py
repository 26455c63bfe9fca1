"""How a model was chosen, as a section of the report."""

from html import escape

from gmm_core import FAMILIES, Fit
from ui.analysis.choosing.criteria import CRITERIA, Cell, cell_of
from ui.analysis.choosing.recommendation import ranking
from ui.export.choice import Choice
from ui.export.html import sentences
from ui.export.numbers import nats

MOST_ROWS = 5


def choice_section(choice: Choice, shown: Cell) -> str:
    """HTML of the best fits of a sweep and of what is recommended, empty where nothing could be fitted;
    `shown` is the fit that the report is about."""
    found = choice.found
    if found is None:
        return ""
    best = ranking(choice.swept, choice.criterion, choice.held_out)[:MOST_ROWS]
    title = CRITERIA[choice.criterion].title
    headings = ["family", "K", "parameters", "log-likelihood", "BIC", "AIC", "ICL"]
    judged = bool(choice.held_out)
    if judged:
        headings.append("held out, a point")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ["", *headings])
    rows = "".join(_row(choice, place, fit, shown, judged=judged) for place, fit in enumerate(best, 1))
    sample = [remark for remark in choice.swept.remarks if choice.swept.is_sample][:1]
    return (
        '<section class="wide"><h2>How the model was chosen</h2>'
        f"{sentences([*_said(choice), *sample])}"
        f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"<figcaption>The best of {len(choice.swept.fits)} fits by {escape(title)}.</figcaption></section>"
    )


def _said(choice: Choice) -> list[str]:
    found, ks = choice.found, choice.swept.ks
    letters = ", ".join(FAMILIES[family].letters for family in choice.swept.families)
    asked = f"Compared were K = {ks[0]} to {ks[-1]} in the families {letters}."
    return [] if found is None else [f"{found.sentences[0]} {asked}"]


def _row(choice: Choice, place: int, fit: Fit, shown: Cell, *, judged: bool) -> str:
    letters = FAMILIES[fit.family].letters
    called = letters if letters == fit.family else f"{fit.family} ({letters})"
    held_out = choice.held_out.get(cell_of(fit))
    cells = [
        f"{called}, this report's" if cell_of(fit) == shown else called,
        f"{fit.n_components}",
        f"{fit.n_parameters}",
        *map(nats, (fit.log_likelihood, fit.bic, fit.aic, fit.icl)),
        *([nats(held_out.mean) if held_out else "–"] if judged else []),
    ]
    return f'<tr><th scope="row">{place}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
