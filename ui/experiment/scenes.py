"""The scenes of the lab: each shows one thing that a mixture is or does; what to do, and what to look for."""

from ui.experiment.case import by_name, made
from ui.experiment.experiment import NO_COLUMN
from ui.experiment.view import View

CONTOURS = View(background="contours")

SCENES = by_name(
    (
        made(
            "mixture",
            "What a mixture is",
            "Press the button a few times: every ellipse is one distribution, and the lines of equal density "
            "are their sum. Look how the hills of the three add up to one landscape over all of the points.",
            "elongated",
            CONTOURS,
            # What everybody meets first, and their next start, stay without a sentence above them.
            n_points=600,
        ),
        made(
            "soft",
            "Soft membership",
            "Step to the end, then click a point between two clusters. Look at its shares: it belongs to "
            "both in part, while a point in the middle of a cluster is all of one colour.",
            "blobs",
            knobs=(("separation", 3.0),),
        ),
        made(
            "bad_start",
            "Bad start",
            "Play to the end and note the log-likelihood. One ellipse lies across two clusters, and another "
            "is left with hardly a point: EM climbs to the nearest top, and this is not the highest.",
            "blobs",
            start="random_points",
            start_seed=15,
        ),
        made(
            "good_start",
            "Good start",
            "The same points from another first guess. Play to the end: each cluster has an ellipse of its "
            "own, and the log-likelihood ends far higher than after the bad start.",
            "blobs",
            start="random_points",
            start_seed=6,
        ),
        made(
            "collapse",
            "Collapse",
            "Play to the end: one ellipse shrinks onto a few points, and the likelihood grows without limit. "
            "Choose one of the cures under the reason, and look how the same start comes to rest.",
            "blobs",
            n_points=40,
            n_components=5,
            family="full",
            start_seed=3,
        ),
        made(
            "too_many",
            "Too many",
            "Play to the end. Seven ellipses for three clusters raise the likelihood a little, but they "
            "split what belongs together: a component is not a cluster.",
            "elongated",
            n_components=7,
        ),
        made(
            "how_many",
            "How many?",
            "Press the button and watch the table: ten components begin, and those that explain nothing of "
            "their own fade away. How many are left is the answer, and nobody told it.",
            "blobs",
            algorithm="variational",
            n_components=10,
        ),
        made(
            "noise",
            "Noise",
            "Step, and watch the scattered points turn into grey crosses: what no ellipse explains goes to "
            "the noise. Switch it off on the left, and the ellipses have to stretch for all of them.",
            "noise",
            n_components=2,
            noise=True,
        ),
        made(
            "yes_no",
            "Yes or no",
            "Step to the end: two clusters lie over each other, and only their answers, filled for yes and "
            "hollow for no, part them; the table tells how often each says yes. Choose no such column on the "
            "left, and EM cannot tell the two apart.",
            "answers",
            yes="answer",
        ),
        made(
            "one_dimension",
            "One dimension",
            "Play to the end: every curve is one normal distribution, they stand one upon the other, and the "
            "line above them is their sum. Look how three of them follow the bars, a narrow one on each "
            "side; then drag a number, or the square beside it, and let go.",
            "galaxies",
            View(background="histogram"),
            y=NO_COLUMN,
        ),
        made(
            "any_shape",
            "Any shape",
            "Play to the end: no cluster here is an ellipse, yet twelve together trace the spiral. Look at "
            "the lines of density: with enough components a mixture comes close to any shape.",
            "spiral",
            CONTOURS,
            n_components=12,
            start_seed=3,
        ),
    )
)
