"""The estimator: its parameters, what it learns in `fit`, and its methods."""
# SPDX-License-Identifier: BSD-3-Clause

import os
from collections.abc import Iterator
from functools import partial
from numbers import Integral, Real
from typing import Any, Self, TypeAlias, overload

from sklearn.base import MetaEstimatorMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from sklime._black_box_holder import BlackBoxHolder
from sklime._cache import open_cache
from sklime._data_range import limit_fills
from sklime._doubts import warn_at_end
from sklime._labels import resolve_labels
from sklime._parameters import draw_seed, make_rng
from sklime._parts import check_parts, fit_part, try_fill
from sklime._runs import run_in_order, show_progress
from sklime._settings import LocalSettings
from sklime._sklearn_private import HasMethods, Interval, StrOptions, fit_context
from sklime._typing import Batch, Images
from sklime._validation import (
    WatchedImages,
    channels_last,
    check_all,
    learn_from_images,
    split_images,
    stack_images,
)
from sklime._warnings import warn
from sklime.explainer._route import Route
from sklime.explanation import ImageExplanation
from sklime.locality import KERNELS
from sklime.metrics import mean_faithfulness
from sklime.occlusion import check_occluder
from sklime.perturbation import (
    RESPONSE_METHODS,
    BlackBox,
    find_classes,
    find_response,
    name_model,
)
from sklime.sampling import SAMPLERS, check_sampler
from sklime.segmentation import (
    check_segmenter,
    open_segments_cache,
)
from sklime.surrogate import TARGETS

__all__ = ["ImageLimeExplainer"]

# None may be among them, but only with on_error="warn": to a type checker Any says that
# one may ask whether it is, and need not.
Explained: TypeAlias = ImageExplanation | Any


