"""A user's script that `mypy --strict` has nothing to say about, see `.ci/run lint`.

It is never run. An ignored error is one that mypy is to find: it would complain of an
ignore that it does not need.
"""

from collections.abc import Iterator
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

from sklime import ImageExplanation, ImageLimeExplainer, LimeDisplay, show_versions
from sklime.locality import (
    ImageDistance,
    compute_sample_weights,
    exponential_kernel,
    uniform_kernel,
)
from sklime.metrics import (
    CurveDisplay,
    deletion_curve,
    faithfulness_scorer,
    insertion_auc,
    insertion_curve,
)
from sklime.occlusion import BlurOccluder
from sklime.sampling import BernoulliSampler
from sklime.segmentation import MergeSegments, SlicSegmenter, create_segments
from sklime.surrogate import PriorBayesianRidge, fit_surrogate

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]


def black_box(images: Image) -> Floats:
    answers: Floats = images.mean(axis=(1, 2, 3), dtype=np.float64)
    return answers


def explain(image: Image) -> None:
    explainer = ImageLimeExplainer(
        black_box,
        segmenter=SlicSegmenter(30),
        occluder=BlurOccluder(2.0),
        sampler=BernoulliSampler(0.4),
        distance=ImageDistance(),
        surrogate=PriorBayesianRidge(),
    )
    assert_type(explainer.fit(image), ImageLimeExplainer)
    assert_type(explainer.explain([image, image]), list[ImageExplanation | Any])
    assert_type(explainer.fit_explain((image,)), list[ImageExplanation | Any])
    assert_type(explainer.explain(image), Any)  # an array may hold one image or many
    assert_type(explainer.iter_explain(image), Iterator[ImageExplanation | Any])
    assert_type(explainer.score(image), float)
    explainer.transform([image]).shape  # noqa: B018
    explainer.explain(image, label="cat")  # type: ignore[call-overload]
    assert_type(faithfulness_scorer(explainer, [image]), float)


def explain_what_can_be(explainer: ImageLimeExplainer, images: list[Image]) -> None:
    explainer.set_params(on_error="warn")
    for explanation in explainer.explain(images):
        if explanation is None:  # mypy would pass over what it thought unreachable
            explanation.weights  # type: ignore[attr-defined]  # noqa: B018
    for explanation in explainer.iter_explain(images):
        if explanation is None:
            explanation.weights  # type: ignore[attr-defined]  # noqa: B018
        explanation.wieghts  # type: ignore[union-attr]  # noqa: B018
    all_of_them: list[ImageExplanation] = explainer.explain(images)
    LimeDisplay.from_explanation(all_of_them)


def use(explanation: ImageExplanation, explainer: ImageLimeExplainer) -> None:
    assert_type(explanation.weights, Floats)
    assert_type(explanation.n_segments, int)
    assert_type(explanation.as_list(), list[tuple[str, float]])
    assert_type(explanation.mask("both", 3), NDArray[np.bool_])
    assert_type(explanation.top_segments(sign="positive"), NDArray[np.integer[Any]])
    explanation.top_segments(sign="negativ")  # type: ignore[arg-type]
    explanation.wieghts  # type: ignore[attr-defined]  # noqa: B018
    assert_type(explanation.refit(max_segments=0.5), ImageExplanation)
    explanation.refit(segment_subset=range(3), kernel=lambda distances: 1 - distances)
    _areas, scores = deletion_curve(explanation, explainer)
    assert_type(scores, NDArray[Any])
    assert_type(insertion_auc(explanation, explainer, n_random=2), float)
    for trace in (insertion_curve, deletion_curve):
        trace(explanation, explainer, unit="segments", n_steps=None, random_state=0)
    deletion_curve(explanation, explainer, unit="segmnts")  # type: ignore[arg-type]
    deletion_curve(explanation, explainer, n_steps="x")  # type: ignore[arg-type]
    deletion_curve(explanation, explainer, order=3)  # type: ignore[arg-type]
    CurveDisplay.from_explanation(explanation, explainer, unit="segments", n_steps=None)


def use_parts(image: Image, explanation: ImageExplanation) -> None:
    MergeSegments(min_size=9).fit([])
    segments, _ids = create_segments(image, SlicSegmenter())
    assert_type(segments, NDArray[np.integer[Any]])
    for kernel in (exponential_kernel, uniform_kernel):
        assert_type(kernel([0.1, 0.3]), Floats)
    weights = compute_sample_weights(explanation.distances)
    fit_surrogate(explanation.samples, explanation.sample_predictions[:, 0], weights)
    show_versions()


def draw(explanation: ImageExplanation, explainer: ImageLimeExplainer) -> None:
    assert_type(LimeDisplay(explanation).plot(kind=["mask", "bar"]), LimeDisplay)
    assert_type(LimeDisplay.from_explanation([explanation, None]), LimeDisplay)
    LimeDisplay(explanation).plot(sign="negativ")  # type: ignore[arg-type]
    assert_type(explanation.standard_errors(), Floats)
    assert_type(explanation.to_html(title="A page"), str)
    assert_type(explanation.to_html("page.html"), None)
