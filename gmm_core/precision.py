"""What float64 itself allows."""

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)
"""The gap between 1 and the next larger number: the relative size of a rounding, doubled."""

SMALLEST = float(np.finfo(np.float64).tiny)
"""Smaller numbers have fewer digits than float64 otherwise keeps: a square below it is nearly 0."""

LEAST_COUNT = 1e-290
"""A count of points below this is taken for 0: dividing by it would leave the range of float64."""
