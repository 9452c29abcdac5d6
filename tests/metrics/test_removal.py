"""Insertion and deletion, against images composed one by one."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from sklime.metrics import deletion_curve, insertion_curve
from sklime.perturbation import BlackBox

CURVES = {"insertion": insertion_curve, "deletion": deletion_curve}


def naive_curve(kind, explanation, black_box, order, counts, fill, composed):
    """Show or hide the first pixels of an order, one image after the other."""
    scores = []
    for count in counts:
        taken = np.zeros(explanation.segments.size, dtype=bool)
        taken[order[:count]] = True
        taken = taken.reshape(explanation.segments.shape)
        shown = taken if kind == "insertion" else ~taken
        image = composed(explanation, shown, fill)
        scores.append(black_box(image[np.newaxis])[0, explanation.label_indices[0]])
    return scores


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("n_steps", [1, 20, 37])
def test_pixels_by_the_weight_of_their_segment(
    explanation, black_box, coffee, composed, kind, n_steps
):
    heatmap = explanation.heatmap().ravel()
    order = sorted(range(64 * 64), key=lambda pixel: (-heatmap[pixel], pixel))
    counts = [round(k * 64 * 64 / n_steps) for k in range(n_steps + 1)]
    mean = np.rint(coffee.mean(axis=(0, 1)))
    expected = naive_curve(kind, explanation, black_box, order, counts, mean, composed)
    areas, scores = CURVES[kind](explanation, black_box, n_steps=n_steps)
    np.testing.assert_allclose(areas, np.array(counts) / 64**2)
    np.testing.assert_allclose(scores, expected, atol=1e-12)


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("which", ["explanation", "partial_explanation"])
def test_segments_one_after_the_other(kind, which, black_box, composed, request):
    """Pixels of no segment are always shown."""
    explanation = request.getfixturevalue(which)
    column = explanation.label_indices[0]
    ranked = np.argsort(-explanation.weights[0], kind="stable")
    areas, scores = CURVES[kind](
        explanation, black_box, unit="segments", n_steps=None, baseline=9
    )
    inside = explanation.segments >= 0
    for k in range(explanation.n_segments + 1):
        taken = np.isin(explanation.segments, ranked[:k])
        shown = (taken if kind == "insertion" else ~taken) | ~inside
        image = composed(explanation, shown, 9)
        assert scores[k] == pytest.approx(black_box(image[np.newaxis])[0, column])
        assert areas[k] == pytest.approx(taken.sum() / inside.sum())


def test_pixels_of_no_segment_are_ordered_like_zeros(
    partial_explanation, black_box, composed
):
    explanation = partial_explanation
    heatmap = np.zeros(explanation.segments.size)
    for pixel, segment in enumerate(explanation.segments.ravel()):
        heatmap[pixel] = explanation.weights[0, segment] if segment >= 0 else 0
    order = sorted(range(heatmap.size), key=lambda pixel: (-heatmap[pixel], pixel))
    counts = [round(k * heatmap.size / 20) for k in range(21)]
    expected = naive_curve(
        "deletion", explanation, black_box, order, counts, 0, composed
    )
    found = deletion_curve(explanation, black_box, baseline=0)[1]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_segments_in_equal_steps_are_points_of_the_full_curve(
    partial_explanation, black_box
):
    options = {"unit": "segments", "baseline": 0}
    every = dict(
        zip(
            *insertion_curve(partial_explanation, black_box, n_steps=None, **options),
            strict=True,
        )
    )
    areas, scores = insertion_curve(
        partial_explanation, black_box, n_steps=4, **options
    )
    assert 2 < len(areas) <= 5 < len(every)
    assert (np.diff(areas) > 0).all()
    for area, score in zip(areas, scores, strict=True):
        assert every[area] == pytest.approx(score)


def test_both_ends_are_the_image_and_the_baseline(explanation, explainer):
    inserted = insertion_curve(explanation, explainer, label=0)[1]
    deleted = deletion_curve(explanation, explainer, label=0)[1]
    assert inserted[-1] == deleted[0] == explanation.predictions[1]
    assert inserted[0] == deleted[-1]


def test_the_image_itself_is_never_asked_about(explanation, recorder, black_box):
    box = recorder(black_box)
    insertion_curve(explanation, box)
    images = np.concatenate(box.batches)
    assert len(images) == 20
    assert not (images == explanation.image).all(axis=(1, 2, 3)).any()


def test_whatever_can_be_asked_gives_the_same(explanation, explainer, black_box):
    expected = insertion_curve(explanation, black_box)[1]
    for estimator in (explainer, explainer.get_black_box(), BlackBox(black_box)):
        np.testing.assert_array_equal(
            insertion_curve(explanation, estimator)[1], expected
        )


def test_channels_first(coffee, explainer_of, black_box, explanation):
    """Curves are computed channels last, the black box is asked in its own layout."""

    def first(images):
        assert images.shape[1] == 3
        return black_box(np.moveaxis(images, 1, -1))

    image = np.moveaxis(coffee, -1, 0)
    explainer = explainer_of(first, channel_axis=0).fit(image)
    found = insertion_curve(explainer.explain(image, labels=1), explainer)[1]
    np.testing.assert_allclose(found, insertion_curve(explanation, black_box)[1])


def test_random_orders_are_seeded_and_leave_the_global_state(explanation, black_box):
    state = np.random.get_state()[1].copy()
    options = {"order": "random"}
    first, again, other = (
        insertion_curve(explanation, black_box, random_state=seed, **options)[1]
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_a_random_order_of_pixels_scatters_single_pixels(explanation, recorder):
    """Half of the pixels are shown in every segment, not all in half of them."""
    box = recorder(lambda images: np.zeros((len(images), 2)))
    insertion_curve(explanation, box, order="random", n_steps=2, baseline=(255, 0, 255))
    (half,) = [
        image
        for image in np.concatenate(box.batches)
        if 0.4 < (image != (255, 0, 255)).any(axis=-1).mean() < 0.6
    ]
    shown = (half == explanation.image).all(axis=-1)
    shares = [shown[explanation.segments == s].mean() for s in range(20)]
    assert 0.3 < min(shares) < max(shares) < 0.7


def test_a_random_order_of_segments_keeps_them_whole(explanation, black_box):
    firsts = []
    for seed in range(60):
        areas, scores = insertion_curve(
            explanation,
            black_box,
            unit="segments",
            n_steps=None,
            order="random",
            random_state=seed,
            baseline=0,
        )
        firsts.append(scores[1] - scores[0])
    alone = [
        black_box(explanation.perturbed(shown=[s])[np.newaxis])[0, 1] for s in range(20)
    ]
    assert all(np.isclose(first, alone).any() for first in firsts)
    assert ks_2samp(firsts, alone).pvalue > 0.01
    assert len(areas) == 21


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "pixel"}, "unit must be one of 'pixels', 'segments'. Got 'pixel'"),
        ({"order": "weight"}, "order must be one of 'weights', 'random'. Got 'weight'"),
        ({"n_steps": 0}, "n_steps must be an integer of at least 1. Got 0"),
        ({"n_steps": None}, "n_steps must be an integer of at least 1. Got None"),
        ({"n_steps": 2.0}, "n_steps must be an integer of at least 1. Got 2.0"),
        ({"label": 7}, "label must be one of"),
    ],
)
@pytest.mark.parametrize("curve", CURVES.values())
def test_errors_come_before_the_black_box_is_asked(
    explanation, recorder, options, message, curve
):
    box = recorder()
    with pytest.raises(ValueError, match=message):
        curve(explanation, box, **options)
    assert box.n_images == 0


def test_another_black_box_is_refused(explanation, quarters):
    with pytest.raises(ValueError, match=r"estimator must .* with 2 outputs. Got 4"):
        insertion_curve(explanation, quarters)
