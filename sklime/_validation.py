"""Check what the user passed: one image or many, and each of them.

A sequence of images is never read as a whole, so that it may load them lazily.
"""
# SPDX-License-Identifier: BSD-3-Clause

from collections.abc import Sequence

import numpy as np

from sklime._data_range import check_data_range, guess_data_range, is_off_scale
from sklime._parameters import add_note
from sklime._warnings import warn

UNAMBIGUOUS_CHANNELS = (1, 3, 4)
LARGE_IMAGE = 2**20


class ImageSequence(Sequence):
    """Checked images, read from their source one at a time.

    Parameters
    ----------
    source : sequence
        Anything with `len` and integer indices whose items `numpy.asarray`
        turns into images.
    channel_axis : int or None
        The channel axis of one image, None for greyscale.
    name : str, default="X"
        What error messages call the source.
    """

    def __init__(self, source, channel_axis, name="X"):
        self.source = source
        self.channel_axis = channel_axis
        self.name = name

    def __len__(self):
        return len(self.source)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(f"{self.name} has {len(self)} images, no index {index}")
        name = f"{self.name}[{index}]"
        try:
            image = self.source[index]
        except Exception as error:
            add_note(error, f"Raised when {name} was ", "read.")
            raise
        return check_image(image, self.channel_axis, name)


def split_images(X, channel_axis=-1, n_channels=None, name="X"):
    """Tell one image from many.

    Parameters
    ----------
    X : array-like or sequence of images
        With a channel axis an array of 2 dimensions is one greyscale image, of 3
        one colour image, of 4 a batch; with `channel_axis=None` 2 is one image
        and 3 a batch. Anything else with a length and indices (a list, a lazy
        loader, a 1-D object array) is a sequence of images.
    channel_axis : int or None, default=-1
        The channel axis of one image.
    n_channels : int, default=None
        The number of channels seen in `fit`. A 3-D array is known as one image by so
        many, or by 1, 3 or 4.
    name : str, default="X"
        What error messages call `X`.

    Returns
    -------
    images : ImageSequence
        The images, in the layout in which they came.
    single : bool
        Whether `X` was one image, which is then the only one of `images`.

    Raises
    ------
    TypeError
        If `X` is neither an array nor a sequence.
    ValueError
        If it is empty, or an array that could be either.
    """
    X = _as_array_or_sequence(X, name)
    n_dims = getattr(X, "ndim", 1)
    batch_dims = (4,) if channel_axis is not None else (3,)
    if n_dims == 0 or n_dims > max(batch_dims):
        raise ValueError(
            f"{name} must be one image, an array with one axis more, or a sequence of "
            f"images, with channel_axis={channel_axis}. Got an array of shape "
            f"{np.shape(X)}."
        )
    if n_dims == 3 and channel_axis is not None:
        _check_one_colour_image(X, channel_axis, n_channels, name)
    single = n_dims > 1 and n_dims not in batch_dims
    images = ImageSequence([X] if single else X, channel_axis, name)
    if len(images) == 0:
        raise ValueError(f"{name} must hold at least one image. Got none.")
    return images, single


def _as_array_or_sequence(X, name):
    """Return an array, an object with `ndim` that is read item by item, or a list."""
    if isinstance(X, str | bytes | dict | set):
        raise TypeError(
            f"{name} must be an image, an array or a sequence of images. "
            f"Got {type(X).__name__}; read files first, for example with "
            "skimage.io.imread."
        )
    if getattr(X, "ndim", 0) > 1 and hasattr(X, "__getitem__"):
        return X
    if hasattr(X, "__array__") or hasattr(X, "__array_interface__"):
        return np.asarray(X)
    if hasattr(X, "__len__") and hasattr(X, "__getitem__"):
        return X
    raise TypeError(
        f"{name} must be an image, an array or a sequence with a length. "
        f"Got {type(X).__name__}; a generator can be passed as list({name})."
    )


def _check_one_colour_image(X, channel_axis, n_channels, name):
    found = X.shape[channel_axis]
    if found not in {*UNAMBIGUOUS_CHANNELS, n_channels}:
        raise ValueError(
            f"{name} with 3 dimensions and channel_axis={channel_axis} is one colour "
            "image and must have 1, 3 or 4 channels on that axis. Got shape "
            f"{tuple(X.shape)}. For a batch of greyscale images pass channel_axis=None "
            f"to the estimator; for one image with {found} channels pass a batch of "
            f"one, {name}[None]."
        )


def check_image(image, channel_axis=-1, name="image"):
    """Return one image as an array of numbers, or say what is wrong with it.

    Parameters
    ----------
    image : array-like
        Of 2 dimensions, or of 3 where there is a channel axis.
    channel_axis : int or None, default=-1
        The channel axis.
    name : str, default="image"
        What error messages call it.

    Returns
    -------
    ndarray
        The same values in the same layout, not copied where it was an array.

    Raises
    ------
    TypeError, ValueError
        For no numbers, complex ones, the wrong number of dimensions, an empty
        image, NaN or infinite values.
    """
    try:
        image = np.asarray(image)
        if image.dtype == object:
            image = image.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{name} must be an array of numbers; numpy could not make one: {error}"
        ) from error
    if image.dtype.kind == "c":
        raise ValueError(f"Complex data not supported: {name} has {image.dtype}.")
    if image.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold numbers. Got dtype {image.dtype}.")
    n_dims = (2,) if channel_axis is None else (2, 3)
    if image.ndim not in n_dims:
        raise ValueError(
            f"{name} must be an image of {' or '.join(map(str, n_dims))} dimensions "
            f"with channel_axis={channel_axis}. Got shape {image.shape}."
        )
    if image.size == 0:
        raise ValueError(
            f"{name} must have at least one pixel. Got an empty image of shape "
            f"{image.shape}."
        )
    if image.dtype.kind == "f" and not np.isfinite(image).all():
        n_bad = np.count_nonzero(~np.isfinite(image))
        raise ValueError(
            f"{name} must be finite. Got NaN or infinity in {n_bad} of {image.size} "
            "values; replace them, for example with numpy.nan_to_num."
        )
    return image


