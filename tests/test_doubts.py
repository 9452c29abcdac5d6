"""Doubts are said once for all images, and only where there are any."""

from types import SimpleNamespace

import numpy as np
import pytest

from sklime._doubts import (
    Evidence,
    warn_of_few,
    warn_of_unchanged,
    warn_of_unreliable,
)
from sklime.sampling import SubsetSampler


def gather(sampler="balanced", **given):
    """Return the evidence of an explanation that is dubious in one respect only."""
    pixel = np.zeros((1, 1))
    fine = {
        "image": pixel,
        "background": pixel + 9,
        "segments": pixel.astype(int),
        "data_range": (0, 255),
        "samples": np.ones((4, 2), bool),
        "weights": np.ones((1, 2)),
        "sample_weights": np.ones(4),
        "fidelity": np.ones(1),
    }
    return Evidence.from_explanation(SimpleNamespace(**fine | given), sampler)


def explanation_with(n_unchanged):
    """Return ten segments of one pixel, some of which look the same when hidden."""
    image = np.full((1, 10), 100, dtype=np.uint8)
    background = np.where(np.arange(10) < n_unchanged, 100, 0).astype(np.uint8)[None]
    return gather(image=image, background=background, segments=np.arange(10)[None])


def test_over_half_of_the_segments():
    warn_of_unchanged([explanation_with(5)], "mean")
    several = [explanation_with(n) for n in (0, 6, 5, 9)]
    with pytest.warns(UserWarning, match=r"of 2 of 4 images.*X\[1\]") as warned:
        warn_of_unchanged(several, np.zeros((300, 300)))
    assert len(warned) == 1
    assert "occluder (ndarray)" in str(warned[0].message)


def test_zero_weights_and_fidelity_that_was_not_measured():
    def explained(weights, fidelity):
        return gather(
            weights=np.array(weights),
            fidelity=np.array(fidelity),
            sample_weights=np.array([1.0, 0, 0, 1]),
        )

    warn_of_unreliable([explained([[0.0, 1.0]], [0.3])])
    with pytest.warns(UserWarning, match=r"1 of 2 images, the first of them X\[1\]"):
        warn_of_unreliable(
            [explained([[0.0, 1.0]], [0.3]), explained([[1.0, 1], [0, 0]], [0.3, 0.3])]
        )
    with pytest.warns(UserWarning, match="NaN: at least.*different.*Got 4, of which 2"):
        warn_of_unreliable([explained([[0.0, 1], [1, 0]], [0.3, np.nan])])


def test_fewer_perturbations_than_segments():
    """The number that would do is that of the smallest balanced array."""

    def explained(n_rows, n_segments, n_hidden=None, sampler="balanced"):
        samples = np.random.RandomState(0).uniform(size=(n_rows, n_segments)) < 0.5
        samples[0] = samples[:, n_hidden or n_segments :] = True
        return gather(sampler, samples=samples)

    warn_of_few([explained(9, 8), explained(200, 100)])
    with pytest.warns(UserWarning, match=r"Got 8 for 8 segments"):
        warn_of_few([explained(8, 8)])
    message = r"Got 64 for 70 segments of X\[1\], too few for 2 of 3 images.*least 256"
    with pytest.warns(UserWarning, match=message) as warned:
        warn_of_few([explained(9, 8), explained(64, 70), explained(64, 100)])
    assert len(warned) == 1
    warn_of_few([explained(64, 100, 60, SubsetSampler(range(60))), None])


def test_fewer_rows_than_segments_that_they_hide():
    """Two rows hide about half of the segments; all of them want an answer."""
    samples = np.array([[True] * 54, [True, False] * 27])
    with pytest.warns(UserWarning, match=r"Got 2 for 54 segments.*at least 128"):
        warn_of_few([gather(samples=samples)])


def test_segments_that_are_never_hidden():
    samples = np.random.RandomState(0).uniform(size=(64, 20)) < 0.5
    samples[0] = samples[:, 3] = samples[:, 7] = True
    message = r"never hides 2 of the 20 segments of X\[1\].*in 1 of 2 images"
    fine = samples.copy()
    fine[1, [3, 7]] = False
    with pytest.warns(UserWarning, match=message) as warned:
        warn_of_few([gather(samples=s) for s in (fine, samples)])
    assert len(warned) == 1


def test_an_image_that_outweighs_its_perturbations():
    def weighed(weights):
        samples = np.ones((len(weights), 2), bool)
        return gather(samples=samples, sample_weights=np.array(weights))

    warn_of_unreliable([weighed([1.0, 0.5, 0.5, 0.001]), weighed([1.0, 1e-4])])
    with pytest.warns(
        UserWarning, match=r"kernel_width leaves.*1 of 2 .*X\[1\].*'local'"
    ):
        warn_of_unreliable([weighed([1.0, 1, 1]), weighed([1.0, 0.4, 0.4])])


def test_a_single_segment():
    one = gather(samples=np.array([[True], [False]]))
    with pytest.warns(UserWarning, match=r"in 1 of 1 images, the first of them X\[0\]"):
        warn_of_few([one])
