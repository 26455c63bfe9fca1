"""Every generator: the promises they all make, and what each of them claims to show."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from gmm_core.datasets import BACKGROUND, DatasetError, LabelledPoints
from gmm_core.datasets.generators import GENERATORS, generate
from gmm_core.families import FAMILIES

every_generator = pytest.mark.parametrize("name", GENERATORS)
every_knob = pytest.mark.parametrize(
    ("name", "knob"),
    [
        pytest.param(name, knob, id=f"{name}-{knob.name}")
        for name, generator in GENERATORS.items()
        for knob in generator.knobs
    ],
)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """On a busy machine scikit-learn's threads wait for each other: two minutes instead of three seconds."""
    with threadpool_limits(1):
        yield


def draw(name, *, seed=0, **choices) -> LabelledPoints:
    return generate(name, rng=np.random.default_rng(seed), **choices)


def assert_sound(drawn: LabelledPoints, n_points: int) -> None:
    assert drawn.points.shape == (n_points, 2)
    assert drawn.points.dtype == np.float64
    assert np.isfinite(drawn.points).all()
    assert drawn.labels.shape == (n_points,)
    assert drawn.labels.dtype == np.int64
    assert drawn.labels.min() >= BACKGROUND
    assert drawn.labels.max() < len(drawn.label_names)
    for array in (drawn.points, drawn.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def agreement(drawn: LabelledPoints, assigned) -> float:
    """The adjusted Rand index with the truth, over the points that have one."""
    named = drawn.labels != BACKGROUND
    return adjusted_rand_score(drawn.labels[named], assigned[named])


def mixture_agreement(drawn: LabelledPoints, n_components: int, family: str, start="kmeans", seed=0) -> float:
    fit = GaussianMixture(
        n_components, covariance_type=family, init_params=start, random_state=seed, tol=1e-6, max_iter=1000
    )
    return agreement(drawn, fit.fit_predict(drawn.points))


def kmeans_agreement(drawn: LabelledPoints, n_components: int) -> float:
    return agreement(drawn, KMeans(n_components, n_init=10, random_state=0).fit_predict(drawn.points))


# --- every generator


def test_the_generators_on_offer():
    assert list(GENERATORS) == [
        "elongated",
        "blobs",
        "unequal_sizes",
        "unequal_weights",
        "mouse",
        "moons",
        "rings",
        "spiral",
        "noise",
        "answers",
        "uniform",
    ]


@every_generator
def test_a_generator_introduces_itself(name):
    generator = GENERATORS[name]
    assert generator.name == name
    assert generator.title
    assert generator.sentence.endswith(".")
    assert 1 <= generator.n_components <= 12
    assert generator.family in FAMILIES
    assert len(generator.knobs) <= 3
    assert len({knob.name for knob in generator.knobs}) == len(generator.knobs)


@every_knob
def test_a_knob_is_usable_as_a_control(name, knob):
    assert knob.low <= knob.default <= knob.high
    assert knob.label
    assert knob.sentence.endswith(".")
    steps = (np.array([knob.default, knob.high]) - knob.low) / knob.step
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-9, err_msg="not on the grid of steps")
    assert len({type(value) for value in (knob.low, knob.high, knob.default, knob.step)}) == 1


@every_generator
@pytest.mark.parametrize("n_points", [1, 7, 1000, 200_000])
def test_any_number_of_points(name, n_points):
    assert_sound(draw(name, n_points=n_points), n_points)


@every_generator
def test_the_default_number_of_points(name):
    assert_sound(draw(name), GENERATORS[name].n_points)


@every_generator
def test_the_seed_decides(name):
    one, same, other = draw(name, seed=3), draw(name, seed=3), draw(name, seed=4)
    np.testing.assert_array_equal(one.points, same.points)
    np.testing.assert_array_equal(one.labels, same.labels)
    assert one.label_names == same.label_names
    assert not np.array_equal(one.points, other.points)


@every_generator
def test_the_defaults_are_the_knobs_defaults(name):
    spelled_out = {knob.name: knob.default for knob in GENERATORS[name].knobs}
    np.testing.assert_array_equal(draw(name).points, draw(name, **spelled_out).points)


