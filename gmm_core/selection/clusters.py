"""Clusters of three trees as starts of a sweep, for every K: two of Ward's, and one of ellipses."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from gmm_core.mixture import Mixture
from gmm_core.moments import Moments, weighted_moments
from gmm_core.points import Array
from gmm_core.selection.agglomeration import merge_ellipses
from gmm_core.selection.task import Task
from gmm_core.starts.binary import with_binary
from gmm_core.starts.hierarchy import DISTANCE_DECIMALS, ward_labels

# Axes with less extent than this beside the longest are not stretched to the others' length.
THINNEST_AXIS = 1e-12


class Trees:
    """The trees of a task's points: of Ward with the axes divided by their standard deviations, and with all
    directions divided by theirs; of ellipses with the directions divided by the roots of theirs, as mclust
    has it (Scrucca & Raftery 2015, Improved initialisation of model-based clustering)."""

    def __init__(self, task: Task) -> None:
        self.task = task
        scaled = (task.numbers - task.centre) / task.units
        held = scaled if task.weights is None else scaled * task.weights[:, None]
        variances, axes = np.linalg.eigh(scaled.T @ held)
        lengths = np.sqrt(np.maximum(variances, THINNEST_AXIS * variances[-1]))
        # Ties are common, and rounding that came with the units must not decide them.
        spaces: list[Array] = [scaled, np.asarray(scaled @ axes / lengths, dtype=np.float64)]
        self.spaces: list[Array] = [space.round(DISTANCE_DECIMALS) for space in spaces]
        self.roots = (scaled @ axes / np.sqrt(lengths)).round(DISTANCE_DECIMALS)
        self.ellipses: list[NDArray[np.intp]] = []

    @cached_property
    def linkages(self) -> list[Array]:
        """Ward's, of points without weights."""
        return [np.asarray(linkage(space, "ward")) for space in self.spaces]

    def clusters(self, n_components: int) -> list[tuple[Mixture, Moments]]:
        """For every tree, that of ellipses the last, its K clusters: a mixture with a thin ridge on each
        component, since a cluster may lie on a line, and the Moments as they are."""
        if n_components == 1:
            # No tree need grow for that, so that the first fits of a sweep are there at once.
            n_trees = len(self.spaces) + 1 + (self.task.numbers.shape[1] == 1)
            return [self._components(np.zeros(len(self.roots), dtype=np.intp), 1)] * n_trees
        if len(self.ellipses) < n_components:
            self.ellipses = merge_ellipses(self.roots, max(2 * n_components, 10))
        labels = [self._ward(i, n_components) for i in range(len(self.spaces))]
        if self.task.numbers.shape[1] == 1:
            labels.append(_quantiles(self.task.numbers[:, 0], n_components))
        labels.append(self.ellipses[n_components - 1])
        return [self._components(one, n_components) for one in labels]

    def _ward(self, tree: int, n_components: int) -> NDArray[np.intp]:
        if self.task.weights is not None:
            space = self.spaces[tree]
            ones = np.ones(space.shape[1])
            return ward_labels(space, self.task.weights, ones, n_components)
        return np.asarray(fcluster(self.linkages[tree], n_components, "maxclust"), dtype=np.intp) - 1

    def _components(self, labels: NDArray[np.intp], n_components: int) -> tuple[Mixture, Moments]:
        task = self.task
        shares = (labels[:, None] == np.arange(n_components)).astype(np.float64)
        if task.weights is not None:
            shares *= task.weights[:, None]
        moments = weighted_moments(task.points, shares, n_binary=task.n_binary)
        # Ties may leave fewer than K clusters: the missing ones count as one point.
        counts = np.where(moments.counts > 0, moments.counts, task.unit)
        variances = np.diagonal(task.covariance)
        ridge = np.diag(1e-3 * np.where(variances > 0, variances, variances.max()))
        covariances = moments.scatters / counts[:, None, None] + ridge
        mixture = Mixture(counts / counts.sum(), moments.means, covariances)
        if task.n_binary:
            binary = task.points[:, -task.n_binary :]
            mixture = with_binary(mixture, moments.counts, moments.successes, binary, task.weights)
        return task.with_noise(mixture), moments


def _quantiles(values: Array, n_components: int) -> NDArray[np.intp]:
    """(N,): as many of the values (N,) in each of K clusters, from the smallest on."""
    edges = np.quantile(values, np.arange(1, n_components) / n_components)
    return np.searchsorted(edges, values)
