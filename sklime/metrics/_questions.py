"""What metrics ask the black box about an explained image."""
# SPDX-License-Identifier: BSD-3-Clause

import numpy as np

from sklime.perturbation import as_black_box


def ask_about(
    explanation, estimator, samples, *, label=None, background=None, segments=None
):
    """Return the output of a label for images in which only some segments are shown.

    The answer to the image itself stands in the explanation; it is never asked again.

    Parameters
    ----------
    explanation : ImageExplanation
        Of the image.
    estimator : object
        What was explained, see `sklime.perturbation.as_black_box`.
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown in each.
    label : object, default=None
        One of the explained labels; None is the first.
    background : ndarray of the image's shape and dtype, default=None
        What hidden segments show; None is that of the explanation.
    segments : ndarray of shape (H, W), default=None
        Labels 0..d-1; -1 where a pixel is never hidden. None are those of the
        explanation.

    Returns
    -------
    ndarray of shape (n,)
        An output for each row.

    Raises
    ------
    ValueError
        If the black box has not as many outputs as that which was explained.
    """
    known = explanation.sample_predictions[0]
    column = explanation.label_indices[explanation.position(label)]
    outputs = np.full(len(samples), known[column])
    new = ~samples.all(axis=1)
    if not new.any():
        return outputs
    answers = as_black_box(estimator).ask(
        samples[new],
        explanation.image,
        explanation.background if background is None else background,
        explanation.segments if segments is None else segments,
    )
    if answers.shape[1] != len(known):
        raise ValueError(
            f"estimator must be the black box that was explained, with {len(known)} "
            f"outputs. Got {answers.shape[1]}; pass the fitted explainer."
        )
    outputs[new] = answers[:, column]
    return outputs
