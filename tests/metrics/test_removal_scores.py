"""Areas under and over curves of removal."""

from itertools import pairwise

import numpy as np
import pytest

from sklime.metrics import (
    deletion_auc,
    deletion_curve,
    faithfulness,
    fidelity,
    insertion_auc,
    insertion_curve,
    irof,
)
from sklime.segmentation import GridSegmenter


def trapezoids(areas, scores):
    pairs = zip(pairwise(areas), pairwise(scores), strict=True)
    return sum((b - a) * (s + t) / 2 for (a, b), (s, t) in pairs)


@pytest.mark.parametrize("options", [{}, {"unit": "segments", "n_steps": None}])
def test_areas_under_the_curves(partial_explanation, black_box, options):
    """Steps of different areas count as wide as they are: no mean over points."""
    explanation = partial_explanation
    inserted = trapezoids(*insertion_curve(explanation, black_box, **options))
    deleted = trapezoids(*deletion_curve(explanation, black_box, **options))
    assert insertion_auc(explanation, black_box, **options) == pytest.approx(inserted)
    assert deletion_auc(explanation, black_box, **options) == pytest.approx(deleted)
    found = faithfulness(explanation, black_box, **options)
    assert found == pytest.approx(inserted - deleted)
    assert type(found) is float


def test_of_a_linear_black_box_in_closed_form(coffee, explainer_of):
    """A quarter of the pixels count alike, are white, and come first.

    Insertion rises to 1 within the first quarter of the area and stays, 7/8; deletion
    falls as fast, 1/8.
    """
    image = np.full((64, 64), 55, dtype=np.uint8)
    image[:32, :32] = 255
    explainer = explainer_of(
        lambda images: images[:, :32, :32].mean(axis=(1, 2)) / 255,
        segmenter=GridSegmenter(4, 4),
    ).fit(image)
    explanation = explainer.explain(image)
    options = {"baseline": 0, "n_steps": 16}
    assert insertion_auc(explanation, explainer, **options) == pytest.approx(7 / 8)
    assert deletion_auc(explanation, explainer, **options) == pytest.approx(1 / 8)
    assert faithfulness(explanation, explainer, **options) == pytest.approx(3 / 4)


def test_faithfulness_asks_39_images_once(explanation, recorder, black_box):
    box = recorder(black_box)
    faithfulness(explanation, box)
    assert len(box.batches) == 1
    images = box.batches[0]
    assert len(np.unique(images.reshape(39, -1), axis=0)) == 39
    assert not (images == explanation.image).all(axis=(1, 2, 3)).any()
    faithfulness(explanation, box, n_random=2)
    assert box.n_images == 39 + 39 + 2 * 38


def test_random_orders_are_what_is_subtracted(explanation, black_box):
    rng = np.random.RandomState(3)
    options = {"baseline": 0, "n_steps": 10}
    chance = [
        trapezoids(
            *insertion_curve(
                explanation, black_box, order="random", random_state=rng, **options
            )
        )
        for _ in range(4)
    ]
    whole = insertion_auc(explanation, black_box, **options)
    found = insertion_auc(explanation, black_box, n_random=4, random_state=3, **options)
    assert found == pytest.approx(whole - np.mean(chance))


def test_random_orders_earn_nothing(explanation, black_box):
    earned = [
        faithfulness(
            explanation, black_box, order="random", n_random=2, random_state=seed
        )
        for seed in range(20)
    ]
    true = faithfulness(explanation, black_box, n_random=2, random_state=0)
    assert 3 * np.abs(earned).mean() < true
    assert 10 * abs(np.mean(earned)) < true
    less = deletion_auc(explanation, black_box, n_random=2, random_state=0)
    assert less < 0 < insertion_auc(explanation, black_box, n_random=2, random_state=0)


def test_coarse_segments_buy_no_faithfulness(coffee, explainer_of):
    """By fidelity the coarsest segmentation wins, although it finds least."""
    rows, columns = np.mgrid[:64, :64]
    spot = (np.hypot(rows - 20, columns - 40) < 9)[..., np.newaxis]

    def spot_is_there(images):
        seen = (images * spot).sum(axis=(1, 2, 3)) / (coffee * spot).sum()
        return seen**2

    results = {}
    for n in (2, 8):
        explainer = explainer_of(
            spot_is_there, segmenter=GridSegmenter(n, n), n_perturbations=128
        ).fit(coffee)
        explanation = explainer.explain(coffee)
        results[n] = fidelity(explanation), faithfulness(explanation, explainer)
    assert results[2][0] > results[8][0]
    assert results[2][1] + 0.1 < results[8][1]


def test_irof_is_cumulative_and_counts_every_segment(explanation, black_box, composed):
    """Quantus removes each segment from the whole image, and the last from none."""
    ranked = np.argsort(-explanation.weights[0], kind="stable")
    start = black_box(explanation.image[np.newaxis])[0, 1]
    together, alone = [1.0], [1.0]
    for k in range(20):
        for shares, gone in ((together, ranked[: k + 1]), (alone, ranked[k : k + 1])):
            shown = ~np.isin(explanation.segments, gone)
            image = composed(explanation, shown, 3)
            shares.append(black_box(image[np.newaxis])[0, 1] / start)
    over = [
        np.mean([1 - (a + b) / 2 for a, b in pairwise(s)]) for s in (together, alone)
    ]
    found = irof(explanation, black_box, baseline=3)
    assert found == pytest.approx(over[0])
    assert abs(over[0] - over[1]) > 0.3
    without_last = np.array(together[:-1])
    assert found != pytest.approx(np.mean(1 - without_last))


def test_irof_needs_a_positive_output(explainer_of, coffee):
    explainer = explainer_of(lambda images: -images.mean(axis=(1, 2, 3)))
    explanation = explainer.fit_explain(coffee)
    with pytest.raises(ValueError, match=r"must be positive.*response_method='predict"):
        irof(explanation, explainer)


@pytest.mark.parametrize("n_random", [-1, 1.5, None])
def test_number_of_random_orders(explanation, recorder, n_random):
    box = recorder()
    for score in (insertion_auc, deletion_auc, faithfulness):
        with pytest.raises(ValueError, match="n_random must be an integer of at least"):
            score(explanation, box, n_random=n_random)
    assert box.n_images == 0


def test_unknown_options_are_refused(explanation, black_box):
    with pytest.raises(TypeError, match="n_stepps"):
        faithfulness(explanation, black_box, n_stepps=3)


def test_memory_answers_what_was_asked_before(
    coffee, explainer_of, recorder, black_box, tmp_path
):
    """The fully hidden image is known whatever the order; other steps are new."""
    box = recorder(black_box)
    options = {"memory": tmp_path, "memory_key": "bright and red"}
    explainer = explainer_of(box, **options).fit(coffee)
    explanation = explainer.explain(coffee, labels=[1, 0])
    before = box.n_images
    first = faithfulness(explanation, explainer)
    assert box.n_images == before + 39
    again = explainer_of(box, **options).fit(coffee)
    assert faithfulness(explanation, again) == first
    assert box.n_images == before + 39
    faithfulness(explanation, again, order="random", random_state=0)
    assert box.n_images == before + 39 + 38