@every_generator
def test_the_points_fill_natural_axes(name):
    extent = np.abs(draw(name).points).max()
    assert extent <= 1 if name == "mouse" else 4 < extent < 9


@every_generator
def test_points_come_in_shuffled_order(name):
    drawn = draw(name, n_points=2000)
    first_half = drawn.labels[:1000]
    for label in np.unique(drawn.labels):
        share = (drawn.labels == label).mean()
        assert (first_half == label).mean() == pytest.approx(share, abs=0.06)


@every_knob
def test_a_knob_turned_to_either_end(name, knob):
    for setting in (knob.low, knob.high):
        for n_points in (1, 7, 1000):
            assert_sound(draw(name, n_points=n_points, **{knob.name: setting}), n_points)


@every_knob
def test_a_knob_does_something(name, knob):
    low, high = (draw(name, **{knob.name: setting}) for setting in (knob.low, knob.high))
    same_words = {name: list(words) for name, words in low.texts.items()} == {
        name: list(words) for name, words in high.texts.items()
    }
    assert not (np.array_equal(low.points, high.points) and same_words)


@every_knob
@pytest.mark.parametrize(
    "past", [lambda knob: knob.low - 1, lambda knob: knob.high + 1], ids=["below", "above"]
)
def test_a_knob_turned_too_far(name, knob, past):
    sentence = rf"'{knob.name}' is .*; it must be in the range {knob.low:g} to {knob.high:g}\."
    with pytest.raises(DatasetError, match=sentence):
        draw(name, **{knob.name: past(knob)})


@every_knob
@pytest.mark.parametrize("value", ["3", None, True, 1j])
def test_a_knob_that_is_no_number(name, knob, value):
    with pytest.raises(TypeError, match=rf"'{knob.name}' must be a .*number, not .*; give "):
        draw(name, **{knob.name: value})


def test_numbers_of_numpy_are_numbers():
    plain = draw("blobs", n_points=7, clusters=3, separation=4.0)
    numpys = draw("blobs", n_points=np.int64(7), clusters=np.int32(3), separation=np.float32(4))
    np.testing.assert_array_equal(plain.points, numpys.points)
    with pytest.raises(TypeError, match=r"'clusters' must be a whole number, not 2\.5; give 1 to 12"):
        draw("blobs", clusters=2.5)
    with pytest.raises(DatasetError, match="'stretch' is nan; it must be in the range 1 to 10"):
        draw("elongated", stretch=float("nan"))


@every_generator
def test_an_unknown_knob(name):
    knobs = ", ".join(knob.name for knob in GENERATORS[name].knobs)
    cure = f"choose one of {knobs}" if knobs else "it has none, so leave it out"
    with pytest.raises(DatasetError, match=f"'{name}' has no knob 'colour'; {cure}"):
        draw(name, colour=1)


@pytest.mark.parametrize("n_points", [0, -5])
def test_too_few_points(n_points):
    with pytest.raises(DatasetError, match=f"number of points is {n_points}; it must be 1 or more"):
        draw("moons", n_points=n_points)


@pytest.mark.parametrize("n_points", [2.0, "9", True])
def test_a_number_of_points_that_is_none(n_points):
    with pytest.raises(TypeError, match=r"must be a whole number, not .*; give 1 or more"):
        draw("moons", n_points=n_points)


def test_a_whole_number_is_a_seed():
    assert np.array_equal(generate("moons", rng=7).points, draw("moons", seed=7).points)
    assert not np.array_equal(generate("moons", rng=None).points, generate("moons", rng=None).points)


def test_an_unknown_generator():
    with pytest.raises(DatasetError, match=f"no generator 'swirl'; choose one of {', '.join(GENERATORS)}"):
        draw("swirl")


# --- what each generator claims


SEEDS = range(20)


@pytest.mark.slow
def test_elongated_clusters_suit_a_mixture_and_mislead_kmeans():
    drawn = [draw("elongated", seed=seed) for seed in SEEDS]
    assert max(kmeans_agreement(points, 3) for points in drawn) < 0.6
    for start, enough in (("kmeans", 0.95), ("k-means++", 0.9), ("random_from_data", 0.8)):
        scores = np.array(
            [mixture_agreement(points, 3, "full", start, seed) for points in drawn for seed in range(2)]
        )
        assert (scores >= 0.9).mean() >= enough, start


