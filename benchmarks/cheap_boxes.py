"""Black boxes whose answers are all known, and the limit of their explanations.

A digit of 8x8 pixels in 4x4 blocks, black where hidden: 2 ** 16 answers, all asked.
"""
# SPDX-License-Identifier: BSD-3-Clause

from typing import NamedTuple

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC

from sklime.locality import weigh_samples
from sklime.perturbation import create_perturbations
from sklime.sampling import enumerate_samples

MODELS = {
    "MLP": MLPClassifier(64, max_iter=500, random_state=0),
    "forest": RandomForestClassifier(100, random_state=0),
    "SVM": CalibratedClassifierCV(SVC(), ensemble=False),
}
BLOCKS = np.kron(np.arange(16).reshape(4, 4), np.ones((2, 2), dtype=int))


class CheapBox(NamedTuple):
    """What a model answers about one digit.

    Attributes
    ----------
    name : str
        Of the model.
    answers : ndarray of shape (2 ** d,)
        The probability of the class that it sees, in the order of `enumerate_samples`.
    limit : ndarray of shape (d,)
        What the weights tend to as calls grow.
    limit_error : float
        Squared standard error of the limit: it is exact.
    """

    name: str
    answers: np.ndarray
    limit: np.ndarray
    limit_error: float = 0.0

    @property
    def n_segments(self):
        """Number of segments, d."""
        return len(self.limit)

    def ask(self, samples):
        """Return an answer for each row, an array of shape (n,)."""
        return self.answers[~samples @ (1 << np.arange(self.n_segments))]


def make_cheap_boxes(names, n_digits=10):
    """Return a box for each model and digit.

    Parameters
    ----------
    names : sequence of str
        Keys of `MODELS`.
    n_digits : int, default=10
        The first 0, the first 1 and so on that the models have not learnt.

    Returns
    -------
    list of CheapBox
        The digits of the first model first.
    """
    images, digits = load_digits(return_X_y=True)
    learnt, others, learnt_digits, other_digits = train_test_split(
        images / 16, digits, test_size=0.5, random_state=0
    )
    firsts = [others[other_digits == digit][0] for digit in range(n_digits)]
    models = [(name, MODELS[name].fit(learnt, learnt_digits)) for name in names]
    return [_enumerate(name, model, row) for name, model in models for row in firsts]


def explain_limit(samples, answers):
    """Return the weights of weighted least squares, without a penalty.

    On all rows, or on rows of which each is as likely as any other, this is what lime's
    weights tend to as calls grow: the ridge penalty of 1 then counts for nothing
    (Garreau and Mardaoui, "What does LIME really see in images?", ICML 2021).

    Parameters
    ----------
    samples : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    answers : ndarray of shape (n,)
        Of the black box.

    Returns
    -------
    ndarray of shape (d,)
        A weight for each segment.
    """
    _, sample_weights = weigh_samples(samples)
    rows = samples.astype(np.float64)
    return LinearRegression().fit(rows, answers, sample_weights).coef_


def _enumerate(name, model, row):
    """Ask a model about every combination of blocks of one digit."""
    samples = enumerate_samples(BLOCKS.max() + 1)
    image = row.reshape(BLOCKS.shape)
    images = create_perturbations(image, np.zeros_like(image), BLOCKS, samples)
    label = model.predict_proba(row[np.newaxis])[0].argmax()
    answers = model.predict_proba(images.reshape(len(samples), -1))[:, label]
    return CheapBox(name, answers, explain_limit(samples, answers))
