// What float64 itself allows, as gmm_core.precision has it.

/** The gap between 1 and the next larger number. */
export const EPSILON = Number.EPSILON;

/** Smaller numbers have fewer digits than float64 otherwise keeps: a square below it is nearly 0. */
export const SMALLEST = 2.2250738585072014e-308;

/** A count of points below this is taken for 0: dividing by it would leave the range of float64. */
export const LEAST_COUNT = 1e-290;
