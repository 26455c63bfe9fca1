"""The E-step of points that come in pieces, from a generator or a file, and are never all in memory."""

import itertools
import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import (
    Expectation,
    Mixture,
    MixtureError,
    Noise,
    PointsError,
    Variant,
    blocks,
    e_step,
    iterate,
    m_step,
    run,
    start,
    step,
)
from gmm_core.points import Array
from tests.strategies import QUICK, make_mixture, make_points, seeds

RNG = np.random.default_rng(21)
PLAIN = make_mixture(RNG, 3, 2)
NOISY = Mixture(0.9 * PLAIN.weights, PLAIN.means, PLAIN.covariances, Noise(0.1, 300.0))
BINARY = Mixture(PLAIN.weights, PLAIN.means, PLAIN.covariances, None, RNG.uniform(0.1, 0.9, (3, 2)))
MIXTURES = {"plain": PLAIN, "noise": NOISY, "binary": BINARY}
POINTS = np.column_stack([make_points(RNG, PLAIN, 500), RNG.integers(0, 2, (500, 2))])


def points_for(mixture: Mixture) -> Array:
    return POINTS[:, : mixture.n_columns]


def assert_same(actual: Expectation, expected: Expectation) -> None:
    assert actual.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-12)
    assert actual.objective == pytest.approx(expected.objective, rel=1e-12)
    mine, theirs = actual.moments, expected.moments
    np.testing.assert_allclose(mine.counts, theirs.counts, rtol=1e-11)
    np.testing.assert_allclose(mine.means, theirs.means, rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(mine.scatters, theirs.scatters, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mine.successes, theirs.successes, rtol=1e-11)
    assert (mine.noise is None) == (theirs.noise is None)
    if mine.noise is not None and theirs.noise is not None:
        assert mine.noise.amount == pytest.approx(theirs.noise.amount, rel=1e-11)


STREAMS: dict[str, Callable[[Array], Iterator[Any]]] = {
    "one row at a time": lambda points: (points[i : i + 1] for i in range(len(points))),
    "uneven chunks": lambda points: iter(np.split(points, [1, 2, 77, 400])),
    "one chunk": lambda points: iter([points]),
    "lists": lambda points: (chunk.tolist() for chunk in np.split(points, 5)),
    "every other row": lambda points: (points[i::2] for i in range(2)),
    "map": lambda points: map(np.asarray, np.split(points, 10)),
}


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.parametrize("name", MIXTURES)
@pytest.mark.parametrize("temperature", [1.0, 0.5, 0.0])
def test_a_stream_is_the_array(kind: str, name: str, temperature: float) -> None:
    mixture = MIXTURES[name]
    points = points_for(mixture)
    streamed = e_step(STREAMS[kind](points), mixture, temperature=temperature)
    assert_same(streamed, e_step(points, mixture, temperature=temperature))


@QUICK
@given(seeds, st.integers(1, 4), st.lists(st.integers(1, 99), max_size=4), st.sampled_from([0.0, 1e6]))
def test_wherever_a_stream_is_cut(seed: int, n_dimensions: int, cuts: list[int], offset: float) -> None:
    rng = np.random.default_rng(seed)
    plain = make_mixture(rng, 2, n_dimensions)
    points = make_points(rng, plain, 100) + offset
    mixture = Mixture(plain.weights, plain.means + offset, plain.covariances)
    parts = iter(np.split(points, sorted(set(cuts))))
    assert_same(e_step(parts, mixture), e_step(points, mixture))


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_narrow_chunks_count_as_their_float64_values_to_the_bit(dtype: Any) -> None:
    narrow = points_for(PLAIN).astype(dtype)
    chunks = np.split(narrow, 5)
    streamed = e_step(iter(chunks), PLAIN)
    wide = e_step(iter([chunk.astype(np.float64) for chunk in chunks]), PLAIN)
    assert streamed.log_likelihood == wide.log_likelihood
    assert np.array_equal(streamed.moments.scatters, wide.moments.scatters)


def test_em_walks_over_a_stream_made_anew_each_time() -> None:
    points = points_for(PLAIN)

    def stream() -> Iterator[Array]:
        return iter(np.array_split(points, 7))

    state = start(stream(), PLAIN)
    for expected in itertools.islice(iterate(points, PLAIN), 6):
        assert state.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-12)
        np.testing.assert_allclose(state.mixture.covariances, expected.mixture.covariances, rtol=1e-8)
        state = step(stream(), state)


def test_workers_may_each_take_a_part() -> None:
    """What is added up may come from anywhere, and the M-step is that of all points."""
    points = points_for(NOISY)
    parts = [e_step(iter(np.array_split(part, 3)), NOISY) for part in np.split(points, [50, 270])]
    mixture, expected = (
        m_step((parts[2] + (parts[0] + parts[1])).moments),
        m_step(e_step(points, NOISY).moments),
    )
    np.testing.assert_allclose(mixture.covariances, expected.covariances, rtol=1e-9)
    np.testing.assert_allclose(mixture.weights, expected.weights, rtol=1e-11)


