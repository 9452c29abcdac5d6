"""Modes of colour and position: scikit-image's, with lime's options at hand."""

import inspect

import numpy as np
import pytest
from lime.wrappers.scikit_image import SegmentationAlgorithm
from skimage import data, segmentation, transform

from sklime.segmentation import QuickshiftSegmenter, relabel_segments


def test_every_option_of_scikit_image_is_a_parameter():
    ours = set(inspect.signature(QuickshiftSegmenter).parameters)
    theirs = set(inspect.signature(segmentation.quickshift).parameters)
    assert theirs - ours == {"image", "return_tree", "rng"}
    assert "random_state" in ours


def test_with_the_options_of_lime_it_finds_the_segments_of_lime(coffee):
    """The picture as lime wants it; ours is the same for each of its versions."""
    options = {"kernel_size": 4, "max_dist": 200, "ratio": 0.2}
    theirs = SegmentationAlgorithm("quickshift", **options)(coffee / 255)
    ours = QuickshiftSegmenter(**options, random_state=42).fit_transform(coffee)[0]
    np.testing.assert_array_equal(relabel_segments(theirs)[0], ours)


def test_the_seed_breaks_ties(photographs):
    """Trap L2 of lime: its seed was dropped before it reached scikit-image."""
    flat = np.zeros((24, 24, 3))
    flat[:, 12:] = 1
    maps = [
        QuickshiftSegmenter(random_state=seed).fit_transform(flat)[0]
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(maps[0], maps[1])
    assert (maps[0] != maps[2]).any()


def test_every_option_reaches_scikit_image(coffee):
    options = {"ratio": 0.9, "kernel_size": 2, "max_dist": 7, "sigma": 1.5}
    ours = QuickshiftSegmenter(**options, random_state=3).fit_transform(coffee)[0]
    theirs = segmentation.quickshift(coffee / 255, **options, rng=3)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["coffee", "chelsea", "rocket", "camera"])
def test_default_number_on_photographs(photographs, name):
    counts = QuickshiftSegmenter(random_state=0).fit_transform(photographs[name])
    assert 40 <= counts.max() + 1 <= 120


@pytest.mark.parametrize("size", [100, 224])
def test_default_number_at_other_sizes(size):
    """The documented 35 to 130."""
    for name in ("coffee", "chelsea", "rocket", "astronaut", "camera"):
        image = transform.resize(
            getattr(data, name)(), (size, size), anti_aliasing=True
        )
        segments = QuickshiftSegmenter(random_state=0).fit_transform(image)
        assert 35 <= segments.max() + 1 <= 130


def test_lab_colours_by_choice(coffee):
    by_default = QuickshiftSegmenter(random_state=0).fit_transform(coffee)
    lab = QuickshiftSegmenter(convert2lab=True, random_state=0).fit_transform(coffee)
    rgb = QuickshiftSegmenter(convert2lab=False, random_state=0).fit_transform(coffee)
    np.testing.assert_array_equal(by_default, lab)
    assert (by_default != rgb).any()
    with pytest.raises(ValueError, match="Only RGB images"):
        QuickshiftSegmenter(convert2lab=True).fit_transform(coffee[..., 0])
