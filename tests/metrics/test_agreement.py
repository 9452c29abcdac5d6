"""Agreement of weights with what hiding does, against images composed one by one."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from sklime.metrics import faithfulness_correlation, infidelity
from sklime.segmentation import GridSegmenter


def collect(explanation, recorder, black_box, composed, measure, **options):
    """Return which segments were hidden in the images that a measure asked about."""
    box = recorder(black_box)
    measure(explanation, box, **options)
    images = np.concatenate(box.batches)
    hidden = []
    for image in images:
        changed = (image != explanation.image).any(axis=-1)
        rows = [changed[explanation.segments == s].any() for s in range(20)]
        shown = ~np.array(rows)[explanation.segments]
        np.testing.assert_array_equal(image, composed(explanation, shown, 0))
        hidden.append(rows)
    return np.array(hidden), images, len(box.batches)


def sums_and_losses(explanation, hidden, images, black_box):
    column = explanation.label_indices[0]
    start = black_box(explanation.image[np.newaxis])[0, column]
    sums = [sum(explanation.weights[0][row]) for row in hidden]
    losses = [start - black_box(i[np.newaxis])[0, column] for i in images]
    return np.array(sums), np.array(losses)


@pytest.mark.parametrize(("subset_size", "n_hidden"), [(0.2, 4), (7, 7), (0.01, 1)])
def test_correlation_over_subsets_of_one_size(
    explanation, recorder, black_box, composed, subset_size, n_hidden
):
    options = {"subset_size": subset_size, "n_subsets": 300, "random_state": 0}
    hidden, images, n_calls = collect(
        explanation, recorder, black_box, composed, faithfulness_correlation, **options
    )
    assert n_calls == 1
    assert (hidden.sum(axis=1) == n_hidden).all()
    # Equal rows are asked once: at size 1 there are only twenty.
    if n_hidden > 1:
        assert len(images) > 280
        sums, losses = sums_and_losses(explanation, hidden, images, black_box)
        expected = np.corrcoef(sums, losses)[0, 1]
        found = faithfulness_correlation(explanation, black_box, **options)
        assert found == pytest.approx(expected, abs=0.01)
        assert 0.8 < found < 0.9999


def test_infidelity_is_of_rows_independent_of_each_other(
    explanation, recorder, black_box, composed
):
    """Quantus carries the perturbed image over from one row to the next."""
    options = {"n_samples": 400, "random_state": 1}
    hidden, images, n_calls = collect(
        explanation, recorder, black_box, composed, infidelity, **options
    )
    assert n_calls == 1
    assert len(images) == 400
    shares = hidden.mean(axis=0)
    assert (abs(shares - 0.5) < 5 * 0.5 / 20).all()
    runs = (hidden[1:] & hidden[:-1]).mean()
    assert runs == pytest.approx(0.25, abs=0.02)
    sums, losses = sums_and_losses(explanation, hidden, images, black_box)
    found = infidelity(explanation, black_box, **options)
    assert found == pytest.approx(np.mean((sums - losses) ** 2))


def test_infidelity_by_hand(explainer_of):
    """Pixels 1, 2 and 4; the output is their product. Hiding sets them to 1.

    Hidden: none 8, {0} 8, {1} 4, {2} 2, {0, 1} 4, {0, 2} 2, {1, 2} 1, all 1: losses
    0, 0, 4, 6, 4, 6, 7, 7. With the weights 0, 3, 5 forecasts are 0, 0, 3, 5, 3, 5, 8,
    8: errors of one, in six of eight.
    """
    image = np.array([[1.0, 2.0, 4.0]])
    explainer = explainer_of(
        lambda images: images.prod(axis=(1, 2)),
        segmenter=GridSegmenter(1, 3),
        occluder=1,
        data_range=(0, 4),
    ).fit(image)
    explanation = explainer.explain(image)
    explanation = replace(explanation, weights=np.array([[0.0, 3.0, 5.0]]))
    options = {"n_samples": 20_000, "random_state": 0}
    found = infidelity(explanation, explainer, **options)
    assert found == pytest.approx(6 / 8, abs=0.02)
    # beta = sum of forecast * loss / sum of forecast²: (2*12 + 2*30 + 2*56) / 196 = 1
    halved = replace(explanation, weights=explanation.weights / 2)
    for other in (explanation, halved):
        normalised = infidelity(other, explainer, normalize=True, **options)
        assert normalised == pytest.approx(6 / 8, abs=0.02)
    assert infidelity(halved, explainer, **options) > 5


def test_perfect_weights_of_a_linear_black_box(coffee, explainer_of, quarters):
    explainer = explainer_of(quarters).fit(coffee)
    explanation = explainer.explain(coffee)
    column = explanation.label_indices[0]
    effects = [
        explanation.predictions[0]
        - quarters(explanation.perturbed(hidden=[s])[np.newaxis])[0, column]
        for s in range(20)
    ]
    perfect = replace(explanation, weights=np.array([effects]))
    assert infidelity(perfect, explainer) == pytest.approx(0, abs=1e-20)
    scaled = replace(explanation, weights=np.array([effects]) * -3)
    assert faithfulness_correlation(perfect, explainer) == pytest.approx(1)
    assert faithfulness_correlation(scaled, explainer) == pytest.approx(-1)
    assert infidelity(scaled, explainer, normalize=True) == pytest.approx(0, abs=1e-20)


def test_of_zero_weights_normalized_the_whole_loss_is_left(explanation, black_box):
    """Captum divides by one there; 0/0 would be NaN."""
    nothing = replace(explanation, weights=np.zeros((2, 20)))
    options = {"random_state": 0}
    found = infidelity(nothing, black_box, normalize=True, **options)
    assert found == infidelity(nothing, black_box, **options) > 0


def test_where_nothing_varies_there_is_no_relation(explanation, black_box):
    """Pearson's correlation would be NaN, and scipy warn; rounding would correlate."""
    equal = replace(explanation, weights=np.full((2, 20), 0.1))
    assert faithfulness_correlation(equal, black_box) == 0

    def indifferent(images, dtype):
        noise = np.random.RandomState(0).normal(size=(len(images), 2))
        return (0.1 * (1 + noise * np.finfo(dtype).eps / 4)).astype(dtype)

    known = np.full_like(explanation.sample_predictions, 0.1)
    same = replace(explanation, sample_predictions=known)
    for dtype in (np.float32, np.float64):
        assert faithfulness_correlation(same, partial(indifferent, dtype=dtype)) == 0


