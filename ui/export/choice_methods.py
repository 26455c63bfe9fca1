"""How a model was chosen, as a paragraph for a methods section: every number, and the sources."""

from collections.abc import Iterator

import gmm_core
from gmm_core import FAMILIES, Fit
from gmm_core.selection.search import MOST_IN_SAMPLE
from ui.analysis.choosing.criteria import CRITERIA, cell_of
from ui.analysis.choosing.held_out import N_FOLDS, N_STARTS
from ui.analysis.choosing.recommendation import ranking
from ui.analysis.choosing.sweeping import MOST_SWEPT
from ui.export.choice import Choice
from ui.export.literal import harmless
from ui.export.numbers import nats, significant
from ui.export.outcome import versions

SOURCES = {
    "Akaike 1974": "Akaike, H. (1974). A new look at the statistical model identification. IEEE Transactions "
    "on Automatic Control 19, 716–723.",
    "Banfield & Raftery 1993": "Banfield, J. D., & Raftery, A. E. (1993). Model-based Gaussian and "
    "non-Gaussian clustering. Biometrics 49, 803–821.",
    "Biernacki et al. 2000": "Biernacki, C., Celeux, G., & Govaert, G. (2000). Assessing a mixture model for "
    "clustering with the integrated completed likelihood. IEEE Transactions on Pattern Analysis and Machine "
    "Intelligence 22, 719–725.",
    "Celeux & Govaert 1995": "Celeux, G., & Govaert, G. (1995). Gaussian parsimonious clustering models. "
    "Pattern Recognition 28, 781–793.",
    "Dempster et al. 1977": "Dempster, A. P., Laird, N. M., & Rubin, D. B. (1977). Maximum likelihood from "
    "incomplete data via the EM algorithm. Journal of the Royal Statistical Society B 39, 1–38.",
    "Fraley & Raftery 2002": "Fraley, C., & Raftery, A. E. (2002). Model-based clustering, discriminant "
    "analysis, and density estimation. Journal of the American Statistical Association 97, 611–631.",
    "Fraley & Raftery 2007": "Fraley, C., & Raftery, A. E. (2007). Bayesian regularization for normal "
    "mixture estimation and model-based clustering. Journal of Classification 24, 155–181.",
    "Kass & Raftery 1995": "Kass, R. E., & Raftery, A. E. (1995). Bayes factors. Journal of the American "
    "Statistical Association 90, 773–795.",
    "Schwarz 1978": "Schwarz, G. (1978). Estimating the dimension of a model. The Annals of Statistics 6, "
    "461–464.",
    "Scrucca & Raftery 2015": "Scrucca, L., & Raftery, A. E. (2015). Improved initialisation of model-based "
    "clustering using Gaussian hierarchical partitions. Advances in Data Analysis and Classification 9, "
    "447–460.",
    "Smyth 2000": "Smyth, P. (2000). Model selection for probabilistic clustering using cross-validated "
    "likelihood. Statistics and Computing 10, 63–72.",
}
"""By how they are cited."""

DEFINED = {
    "bic": "BIC (Schwarz 1978; Fraley & Raftery 2002), −2 log L + p log N for p free parameters, smaller is "
    "better",
    "aic": "AIC (Akaike 1974), −2 log L + 2 p for p free parameters, smaller is better",
    "icl": "ICL (Biernacki et al. 2000), BIC plus twice the entropy of the assignment of each observation to "
    "its likeliest component, smaller is better",
    "held_out": "the mean log-density of observations held out in {n_folds}-fold cross-validation (Smyth "
    "2000), {n_starts} starts of k-means++ a fold, the same folds for all models, larger is better",
}
"""What is said of each criterion that chooses."""

CITED = {
    "bic": "BIC (Schwarz 1978)",
    "aic": "AIC (Akaike 1974)",
    "icl": "ICL (Biernacki et al. 2000)",
    "held_out": "held-out log-density (Smyth 2000)",
}
"""As it is called beside another one."""


def methods_text(choice: Choice) -> str:
    """The paragraph, and below it the sources that it cites, in plain text."""
    said = " ".join(sentence for part in _PARTS for sentence in part(choice))
    cited = [source for short, source in SOURCES.items() if short in said]
    return "\n".join([said, "", "References", *cited]) + "\n"


def _data(choice: Choice) -> Iterator[str]:
    data, experiment = choice.swept.data, choice.experiment
    columns = " and ".join(map(harmless, data.columns))
    beside = f", and the yes/no column {harmless(data.yes_no.name)}" if data.yes_no else ""
    n_points = f"{len(data.points):,}"
    if choice.swept.is_sample:
        n_points = f"a random sample of {n_points} of {choice.swept.n_points:,}"
    yield f"The data ({harmless(data.title) or 'points'}) were {n_points} observations of {columns}{beside}."
    if data.weights is not None:
        least, most = significant(data.weights.min()), significant(data.weights.max())
        total = significant(data.weights.sum())
        yield f"Each counted by its weight, from {least} to {most} and N = {total} in all."
    if n_changed := len(experiment.added) + len(experiment.removed):
        yield (
            f"Of them {n_changed} were put in or taken out by hand."
            if n_changed > 1
            else ("Of them one was put in or taken out by hand.")
        )


