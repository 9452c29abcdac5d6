"""How perturbations are weighed and surrogates fitted, kept with an explanation."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass, fields, replace
from typing import Any

from sklearn.base import clone

from sklime._parameters import name_call, validate_part
from sklime.locality import (
    ImageDistance,
    check_distance,
    check_sample_weights,
    compute_distances,
    weigh_samples,
)
from sklime.surrogate import (
    check_selection,
    check_surrogate,
    check_target,
    find_penalty,
    fit_surrogates,
)


def check_pair(distance, redraws):
    """Refuse a distance between images where fills differ between perturbations.

    Parameters
    ----------
    distance : object
        The user's parameter.
    redraws : bool
        Whether fills are drawn anew for each perturbation.

    Raises
    ------
    ValueError
        If they do not go together.
    """
    if redraws and isinstance(check_distance(distance), ImageDistance):
        raise ValueError(
            "distance='image' needs an occluder that fills every perturbation alike. "
            "Got one that draws anew for each; use distance='area' or 'cosine', or a "
            "fill such as 'random-patch'."
        )


@dataclass(frozen=True, repr=False)
class Lost:
    """What is left of an object in a file without pickle.

    Attributes
    ----------
    text : str
        Its `repr`, and so that of this.
    """

    text: str

    def __repr__(self):
        return self.text


@dataclass(frozen=True, kw_only=True)
class LocalSettings:
    """How perturbations are weighed and surrogates fitted and read.

    Attributes
    ----------
    surrogate : regressor or classifier, default=None
        Unfitted; None is ``Ridge(alpha=1.0)``.
    target, multi_output : object
        What it learns, see `sklime.surrogate.plan_tasks`.
    feature_selector, max_segments, segment_subset : object
        From which segments, see `sklime.surrogate.select_segments`.
    distance : str, callable, array-like of shape (n,) or object, default="cosine"
        See `sklime.locality.compute_distances`.
    kernel : str or callable, default="exponential"
        See `sklime.locality.compute_sample_weights`.
    kernel_width : float, default=0.25
        Width of the exponential kernel.
    importance_getter : str or callable, default="auto"
        See `sklime.surrogate.compute_weights`.
    random_state : int, default=0
        Seed of surrogates, selectors and the folds that measure fidelity.
    weighed_by : str, default=None
        The sampler that weighed the perturbations itself, if one did.
    redraws : bool, default=False
        Whether fills were drawn anew for each perturbation.
    """

    surrogate: Any = None
    target: str = "auto"
    multi_output: bool = False
    feature_selector: Any = None
    max_segments: Any = None
    segment_subset: Any = None
    distance: Any = "cosine"
    kernel: Any = "exponential"
    kernel_width: float = 0.25
    importance_getter: Any = "auto"
    random_state: int = 0
    weighed_by: str | None = None
    redraws: bool = False

    @classmethod
    def from_params(cls, params, **others):
        """Return settings from an explainer's parameters and what it adds to them."""
        names = {field.name for field in fields(cls)}
        return cls(**({k: v for k, v in params.items() if k in names} | others))

    def change(self, **given):
        """Return settings with some replaced.

        A selector decides itself how many segments it keeps, so it and `max_segments`
        take each other's place.
        """
        if _is_object(given.get("feature_selector")):
            given = {"max_segments": None} | given
        elif "max_segments" in given and _is_object(self.feature_selector):
            given = {"feature_selector": None} | given
        return replace(self, **given)

    def check_fit(self, n_outputs=None):
        """Refuse a surrogate and a choice of segments that cannot be used.

        Parameters
        ----------
        n_outputs : int, default=None
            Number of outputs of the black box, None where it is not known yet.

        Raises
        ------
        TypeError, ValueError
            Naming the parameter.
        """
        self._refuse_lost("surrogate", "feature_selector", "importance_getter")
        surrogate = check_surrogate(self.surrogate)
        validate_part(surrogate, "surrogate")
        check_target(surrogate, self.target, self.multi_output, n_outputs)
        check_selection(self.feature_selector, self.max_segments)
        validate_part(self.feature_selector, "feature_selector")

    def check_distance(self):
        """Refuse a distance that cannot be used.

        Raises
        ------
        TypeError, ValueError
            Naming the parameter.
        """
        distance = check_distance(self.distance)
        validate_part(distance, "distance")
        check_pair(distance, self.redraws)

    def _refuse_lost(self, *names):
        for name in names:
            if isinstance(getattr(self, name), Lost):
                raise ValueError(
                    f"{name} was {getattr(self, name)}, an object that a saved "
                    f"explanation does not hold. Pass refit({name}=...)."
                )

    def find_penalty(self):
        """Return the ridge penalty of weights that are coefficients, else None."""
        surrogate = self.surrogate
        if surrogate is None:
            surrogate = check_surrogate(None)  # the default
        is_plain = self.importance_getter == "auto"
        is_plain &= getattr(surrogate, "fit_intercept", False)
        return find_penalty(surrogate) if is_plain else None

    def copy(self):
        """Return settings that no later change of the user's objects reaches."""
        values = {
            f.name: clone(getattr(self, f.name), safe=False) for f in fields(self)
        }
        return LocalSettings(**values)

    def weigh(self, samples, sampler=None, **pictures):
        """Return distances and weights, see `sklime.locality.weigh_samples`.

        A sampler with a method `sample_weights` weighs its own rows; distances are then
        only kept.
        """
        check_pair(self.distance, self.redraws)
        if not hasattr(sampler, "sample_weights"):
            return weigh_samples(
                samples, self.distance, self.kernel, self.kernel_width, **pictures
            )
        distances = compute_distances(samples, self.distance, **pictures)
        with name_call("sampler", sampler, "sample_weights", "samples"):
            weights = sampler.sample_weights(samples)
        return distances, check_sample_weights(
            weights, len(samples), "sampler", sampler
        )

    def weigh_again(self, samples, **pictures):
        """Return other distances and weights for perturbations that were drawn.

        Rows that a sampler drew and weighed itself cannot be weighed by a kernel too.
        """
        if self.weighed_by is not None:
            raise ValueError(
                "distance, kernel and kernel_width cannot be changed by refit where "
                "the sampler weighs the perturbations itself, as "
                f"{self.weighed_by} did; explain again with other parameters, or with "
                "sampler='balanced'."
            )
        self._refuse_lost("distance", "kernel")
        return self.weigh(samples, **pictures)

    def fit(self, samples, predictions, label_indices, sample_weights):
        """Return a `LocalFit`, see `sklime.surrogate.fit_surrogates`."""
        return fit_surrogates(
            samples,
            predictions,
            sample_weights,
            self.surrogate,
            label_indices=label_indices,
            target=self.target,
            multi_output=self.multi_output,
            feature_selector=self.feature_selector,
            max_segments=self.max_segments,
            segment_subset=self.segment_subset,
            importance_getter=self.importance_getter,
            random_state=self.random_state,
        )


def _is_object(feature_selector):
    return not isinstance(feature_selector, str | None)
