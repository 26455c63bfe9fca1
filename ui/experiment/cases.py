"""The comparisons worth seeing: each is an experiment and two sentences on what to look for."""

from ui.experiment.case import by_name, made

CASES = by_name(
    (
        made(
            "elongated",
            "Elongated",
            "Circles cut the long, tilted clusters across, because distance is all that K-Means knows. "
            "Ellipses learn length and tilt, and find the three.",
            "elongated",
        ),
        made(
            "mouse",
            "Mouse",
            "K-Means ends its cells halfway between the centres, so the ears take points from the "
            "edge of the head. A mixture learns that the head is wide, and gives them back to it.",
            "mouse",
        ),
        made(
            "unequal_sizes",
            "Sizes",
            "The wide cluster reaches beyond the middle between the centres, and K-Means hands its edge "
            "to the small ones. The mixture gives every component a size of its own.",
            "unequal_sizes",
        ),
        made(
            "unequal_weights",
            "Weights",
            "K-Means wants every cluster to add about as much to the sum of squared distances, so it "
            "splits the crowded one and joins the others. The weights of a mixture say that one may "
            "hold most of the points.",
            "unequal_weights",
        ),
        made(
            "overlapping",
            "Overlap",
            "Both draw nearly the same borders, yet K-Means is sure of every point. "
            "The mixture shows where clusters overlap: the blended points could belong to either.",
            "blobs",
            knobs=(("separation", 3.0),),
        ),
        made(
            "round",
            "Round",
            "Round clusters of one size that stand apart are what K-Means assumes. "
            "Here circles and ellipses agree on every point.",
            "blobs",
        ),
        made(
            "rings",
            "Rings",
            "No circle and no ellipse is a ring: K-Means cuts both through the middle, and the mixture "
            "puts a wide ellipse on nearly all points and a small one on the few that are left. "
            "More components can trace a ring, but a component is not a cluster.",
            "rings",
            n_components=2,
            start_seed=6,
        ),
        made(
            "moons",
            "Moons",
            "A moon is bent, and neither a circle nor an ellipse is. "
            "With two components both mistake the tips of one moon for a part of the other.",
            "moons",
            n_components=2,
        ),
        made(
            "faithful",
            "Old Faithful",
            "One axis runs over 4 minutes and the other over 50, so nearly all of a distance is "
            "waiting time, and K-Means takes almost no notice of the eruptions. The mixture learns the "
            "spread along each axis, so units make no difference to it.",
            "old_faithful",
        ),
        made(
            "faithful_standardised",
            "Faithful, standardised",
            "With both columns divided by their standard deviations K-Means changes its answer, and "
            "comes closer to the mixture's. The mixture's answer is the one from before, to the last "
            "point.",
            "old_faithful",
            standardise=True,
        ),
        made(
            "penguins",
            "Penguins",
            "Bill length and depth grow together within a species, so the clouds are tilted. "
            "Ellipses follow the three species, and circles mix them up.",
            "penguins",
        ),
    )
)
"""The cases by name, in the order in which they are offered."""