def _models(choice: Choice) -> Iterator[str]:
    experiment, swept = choice.experiment, choice.swept
    estimated = "likelihood"
    if choice.variant.prior is not None:
        worth = f", worth {significant(experiment.strength)} times as much" if experiment.strength > 1 else ""
        estimated = (
            "posterior density under the conjugate prior of Fraley & Raftery 2007, with their defaults for "
            f"K = {experiment.n_components}{worth}"
        )
    letters = ", ".join(FAMILIES[family].letters for family in swept.families)
    shapes = f"the covariance families {letters} (Celeux & Govaert 1995)"
    if choice.n_dimensions == 1:
        widths = {"E": "one width for all", "V": "a width of its own for each"}
        kinds = list(dict.fromkeys(widths[FAMILIES[family].letters[:1]] for family in swept.families))
        shapes = f"with {' and with '.join(kinds)}"
    fewest, most = swept.ks[0], swept.ks[-1]
    ks = f"K = {fewest} to {most}" if most > fewest else f"K = {most}"
    kind = "in " if choice.n_dimensions > 1 else ""
    yield f"Gaussian mixtures of {ks} components {kind}{shapes} were fitted by maximum {estimated}."
    if choice.yes_no is not None:
        yield "Within a component the yes/no column was a Bernoulli variable, independent of the numbers."
    if choice.noise is not None:
        volume = significant(choice.noise.volume)
        yield f"Beside them stood a uniform background of volume {volume} (Banfield & Raftery 1993)."
    if experiment.equal:
        yield "The mixing proportions were held equal."
    if experiment.reg_covar:
        yield f"After every M-step {significant(experiment.reg_covar)} was added to every variance."


def _search(choice: Choice) -> Iterator[str]:
    line = ", from those between its quantiles" if choice.n_dimensions == 1 else ""
    yield (
        "EM (Dempster et al. 1977) was started for every K from the clusters of two Ward trees and a tree of "
        f"Gaussian clusters (Scrucca & Raftery 2015){line}, and from the fit of K − 1 with a component split "
        "or one laid on an unlikely observation; where a fit became better, also from that of K + 1 with two "
        "components merged and from those of the other families. The likeliest starts were run side by side, "
        "and the best of each model until a step gained less than 10⁻⁶ nats an observation, for 500 steps at "
        "most."
    )
    if MOST_IN_SAMPLE < len(choice.points) <= MOST_SWEPT:
        yield f"Starts were compared on {MOST_IN_SAMPLE:,} of the observations, fits on all."
    if any(FAMILIES[family].letters[0] == "V" for family in choice.swept.families):
        yield (
            "Where a component with a volume of its own came to hold no more than "
            f"{choice.n_dimensions + 1} observations, the start was given up."
        )


def _judged(choice: Choice) -> Iterator[str]:
    n_folds = min(N_FOLDS, len(choice.points))
    defined = DEFINED[choice.criterion].format(n_folds=n_folds, n_starts=N_STARTS)
    yield f"Models were compared by {defined}."
    if choice.variant.prior is not None:
        yield "Its likelihood is that of the observations alone, without the prior."
    if any(fit.repeats for fit in choice.swept.fits):
        yield "Fits no likelier than one of their family with fewer components were set aside."
    n_fits, n_cells = len(choice.swept.fits), len(choice.cells)
    if not choice.swept.is_whole:
        yield (
            f"The search was ended early, with {n_fits} of {n_cells} models fitted, some of them short "
            "of their "
            "best."
        )
    elif n_fits < n_cells:
        yield f"Of {n_cells} models {n_cells - n_fits} could not be fitted."


def _winner(choice: Choice) -> Iterator[str]:
    found = choice.found
    if found is None:
        yield "No model could be fitted."
        return
    fit = found.fit
    value = _value(choice, choice.criterion, fit)
    yield (
        f"The model chosen was {_called(fit)}, with {fit.n_parameters} free parameters, a log-likelihood of "
        f"{nats(fit.log_likelihood)} and {_titled(choice.criterion)} {value}; its lightest component held "
        f"{fit.smallest_count:,.1f} observations."
    )
    if found.runner is not None and found.margin is not None:
        graded = f", {found.strength} (Kass & Raftery 1995)" if found.strength else ""
        next_best = f"{_called(found.runner)} ({_value(choice, choice.criterion, found.runner)})"
        yield f"Next came {next_best}: a difference of {_margin(choice, found.margin)}{graded}."
    others = [
        f"{CITED[name]}: {_called(best)} ({_value(choice, name, best)})"
        for name, criterion in CRITERIA.items()
        if name != choice.criterion
        and criterion.chooses
        and (best := next(iter(ranking(choice.swept, name, choice.held_out)), None)) is not None
    ]
    if others:
        yield f"Other criteria preferred: {'; '.join(others)}."


def _titled(name: str) -> str:
    return "a held-out log-density of" if name == "held_out" else f"a {CRITERIA[name].title} of"


def _called(fit: Fit) -> str:
    several = "s" if fit.n_components > 1 else ""
    return f"{fit.n_components} component{several} of family {FAMILIES[fit.family].letters}"


def _value(choice: Choice, name: str, fit: Fit) -> str:
    value = CRITERIA[name].value(fit, choice.held_out)
    said = nats(value) if value is not None else "unknown"
    judged = choice.held_out.get(cell_of(fit))
    if name == "held_out" and judged is not None and len(judged.means) > 1:
        said += f" ± {judged.standard_error:.4f}"
    return said


def _margin(choice: Choice, margin: float) -> str:
    return f"{margin:.4f} nats an observation" if choice.criterion == "held_out" else f"{margin:.2f}"


def _software(choice: Choice) -> Iterator[str]:
    others = ", ".join(f"{name} {version}" for name, version in versions().items())
    yield f"Computed with gmm_core {gmm_core.__version__} of GMM Lab ({others})."


_PARTS = (_data, _models, _search, _judged, _winner, _software)
