"""Segments are found again for the same segmenter and image, and no other."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from sklime.segmentation import (
    FunctionSegmenter,
    GridSegmenter,
    MergeSegments,
    PrecomputedSegmenter,
    SlicSegmenter,
    create_segments,
    open_segments_cache,
    recall_segments,
)

SEGMENTERS = [
    SlicSegmenter(n_segments=20),
    SlicSegmenter(n_segments=30),
    SlicSegmenter(n_segments=20, compactness=1),
    make_pipeline(SlicSegmenter(n_segments=20), MergeSegments(min_size=200)),
    PrecomputedSegmenter(np.arange(64 * 64).reshape(64, 64) // 1024 - 1),
]


def test_each_has_its_own_and_finds_it(coffee, tmp_path, monkeypatch):
    expected = [create_segments(coffee, s.fit([coffee])) for s in SEGMENTERS]
    for segmenter, found in zip(SEGMENTERS, expected, strict=True):
        cache = open_segments_cache(tmp_path, segmenter)
        for got, wanted in zip(
            recall_segments(coffee, segmenter, cache=cache), found, strict=True
        ):
            np.testing.assert_array_equal(got, wanted)
    monkeypatch.setattr("sklime.segmentation._recall.create_segments", None)
    for segmenter, found in zip(SEGMENTERS, expected, strict=True):
        cache = open_segments_cache(tmp_path, segmenter)
        got = recall_segments(coffee, segmenter, cache=cache)
        for array, wanted in zip(got, found, strict=True):
            np.testing.assert_array_equal(array, wanted)
            assert array.dtype == wanted.dtype


def test_another_image_is_segmented_anew(coffee, tmp_path):
    segmenter = SlicSegmenter(n_segments=20).fit([coffee])
    cache = open_segments_cache(tmp_path, segmenter)
    recall_segments(coffee, segmenter, cache=cache)
    other = coffee[::-1]
    got, _ = recall_segments(other, segmenter, cache=cache)
    np.testing.assert_array_equal(got, create_segments(other, segmenter)[0])


@pytest.mark.parametrize(
    "segmenter",
    [
        FunctionSegmenter(lambda image: image),
        make_pipeline(FunctionTransformer(lambda images: images), GridSegmenter()),
    ],
)
def test_functions_have_no_folder(tmp_path, segmenter):
    assert open_segments_cache(tmp_path, segmenter) is None
    assert open_segments_cache(None, segmenter) is None


@pytest.mark.parametrize("library", ["numpy", "scipy", "skimage", "sklearn", "sklime"])
def test_another_version_of_a_library_finds_others(tmp_path, monkeypatch, library):
    segmenter = SlicSegmenter()
    before = open_segments_cache(tmp_path, segmenter)
    assert open_segments_cache(tmp_path, segmenter) == before
    monkeypatch.setattr(f"{library}.__version__", "99.0")
    assert open_segments_cache(tmp_path, segmenter) != before
