"""Arrays that are passed by hand are looked at before anything is fitted."""

import numpy as np
import pytest

from sklime.surrogate import compute_fidelity, fit_surrogates

SAMPLES = np.arange(24).reshape(8, 3) % 5 < 3
OUTPUTS = np.arange(16.0).reshape(8, 2)
ONES = np.ones(8)


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        (
            (SAMPLES, OUTPUTS[:, 0], ONES),
            {},
            r"predictions must .*Got shape \(8,\)",
        ),
        ((SAMPLES, OUTPUTS[:5], ONES), {}, r"each of the 8 samples.*shape \(5, 2\)"),
        ((SAMPLES, OUTPUTS[:, :0], ONES), {}, r"a column for each.*shape \(8, 0\)"),
        ((SAMPLES[0], OUTPUTS, ONES), {}, "samples must have a row"),
        ((SAMPLES, OUTPUTS, ONES[:5]), {}, r"sample_weights must be 8 .*shape \(5,\)"),
        ((SAMPLES, OUTPUTS, 0 * ONES), {}, "not all zero"),
        ((SAMPLES, OUTPUTS, -ONES), {}, "none negative"),
        ((SAMPLES, OUTPUTS, np.nan * ONES), {}, "none negative"),
        ((SAMPLES, OUTPUTS, ONES), {"label_indices": [2]}, "label_indices .*0 to 1"),
        ((SAMPLES, OUTPUTS, ONES), {"label_indices": []}, r"label_indices .*Got \[\]"),
        ((SAMPLES, OUTPUTS, ONES), {"segment_subset": [-1]}, "segment_subset .*0 to 2"),
        ((SAMPLES, OUTPUTS, ONES), {"segment_subset": []}, "at least one index"),
    ],
)
def test_what_does_not_belong_together(arrays, options, message):
    with pytest.raises(ValueError, match=message):
        fit_surrogates(*arrays, **options)


def test_lists_are_arrays_and_numbers_no_samples():
    lists = SAMPLES.tolist(), OUTPUTS.tolist(), ONES.tolist()
    expected = fit_surrogates(SAMPLES, OUTPUTS, ONES)
    np.testing.assert_array_equal(fit_surrogates(*lists).weights, expected.weights)
    with pytest.raises(TypeError, match="samples must be booleans"):
        fit_surrogates(SAMPLES.astype(float), OUTPUTS, ONES)


def test_fidelity_is_of_one_label():
    with pytest.raises(ValueError, match=r"predictions must have .*\(8, 1, 2\)"):
        compute_fidelity(SAMPLES, OUTPUTS, ONES)