def test_elongated_at_stretch_1_is_round():
    drawn = draw("elongated", n_points=60_000, stretch=1.0)
    for label in range(3):
        cluster = drawn.points[drawn.labels == label]
        variances = np.linalg.eigvalsh(np.cov(cluster.T))
        assert variances[1] / variances[0] == pytest.approx(1, abs=0.05)


def test_tilt_turns_the_whole_picture():
    flat, turned = draw("elongated", tilt=0), draw("elongated", tilt=90)
    quarter_turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    np.testing.assert_allclose(turned.points, flat.points @ quarter_turn.T, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_round_blobs_are_easy_for_both(seed):
    drawn = draw("blobs", seed=seed)
    assert kmeans_agreement(drawn, 4) > 0.95
    assert mixture_agreement(drawn, 4, "spherical") > 0.95


@pytest.mark.parametrize("clusters", [1, 2, 12])
@pytest.mark.parametrize("separation", [2.0, 9.0])
def test_blobs_keep_their_separation(clusters, separation):
    drawn = draw("blobs", n_points=120_000, clusters=clusters, separation=separation)
    groups = [drawn.points[drawn.labels == label] for label in range(clusters)]
    deviations = [group.std(axis=0) for group in groups]
    np.testing.assert_allclose(deviations, np.mean(deviations), rtol=0.05)
    assert drawn.label_names == tuple(f"cluster {number}" for number in range(1, clusters + 1))
    if clusters > 1:
        means = np.array([group.mean(axis=0) for group in groups])
        distances = np.linalg.norm(means[:, None] - means, axis=2)[np.triu_indices(clusters, 1)]
        assert distances.min() / np.mean(deviations) == pytest.approx(separation, rel=0.05)


def test_unequal_sizes_differ_by_their_ratio():
    drawn = draw("unequal_sizes", n_points=60_000, ratio=4.0)
    small, medium, large = (drawn.points[drawn.labels == label].std(axis=0).mean() for label in range(3))
    assert medium / small == pytest.approx(2, rel=0.03)
    assert large / small == pytest.approx(4, rel=0.03)


@pytest.mark.parametrize("name", ["unequal_sizes", "unequal_weights", "mouse"])
def test_a_spherical_mixture_beats_kmeans(name):
    drawn = [draw(name, seed=seed) for seed in SEEDS]
    mixture = np.median([mixture_agreement(points, 3, "spherical") for points in drawn])
    kmeans = np.median([kmeans_agreement(points, 3) for points in drawn])
    assert mixture > kmeans + 0.08
    assert mixture > 0.75


def test_unequal_weights_differ_by_their_ratio():
    counts = np.bincount(draw("unequal_weights", n_points=43_000, ratio=36).labels)
    assert counts.tolist() == [36_000, 6_000, 1_000]


def test_the_mouse_has_its_published_counts():
    drawn = draw("mouse")
    assert drawn.label_names == ("head", "left ear", "right ear")
    assert np.bincount(drawn.labels + 1).tolist() == [10, 290, 100, 100]


@pytest.mark.parametrize("n_points", [1, 2, 7, 99, 501, 1000])
def test_a_mouse_of_any_size_keeps_its_proportions(n_points):
    counts = np.bincount(draw("mouse", n_points=n_points).labels + 1, minlength=4)
    assert counts.sum() == n_points
    assert np.abs(counts - n_points * np.array([10, 290, 100, 100]) / 500).max() < 1


def test_the_mouse_has_its_published_shape():
    drawn = draw("mouse", n_points=500_000)
    assert drawn.points.min() >= 0
    assert drawn.points.max() <= 1
    for label, centre, deviation in ((0, (0.5, 0.5), 0.2), (1, (0.25, 0.75), 0.05), (2, (0.75, 0.75), 0.05)):
        part = drawn.points[drawn.labels == label]
        np.testing.assert_allclose(np.median(part, axis=0), centre, atol=0.005)
        # The middle half of a Gaussian is 1.349 deviations wide, and the border does not reach it.
        middle_half = np.subtract(*np.quantile(part, [0.75, 0.25], axis=0))
        np.testing.assert_allclose(middle_half, 1.349 * deviation, rtol=0.03)
    background = drawn.points[drawn.labels == BACKGROUND]
    np.testing.assert_allclose(background.mean(axis=0), 0.5, atol=0.02)
    np.testing.assert_allclose(background.std(axis=0), 1 / np.sqrt(12), rtol=0.03)


def test_moons_without_noise_are_half_circles():
    drawn = draw("moons", noise=0.0)
    for label, centre in ((0, (-1.8, -0.9)), (1, (1.8, 0.9))):
        moon = drawn.points[drawn.labels == label] - centre
        np.testing.assert_allclose(np.linalg.norm(moon, axis=1), 3.6)
        assert (moon[:, 1] * (1 if label == 0 else -1) >= 0).all()


def test_rings_without_noise_are_circles_of_one_density():
    drawn = draw("rings", noise=0.0)
    np.testing.assert_allclose(np.linalg.norm(drawn.points, axis=1), np.array([2.0, 5.0])[drawn.labels])
    inner, outer = np.bincount(drawn.labels)
    assert outer / inner == pytest.approx(2.5, rel=0.02)


@pytest.mark.parametrize("arms", [1, 2, 4])
def test_spiral_arms_are_turned_copies(arms):
    drawn = draw("spiral", arms=arms, turns=1.5, noise=0.0)
    radii = np.linalg.norm(drawn.points, axis=1)
    angles = 2 * np.pi * (1.5 * radii / 5.5 + drawn.labels / arms)
    np.testing.assert_allclose(
        drawn.points, radii[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    )
    assert len(drawn.label_names) == arms


@pytest.mark.parametrize("clusters", [1, 3, 5])
@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.9])
def test_the_noise_has_its_share(clusters, fraction):
    drawn = draw("noise", n_points=3000, clusters=clusters, fraction=fraction)
    assert (drawn.labels == BACKGROUND).sum() == pytest.approx(3000 * fraction, abs=1)
    assert set(drawn.labels) - {BACKGROUND} == set(range(clusters))
    assert len(drawn.label_names) == clusters


