"""Recall what a black box answered before, to the same images."""
# SPDX-License-Identifier: BSD-3-Clause

from typing import Any

import numpy as np

from sklime._cache import Shelf
from sklime._identity import UnidentifiedError, digest, identify
from sklime.perturbation._response import find_response

ONLY_KEY = np.zeros((1, 1), dtype=np.uint8)


def name_model(
    estimator: Any, response_method: str = "auto", memory_key: str | None = None
) -> str:
    """Return the name of the folder that belongs to a black box.

    Parameters
    ----------
    estimator : object
        The black box.
    response_method : str, default="auto"
        See `find_response`.
    memory_key : str, default=None
        The user's name for it; None takes a digest of its state and code.

    Returns
    -------
    str
        Another one for another model, another method, or a changed state.

    Raises
    ------
    TypeError
        If it cannot be identified.
    """
    model, method = find_response(estimator, response_method)
    if memory_key is not None:
        return f"model-{digest('key', memory_key, method)}"
    try:
        return f"model-{digest('state', identify(model), method)}"
    except UnidentifiedError as error:
        raise TypeError(
            f"memory must know the black box again, and {type(model).__name__} cannot "
            f"be identified: {error}. Pass memory_key='...', a name of your own that "
            "you change whenever the model changes, or memory=None."
        ) from error


def keep_image(cache, image, answer):
    """Keep the answer to one image, whatever it was part of.

    Parameters
    ----------
    cache : Path
        The folder of the black box.
    image : ndarray of shape (H, W[, C])
        As the black box saw it.
    answer : ndarray of shape (n_outputs,)
        What it said.
    """
    Shelf(cache / digest(image)).add(ONLY_KEY, answer[np.newaxis])


def find_image(cache, image):
    """Return the answer to one image, None if it was never asked.

    Parameters
    ----------
    cache : Path
        The folder of the black box.
    image : ndarray of shape (H, W[, C])
        As the black box sees it.

    Returns
    -------
    ndarray of shape (n_outputs,) or None
        What it said.
    """
    return Shelf(cache / digest(image)).find(ONLY_KEY).get(0)


class Recall:
    """The answers to the perturbations of one image, found and kept.

    An image with everything shown, or everything hidden, is known by itself and so in
    common to all that is asked about it; others by image, background and segments
    together, and by the row that says what is shown.

    Parameters
    ----------
    cache : Path
        The folder of the black box.
    rows : ndarray of shape (n, d), dtype bool
        Which segments are shown.
    compose : Composer or RedrawingComposer
        Writes the images of some rows.
    """

    def __init__(self, cache, rows, compose):
        self._cache = cache
        self._scene = Shelf(cache / compose.digest(rows))
        self._keys = compose.key_rows(rows)
        whole = rows.all(axis=1)
        if not compose.redraws:
            whole |= ~rows.any(axis=1)
        self._whole = {i: compose(rows[[i]], [i])[0] for i in np.flatnonzero(whole)}

    def find(self, n_outputs=None):
        """Return what is known.

        Parameters
        ----------
        n_outputs : int, default=None
            How many outputs an answer should have; None takes any number.

        Returns
        -------
        dict of int to ndarray of shape (n_outputs,)
            Answers, by the index of their row.

        Raises
        ------
        ValueError
            If an answer has another number of outputs.
        """
        found = self._scene.find(self._keys)
        for index, image in self._whole.items():
            answer = find_image(self._cache, image)
            if answer is not None:
                found[int(index)] = answer
        widths = {len(answer) for answer in found.values()} - {n_outputs}
        if n_outputs is not None and widths:
            raise ValueError(
                f"memory holds answers of {widths.pop()} outputs where the black box "
                f"has {n_outputs}. A memory_key promises that the model did not "
                "change: pass another one, or another folder."
            )
        return found

    def keep(self, indices, answers):
        """Keep the answers to some rows.

        Parameters
        ----------
        indices : ndarray of int of shape (n_asked,)
            Which rows.
        answers : ndarray of shape (n_asked, n_outputs)
            What the black box said.
        """
        mixed = np.array([index not in self._whole for index in indices])
        if mixed.any():
            self._scene.add(self._keys[indices[mixed]], answers[mixed])
        for index, answer in zip(indices[~mixed], answers[~mixed], strict=True):
            keep_image(self._cache, self._whole[index], answer)
