"""scikit-learn's diagram links to our docs, and shows what an explainer is made of."""

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from time import process_time

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.tree import DecisionTreeRegressor

import sklime
from sklime import ImageLimeExplainer
from sklime.occlusion import ImageOccluder
from sklime.sampling import BernoulliSampler
from sklime.segmentation import GridSegmenter, MergeSegments

PAGES = "https://sklime.readthedocs.io/en/stable/api/generated/"


def find_classes_of_ours():
    """Return every estimator that a module of ours defines, public or not."""
    found = set()
    for info in pkgutil.walk_packages(sklime.__path__, "sklime."):
        members = vars(import_module(info.name)).values()
        found |= {value for value in members if inspect.isclass(value)}
    ours = {cls for cls in found if cls.__module__.startswith("sklime.")}
    return sorted(
        (cls for cls in ours if issubclass(cls, BaseEstimator)),
        key=lambda cls: cls.__name__,
    )


CLASSES = [cls for cls in find_classes_of_ours() if cls.__name__ != "BlackBoxHolder"]


def make(cls):
    """Return an instance of no use, for which no parameter is needed."""
    return cls.__new__(cls)


def links_of(estimator):
    """Return the pages that the diagram's question marks lead to, in order."""
    return re.findall(
        r'<a class="sk-estimator-doc-link[^"]*"[^>]* href="([^"]*)"',
        estimator._repr_html_(),
    )


def test_the_classes_were_found():
    names = {cls.__name__ for cls in CLASSES}
    assert {"ImageLimeExplainer", "SlicSegmenter", "MergeSegments"} <= names
    assert {"BlurOccluder", "LocalSampler", "ImageDistance"} <= names
    assert {"KeepSegments", "PriorBayesianRidge", "FunctionSegmenter"} <= names


@pytest.mark.parametrize("cls", CLASSES)
def test_a_link_is_of_a_name_that_can_be_imported(cls):
    link = make(cls)._get_doc_link()
    assert link.startswith(PAGES)
    module, _, name = link.removeprefix(PAGES).removesuffix(".html").rpartition(".")
    assert not [part for part in module.split(".") if part.startswith("_")]
    assert getattr(import_module(module), name) is cls
    assert name in import_module(module).__all__


def test_every_linked_page_is_made_by_the_docs():
    index = Path(__file__).parents[1] / "docs" / "api" / "index.rst"
    pages, module = set(), ""
    for line in index.read_text().splitlines():
        if line.startswith(".. currentmodule:: "):
            module = line.split()[-1]
        elif re.fullmatch(r"   \w+", line):  # in an autosummary
            pages.add(f"{PAGES}{module}.{line.strip()}.html")
    assert {make(cls)._get_doc_link() for cls in CLASSES} <= pages


def test_the_explainer_is_at_the_top():
    link = make(ImageLimeExplainer)._get_doc_link()
    assert link == f"{PAGES}sklime.ImageLimeExplainer.html"


def test_a_class_of_the_user_has_no_page():
    class OwnSegmenter(GridSegmenter):
        pass

    assert OwnSegmenter()._get_doc_link() == ""


def test_the_diagram_links_each_part_to_its_docs(quarters):
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=make_pipeline(GridSegmenter(2, 2), MergeSegments()),
        sampler=BernoulliSampler(),
        surrogate=DecisionTreeRegressor(),
    )
    ours = ["ImageLimeExplainer", "segmentation.GridSegmenter"]
    ours += ["segmentation.MergeSegments", "sampling.BernoulliSampler"]
    *links, last = [link for link in links_of(explainer) if "Pipeline" not in link]
    assert links == [f"{PAGES}sklime.{name}.html" for name in ours]
    assert re.match(r"https://scikit-learn\.org/.*DecisionTreeRegressor\.html", last)


def test_the_diagram_names_parts_in_the_order_of_their_use(quarters, coffee):
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(2, 2),
        occluder=ImageOccluder(coffee),
        sampler=BernoulliSampler(),
        surrogate=DecisionTreeRegressor(),
    )
    expected = ["estimator: mean_of_quarters", "segmenter: GridSegmenter"]
    expected += ["occluder: ImageOccluder", "sampler: BernoulliSampler"]
    expected += ["surrogate: DecisionTreeRegressor"]
    assert re.findall(r"\w+: \w+(?=</div>)", explainer._repr_html_()) == expected
    assert "Not fitted" in explainer._repr_html_()
    assert "<span>Fitted</span>" in explainer.fit(coffee)._repr_html_()


def test_a_large_model_stays_closed_and_nothing_of_it_is_called():
    class Shy:
        def predict(self, images):
            raise AssertionError("asked")

        def get_params(self, deep=True):
            raise AssertionError("looked into")

        fit = get_params

    model = Shy()
    for black_box, name in ((model, "Shy"), (model.predict, "Shy.predict")):
        html = ImageLimeExplainer(black_box)._repr_html_()
        assert f"<div>estimator: {name}</div>" in html
    pipeline = make_pipeline(FunctionTransformer(), LogisticRegression(C=7))
    html = ImageLimeExplainer(pipeline)._repr_html_()
    assert "<div>estimator: Pipeline</div>" in html
    assert "<div>LogisticRegression</div>" not in html
    assert links_of(ImageLimeExplainer(LogisticRegression()))[1].endswith(
        "sklearn.linear_model.LogisticRegression.html"
    )


def test_names_of_functions_are_escaped():
    html = ImageLimeExplainer(lambda images: images)._repr_html_()
    assert "<div>estimator: &lt;lambda&gt;</div>" in html
    assert "<lambda>" not in html


def test_the_diagram_of_large_images_is_small_and_fast(quarters):
    pictures = np.zeros((20, 500, 500, 3), dtype=np.uint8)
    explainer = ImageLimeExplainer(quarters, occluder=ImageOccluder(pictures))
    explainer._repr_html_()
    start = process_time()
    html = explainer._repr_html_()
    assert process_time() - start < 0.5
    assert len(html) < 200_000