class ImageLimeExplainer(MetaEstimatorMixin, TransformerMixin, BlackBoxHolder):
    """Explain what an image model saw: LIME for images.

    The image is cut into segments; in perturbed copies some segments are hidden; the
    black box is asked about every copy; and a surrogate, a simple model that sees
    only which segments are shown, is fitted to the answers. Its weights say how much
    each segment speaks for a label [1]_.

    Parameters
    ----------
    estimator : object
        The black box: a fitted model with `predict_proba`, `decision_function` or
        `predict`, or any callable from images of shape (n, H, W[, C]) to numbers of
        shape (n,) or (n, n_outputs). It is held by reference, never cloned, copied or
        fitted; worker processes get a pickled copy. A model whose `n_features_in_` is
        the number of values of an image gets flattened images.
    segmenter : transformer or callable, default=None
        From a list of images to label maps, or a function from one image to its label
        map; None is ``SlicSegmenter()``. To search over its parameters pass an
        instance.
    occluder : str, number, colour, image, callable or occluder, default="mean"
        What a hidden segment shows: "mean" (its mean colour), "zero", "black",
        "white", the CSS name of a colour, "noise", "blur", "inpaint", "reference" (the
        mean of the images given to `fit`), "random" or "random-patch" (one random
        colour, or one for each segment), "randomise" or "randomise-patch" (the same,
        drawn anew for each perturbation); or see `sklime.occlusion.check_occluder`.
    sampler : str, callable or sampler, default="balanced"
        Which segments are shown in which perturbation: "balanced", "bernoulli",
        "exhaustive", "local" (by `distance` and `kernel`), "shapley", or see
        `sklime.sampling.check_sampler`.
    n_perturbations : int, default=1024
        How many perturbations, the image itself included. A power of two suits
        balanced sampling best. All combinations of segments are used, each once, if
        they are no more than this (not by "local" or coins with p other than .5, nor
        where fills are drawn anew).
    distance : str, callable, array-like or object, default="cosine"
        Distance of a perturbation from the image: "cosine", "area", "image", or see
        `sklime.locality.compute_distances`.
    kernel : {"exponential", "uniform"} or callable, default="exponential"
        From distances to weights.
    kernel_width : float, default=0.25
        Width of the exponential kernel.
    surrogate : regressor or classifier, default=None
        Any scikit-learn regressor, which learns the label's output, or classifier,
        which learns the predicted class. None is ``Ridge(alpha=1.0)``, lime's; its
        penalty shrinks the weights of fewer than about eight segments, whose
        combinations are few: pass ``LinearRegression()`` there.
    target : {"auto", "one-vs-rest"}, default="auto"
        "one-vs-rest" has the surrogate learn for each label whether it is the
        predicted class, the one with the highest output.
    multi_output : bool, default=False
        Whether one regressor learns all explained labels, such as one tree (LIMEtree).
    feature_selector : str or selector, default=None
        How the segments are chosen that the surrogate may use: "highest_weights",
        "forward_selection", "lasso_path" or a selector of scikit-learn. None is
        forward selection of up to six segments, else the highest weights, as in lime.
    max_segments : int or float, default=None
        How many segments, or which share of them, unless a selector decides itself.
        None is all.
    importance_getter : str or callable, default="auto"
        How a fitted surrogate becomes weights, see
        `sklime.surrogate.compute_weights`.
    response_method : {"auto", "predict_proba", "decision_function", "predict"}, \
default="auto"
        What to ask a model; "auto" takes the first that it has.
    top_labels : int, default=1
        How many of the highest outputs are explained if `explain` gets no labels.
    class_names : sequence or dict, default=None
        Names that replace the model's `classes_`: all in order, or some by label.
    channel_axis : int or None, default=-1
        The channel axis of one image; None for batches of greyscale images.
    data_range : tuple of float, default=None
        ``(low, high)`` of the pixel values. None takes it from the type of uint8 and
        uint16 images, else from the values given to `fit`.
    batch_size : int, default=None
        Images per call of the black box; None takes as many as 16 MiB hold.
    memory : str, path or joblib.Memory, default=None
        A folder that keeps segments and the black box's answers, under all that they
        depend on. Perturbations that were asked about once are not asked about again,
        by another explainer, in another session or after a run that was cut off.
    memory_key : str, default=None
        The name of the black box in that folder, to be changed whenever the model
        changes. None takes a digest of its pickle, which functions do not have.
    n_jobs : int, default=None
        How many images to explain side by side, through joblib.
    on_error : {"raise", "warn"}, default="raise"
        What `explain` does about an image that cannot be read or explained: raise an
        error that names it, or warn, put None in its place and go on.
    random_state : int, RandomState instance or None, default=None
        Seed of everything random. An int is used alike for every image, so that an
        explanation does not depend on the company of the image. None is another seed
        at every call. numpy's global state is left alone, except by surrogates such
        as SVR that know no other.
    verbose : int, default=0
        1 shows progress over images, 2 over perturbations too.

    Attributes
    ----------
    segmenter_, occluder_ : object
        Fitted clones.
    classes_ : ndarray of shape (n_outputs,)
        The label of each output.
    n_outputs_ : int
        Number of outputs of the black box.
    n_channels_ : int or None
        Number of channels of the images, None without a channel axis.
    data_range_ : tuple of float
        ``(low, high)`` of the pixel values.

    See Also
    --------
    ImageExplanation : What `explain` returns.
    LimeDisplay : Draws it.

    References
    ----------
    .. [1] M. T. Ribeiro, S. Singh and C. Guestrin, "Why should I trust you?
       Explaining the predictions of any classifier", KDD 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from skimage import data
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.segmentation import GridSegmenter
    >>> def redness(images):
    ...     red, green, blue = np.moveaxis(images.mean(axis=(1, 2)) / 255, -1, 0)
    ...     return red - (green + blue) / 2
    >>> explainer = ImageLimeExplainer(redness, segmenter=GridSegmenter(2, 2),
    ...                                occluder=0, random_state=0)
    >>> explanation = explainer.fit_explain(data.coffee())
    >>> explanation.weights[0].round(2)
    array([0.05, 0.05, 0.04, 0.05])
    """

    _parameter_constraints = {
        "estimator": [*map(HasMethods, (*RESPONSE_METHODS, "fit")), callable],
        "segmenter": "no_validation",  # check_segmenter names the ways out
        "occluder": [str, Real, "array-like", HasMethods(["fit", "fill"]), callable],
        "sampler": [StrOptions(set(SAMPLERS)), HasMethods("sample"), callable],
        "n_perturbations": [Interval(Integral, 2, None, closed="left")],
        "distance": [str, callable, "array-like", HasMethods("measure")],
        "kernel": [StrOptions(set(KERNELS)), callable],
        "kernel_width": [Interval(Real, 0, None, closed="neither")],
        "surrogate": [HasMethods(["fit", "get_params"]), None],
        "target": [StrOptions(set(TARGETS))],
        "multi_output": ["boolean"],
        "feature_selector": "no_validation",  # check_selection sees both together
        "max_segments": "no_validation",
        "importance_getter": [str, callable],
        "response_method": [StrOptions({"auto", *RESPONSE_METHODS})],
        "top_labels": [Interval(Integral, 1, None, closed="left")],
        "class_names": ["array-like", dict, None],
        "channel_axis": [Interval(Integral, -3, 2, closed="both"), None],
        "data_range": ["array-like", None],
        "batch_size": [Interval(Integral, 1, None, closed="left"), None],
        "memory": [str, os.PathLike, HasMethods("cache"), None],
        "memory_key": [str, None],
        "n_jobs": [Integral, None],
        "on_error": [StrOptions({"raise", "warn"})],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
    }
    _nested_parts = {
        "segmenter": "SlicSegmenter()",
        "occluder": "ColourOccluder()",
        "sampler": "BernoulliSampler()",
        "surrogate": "Ridge()",
        "feature_selector": "SelectKBest(f_regression)",
    }

    def __init__(
        self,
        estimator,
        *,
        segmenter=None,
        occluder="mean",
        sampler="balanced",
        n_perturbations=1024,
        distance="cosine",
        kernel="exponential",
        kernel_width=0.25,
        surrogate=None,
        target="auto",
        multi_output=False,
        feature_selector=None,
        max_segments=None,
        importance_getter="auto",
        response_method="auto",
        top_labels=1,
        class_names=None,
        channel_axis=-1,
        data_range=None,
        batch_size=None,
        memory=None,
        memory_key=None,
        n_jobs=None,
        on_error="raise",
        random_state=None,
        verbose=0,
    ) -> None:
        self.estimator = estimator
        self.segmenter = segmenter
        self.occluder = occluder
        self.sampler = sampler
        self.n_perturbations = n_perturbations
        self.distance = distance
        self.kernel = kernel
        self.kernel_width = kernel_width
        self.surrogate = surrogate
        self.target = target
        self.multi_output = multi_output
        self.feature_selector = feature_selector
        self.max_segments = max_segments
        self.importance_getter = importance_getter
        self.response_method = response_method
        self.top_labels = top_labels
        self.class_names = class_names
        self.channel_axis = channel_axis
        self.data_range = data_range
        self.batch_size = batch_size
        self.memory = memory
        self.memory_key = memory_key
        self.n_jobs = n_jobs
        self.on_error = on_error
        self.random_state = random_state
        self.verbose = verbose

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Images, y: Any = None) -> Self:
        """Check the black box and the images, fit segmenter and occluder.

        Nothing is learnt from pixels but their value range and the number of
        channels, and the mean image for ``occluder="reference"``: one image, or a
        handful like those to be explained, will do. The black box is asked once, about
        the first image twice.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many. An array of 2 dimensions is one greyscale image, of 3
            one colour image, of 4 a batch; with ``channel_axis=None`` 2 is one image
            and 3 a batch. A sequence may hold images of different sizes.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : object
            Returns the instance itself.

        Raises
        ------
        TypeError, ValueError
            For a parameter, an image or an answer of the black box that cannot be
            used, named in the message.
        OSError
            If `memory` cannot be written to.

        Warns
        -----
        UserWarning
            If `data_range` had to be guessed, a fill lies outside it, or a seed that
            is drawn anew leaves `memory` little to find.
        """
        settings = self._check_parts()
        black_box = self._open_black_box()
        images, _ = split_images(X, self.channel_axis)
        n_channels, data_range = learn_from_images(images, self.data_range)
        first = images[0]
        known = {
            "channel_axis": self.channel_axis,
            "data_range": data_range,
            "rng": make_rng(self.random_state),
        }
        segmenter = check_segmenter(self.segmenter)
        segmenter = fit_part(segmenter, images, name="segmenter", **known)
        occluder = check_occluder(self.occluder)
        occluder = fit_part(occluder, images, name="occluder", **known)
        image = channels_last(first, self.channel_axis)
        try_fill(occluder, image, self._limit_fills(data_range))
        n_outputs = len(black_box.check(first))
        settings.check_fit(n_outputs)
        self.classes_ = find_classes(
            self.estimator,
            n_outputs,
            response_method=self.response_method,
            class_names=self.class_names,
        )
        self.n_outputs_ = n_outputs
        self.n_channels_, self.data_range_ = n_channels, data_range
        self.segmenter_, self.occluder_ = segmenter, occluder
        return self

    @overload
    def explain(self, X: Batch, labels: Any = None) -> list[Explained]: ...

    @overload
    def explain(self, X: Images, labels: Any = None) -> Any: ...

    def explain(self, X: Images, labels: Any = None) -> Any:
        """Explain images.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many, see `fit`. After `fit` a 3-D array is one image if it
            has as many channels as those of `fit`.
        labels : label or sequence of labels, default=None
            Members of `classes_`, or where these are strings numbers of columns. None
            explains the `top_labels` highest outputs of each image.

        Returns
        -------
        ImageExplanation or list of ImageExplanation
            One for one image, a list for many. With ``on_error="warn"`` None stands in
            the place of one that failed.

        Raises
        ------
        TypeError, ValueError
            As in `fit`, and for an unknown label.

        Warns
        -----
        UserWarning
            Once for each reason to doubt: images on another scale than in `fit`,
            larger than a megapixel, a single segment, fewer perturbations than
            segments, a fill that changes nothing, weights that are all zero, fidelity
            that could not be measured.
        """
        explanations, single = self._start(X, labels)
        explanations = list(explanations)
        return explanations[0] if single else explanations

    def iter_explain(
        self, X: Images, labels: Any = None, *, black_box: BlackBox | None = None
    ) -> Iterator[Explained]:
        """Explain images one after the other, with bounded memory.

        No more than a few images and explanations for each job exist at a time,
        however many there are and however long the caller keeps each.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many, see `fit`. A sequence is read as it is gone through.
        labels : label or sequence of labels, default=None
            See `explain`.
        black_box : BlackBox, default=None
            What `get_black_box` returned, for many calls that are to take the identity
            of the model once; None opens it.

        Returns
        -------
        generator of ImageExplanation
            One for each image, in order, or None as in `explain`.

        Raises
        ------
        TypeError, ValueError
            As in `explain`; for a parameter before the first image is asked for.

        Warns
        -----
        UserWarning
            As in `explain`, after the last image.
        """
        return self._start(X, labels, black_box=black_box)[0]

    @overload
    def fit_explain(self, X: Batch, labels: Any = None) -> list[Explained]: ...

    @overload
    def fit_explain(self, X: Images, labels: Any = None) -> Any: ...

    def fit_explain(self, X: Images, labels: Any = None) -> Any:
        """Fit to images and explain them.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many, see `fit`.
        labels : label or sequence of labels, default=None
            See `explain`.

        Returns
        -------
        ImageExplanation or list of ImageExplanation
            See `explain`.
        """
        return self.fit(X).explain(X, labels)

    def transform(self, X: Images) -> Any:
        """Return the weight of each pixel's segment for the first label.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many, see `fit`.

        Returns
        -------
        ndarray of shape (n_images, H, W) or list of ndarray of shape (H, W)
            One image gives shape (1, H, W), images of different sizes a list.
        """
        explanations, _ = self._start(X, on_error="raise")
        return stack_images([explanation.heatmap() for explanation in explanations])

    def score(self, X: Images, y: Any = None) -> float:
        """Return how faithful the explanations are, see `sklime.metrics.faithfulness`.

        Pixels are inserted into, and deleted from, an image of its own mean colour in
        the order of their segments' weights: the area under the first curve minus
        that under the second. No choice of segments or fill can buy it.

        Parameters
        ----------
        X : array-like or sequence of images
            One image or many, see `fit`.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        float
            Mean over the images, for the highest output of each. Larger is better, 0
            is what a random order has. Where the model likes the mean colour better
            than what is there it is negative: `sklime.metrics.faithfulness_scorer`
            takes other baselines.
        """
        black_box = self.get_black_box()
        explanations, _ = self._start(X, on_error="raise", black_box=black_box)
        return mean_faithfulness(explanations, black_box)

    def get_black_box(self) -> BlackBox:
        """Return the black box as this explainer asks it.

        Returns
        -------
        BlackBox
            With the layout, batches and number of outputs of this explainer. The
            metrics that ask the black box take it, or the explainer itself.
        """
        check_is_fitted(self)
        return self._open_black_box(self.n_outputs_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = True
        return tags

    def _check_parts(self):
        """Refuse what no stage could use, before the black box is asked.

        Returns the settings of the fit, to be checked again when it has answered.
        """
        find_response(self.estimator, self.response_method)
        sampler = self._make_sampler()
        check_parts(self.segmenter, self.occluder, sampler)
        settings = self._make_settings(sampler, check_occluder(self.occluder))
        settings.check_fit()
        settings.check_distance()
        return settings

    def _make_sampler(self):
        return check_sampler(
            self.sampler,
            distance=self.distance,
            kernel=self.kernel,
            kernel_width=self.kernel_width,
        )

    def _open_black_box(self, n_outputs=None):
        """Return the black box with its part of `memory`; takes its identity."""
        cache = open_cache(self.memory)
        if cache is not None and not isinstance(self.random_state, Integral):
            warn(
                "memory finds answers to the same perturbations, and random_state="
                f"{self.random_state!r} draws others at every call. Pass an int."
            )
        if cache is not None:
            cache /= name_model(self.estimator, self.response_method, self.memory_key)
        show = partial(show_progress, unit="batch", leave=False)
        return BlackBox(
            self.estimator,
            response_method=self.response_method,
            channel_axis=self.channel_axis,
            batch_size=self.batch_size,
            n_outputs=n_outputs,
            progress=show if self.verbose > 1 else None,
            cache=cache,
        )

    def _make_settings(self, sampler, occluder, random_state=0):
        weighs = hasattr(sampler, "sample_weights")
        return LocalSettings.from_params(
            self.get_params(deep=False),
            random_state=random_state,
            weighed_by=type(sampler).__name__ if weighs else None,
            redraws=getattr(occluder, "redraw", False),
        )

    def _start(self, X, labels=None, on_error=None, black_box=None):
        """Return a generator of explanations, and whether X is a single image."""
        on_error = on_error or self.on_error
        check_is_fitted(self)
        if not isinstance(black_box, BlackBox | None):
            raise TypeError(
                "black_box must be what get_black_box() of the explainer returned, or "
                f"None to open it. Got {type(black_box).__name__}."
            )
        self._validate_params()
        self._check_parts().check_fit(self.n_outputs_)
        images, single = split_images(X, self.channel_axis, self.n_channels_)
        columns = None if labels is None else resolve_labels(labels, self.classes_)
        if on_error == "raise":
            check_all(images, self.n_channels_)
        watched = WatchedImages(
            images,
            self.n_channels_,
            self.data_range_,
            self.n_perturbations,
            learnt=self.data_range is None,
        )
        explanations = run_in_order(
            self._make_route(columns, black_box or self.get_black_box()),
            watched.__getitem__,
            len(images),
            n_jobs=self.n_jobs,
            on_error=on_error,
        )
        if self.verbose > 0:
            explanations = show_progress(explanations, len(images), unit="image")
        return warn_at_end(explanations, self.sampler, self.occluder), single

    def _make_route(self, columns, black_box):
        sampler = self._make_sampler()
        seed = draw_seed(self.random_state)  # one for all: company must not matter
        return Route(
            segmenter=self.segmenter_,
            segments_cache=open_segments_cache(
                open_cache(self.memory), self.segmenter_
            ),
            occluder=self.occluder_,
            fill_limits=self._limit_fills(self.data_range_),
            channel_axis=self.channel_axis,
            data_range=self.data_range_,
            sampler=sampler,
            n_perturbations=self.n_perturbations,
            settings=self._make_settings(sampler, self.occluder_, seed),
            black_box=black_box,
            class_names=self.classes_,
            label_indices=columns,
            top_labels=self.top_labels,
        )

    def _limit_fills(self, data_range):
        return limit_fills(data_range, given=self.data_range is not None)
