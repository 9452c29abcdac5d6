"""Images, models and black boxes that the tests share."""

from math import comb

import numpy as np
import pytest
from skimage import data, transform
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression


def shrink(image, size=64):
    """Return a photograph as uint8 of size x size pixels."""
    small = transform.resize(image, (size, size), anti_aliasing=True)
    return np.rint(small * 255).astype(np.uint8)


@pytest.fixture(scope="session")
def photographs():
    """Four uint8 photographs of 64x64 pixels, one of them grey, read-only."""
    images = {
        name: shrink(getattr(data, name)())
        for name in ("coffee", "chelsea", "rocket", "camera")
    }
    for image in images.values():
        image.flags.writeable = False
    return images


@pytest.fixture(scope="session")
def coffee(photographs):
    return photographs["coffee"]


@pytest.fixture(scope="session")
def digits():
    """Grey images of shape (n, 8, 8) in 0..16, read-only, and their digits."""
    bunch = load_digits()
    bunch.images.flags.writeable = False
    return bunch.images, bunch.target


@pytest.fixture(scope="session")
def digit_model(digits):
    """A classifier that was fitted to rows of 64 numbers."""
    images, target = digits
    model = LogisticRegression(C=0.1, max_iter=2000)
    return model.fit(images[:600].reshape(600, -1), target[:600])


def mean_of_quarters(images):
    """Return the brightness of the four quarters, shape (n, 4), as a black box."""
    images = np.asarray(images, dtype=np.float64)
    if images.ndim == 4:
        images = images.mean(axis=-1)
    top, left = images.shape[1] // 2, images.shape[2] // 2
    halves = (images[:, :top], images[:, top:])
    quarters = [q for half in halves for q in (half[:, :, :left], half[:, :, left:])]
    return np.stack([quarter.mean(axis=(1, 2)) for quarter in quarters], axis=1)


@pytest.fixture(scope="session")
def quarters():
    return mean_of_quarters


class RecordingBlackBox:
    """A callable that remembers how many images it was asked about, and when."""

    def __init__(self, function=mean_of_quarters):
        self.function = function
        self.batches = []

    def __call__(self, images):
        self.batches.append(np.array(images))
        return self.function(images)

    @property
    def n_images(self):
        return sum(map(len, self.batches))


@pytest.fixture
def recorder():
    return RecordingBlackBox


class ClosedForm:
    """The limit of LIME for d segments, by Garreau and Mardaoui (ICML 2021).

    The moments of the weights under fair coins, and what weighted least squares
    makes of a product of p segments ("all of them are needed").
    """

    def __init__(self, d, width=0.25):
        hidden = np.arange(d + 1) / d
        psi = np.exp(-((1 - np.sqrt(1 - hidden)) ** 2) / (2 * width**2))
        self.d = d
        self.alpha = [
            sum(comb(d - p, s) * psi[s] for s in range(d - p + 1)) / 2**d
            for p in range(d + 1)
        ]
        a0, a1, a2 = self.alpha[:3]
        self.c = (d - 1) * a0 * a2 - d * a1**2 + a0 * a1
        self.sigma = [
            (d - 1) * a2 + a1,
            -a1,
            ((d - 2) * a0 * a2 - (d - 1) * a1**2 + a0 * a1) / (a1 - a2),
            (a1**2 - a0 * a2) / (a1 - a2),
        ]

    def product(self, p):
        """Return intercept, weight of a needed and of any other segment."""
        s0, s1, s2, s3 = self.sigma
        a, b = self.alpha[p], self.alpha[p + 1]
        d = self.d
        return (
            (s0 * a + p * s1 * a + (d - p) * s1 * b) / self.c,
            (s1 * a + s2 * a + (p - 1) * s3 * a + (d - p) * s3 * b) / self.c,
            (s1 * a + s2 * b + p * s3 * a + (d - p - 1) * s3 * b) / self.c,
        )


@pytest.fixture(scope="session")
def closed_form():
    return ClosedForm


@pytest.fixture
def pyplot():
    """matplotlib.pyplot without a screen, closed before and after."""
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    plt.close("all")
    yield plt
    plt.close("all")