def test_a_file_need_not_be_read_at_once(tmp_path: Path) -> None:
    points = points_for(PLAIN).astype(np.float32)
    path = tmp_path / "points.npy"
    np.save(path, points)
    for mapped in (np.load(path, mmap_mode="r"), np.memmap(path, np.float32, "r", 128, points.shape)):
        assert isinstance(mapped, np.memmap)
        expectation = e_step(mapped, PLAIN)
        expected = e_step(points, PLAIN)
        assert expectation.log_likelihood == expected.log_likelihood
        assert np.array_equal(expectation.moments.scatters, expected.moments.scatters)
        assert_same(e_step(iter([mapped[:100], mapped[100:]]), PLAIN), expected)


# Memory

MANY = 2_000_000


def peak_of(work: Callable[[], Expectation]) -> tuple[Expectation, float]:
    """The result, and the megabytes that were held at most on top of what was there."""
    tracemalloc.start()
    try:
        result = work()
        return result, tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("n_components", [1, 5, 40])
def test_no_more_memory_is_held_than_is_promised(n_components: int) -> None:
    rng = np.random.default_rng(0)
    mixture = Mixture(
        np.full(n_components, 1 / n_components),
        rng.standard_normal((n_components, 2)),
        np.repeat(np.eye(2)[None], n_components, axis=0),
    )
    points = rng.standard_normal((MANY // 2, 2))
    assert peak_of(lambda: e_step(points, mixture))[1] < 64


@pytest.mark.parametrize("name", ["plain", "noise", "tiny"])
def test_two_million_points_need_no_copy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """16 MB of float32: as float64 they would be 32 MB, and their responsibilities 48 MB."""
    monkeypatch.setattr(blocks, "MOST_BYTES", 4 * 2**20)
    mixture = MIXTURES.get(name, PLAIN)
    if name == "tiny":
        # So small that the E-step takes differences from every mean.
        mixture = Mixture(PLAIN.weights, PLAIN.means, 1e-12 * PLAIN.covariances)
    points = np.random.default_rng(0).standard_normal((MANY, 2), dtype=np.float32)
    expectation, megabytes = peak_of(lambda: e_step(points, mixture))
    assert expectation.moments.total == pytest.approx(MANY, rel=1e-9)
    assert megabytes < 16


def test_a_stream_of_two_million_points_is_forgotten_as_it_goes() -> None:
    def stream() -> Iterator[Any]:
        rng = np.random.default_rng(0)
        for _ in range(20):
            yield rng.standard_normal((MANY // 20, 2), dtype=np.float32)

    expectation, megabytes = peak_of(lambda: e_step(stream(), PLAIN))
    assert expectation.moments.total == pytest.approx(MANY, rel=1e-9)
    assert megabytes < 16


# What is refused

TWICE = "An iterator of points can be read only once; call step with a new one each time."


def test_an_empty_stream_is_refused() -> None:
    sentence = "The iterator of points is empty, as it is when read twice; make it anew."
    read = iter([points_for(PLAIN)])
    e_step(read, PLAIN)
    for stream in (iter([]), read):
        with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
            e_step(stream, PLAIN)


@pytest.mark.parametrize("walk", [run, lambda points, mixture: next(iterate(points, mixture))])
def test_a_stream_cannot_be_walked_over(walk: Callable[..., Any]) -> None:
    with pytest.raises(PointsError, match=f"^{re.escape(TWICE)}$"):
        walk(iter([points_for(PLAIN)]), PLAIN)


def test_sample_weights_need_an_array() -> None:
    sentence = "Sample weights go with an array of points, not with an iterator; add up E-steps."
    points = points_for(PLAIN)
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        e_step(iter([points]), PLAIN, sample_weights=np.ones(len(points)))
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        start(iter([points]), PLAIN, variant=Variant(sample_weights=np.ones(len(points))))


def test_a_temperature_is_refused_before_anything_is_read() -> None:
    def untouchable() -> Iterator[Any]:
        raise AssertionError("read")
        yield

    with pytest.raises(MixtureError, match=r"^The temperature is -1;"):
        e_step(untouchable(), PLAIN, temperature=-1)


@pytest.mark.parametrize(
    ("chunk", "sentence"),
    [
        (np.empty((0, 2)), "There are no points; give at least one row."),
        (
            np.ones((3, 3)),
            "The points have 3 columns and the mixture 2 dimensions; choose the same columns for both.",
        ),
        (
            [[1.0, np.nan]],
            "Row 0 of the points is missing or infinite; drop such rows or fill them in first.",
        ),
        ([1.0, 2.0], "Points must have shape (N, D), one row a point, not (2,); reshape them."),
    ],
)
def test_a_bad_chunk_is_refused_as_an_array_is(chunk: Any, sentence: str) -> None:
    for points in (chunk, iter([points_for(PLAIN), chunk])):
        with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
            e_step(points, PLAIN)
