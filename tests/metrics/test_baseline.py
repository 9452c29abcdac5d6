"""What removed parts show."""

import numpy as np
import pytest

from sklime.metrics import create_baseline
from sklime.occlusion import BlurOccluder, NoiseOccluder, ReferenceOccluder


def test_none_is_the_mean_colour_rounded(explanation, coffee):
    """Truncated to uint8 it would be darker; of segments it would not be one colour."""
    expected = np.rint(coffee.mean(axis=(0, 1))).astype(np.uint8)
    found = create_baseline(explanation)
    assert found.dtype == np.uint8
    assert (found == expected).all()
    assert (coffee.mean(axis=(0, 1)).astype(np.uint8) != expected).any()


def test_background_is_that_of_the_explanation(explanation):
    assert create_baseline(explanation, "background") is explanation.background


def test_anything_that_an_explainer_takes(explanation, coffee):
    assert (create_baseline(explanation, 7) == 7).all()
    assert (create_baseline(explanation, (1, 2, 3))[5, 5] == [1, 2, 3]).all()
    np.testing.assert_array_equal(
        create_baseline(explanation, coffee[::-1]), coffee[::-1]
    )
    means = create_baseline(explanation, "mean")
    first = explanation.segments == 0
    assert (means[first] == np.rint(coffee[first].mean(axis=0))).all()
    blurred = create_baseline(explanation, BlurOccluder(sigma=2))
    assert not np.array_equal(blurred, create_baseline(explanation, "blur"))


def test_named_colours_are_on_the_scale_of_the_explainer(digits, explainer_of):
    """A digit's own range may be [0, 15] where the explainer's is [0, 16]."""
    images, _ = digits
    explainer = explainer_of(
        lambda batch: batch.mean(axis=(1, 2)), channel_axis=None, data_range=(0, 32)
    ).fit(images)
    explanation = explainer.explain(images[0])
    assert (create_baseline(explanation, "white") == 32).all()


def test_pixels_of_no_segment_are_filled_too(partial_explanation, coffee):
    """But not where whole segments are removed: these pixels never are."""
    frame = partial_explanation.segments < 0
    filled = create_baseline(partial_explanation, "mean")
    assert (filled[frame] == np.rint(coffee[frame].mean(axis=0))).all()
    kept = create_baseline(partial_explanation, "mean", unit="segments")
    np.testing.assert_array_equal(kept[frame], coffee[frame])
    np.testing.assert_array_equal(kept[~frame], filled[~frame])


def test_drawn_fills_are_seeded(explanation):
    first, again, other = (
        create_baseline(explanation, "noise", random_state=seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("baseline", ["randomise", NoiseOccluder(redraw=True)])
def test_a_fill_drawn_anew_is_no_baseline(explanation, baseline):
    with pytest.raises(
        ValueError, match="baseline must fill all images of a curve ali"
    ):
        create_baseline(explanation, baseline)


def test_a_reference_is_that_of_its_own_images(explanation, photographs):
    """Fitted to the explained image it would be that image, and change nothing."""
    for unfitted in ("reference", ReferenceOccluder()):
        with pytest.raises(ValueError, match="baseline must be a fitted Reference"):
            create_baseline(explanation, unfitted)
    fitted = ReferenceOccluder().fit([photographs["chelsea"]])
    found = create_baseline(explanation, fitted)
    np.testing.assert_array_equal(found, photographs["chelsea"])


def test_errors_name_the_baseline(explanation):
    with pytest.raises(ValueError, match="occluder must be one of") as error:
        create_baseline(explanation, "meen")
    assert "the parameter 'baseline'" in error.value.__notes__[0]
