"""What float64 itself allows."""

import numpy as np

EPSILON = float(np.finfo(np.float64).eps)
"""The gap between 1 and the next larger number: the relative size of a rounding, doubled."""

SMALLEST = float(np.finfo(np.float64).tiny)
"""Smaller numbers have fewer digits than float64 otherwise keeps: a square below it is nearly 0."""
