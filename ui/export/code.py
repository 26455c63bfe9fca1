"""Python that repeats a fit: with gmm_core, and with scikit-learn from the same start.

Both read points.csv, which `points_csv` writes, and print what they found.
"""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

import gmm_core
from gmm_core.families import find_family
from ui.data.dimensions import axis_letters
from ui.export.brought import Brought
from ui.export.literal import INDENT, differs, harmless, literal
from ui.export.outcome import Outcome
from ui.export.units_code import made_points, own_parameters

POINTS_FILE = "points.csv"

# What scikit-learn calls the families it has, by their letters.
COVARIANCE_TYPES = {"VVV": "full", "EEE": "tied", "VVI": "diag", "VII": "spherical"}


class CodeError(ValueError):
    """A fit that cannot be repeated with that library; the text says why."""


def points_csv(outcome: Brought) -> str:
    """The points as the snippets read them: a header, then a row each, with every digit, in the units of
    their columns; then zeros and ones where a yes/no column was fitted as well, and last the weights of the
    points where they have any."""
    own = outcome.points if outcome.own_points is None else outcome.own_points
    # Not the names that people gave: they may hold a comma or a line's end.
    columns: dict[str, list[float]] = dict(
        zip(axis_letters(outcome.n_dimensions), own.T.tolist(), strict=True)
    )
    if outcome.yes_no is not None:
        columns["yes"] = outcome.yes_no.values.tolist()
    weights = outcome.variant.sample_weights
    if weights is not None:
        columns["weight"] = np.asarray(weights, dtype=np.float64).tolist()
    header = ",".join(columns)
    return (
        "\n".join([header, *(",".join(map(repr, row)) for row in zip(*columns.values(), strict=True))]) + "\n"
    )


def gmm_core_code(outcome: Outcome) -> str:
    """A script that repeats the run to its last digit with gmm_core.

    Text that came from people stands in comments only, and cannot leave them.
    """
    start, answered = outcome.begun, outcome.yes_no is not None
    lines = [
        '"""Repeats a fit of GMM Lab with gmm_core: `pip install` its folder, or run this in there."""',
        "",
        *_about(outcome),
        "import numpy as np",
        "",
        "import gmm_core",
        "",
        *read_points(outcome),
        f"start = {literal(start)}",
        f"algorithm = {literal(outcome.algorithm)}",
        f"run = algorithm.run(points, start, max_steps={int(outcome.max_steps)})",
        "weights, means, covariances = run.mixture.weights, run.mixture.means, run.mixture.covariances",
        f"log_likelihood = {_likelihood(outcome)}",
        "print(run.explanation)",
        *_print_all(),
        *(['print("probabilities of yes", run.mixture.probabilities[:, 0])'] if answered else []),
        *own_parameters(outcome),
    ]
    return "\n".join(lines) + "\n"


def read_points(outcome: Brought) -> list[str]:
    """Lines that read what `points_csv` writes: `points`, as they were fitted, and where there are any
    `sample_weights`."""
    read = [f'points = np.loadtxt("{POINTS_FILE}", delimiter=",", skiprows=1, ndmin=2)']
    n_dimensions, answered = outcome.n_dimensions, outcome.yes_no is not None
    if outcome.variant.sample_weights is not None:
        read.append("points, sample_weights = points[:, :-1], points[:, -1]")
    if answered:
        read.append(f"points, answers = points[:, :{n_dimensions}], points[:, {n_dimensions}]")
    read += made_points(outcome)
    if answered:
        read.append("points = np.column_stack([points, answers])")
    return read


def _likelihood(outcome: Outcome) -> str:
    """The log-likelihood of the points under the run's mixture."""
    if isinstance(outcome.run, gmm_core.EMRun):
        return "run.log_likelihood"
    counted = "" if outcome.variant.sample_weights is None else "sample_weights * "
    return f"({counted}gmm_core.log_density(points, run.mixture)).sum()"


def scikit_learn_code(outcome: Outcome) -> str:
    """A script that takes the same steps from the same start with scikit-learn's GaussianMixture.

    Raises CodeError as `check_scikit_learn` does.
    """
    check_scikit_learn(outcome)
    covariance_type = COVARIANCE_TYPES[find_family(outcome.family).letters]
    first, states = _first_state(outcome), outcome.run.states
    mixture, n_steps = states[first].mixture, len(states) - 1 - first
    lines = [
        '"""Repeats a fit of GMM Lab with scikit-learn."""',
        "",
        *_about(outcome),
        "import warnings",
        "",
        "import numpy as np",
        "from sklearn.exceptions import ConvergenceWarning",
        "from sklearn.mixture import GaussianMixture",
        "",
        f'points = np.loadtxt("{POINTS_FILE}", delimiter=",", skiprows=1, ndmin=2)',
        *made_points(outcome),
        "# About their mean: far from 0, scikit-learn loses digits.",
        "centre = points.mean(axis=0)",
        *(["# The start after one step, which made it a mixture of the family."] if first else []),
        f"weights = {literal(mixture.weights)}",
        f"means = {literal(mixture.means)}",
        f"covariances = {literal(_reduced(mixture.covariances, covariance_type))}",
        "model = GaussianMixture(",
        f"{INDENT}n_components={mixture.n_components},",
        f"{INDENT}covariance_type={covariance_type!r},",
        f"{INDENT}weights_init=weights,",
        f"{INDENT}means_init=means - centre,",
        f"{INDENT}precisions_init={_PRECISIONS[covariance_type]},",
        f"{INDENT}reg_covar={float(outcome.reg_covar)!r},",
        f"{INDENT}# Exactly the steps that were taken: its own rule to stop is another, by the likelihood",
        f"{INDENT}# before each step.",
        f"{INDENT}tol=0.0,",
        f"{INDENT}max_iter={n_steps},",
        ")",
        "with warnings.catch_warnings():",
        f'{INDENT}warnings.simplefilter("ignore", ConvergenceWarning)',
        f"{INDENT}model.fit(points - centre)",
        "weights, means = model.weights_, model.means_ + centre",
        f"covariances = {_COVARIANCES[covariance_type].format(outcome.n_dimensions)}",
        "log_likelihood = model.score(points - centre) * len(points)",
        *_print_all(),
        *own_parameters(outcome),
    ]
    return "\n".join(lines) + "\n"


