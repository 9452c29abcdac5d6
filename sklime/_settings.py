"""How perturbations are weighed and surrogates fitted, kept with an explanation."""
# SPDX-License-Identifier: BSD-3-Clause

from dataclasses import dataclass, fields

from sklearn.base import clone

from sklime.locality import check_sample_weights, compute_distances, weigh_samples
from sklime.surrogate import fit_surrogates


@dataclass(frozen=True, kw_only=True)
class LocalSettings:
    """How perturbations are weighed and surrogates fitted and read.

    Attributes
    ----------
    surrogate : regressor, default=None
        Unfitted; None is ``Ridge(alpha=1.0)``.
    distance : str, callable or array-like of shape (n,), default="cosine"
        See `sklime.locality.compute_distances`.
    kernel : str or callable, default="exponential"
        See `sklime.locality.compute_sample_weights`.
    kernel_width : float, default=0.25
        Width of the exponential kernel.
    importance_getter : str or callable, default="auto"
        See `sklime.surrogate.compute_weights`.
    random_state : int, default=0
        Seed of surrogates and of the folds that measure fidelity.
    """

    surrogate: object = None
    distance: object = "cosine"
    kernel: object = "exponential"
    kernel_width: float = 0.25
    importance_getter: object = "auto"
    random_state: int = 0

    def copy(self):
        """Return settings that no later change of the user's objects reaches."""
        values = {
            f.name: clone(getattr(self, f.name), safe=False) for f in fields(self)
        }
        return LocalSettings(**values)

    def weigh(self, samples, sampler=None, **pictures):
        """Return distances and weights, see `sklime.locality.weigh_samples`.

        A sampler with a method `sample_weights` knows better than distances.
        """
        if not hasattr(sampler, "sample_weights"):
            return weigh_samples(
                samples, self.distance, self.kernel, self.kernel_width, **pictures
            )
        distances = compute_distances(samples, self.distance, **pictures)
        weights = sampler.sample_weights(samples)
        return distances, check_sample_weights(
            weights, len(samples), "sampler", sampler
        )

    def fit(self, samples, predictions, sample_weights):
        """Return a `LocalFit`, see `sklime.surrogate.fit_surrogates`."""
        return fit_surrogates(
            samples,
            predictions,
            sample_weights,
            self.surrogate,
            importance_getter=self.importance_getter,
            random_state=self.random_state,
        )
