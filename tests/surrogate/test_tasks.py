"""What a surrogate learns: an output, several, or the predicted class."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, MultiTaskLasso, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from sklime.surrogate import check_target, plan_tasks

OUTPUTS = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.3, 0.4, 0.3], [0.4, 0.4, 0.2]])
WINNERS = [0, 2, 1, 0]  # the first of equal ones


def test_a_regressor_learns_the_output_of_each_label():
    first, second = plan_tasks(OUTPUTS, [2, 0], Ridge())
    np.testing.assert_array_equal(first.targets, OUTPUTS[:, 2])
    np.testing.assert_array_equal(second.values, OUTPUTS[:, [0]])
    assert first.classes is None


def test_one_regressor_learns_all_labels():
    (task,) = plan_tasks(OUTPUTS, [2, 0], Ridge(), multi_output=True)
    np.testing.assert_array_equal(task.targets, OUTPUTS[:, [2, 0]])


def test_a_classifier_learns_the_predicted_class_once():
    """Of all outputs, also those that nobody asked about."""
    (task,) = plan_tasks(OUTPUTS, [0], DecisionTreeClassifier())
    assert task.targets.tolist() == WINNERS
    assert task.values.tolist() == [[1], [0], [0], [1]]
    assert task.classes == [0]
    assert task.numeric_targets.tolist() == [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
        [1, 0, 0],
    ]


@pytest.mark.parametrize("surrogate", [Ridge(), DecisionTreeClassifier()])
def test_one_versus_rest(surrogate):
    tasks = plan_tasks(OUTPUTS, [0, 1], surrogate, target="one-vs-rest")
    assert [task.targets.tolist() for task in tasks] == [[1, 0, 0, 1], [0, 0, 1, 0]]
    assert [task.values.ravel().tolist() for task in tasks] == [
        [1, 0, 0, 1],
        [0, 0, 1, 0],
    ]


@pytest.mark.parametrize(
    "surrogate",
    [
        Ridge(),
        DecisionTreeRegressor(),
        RandomForestRegressor(),
        MultiOutputRegressor(SVR()),
        MultiTaskLasso(),
        make_pipeline(StandardScaler(), Ridge()),
        GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {}),
    ],
    ids=lambda model: str(model)[:30],
)
def test_models_of_several_outputs(surrogate):
    check_target(surrogate, multi_output=True)


@pytest.mark.parametrize(
    ("surrogate", "options", "message"),
    [
        (SVR(), {"multi_output": True}, "MultiOutputRegressor"),
        (GridSearchCV(SVR(), {}), {"multi_output": True}, "Got GridSearchCV; wrap"),
        (RandomForestClassifier(), {"multi_output": True}, "is for regressors"),
        (MultiOutputClassifier(LogisticRegression()), {}, "several columns"),
        (Ridge(), {"target": "best"}, r"target must be one of \('auto', 'one-vs-rest'"),
        (Ridge(), {"target": "one-vs-rest", "n_outputs": 1}, "has a single one"),
        (LogisticRegression(), {"n_outputs": 1}, "has a single one"),
        (
            GridSearchCV(LogisticRegression(), {}),
            {"n_outputs": 1},
            "has a single one",
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_learnt(surrogate, options, message):
    with pytest.raises(ValueError, match=message):
        check_target(surrogate, **options)


def test_a_model_without_tags_is_believed():
    class Plain:
        def fit(self, X, y):
            return self

    check_target(Plain(), multi_output=True)
    Plain._estimator_type = "classifier"
    with pytest.raises(ValueError, match="single one"):
        check_target(Plain(), n_outputs=1)


def test_some_rows_of_a_task_are_those_rows_of_all_it_holds():
    (task,) = plan_tasks(OUTPUTS, [2, 0], Ridge(), multi_output=True)
    part = task.take([3, 1])
    np.testing.assert_array_equal(part.targets, OUTPUTS[[3, 1]][:, [2, 0]])
    np.testing.assert_array_equal(part.values, part.targets)


def test_one_regressor_learns_all_predicted_classes():
    (task,) = plan_tasks(
        OUTPUTS, [0, 1], Ridge(), target="one-vs-rest", multi_output=True
    )
    assert task.targets.tolist() == [[1, 0], [0, 0], [0, 1], [1, 0]]
    assert task.classes is None