_PRECISIONS = {
    "full": "np.linalg.inv(covariances)",
    "tied": "np.linalg.inv(covariances)",
    "diag": "1 / covariances",
    "spherical": "1 / covariances",
}
_COVARIANCES = {
    "full": "model.covariances_",
    "tied": "np.array([model.covariances_] * len(weights))",
    "diag": "np.array([np.diag(variances) for variances in model.covariances_])",
    "spherical": "model.covariances_[:, None, None] * np.eye({})",
}


def check_scikit_learn(outcome: Outcome) -> None:
    """Raise CodeError, in one sentence, for a fit that scikit-learn has no means for."""
    if not isinstance(outcome.algorithm, gmm_core.EM):
        raise CodeError(
            f"scikit-learn takes other steps than {outcome.algorithm.title}; take the code for gmm_core."
        )
    letters = find_family(outcome.family).letters
    if letters not in COVARIANCE_TYPES:
        raise CodeError(
            f"scikit-learn has no family {letters}: choose full, tied, diag or spherical, "
            "or take the code for gmm_core."
        )
    if outcome.yes_no is not None:
        raise CodeError("scikit-learn knows no yes/no column: leave it out, or take the code for gmm_core.")
    if outcome.run.mixture.noise is not None:
        raise CodeError(
            "scikit-learn knows no background noise: leave it out, or take the code for gmm_core."
        )
    if any(differs(field, getattr(outcome.variant, field.name)) for field in fields(outcome.variant)):
        raise CodeError(
            "scikit-learn knows plain EM only, no weights of points, prior, constraints or temperature: "
            "leave them out, or take the code for gmm_core."
        )
    if len(outcome.run.states) < 2:
        raise CodeError(
            "This fit ended before its first step: there is nothing to repeat, so begin elsewhere."
        )
    if len(outcome.run.states) - 1 - _first_state(outcome) < 1:
        raise CodeError(
            "scikit-learn cannot begin where this fit begins and it ended after a step at most: "
            "begin with a mixture of the family, or take the code for gmm_core."
        )


def _first_state(outcome: Outcome) -> int:
    """The state to begin at: the start, or the one after it where the start is no mixture of the family."""
    covariance_type = COVARIANCE_TYPES[find_family(outcome.family).letters]
    return 0 if _has_shape(outcome.run.states[0].mixture, covariance_type) else 1


def _reduced(covariances: np.ndarray, covariance_type: str) -> np.ndarray:
    """As scikit-learn holds them: (K, D, D), (D, D), (K, D) or (K,)."""
    if covariance_type == "tied":
        return covariances[0]
    if covariance_type == "full":
        return covariances
    variances = np.einsum("kdd->kd", covariances)
    return variances if covariance_type == "diag" else variances[:, 0]


def _has_shape(mixture: gmm_core.Mixture, covariance_type: str) -> bool:
    """Whether the mixture is one of the family."""
    covariances, identity = mixture.covariances, np.eye(mixture.n_dimensions)
    reduced = _reduced(covariances, covariance_type)
    if covariance_type == "diag":
        reduced = reduced[:, :, None] * identity
    elif covariance_type == "spherical":
        reduced = reduced[:, None, None] * identity
    scale = np.abs(covariances).max(axis=(1, 2), keepdims=True)
    return bool((np.abs(covariances - reduced) <= 1e-12 * scale).all())


def _about(outcome: Outcome) -> Iterator[str]:
    """Comments, below the first two lines, where one could name an encoding."""
    column = outcome.yes_no
    more = [] if column is None else [f"{column.name} (0: {column.words[0]}, 1: {column.words[1]})"]
    names = " and ".join(map(harmless, [*outcome.columns, *more]))
    yield f"# Data: {harmless(outcome.title) or 'points'}; columns: {names}; N = {len(outcome.points)}."
    yield f"# It reached a log-likelihood of {outcome.log_likelihood!r}."
    yield ""


def _print_all() -> list[str]:
    return [
        'print("log-likelihood", log_likelihood)',
        'print("weights", weights, "means", means, "covariances", covariances, sep="\\n")',
    ]
