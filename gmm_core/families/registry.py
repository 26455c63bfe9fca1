"""The covariance families: what shapes the components may take, and the M-step of each.

The letters are those of Banfield & Raftery (1993) and Celeux & Govaert (1995): volume, shape,
orientation; E equal, V variable, I none. They say how a component's covariance
lambda_k D_k A_k D_k^T with |A_k| = 1 may differ from the others'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gmm_core.families import closed_forms
from gmm_core.families.one_orientation import of_equal_volumes, of_own_volumes
from gmm_core.families.plane import shared_axes as axes_in_the_plane
from gmm_core.families.plane import shared_matrix as matrix_in_the_plane
from gmm_core.families.plane import shared_shape as shape_in_the_plane
from gmm_core.families.shared_axes import turned_to_shared_axes
from gmm_core.families.shared_matrix import shared_matrix
from gmm_core.families.shared_shape import shared_diagonal_shape, shared_shape
from gmm_core.points import Array, quoted
from gmm_core.settings import truth, whole_number


class FamilyError(ValueError):
    """A covariance family that does not exist, or lacks what is asked of it; the text says what to choose."""


@dataclass(frozen=True)
class Family:
    """One covariance family."""

    name: str
    """The key in FAMILIES."""
    letters: str
    """Volume, shape, orientation, after Celeux & Govaert (1995)."""
    sentence: str
    """What it can draw, in plain words."""
    maximum: Callable[[Array, Array], Array]
    """The M-step itself: `covariances` for any D above 1."""
    maximum_in_the_plane: Callable[[Array, Array], Array] | None = None
    """The same for D = 2, where another way is quicker, or surer of the highest of several maxima."""
    maximum_beyond: Callable[[Array, Array, Array], Array] | None = None
    """The same for D above 2, where a search might miss the highest of several maxima: no worse than the
    covariances that it is given besides, if they are of the family."""

    @property
    def axis_parallel(self) -> bool:
        """Whether its components never tilt: of the scatters it reads nothing but the diagonals."""
        return self.letters[2] == "I"

    @property
    def pooled(self) -> bool:
        """Whether all components have one covariance: of the scatters it reads nothing but the sum."""
        return "V" not in self.letters

    @property
    def words(self) -> str:
        """The letters in words."""
        volume, shape, orientation = self.letters
        kinds = {"E": "equal", "V": "variable", "I": "round"}
        turned = "none" if shape == "I" else "along the axes" if orientation == "I" else kinds[orientation]
        return f"volume {kinds[volume]}, shape {kinds[shape]}, orientation {turned}"

    def covariances(self, counts: Array, scatters: Array, before: Array | None = None) -> Array:
        """The maximum-likelihood covariances (..., K, D, D), given counts (..., K) above 0 and symmetric
        positive semidefinite scatters (..., K, D, D): any mixtures of equal K side by side.

        They are singular where the scatters leave a component no extent. EVE and VVE beyond D = 2 are the
        highest of several local maxima that a search has found, and no worse than covariances `before`
        (..., K, D, D) of the family: so the likelihood cannot fall from one EM step to the next.
        Source: Celeux & Govaert (1995), section 4.
        """
        n_dimensions = scatters.shape[-1]
        if n_dimensions == 1:
            # Only the volume is left.
            alone = closed_forms.pooled if self.letters[0] == "E" else closed_forms.own
            return alone(counts, scatters)
        if n_dimensions == 2 and self.maximum_in_the_plane is not None:
            return self.maximum_in_the_plane(counts, scatters)
        if before is not None and self.maximum_beyond is not None:
            return self.maximum_beyond(counts, scatters, before)
        return self.maximum(counts, scatters)

    def fewest_points(self, n_dimensions: int) -> int:
        """The points of which a component must hold more for its likelihood to mean anything: D + 1 where its
        volume is free, since any ellipse can be laid through so many and be as thin as you like; 0 where all
        share one volume, which a single point cannot shrink."""
        return 0 if self.letters[0] == "E" else n_dimensions + 1

    def n_covariance_parameters(self, n_components: int, n_dimensions: int) -> int:
        """Free parameters in the covariances (Celeux & Govaert 1995, table 1)."""
        of_one = (1, n_dimensions - 1, n_dimensions * (n_dimensions - 1) // 2)
        shares = {"E": 1, "V": n_components, "I": 0}
        return sum(n * shares[letter] for n, letter in zip(of_one, self.letters, strict=True))


_FAMILIES = {
    family.name: family
    for family in (
        Family(
            "full",
            "VVV",
            "Every component is an ellipse of its own size, elongation and tilt.",
            closed_forms.own,
        ),
        Family(
            "tied",
            "EEE",
            "All components share one ellipse: the same size, elongation and tilt, in different places.",
            closed_forms.pooled,
        ),
        Family(
            "diag",
            "VVI",
            "Every component is its own ellipse, but it may stretch only along the axes, never tilt.",
            closed_forms.own_diagonal,
        ),
        Family(
            "spherical",
            "VII",
            "Every component is a circle of its own size: nothing elongated, nothing tilted.",
            closed_forms.own_sphere,
        ),
        Family(
            "EII",
            "EII",
            "All components are the same circle in different places.",
            closed_forms.pooled_sphere,
        ),
        Family(
            "EEI",
            "EEI",
            "All components are the same ellipse, stretched along the axes, in different places.",
            closed_forms.pooled_diagonal,
        ),
        Family(
            "VEI",
            "VEI",
            "Ellipses of different sizes, all stretched along the axes in the same proportion.",
            shared_diagonal_shape,
            shape_in_the_plane.shared_diagonal_shape,
        ),
        Family(
            "EVI",
            "EVI",
            "Ellipses of the same area, each stretched along the axes in its own proportion.",
            closed_forms.own_diagonal_shape,
        ),
        Family(
            "VEE",
            "VEE",
            "Larger and smaller copies of one ellipse: the same elongation and tilt.",
            shared_matrix,
            matrix_in_the_plane.shared_matrix,
        ),
        Family(
            "EVE",
            "EVE",
            "Ellipses of the same area and tilt, each with its own elongation, lengthwise or crosswise.",
            of_equal_volumes(turned_to_shared_axes),
            of_equal_volumes(axes_in_the_plane.turned_to_shared_axes),
            of_equal_volumes(turned_to_shared_axes),
        ),
        Family(
            "VVE",
            "VVE",
            "Ellipses of any size and elongation that share one tilt, lengthwise or crosswise.",
            of_own_volumes(turned_to_shared_axes),
            of_own_volumes(axes_in_the_plane.turned_to_shared_axes),
            of_own_volumes(turned_to_shared_axes),
        ),
        Family(
            "EEV",
            "EEV",
            "Copies of one ellipse, of the same size and elongation, each turned its own way.",
            closed_forms.own_axes,
        ),
        Family(
            "VEV",
            "VEV",
            "Larger and smaller copies of one ellipse, each turned its own way.",
            shared_shape,
            shape_in_the_plane.shared_shape,
        ),
        Family(
            "EVV",
            "EVV",
            "Ellipses of the same area, each with its own elongation and tilt.",
            closed_forms.own_shape,
        ),
    )
}


FAMILIES: Mapping[str, Family] = MappingProxyType(_FAMILIES)
"""In the order in which they are offered."""


def find_family(name: str) -> Family:
    """The family called `name`, by its key in FAMILIES or its three letters.

    Raises FamilyError for any other name.
    """
    if isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        if name in FAMILIES:
            return FAMILIES[name]
        for family in FAMILIES.values():
            if family.letters == name:
                return family
    raise FamilyError(f"There is no covariance family {quoted(name)}; choose one of {', '.join(FAMILIES)}.")


def n_parameters(
    family: str,
    n_components: int,
    n_dimensions: int,
    *,
    noise: bool = False,
    equal_weights: bool = False,
    fixed_covariances: bool = False,
    n_binary: int = 0,
) -> int:
    """Free parameters of a mixture: K - 1 weights, K * D means, and the covariances of the family.

    Noise adds two, its weight and its volume, as mclust counts; equal weights and fixed covariances take
    theirs away; each binary column adds K probabilities.

    Raises FamilyError for an unknown family, K or D below 1, or fewer than 0 binary columns.
    Source: Celeux & Govaert (1995), table 1; Fraley & Raftery (2002) for the noise.

    >>> n_parameters("full", 2, 2)
    11
    >>> n_parameters("full", 2, 2, noise=True, equal_weights=True)
    12
    """
    n_components = whole_number(n_components, "The number of components", FamilyError)
    n_dimensions = whole_number(n_dimensions, "The number of dimensions", FamilyError)
    n_binary = whole_number(n_binary, "The number of binary columns", FamilyError, least=0)
    if n_components < 1 or n_dimensions < 1:
        raise FamilyError(f"K = {n_components} and D = {n_dimensions} describe no mixture; give 1 or more.")
    if n_binary < 0:
        raise FamilyError(f"The number of binary columns is {n_binary}; give 0 or more.")
    noise, equal_weights, fixed_covariances = (
        truth(value, f"The setting {name!r}", FamilyError)
        for name, value in {
            "noise": noise,
            "equal_weights": equal_weights,
            "fixed_covariances": fixed_covariances,
        }.items()
    )
    total = n_components * (n_dimensions + n_binary)
    covariances = find_family(family).n_covariance_parameters(n_components, n_dimensions)
    total += 0 if fixed_covariances else covariances
    total += 0 if equal_weights else n_components - 1
    return total + (2 if noise else 0)
