"""A fit on one page of HTML: data, choices, fit, criteria, figure, parameters, caveats. It prints on A4."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

import gmm_core
from gmm_core import Annealing, VariationalMixture
from gmm_core.families import Family, find_family
from ui.data.dimensions import axis_letters
from ui.data.yes_no import YesNo, beside
from ui.export.agreement import NO_TRUTH, accuracy_in_words, index_in_words, said_of_gaps
from ui.export.agreement_table import agreement_table
from ui.export.caveats import caveats
from ui.export.document import document
from ui.export.drawing import MOST_DRAWN, is_thinned
from ui.export.figure import mixture_figure
from ui.export.html import escaped, facts, sentences, shortened
from ui.export.line_figure import line_figure
from ui.export.numbers import in_units, nats, percent, significant, with_powers
from ui.export.outcome import Outcome
from ui.export.parameters import parameters_table
from ui.export.units_table import own_units_section

_STYLE = Path(__file__).parent / "report.css"

# The parameters' chips have their colours as attributes.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

_BODY = """<h1>{title}</h1>
<div class="two">
<figure>{figure}<figcaption>{caption}</figcaption></figure>
<div>
<section><h2>Data</h2>{data}</section>
<section><h2>Choices</h2>{choices}</section>
</div>
</div>
<div class="two">
<section><h2>Fit</h2>{fit}</section>
<section><h2>Criteria, of which smaller is better</h2>{criteria}</section>
</div>
{chosen}
<section class="wide"><h2>Parameters</h2>{parameters}</section>
{own}
{agreement}
{beside}
<section><h2>Caveats</h2>{caveats}</section>
<footer>{footer}</footer>"""


def report(
    outcome: Outcome,
    *,
    choices: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
    k_by_hand: bool = True,
    n_starts: int = 1,
    link: str = "",
    beside: str = "",
    chosen: str = "",
    glyphs: str = "auto",
) -> str:
    """The report of a fit as one HTML text that needs nothing else.

    `choices` are further settings in words, such as how it began; `remarks` are sentences about the data,
    such as which rows were dropped and why; `link` opens the fit in the app; `beside` is the section about
    another fit that stands beside this one, `chosen` the one about how the model was chosen; `glyphs` is the
    choice of signs for points.
    """
    model = outcome.model
    title = shortened(f"{'K-Means and a ' if beside else ''}Gaussian mixture: {outcome.title or 'points'}")
    body = _BODY.format(
        title=escape(title),
        figure=_figure(outcome, glyphs),
        caption=escape(_caption(outcome)),
        data=facts(_data(outcome, model)) + sentences(remarks),
        choices=facts({**_settings(outcome), **(choices or {})}),
        fit=facts(_fit(outcome)),
        criteria=facts(_criteria(outcome)),
        parameters=parameters_table(outcome),
        own=own_units_section(outcome),
        agreement=_agreement(outcome),
        beside=beside,
        chosen=chosen,
        caveats=sentences(caveats(outcome, k_by_hand=k_by_hand, n_starts=n_starts)),
        footer=_footer(model, link),
    )
    return document(
        title, body, policy=_POLICY, head=f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>"
    )


def _figure(outcome: Outcome, glyphs: str) -> str:
    mixture, columns = outcome.run.mixture, outcome.columns
    if outcome.n_dimensions == 1:
        return line_figure(outcome.fitted, mixture, columns, glyphs, outcome.shares)
    if outcome.n_dimensions == 2:
        return mixture_figure(outcome.fitted, mixture, columns, glyphs, outcome.shares)
    pair = list(outcome.pair)
    points = beside(outcome.points[:, pair], outcome.yes_no)
    shown = gmm_core.Mixture(
        mixture.weights,
        mixture.means[:, pair],
        mixture.covariances[:, pair][:, :, pair],
        mixture.noise,
        mixture.probabilities,
    )
    return mixture_figure(points, shown, tuple(columns[axis] for axis in pair), glyphs, outcome.shares)


def _caption(outcome: Outcome) -> str:
    drawn = min(outcome.n_dimensions, 2)
    one, two = (percent(gmm_core.mass_within(level, drawn)) for level in (1.0, 2.0))
    held = f"{one} of a Gaussian (1 σ) and, dashed, {two} (2 σ)"
    caption = f"Points blended by their shares; ellipses hold {held}."
    if outcome.n_dimensions > 2:
        caption += (
            f" Two of {outcome.n_dimensions} columns: ellipses are projections, colours use all columns."
        )
    if outcome.n_dimensions == 1:
        caption = (
            "Each component's density times its weight, one upon the other, and in black their sum, the "
            f"mixture's; bars about the means hold {held}. The points lie below, blended by their shares, at "
            "heights that mean nothing."
        )
    if outcome.yes_no is not None:
        no, yes = (shortened(said, 40) for said in outcome.yes_no.said)
        caption += f" Filled points are {yes}, hollow ones {no}."
    n_points = len(outcome.points)
    if is_thinned(n_points):
        drawn = len(outcome.points[:: -(-n_points // MOST_DRAWN)])
        caption += f" {drawn:,} of {n_points:,} points are drawn."
    return caption


def _data(outcome: Outcome, model: gmm_core.FittedModel) -> dict[str, str]:
    low, high = outcome.points.min(axis=0), outcome.points.max(axis=0)
    described = {"points": f"{model.n_points:,}"}
    for name, column, least, most in zip(
        axis_letters(outcome.n_dimensions), outcome.columns, low, high, strict=True
    ):
        span = float(most - least)
        described[name] = f"{shortened(column, 60)}, {in_units(least, span)} to {in_units(most, span)}"
    if outcome.yes_no is not None:
        described["yes/no column"] = _answers(outcome.yes_no)
    weights = outcome.variant.sample_weights
    if weights is not None:
        lightest, heaviest = significant(np.min(weights)), significant(np.max(weights))
        described["weights of points"] = f"from {lightest} to {heaviest}"
    return described


def _answers(column: YesNo) -> str:
    ones = int(column.values.sum())
    no, yes = (shortened(word, 40) for word in column.words)
    zeros = len(column.values) - ones
    return f"{shortened(column.name, 60)}: {yes} (1) {ones:,} times, {no} (0) {zeros:,} times"


def _settings(outcome: Outcome) -> dict[str, str]:
    family = find_family(outcome.family)
    added = significant(outcome.reg_covar) if outcome.reg_covar else "nothing (reg_covar = 0)"
    settings = {
        "algorithm": outcome.algorithm.title,
        "components": f"K = {outcome.run.mixture.n_components}",
        "family": f"{family.name} ({family.letters}). {_shapes(family, outcome.n_dimensions)}",
        "added to variances": added,
        "stop at": f"a gain of {significant(outcome.tolerance)} nats a point, or {outcome.max_steps:,} steps",
    }
    made, variant = outcome.algorithm, outcome.variant
    if isinstance(made, VariationalMixture):
        del settings["added to variances"]
        if made.prior is not None:
            concentration = significant(made.prior.concentration)
            settings["weights before"] = f"{made.prior.weights}, concentration {concentration}"
    if isinstance(made, Annealing):
        settings["temperature"] = f"from {significant(made.first)} down to 1"
    if outcome.yes_no is not None:
        settings["components"] += ", each a Gaussian times a Bernoulli of the yes/no column"
    if variant.prior is not None:
        settings["prior"] = "on every mean and covariance (Fraley & Raftery 2007)"
    if variant.equal_weights:
        settings["weights"] = "held equal"
    if outcome.run.mixture.noise is not None:
        settings["background noise"] = f"uniform, over {significant(outcome.run.mixture.noise.volume)} units"
    return settings


def _shapes(family: Family, n_dimensions: int) -> str:
    """What the family asks of its components; of all families a line has the volumes alone."""
    if n_dimensions > 1:
        return family.sentence
    own = (
        "every component has its own (V)" if family.letters[0] == "V" else "all components have the same (E)"
    )
    return f"On a line a component has but a width, and {own}."


def _fit(outcome: Outcome) -> dict[str, str]:
    run, reached = outcome.run, outcome.log_likelihood
    raised = {} if run.curve_name == "log-likelihood" else {run.curve_name: f"{nats(run.curve[-1])} nats"}
    a_point = significant(reached / outcome.model.total_weight)
    return {
        "log-likelihood": f"{nats(reached)} nats, {a_point} a point",
        **raised,
        "at the start": f"{nats(run.curve[0])} nats",
        "steps": f"{run.states[-1].iteration:,}",
        "end": with_powers(run.explanation),
        **_fit_check(outcome),
    }


def _fit_check(outcome: Outcome) -> dict[str, str]:
    if outcome.variant.sample_weights is not None:
        return {}
    distance = gmm_core.kolmogorov_distance(gmm_core.density_percentiles(outcome.fitted, outcome.run.mixture))
    band = gmm_core.kolmogorov_band(len(outcome.fitted))
    return {"check of fit": f"percentiles up to {distance:.3f} from uniform; 95 % band {band:.3f}"}


def _criteria(outcome: Outcome) -> dict[str, str]:
    if isinstance(outcome.algorithm, VariationalMixture):
        active = int((outcome.run.states[-1].moments.counts > 1).sum())
        return {"none": f"the bound itself weighs fit against size; {active} components are active"}
    model = outcome.model
    return {
        "BIC": nats(model.bic),
        "ICL": nats(model.icl),
        "AIC": nats(model.aic),
        "free parameters": f"{model.n_parameters}",
    }


def _agreement(outcome: Outcome) -> str:
    found = outcome.agreement
    if found is None:
        return ""
    numbers = {"adjusted Rand index": index_in_words(found), "accuracy": accuracy_in_words(found)}
    return (
        '<section class="wide"><h2>Agreement with the labels</h2>'
        f"{facts(numbers)}<p>Points of each label, by the component of their largest share; framed are those "
        f"of the label that a component is named after:</p>{agreement_table(found)}"
        f"{sentences([*said_of_gaps(found), NO_TRUTH])}</section>"
    )


def _footer(model: gmm_core.FittedModel, link: str) -> str:
    parts = [f"SHA-256 of the points: {model.data_fingerprint[:16]}…"]
    parts += [f"{name} {version}" for name, version in model.versions.items()]
    shown = " · ".join(escaped(part) for part in parts)
    # Only what the web's own kind of link is may be one: others could run.
    if link.startswith(("http://", "https://")):
        shown += f' · <a href="{escape(link)}">open this fit in GMM Lab</a>'
    return shown
