"""A fit on one page of HTML: data, choices, fit, criteria, figure, parameters, caveats. It prints on A4."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import numpy as np

import gmm_core
from gmm_core.families import find_family
from ui.export.agreement import agreement_in_words, shared_table
from ui.export.caveats import caveats
from ui.export.figure import MOST_DRAWN, colour_of, is_thinned, mixture_figure
from ui.export.numbers import in_units, nats, percent, plain, readable
from ui.export.outcome import Outcome
from ui.export.units_table import own_units_section

# Names may be of any length, and a heading has one.
_MOST_LETTERS = 160

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 1.2em; max-width: 62em; color: #18222e; background: #fff; }}
body {{ font: 14px/1.35 system-ui, sans-serif; font-variant-numeric: tabular-nums; }}
body {{ overflow-wrap: anywhere; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
h1 {{ font-size: 1.5em; margin: 0 0 0.5em; }}
h2 {{ font-size: 1.05em; margin: 0.9em 0 0.25em; }}
.two {{ display: grid; grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); gap: 0 1.6em; }}
figure {{ margin: 0; }}
svg {{ display: block; width: 100%; }}
figcaption, footer {{ font-size: 0.85em; color: #566373; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.12em 0.5em 0.12em 0; font-weight: 400; }}
th, td {{ border-bottom: 1px solid #e6e9ee; }}
th {{ color: #566373; }}
.facts th {{ width: 9em; }}
.parameters td, .parameters thead th {{ text-align: right; overflow-wrap: normal; }}
.chip {{ display: inline-block; width: 1.6em; border-radius: 0.8em; }}
.chip {{ text-align: center; color: #fff; font-weight: 700; }}
.wide {{ overflow-x: auto; }}
ul {{ margin: 0; padding-left: 1.2em; }}
footer {{ margin-top: 0.8em; }}
@media (max-width: 40em) {{ .two {{ grid-template-columns: minmax(0, 1fr); }} }}
@page {{ size: A4; margin: 12mm; }}
@media print {{
  body {{ padding: 0; max-width: none; font-size: 9.5pt; }}
  .two {{ grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); }}
  h2, tr, li, figure {{ break-inside: avoid; }}
}}
</style>
</head>
<body>
<h1>{title}</h1>
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
<section class="wide"><h2>Parameters</h2>{parameters}</section>
{own}
{agreement}
{beside}
<section><h2>Caveats</h2>{caveats}</section>
<footer>{footer}</footer>
</body>
</html>
"""


def report(
    outcome: Outcome,
    *,
    choices: Mapping[str, str] | None = None,
    remarks: Sequence[str] = (),
    k_by_hand: bool = True,
    n_starts: int = 1,
    link: str = "",
    beside: str = "",
    glyphs: str = "auto",
) -> str:
    """The report of a fit as one HTML text that needs nothing else.

    `choices` are further settings in words, such as how it began; `remarks` are sentences about the data,
    such as which rows were dropped and why; `link` opens the fit in the app; `beside` is the section about
    another fit that stands beside this one; `glyphs` is the choice of signs for points.
    """
    mixture, model = outcome.run.mixture, outcome.model
    return _PAGE.format(
        title=_text(f"{'K-Means and a ' if beside else ''}Gaussian mixture: {outcome.title or 'points'}"),
        figure=mixture_figure(outcome.points, mixture, outcome.columns, glyphs),
        caption=_text(_caption(outcome)),
        data=facts(_data(outcome, model)) + _list(remarks),
        choices=facts({**_settings(outcome), **(choices or {})}),
        fit=facts(_fit(outcome)),
        criteria=facts(_criteria(model)),
        parameters=_parameters(outcome),
        own=own_units_section(outcome),
        agreement=_agreement(outcome),
        beside=beside,
        caveats=_list(caveats(outcome, k_by_hand=k_by_hand, n_starts=n_starts)),
        footer=_footer(model, link),
    )


