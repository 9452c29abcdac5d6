"""Images, models and black boxes that the tests share."""

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


@pytest.fixture
def pyplot():
    """matplotlib.pyplot without a screen, closed before and after."""
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    plt.close("all")
    yield plt
    plt.close("all")
