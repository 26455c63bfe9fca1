"""How the stage may draw: the values that stand in addresses, and what each of them is called.

The one list for both languages: the message takes it to the browser, and addresses are read by it.
"""

from math import log, sqrt

COLOURS = {
    "blended": "Blended",
    "hard": "Hard",
    "uncertainty": "Uncertainty",
    "component": "One component",
    "truth": "True labels",
}
"""Of the points."""

BACKGROUNDS = {
    "nothing": "Nothing",
    "field": "Responsibility field",
    "contours": "Density contours",
    "hills": "Hills",
}
"""Behind the points, or, as hills, above them."""

LINE_BACKGROUNDS = {"nothing": "Curves alone", "histogram": "Histogram"}
"""Behind the curves of points on a line."""

LEVELS = (1.0, 2.0, sqrt(-2.0 * log(0.05)), 3.0)
"""Of the outer ellipses, in sigma; the third holds 95 % of a Gaussian in the plane."""

AUTOMATIC = "auto"
"""As the data need it: a scale, or glyphs."""

SCALES = {"equal": "Equal scale", "free": "Free scale"}
"""Of the axes."""

GLYPHS = (AUTOMATIC, "on", "off", "pies")
"""Whether points carry their component's sign, or are pies of their shares."""

SAMPLES = {"off": "Data", "beside": "Data and a sample", "instead": "A sample"}
"""Whether points drawn from the model are seen."""

RADII = {"rms": "Typical distance", "most": "Hold 90% of points", "farthest": "Farthest point"}
"""Of K-Means' circles, in the order of gmm_core.RADII."""


def as_header() -> dict[str, list]:
    """What the message's header says of them."""
    pairs = {"colours": COLOURS, "backgrounds": BACKGROUNDS, "line_backgrounds": LINE_BACKGROUNDS}
    pairs |= {"scales": SCALES, "radii": RADII, "samples": SAMPLES}
    lists = {name: [list(pair) for pair in choices.items()] for name, choices in pairs.items()}
    return lists | {"levels": list(LEVELS)}