def _text(text: str) -> str:
    """As HTML shows it letter by letter, not too long."""
    return escape(text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…")


def facts(named: Mapping[str, str]) -> str:
    """A table in HTML of values, which are given in full, by their names."""
    rows = (
        f'<tr><th scope="row">{_text(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in named.items()
    )
    return f'<table class="facts">{"".join(rows)}</table>'


def _list(sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>{items}</ul>" if items else ""


def _caption(outcome: Outcome) -> str:
    one, two = (percent(gmm_core.mass_within(level)) for level in (1.0, 2.0))
    caption = (
        f"Points blended by their shares; ellipses hold {one} of a Gaussian (1 σ) and, dashed, {two} (2 σ)."
    )
    n_points = len(outcome.points)
    if is_thinned(n_points):
        drawn = len(outcome.points[:: -(-n_points // MOST_DRAWN)])
        caption += f" {drawn:,} of {n_points:,} points are drawn."
    return caption


def _data(outcome: Outcome, model: gmm_core.FittedModel) -> dict[str, str]:
    low, high = outcome.points.min(axis=0), outcome.points.max(axis=0)
    facts = {"points": f"{model.n_points:,}"}
    for name, column, least, most in zip("xy", outcome.columns, low, high, strict=True):
        span = float(most - least)
        facts[name] = f"{_cut(column)}, {in_units(least, span)} to {in_units(most, span)}"
    weights = outcome.variant.sample_weights
    if weights is not None:
        facts["weights of points"] = f"from {plain(np.min(weights))} to {plain(np.max(weights))}"
    return facts


def _cut(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"


def _settings(outcome: Outcome) -> dict[str, str]:
    family = find_family(outcome.family)
    settings = {
        "components": f"K = {outcome.run.mixture.n_components}",
        "family": f"{family.name} ({family.letters}). {family.sentence}",
        "added to variances": plain(outcome.reg_covar) if outcome.reg_covar else "nothing (reg_covar = 0)",
        "stop at": f"a gain of {plain(outcome.tolerance)} nats a point, or {outcome.max_steps:,} steps",
    }
    if outcome.variant.prior is not None:
        settings["prior"] = "on every mean and covariance (Fraley & Raftery 2007)"
    return settings


def _fit(outcome: Outcome) -> dict[str, str]:
    run, first = outcome.run, outcome.run.states[0]
    a_point = plain(run.log_likelihood / outcome.model.total_weight)
    return {
        "log-likelihood": f"{nats(run.log_likelihood)} nats, {a_point} a point",
        "at the start": f"{nats(first.log_likelihood)} nats",
        "steps": f"{run.states[-1].iteration:,}",
        "end": readable(run.explanation),
    }


def _criteria(model: gmm_core.FittedModel) -> dict[str, str]:
    return {
        "BIC": nats(model.bic),
        "ICL": nats(model.icl),
        "AIC": nats(model.aic),
        "free parameters": f"{model.n_parameters}",
    }


_HEADINGS = (
    "",
    "weight",
    "holds",
    "mean x",
    "mean y",
    "var x",
    "var y",
    "cov",
    "length × width",
    "angle",
)


def _parameters(outcome: Outcome) -> str:
    mixture, counts = outcome.run.mixture, outcome.run.states[-1].moments.counts
    axes, spans = gmm_core.principal_axes(mixture.covariances), np.ptp(outcome.points, axis=0)
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEADINGS)
    rows = ""
    for k in range(mixture.n_components):
        (xx, xy), (_, yy) = mixture.covariances[k]
        long, short, angle = axes[k]
        turned = "–" if long - short < 1e-9 * long else f"{round(np.degrees(angle)) + 0}°".replace("-", "−")
        values = [
            percent(mixture.weights[k]),
            plain(counts[k], 4),
            *(in_units(value, span) for value, span in zip(mixture.means[k], spans, strict=True)),
            *(plain(value) for value in (xx, yy, xy)),
            f"{plain(long, 3)} × {plain(short, 3)}",
            turned,
        ]
        chip = f'<span class="chip" style="background:{colour_of(k)}">{k + 1}</span>'
        rows += f'<tr><th scope="row">{chip}</th>{"".join(f"<td>{value}</td>" for value in values)}</tr>'
    if mixture.noise is not None:
        share = percent(mixture.noise.amount)
        rows += f'<tr><th scope="row">noise</th><td>{share}</td><td colspan="8"></td></tr>'
    return f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _agreement(outcome: Outcome) -> str:
    labels = outcome.labels
    if labels is None:
        return ""
    table = shared_table(labels, outcome.groups, outcome.run.mixture.n_components, "component")
    return (
        '<section class="wide"><h2>Agreement with the labels</h2>'
        f"{facts({'adjusted Rand index': agreement_in_words(labels, outcome.groups)})}"
        f"<p>Points of each label, by the component of their largest share:</p>{table}</section>"
    )


def _footer(model: gmm_core.FittedModel, link: str) -> str:
    parts = [f"SHA-256 of the points: {model.data_fingerprint[:16]}…"]
    parts += [f"{name} {version}" for name, version in model.versions.items()]
    shown = " · ".join(_text(part) for part in parts)
    # Only what the web's own kind of link is may be one: others could run.
    if link.startswith(("http://", "https://")):
        shown += f' · <a href="{escape(link)}">open this fit in GMM Lab</a>'
    return shown
