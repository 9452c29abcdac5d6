"""What an explanation says of its own surrogate."""

import pytest

from sklime.metrics import fidelity, local_prediction_gap


def test_fidelity_is_that_of_the_label(explanation):
    first, second = explanation.fidelity
    assert first != second
    assert fidelity(explanation) == fidelity(explanation, label=1) == first
    assert fidelity(explanation, label=0) == second
    assert type(fidelity(explanation)) is float


def test_the_gap_is_at_the_image(explanation, black_box):
    """Sum of all weights and the intercept, less what the black box says."""
    answer = black_box(explanation.image[None])[0]
    for row, label in enumerate([1, 0]):
        surrogate = explanation.intercepts[row] + explanation.weights[row].sum()
        expected = abs(surrogate - answer[label])
        found = local_prediction_gap(explanation, label=label)
        assert found == pytest.approx(expected, abs=1e-12)
        assert found > 1e-4


@pytest.mark.parametrize("measure", [fidelity, local_prediction_gap])
def test_a_label_that_was_not_explained(measure, explanation):
    with pytest.raises(ValueError, match="label must be one of 0, 1"):
        measure(explanation, label=5)
