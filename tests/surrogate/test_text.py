"""Rules of a tree, with the names of segments and classes."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeRegressor,
)

from sklime.sampling import enumerate_samples
from sklime.surrogate import export_tree

NAMES = ["sky", "sea", "cup", "cat"]
SAMPLES = enumerate_samples(4).astype(float)
ANSWERS = 0.9 * SAMPLES[:, 2]


@pytest.mark.parametrize(
    "surrogate",
    [
        DecisionTreeRegressor(max_depth=1),
        ExtraTreeRegressor(max_depth=1, max_features=None),
        make_pipeline(DecisionTreeRegressor(max_depth=1)),
        make_pipeline("passthrough", DecisionTreeRegressor(max_depth=1)),
        make_pipeline(
            SelectKBest(f_regression, k=2), DecisionTreeRegressor(max_depth=1)
        ),
        make_pipeline(
            FunctionTransformer(feature_names_out="one-to-one"),
            DecisionTreeRegressor(max_depth=1),
        ),
        GridSearchCV(DecisionTreeRegressor(), {"max_depth": [1]}),
    ],
    ids=lambda model: str(model)[:60],
)
def test_the_names_follow_through_whatever_is_around_the_tree(surrogate):
    text = export_tree(surrogate.fit(SAMPLES, ANSWERS), NAMES)
    assert "--- cup <= 0." in text
    assert text.count("value:") == 2
    assert text.index("[0.00]") < text.index("cup >") < text.index("[0.90]")


def test_scaled_columns_keep_their_names():
    model = make_pipeline(StandardScaler(), DecisionTreeRegressor(max_depth=1))
    text = export_tree(model.fit(SAMPLES, ANSWERS), NAMES, decimals=3)
    assert text.startswith("|--- cup <= ")
    assert "value: [0.900]" in text


def test_values_of_several_labels_and_decimals():
    tree = DecisionTreeRegressor(max_depth=1).fit(SAMPLES, np.c_[ANSWERS, 1 - ANSWERS])
    assert "value: [0.9, 0.1]" in export_tree(tree, NAMES, decimals=1)


def test_classes_are_named_by_their_columns():
    tree = DecisionTreeClassifier().fit(SAMPLES, np.where(SAMPLES[:, 2] > 0, 7, 2))
    names = [f"class {i}" for i in range(9)]
    text = export_tree(tree, NAMES, names)
    assert "cup <= 0.50\n|   |--- class: class 2" in text
    assert "cup >  0.50\n|   |--- class: class 7" in text
    assert "class: 7" in export_tree(tree, NAMES)


@pytest.mark.parametrize(
    "model", [Ridge(), RandomForestRegressor(2), LogisticRegression()], ids=str
)
def test_what_has_no_rules(model):
    model.fit(SAMPLES, ANSWERS > 0)
    with pytest.raises(
        TypeError, match=f"must be a decision tree.*{type(model).__name__}"
    ):
        export_tree(model, NAMES)


def test_columns_that_a_step_does_not_name():
    """It may turn them round: rules would name other segments than they mean."""
    flip = FunctionTransformer(lambda X: X[:, ::-1])
    model = make_pipeline(flip, DecisionTreeRegressor(max_depth=1))
    with pytest.raises(TypeError, match=r"FunctionTransformer.*feature_names_out"):
        export_tree(model.fit(SAMPLES, ANSWERS), NAMES)


def test_answers_that_were_all_the_same_are_one_leaf():
    constant = DummyClassifier().fit(SAMPLES, np.full(16, 3))
    assert export_tree(constant, NAMES, list("abcd")) == "|--- class: d\n"
    assert export_tree(constant, NAMES) == "|--- class: 3\n"
    for answers, text in ((0.25, "[0.2]"), ([0.5, 1], "[0.5, 1.0]")):
        constant = DummyRegressor().fit(
            SAMPLES, np.full((16, np.size(answers)), answers)
        )
        assert export_tree(constant, NAMES, decimals=1) == f"|--- value: {text}\n"


def test_no_branch_is_cut():
    samples = enumerate_samples(12).astype(float)
    answers = samples @ (2.0 ** np.arange(12))
    tree = DecisionTreeRegressor().fit(samples, answers)
    text = export_tree(tree, [f"segment {i}" for i in range(12)])
    assert tree.get_depth() == 12
    assert text.count("value:") == tree.get_n_leaves() == 4096


def test_names_follow_through_pipelines_in_pipelines():
    samples = enumerate_samples(4).astype(float)
    inner = make_pipeline(
        SelectKBest(f_regression, k=2), DecisionTreeRegressor(max_depth=1)
    )
    model = make_pipeline(SelectKBest(f_regression, k=3), inner)
    answers = 0.9 * samples[:, 2] + 0.1 * samples[:, 3] + 0.05 * samples[:, 1]
    text = export_tree(model.fit(samples, answers), ["sky", "sea", "cup", "cat"])
    assert text.startswith("|--- cup <= 0.50")


def test_it_names_the_model_that_was_passed():
    samples = enumerate_samples(4).astype(float)
    model = make_pipeline(Ridge()).fit(samples, samples[:, 0])
    with pytest.raises(TypeError, match=r"rules[.] Got Pipeline"):
        export_tree(model, ["sky", "sea", "cup", "cat"])