@pytest.mark.parametrize("n_segments", [1, 2])
@pytest.mark.parametrize("subset_size", [0.2, 0.9, 1, 5])
def test_few_segments(coffee, explainer_of, black_box, n_segments, subset_size):
    """One segment is always shown, except where there is only one."""
    explanation = explainer_of(segmenter=GridSegmenter(1, 2)).fit_explain(coffee)
    expected = pytest.approx(1)
    if n_segments == 1:
        explanation = replace(
            explanation,
            segments=np.zeros((64, 64), dtype=int),
            segment_ids=np.array([0]),
            weights=np.array([[2.0]]),
        )
        expected = 0
    found = faithfulness_correlation(
        explanation, black_box, subset_size=subset_size, random_state=0
    )
    assert found == expected
    assert infidelity(explanation, black_box, random_state=0) >= 0


def test_the_image_itself_is_not_asked_about(coffee, explainer_of, recorder, black_box):
    """Of two coins every fourth row shows everything."""
    explanation = explainer_of(segmenter=GridSegmenter(1, 2)).fit_explain(coffee)
    box = recorder(black_box)
    infidelity(explanation, box, random_state=0)
    assert box.n_images == 3
    assert not (np.concatenate(box.batches) == coffee).all(axis=(1, 2, 3)).any()


def test_fills_that_are_drawn_anew_show_their_first_draw(
    coffee, explainer_of, recorder, black_box
):
    explanation = explainer_of(occluder="randomise").fit_explain(coffee)
    box = recorder(black_box)
    infidelity(explanation, box, random_state=0, n_samples=20)
    for image in np.concatenate(box.batches):
        hidden = (image != coffee).any(axis=-1)
        np.testing.assert_array_equal(image[hidden], explanation.background[hidden])


@pytest.mark.parametrize("measure", [faithfulness_correlation, infidelity])
def test_seeds(explanation, black_box, measure):
    state = np.random.get_state()[1].copy()
    first, again, other = (
        measure(explanation, black_box, label=0, random_state=s) for s in (0, 0, 1)
    )
    assert first == again != other
    assert type(first) is float
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("subset_size", [0, -1, 0.0, 1.0, 1.5, True, "all"])
def test_sizes_that_are_none(explanation, recorder, subset_size):
    box = recorder()
    with pytest.raises(ValueError, match="subset_size must be an integer of at least"):
        faithfulness_correlation(explanation, box, subset_size=subset_size)
    with pytest.raises(ValueError, match="n_subsets must be an integer of at least 2"):
        faithfulness_correlation(explanation, box, n_subsets=1)
    with pytest.raises(ValueError, match="n_samples must be an integer of at least 1"):
        infidelity(explanation, box, n_samples=0)
    assert box.n_images == 0
