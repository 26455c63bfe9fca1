"""Python that repeats the sweep from which a model was chosen, and prints its table."""

from ui.analysis.choosing.held_out import N_FOLDS, N_STARTS
from ui.export.choice import Choice
from ui.export.code import read_points
from ui.export.literal import INDENT, differs, harmless, literal
from ui.export.numbers import significant

_KEYS = {"bic": "bic", "aic": "aic", "icl": "icl"}


def choice_code(choice: Choice) -> str:
    """A script that reads points.csv and repeats the sweep to its last digit with gmm_core.

    It leaves behind `fits`, `held_out` by family and K, empty where that was not asked for, and `best`. Text
    that came from people stands in comments only, and cannot leave them.
    """
    given = [f"{INDENT}{name}={text}," for name, text in _settings(choice).items()]
    settings = ["settings = dict(", *given, ")"] if given else ["settings = {}"]
    lines = [
        '"""Repeats a sweep of GMM Lab with gmm_core: `pip install` its folder, or run this in there."""',
        "",
        *_about(choice),
        "",
        "import numpy as np",
        "",
        "import gmm_core",
        "",
        *read_points(choice),
        *settings,
        f"fits = gmm_core.sweep(points, {list(choice.ks)!r}, {list(choice.swept.families)!r}, **settings)",
        *(_held_out(choice) if choice.held_out else ["held_out = {}"]),
        *_print(choice),
    ]
    return "\n".join(lines) + "\n"


def _about(choice: Choice) -> list[str]:
    data = choice.swept.data
    more = [] if data.yes_no is None else [data.yes_no.name]
    names = " and ".join(map(harmless, [*data.columns, *more]))
    lines = [f"# Data: {harmless(data.title) or 'points'}; columns: {names}; N = {len(data.points)}."]
    if choice.swept.is_sample:
        lines.append(f"# They are a sample of {choice.swept.n_points} points, drawn at random.")
    if not choice.swept.is_whole:
        lines.append("# The sweep in the app was ended early; this one goes on to its end.")
    return lines


def _settings(choice: Choice) -> dict[str, str]:
    data, found = choice.swept.data, dict[str, str]()
    if choice.experiment.reg_covar:
        found["reg_covar"] = literal(choice.experiment.reg_covar)
    if _is_other(choice):
        found["variant"] = literal(choice.variant, INDENT)
    if choice.noise is not None:
        found["noise"] = literal(choice.noise, INDENT)
    if data.n_binary:
        found["n_binary"] = literal(data.n_binary)
    return found


def _is_other(choice: Choice) -> bool:
    """Whether anything differs from plain EM."""
    fields = type(choice.variant).__dataclass_fields__.values()
    return any(differs(field, getattr(choice.variant, field.name)) for field in fields)


def _held_out(choice: Choice) -> list[str]:
    n_folds = min(N_FOLDS, len(choice.points))
    return [
        "",
        "# What every fit is worth on points that it has not seen.",
        "held_out = {}",
        "for fit in fits:",
        f"{INDENT}try:",
        f"{2 * INDENT}held_out[fit.family, fit.n_components] = gmm_core.held_out_log_likelihoods(",
        f"{3 * INDENT}points, fit.n_components, family=fit.family, n_folds={n_folds}, n_init={N_STARTS},",
        f"{3 * INDENT}rng=0, **settings,",
        f"{2 * INDENT})",
        f"{INDENT}except ValueError:",
        f"{2 * INDENT}pass  # A fold leaves fewer distinct points than components.",
    ]


def _print(choice: Choice) -> list[str]:
    head = "family", "K", "parameters", "log-likelihood", "BIC", "AIC", "ICL", "entropy", "lightest"
    values = (
        "fit.family, fit.n_components, fit.n_parameters, fit.log_likelihood, fit.bic, fit.aic, fit.icl,",
        "0.5 * (fit.icl - fit.bic), fit.smallest_count,",
    )
    lines = [
        "",
        f'print({", ".join(map(repr, head))}, sep="\\t")',
        "for fit in fits:",
        f"{INDENT}judged = held_out.get((fit.family, fit.n_components))",
        f"{INDENT}more = [] if judged is None else [judged.mean, judged.standard_error]",
        f"{INDENT}print(",
        *(f"{2 * INDENT}{line}" for line in values),
        f'{2 * INDENT}*more, sep="\\t",',
        f"{INDENT})",
        "",
        "# Those that are no likelier than a fit with fewer components are not asked.",
        "asked = [fit for fit in fits if not fit.repeats]",
    ]
    if choice.criterion == "held_out":
        lines += [
            "asked = [fit for fit in asked if (fit.family, fit.n_components) in held_out]",
            "best = max(asked, key=lambda fit: held_out[fit.family, fit.n_components].mean)",
        ]
    else:
        lines.append(f"best = min(asked, key=lambda fit: fit.{_KEYS[choice.criterion]})")
    if choice.found is not None:
        best = choice.found.fit
        reached = significant(best.log_likelihood, 8).replace("−", "-")
        said = f"K = {best.n_components}, {best.family}, of log-likelihood {reached}"
        lines.append(f"# In the app: {said}.")
    return [*lines, 'print("best", best.family, best.n_components)']