def count_channels(image, channel_axis=-1):
    """Return the number of channels, None for a 2-D image."""
    return None if image.ndim == 2 else image.shape[channel_axis]


def channels_last(image, channel_axis=-1):
    """Return a view of an image with its channel axis, if any, at the end."""
    return image if image.ndim == 2 else np.moveaxis(image, channel_axis, -1)


def read_only(array):
    """Return a view that cannot be written to, for code that is not ours."""
    view = array.view()
    view.flags.writeable = False
    return view


def stack_images(images):
    """Return images of equal shape as one array, others as the list they are."""
    same = all(image.shape == images[0].shape for image in images)
    return np.stack(images) if same else images


def learn_from_images(images, data_range=None):
    """Return what `fit` learns from images, each read once.

    Parameters
    ----------
    images : ImageSequence
        Images that belong together.
    data_range : tuple of float, default=None
        Where the user knows it; then it is only checked.

    Returns
    -------
    n_channels : int or None
        Number of channels, None without a channel axis.
    data_range : tuple of float
        ``(low, high)``.

    Raises
    ------
    ValueError
        If the images differ in their channels.

    Warns
    -----
    UserWarning
        If no convention fits the values and their extremes are taken.
    """
    dtypes, lows, highs = set(), [], []
    for index, image in enumerate(images):
        if index == 0:
            n_channels = count_channels(image, images.channel_axis)
        name = f"{images.name}[{index}]"
        check_channels(image, n_channels, images.channel_axis, name)
        dtypes.add(image.dtype)
        lows.append(float(image.min()))
        highs.append(float(image.max()))
    if data_range is not None:
        return n_channels, check_data_range(data_range)
    found, known = guess_data_range(np.result_type(*dtypes), min(lows), max(highs))
    if not known:
        warn(
            f"data_range is taken to be {found}, the smallest and largest value of the "
            "images given to fit, because they are in none of [0, 1], [-1, 1] and "
            "[0, 255]. Pass data_range=(low, high) to choose it."
        )
    return n_channels, found


def check_channels(image, n_channels, channel_axis=-1, name="image"):
    """Refuse an image with other channels than the first one of `fit`.

    Parameters
    ----------
    image : ndarray of shape (H, W) or (H, W, C)
        A checked image.
    n_channels : int or None
        The number of channels of that first one, None without a channel axis.
    channel_axis : int or None, default=-1
        The channel axis.
    name : str, default="image"
        What error messages call it.

    Raises
    ------
    ValueError
        If it has more, fewer or no channels.
    """
    found = count_channels(image, channel_axis)
    if found != n_channels:
        words = ["no channel axis" if n is None else n for n in (n_channels, found)]
        raise ValueError(
            f"{name} must have the channels of the first image given to fit: "
            f"{words[0]}. Got {words[1]} (shape {image.shape}); images of other "
            "channels need an explainer of their own."
        )


def check_all(images, n_channels):
    """Check images that are in memory before the first is explained.

    Others are checked when they are read: reading a lazy sequence twice may cost
    more than explaining it.
    """
    in_memory = isinstance(images.source, list | tuple | np.ndarray)
    if in_memory and not isinstance(images.source, np.memmap):
        for index, image in enumerate(images):
            name = f"{images.name}[{index}]"
            check_channels(image, n_channels, images.channel_axis, name)


class WatchedImages(Sequence):
    """Images that are compared with those of `fit` when they are read.

    Parameters
    ----------
    images : ImageSequence
        The images to explain.
    n_channels : int or None
        Number of channels learnt in `fit`.
    data_range : tuple of float
        ``(low, high)``, see `sklime._data_range.is_off_scale`.
    n_perturbations : int
        How many times each image will be written.
    learnt : bool, default=True
        Whether `data_range` was learnt in `fit`, not given by the user.
    """

    def __init__(self, images, n_channels, data_range, n_perturbations, learnt=True):
        self.images = images
        self.n_channels = n_channels
        self.data_range = data_range
        self.n_perturbations = n_perturbations
        self.learnt = learnt
        self._warned: set[str] = set()

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        """Return an image in its own layout; warn once of its scale, once of its size.

        Raises ValueError if it has other channels.
        """
        image, name = self.images[index], f"{self.images.name}[{index}]"
        check_channels(image, self.n_channels, self.images.channel_axis, name)
        low, high = float(image.min()), float(image.max())
        if is_off_scale(image.dtype, low, high, self.data_range, self.learnt):
            self._warn_once(
                "scale",
                f"{name} has values in [{low:g}, {high:g}], on another scale than "
                f"data_range_={self.data_range} of fit. Scale images like those given "
                "to fit, or pass data_range.",
            )
        if image.size > LARGE_IMAGE * (self.n_channels or 1):
            gigabytes = image.nbytes * self.n_perturbations / 1e9
            self._warn_once(
                "size",
                f"{name} has shape {image.shape}: {self.n_perturbations} perturbations "
                f"are {gigabytes:.1f} GB to write. Explain a resized copy, and draw on "
                "the original with LimeDisplay.plot(image=original).",
            )
        return image

    def _warn_once(self, matter, message):
        if matter not in self._warned:
            self._warned.add(matter)
            warn(message)