def answered(drawn: LabelledPoints) -> np.ndarray:
    return drawn.texts["answer"] == "yes"


@pytest.mark.parametrize("certainty", [0.5, 0.8, 1.0])
def test_each_cluster_gives_its_own_answer_as_often_as_it_is_certain(certainty):
    drawn = draw("answers", n_points=60_000, certainty=certainty)
    yes, no, both = (answered(drawn)[drawn.labels == label].mean() for label in range(3))
    assert (yes, no, both) == pytest.approx((certainty, 1 - certainty, 0.5), abs=0.02)
    assert set(drawn.texts["answer"]) == {"yes", "no"}


@pytest.mark.parametrize("separation", [0.0, 1.5, 6.0])
def test_the_clusters_with_an_answer_lie_so_many_widths_apart(separation):
    drawn = draw("answers", n_points=60_000, separation=separation)
    one, other = (drawn.points[drawn.labels == label] for label in range(2))
    width = np.sqrt(np.linalg.eigvalsh(np.cov(one.T))[0])
    distance = np.linalg.norm(one.mean(axis=0) - other.mean(axis=0))
    assert distance / width == pytest.approx(separation, abs=0.1)


def test_the_places_do_not_part_the_clusters_and_the_answer_does():
    for seed in SEEDS:
        drawn = draw("answers", seed=seed)
        parted = LabelledPoints(
            drawn.points[drawn.labels < 2], drawn.labels[drawn.labels < 2], drawn.label_names
        )
        assert mixture_agreement(parted, 2, "full", seed=seed) < 0.6
        assert agreement(parted, answered(drawn)[drawn.labels < 2]) > 0.7


def test_the_uniform_square_has_no_clusters():
    drawn = draw("uniform", n_points=100_000)
    assert drawn.label_names == ("no clusters",)
    assert not drawn.labels.any()
    cells = np.histogram2d(*drawn.points.T, bins=5, range=[(-6, 6), (-6, 6)])[0]
    np.testing.assert_allclose(cells, 4000, rtol=0.1)
