"""Use an installed sklime as somebody would who has no matplotlib."""

import importlib.util
from pathlib import Path

from skimage import data

import sklime
from sklime import ImageExplanation, ImageLimeExplainer, LimeDisplay
from sklime.metrics import deletion_curve, insertion_auc

assert importlib.util.find_spec("matplotlib") is None
assert not Path(sklime.__file__).is_relative_to(Path(__file__).parents[1] / "sklime")

sklime.show_versions()
image = data.camera()[::4, ::4]
explainer = ImageLimeExplainer(
    lambda images: images[:, :64].mean(axis=(1, 2)) / 255,
    n_perturbations=256,
    random_state=0,
).fit(image)
explainer._repr_html_()
explanation = explainer.explain(image)
again = explanation.refit(max_segments=3)
assert (again.weights != 0).sum() == 3
explanation.save("explanation.npz")
loaded = ImageExplanation.load("explanation.npz")
assert (loaded.weights == explanation.weights).all()
loaded.to_html("explanation.html")
assert Path("explanation.html").stat().st_size > 10_000
deletion_curve(explanation, explainer)
assert insertion_auc(explanation, explainer) > 0
assert -1 <= explainer.score(image) <= 1
for draw in (LimeDisplay.from_explanation, lambda e: LimeDisplay(e).plot()):
    try:
        draw(explanation)
    except ImportError as error:
        if "sklime[plot]" not in str(error):
            raise
    else:
        raise AssertionError("drawn without matplotlib")
print(explanation)
