"""Python that makes the points from the numbers of their columns, and takes the parameters back to them."""

from ui.export.brought import Brought
from ui.export.outcome import Outcome


def made_points(outcome: Brought) -> list[str]:
    """Lines that turn `points` as their columns have them into those that the app showed, as it did."""
    units = outcome.units
    if units is None:
        return []
    lines = ["# From the columns' own units to those of the picture."]
    for axis, is_log in enumerate(units.logs):
        if is_log:
            lines.append(f"points[:, {axis}] = np.log10(points[:, {axis}])")
    if units.is_standardised:
        lines += [
            f"origin, unit = np.array({units.centre.tolist()!r}), np.array({units.unit.tolist()!r})",
            "points = (points - origin) / unit",
        ]
    if units.motion is not None:
        pivot, turn = units.motion.centre.tolist(), units.motion.matrix.tolist()
        lines += [
            f"pivot, turn = np.array({pivot!r}), np.array({turn!r})",
            "points = pivot + (points - pivot) @ turn.T",
        ]
    return lines


def own_parameters(outcome: Outcome) -> list[str]:
    """Lines that print the parameters in the columns' own units, and leave `own_means` and `own_covariances`
    behind: those of log10 where it was taken."""
    units = outcome.units
    if units is None:
        return []
    taken = ", log10 where it was taken" if any(units.logs) else ""
    lines = [
        "",
        f"# Back to the columns' own units{taken}.",
        "own_means, own_covariances = means, covariances",
    ]
    if units.motion is not None:
        lines += [
            "back = np.linalg.inv(turn)",
            "own_means = pivot + (own_means - pivot) @ back.T",
            "own_covariances = back @ own_covariances @ back.T",
        ]
    if units.is_standardised:
        lines += [
            "own_means = origin + unit * own_means",
            "own_covariances = own_covariances * np.outer(unit, unit)",
        ]
    lines.append('print("own units: means", own_means, "covariances", own_covariances, sep="\\n")')
    for axis, is_log in enumerate(units.logs):
        if is_log:
            lines += [
                "# A Gaussian of the logarithm is log-normal: its median, and the factor of one sigma.",
                f"medians = 10 ** own_means[:, {axis}]",
                f"factors = 10 ** np.sqrt(own_covariances[:, {axis}, {axis}])",
                f'print("column {axis + 1}: medians", medians, "factors", factors)',
            ]
    return lines
