"""The tables of docs/coming_from.rst: their right column runs as it stands."""

import ast
import doctest
import inspect
import re
import warnings
from copy import copy
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from sklime import ImageLimeExplainer

docutils_core = pytest.importorskip("docutils.core")  # comes with numpydoc
nodes = pytest.importorskip("docutils.nodes")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # lime escapes strings in an old way
    lime_image = pytest.importorskip("lime.lime_image")

PAGE = Path(__file__).parents[1] / "docs" / "coming_from.rst"
TEXT = PAGE.read_text()
# How many of the capabilities that were listed for the four libraries each has.
N_CAPABILITIES = {"lime": 52, "VisuaLIME": 52, "FAT Forensics": 64, "Captum": 65}
ENOUGH = 256  # perturbations for any segmenter of the page, in a quarter of the time
LIME_CALLS = {
    "LimeImageExplainer": lime_image.LimeImageExplainer.__init__,
    "explain_instance": lime_image.LimeImageExplainer.explain_instance,
    "get_image_and_mask": lime_image.ImageExplanation.get_image_and_mask,
}


class Row(NamedTuple):
    """One row of a table: the text of each cell, and the literals in the last two."""

    library: str
    wanted: str
    theirs: str
    ours: str
    their_code: list
    code: list

    @property
    def is_left_out(self):
        return self.ours.startswith("Refused: ")


def read_literals(cell):
    """Return the code in a cell, each literal in one line."""
    return [" ".join(node.astext().split()) for node in cell.findall(nodes.literal)]


def read_rows():
    """Return every row of every table, under the title of its section."""
    settings = {"report_level": 2, "halt_level": 2}  # warnings are errors
    page = docutils_core.publish_doctree(TEXT, settings_overrides=settings)
    rows = []
    for section in page.findall(nodes.section):
        if section.parent is not page:
            continue
        library = section.next_node(nodes.title).astext()
        for body in section.findall(nodes.tbody):
            for row in body.findall(nodes.row):
                texts = [" ".join(cell.astext().split()) for cell in row.children]
                literals = [read_literals(cell) for cell in row.children[1:]]
                rows.append(Row(library, *texts, *literals))
    return rows


ROWS = read_rows()


def name_rows():
    """Return ids such as ``lime-white``, which pytest numbers where two are alike."""
    return [
        re.sub(r"\W+", "-", f"{row.library}-{row.wanted}").strip("-") for row in ROWS
    ]


@pytest.fixture(scope="module")
def setting():
    """What the ``>>>`` lines at the top of the page leave behind."""
    names = {}
    test = doctest.DocTestParser().get_doctest(TEXT, names, PAGE.name, str(PAGE), 0)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.DocTestRunner(verbose=False, optionflags=flags).run(
        test, clear_globs=False
    )
    assert result.attempted > 0
    assert result.failed == 0
    return test.globs


def run(code, names):
    """Run statements; return the value if the last of them is an expression."""
    tree = ast.parse(code)
    *statements, last = tree.body
    if not isinstance(last, ast.Expr):
        exec(compile(tree, PAGE.name, "exec"), names)
        return None
    tree.body = statements
    exec(compile(tree, PAGE.name, "exec"), names)
    return eval(compile(ast.Expression(last.value), PAGE.name, "eval"), names)


@pytest.mark.parametrize("row", ROWS, ids=name_rows())
def test_the_right_column_runs(row, setting, pyplot, tmp_path, monkeypatch):
    """Explainers explain, and what is claimed to be true is."""
    monkeypatch.chdir(tmp_path)
    names = dict(setting)
    names["explainer"] = copy(names["explainer"])  # what one row fits no other sees
    for code in row.code:
        value = run(code, names)
        if isinstance(value, ImageLimeExplainer) and not hasattr(value, "classes_"):
            value.set_params(n_perturbations=min(value.n_perturbations, ENOUGH))
            explanation = value.fit_explain(names["image"])
            assert explanation.weights.any()
        if isinstance(value, bool | np.bool_):
            assert value
    for number in pyplot.get_fignums():
        pyplot.figure(number).canvas.draw()  # some mistakes show only then


@pytest.mark.parametrize("row", ROWS, ids=name_rows())
def test_a_row_has_code_or_a_reason(row):
    assert all((row.wanted, row.theirs, row.ours))
    assert row.code or row.is_left_out
    assert row.is_left_out == row.ours.startswith("Refused")


def called_names(tree):
    """Return the calls in some code, by the last part of what is called."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(getattr(c.func, "attr", getattr(c.func, "id", None)), c) for c in calls]


def calls_of_lime():
    for row in ROWS:
        for code in row.their_code if row.library == "lime" else []:
            try:
                calls = called_names(ast.parse(code))
            except SyntaxError:  # a formula
                continue
            yield from (call for call in calls if call[0] in LIME_CALLS)


def test_the_parameters_of_lime_exist():
    """What a reader looks for in his own code has to stand there under that name."""
    calls = list(calls_of_lime())
    assert {name for name, _ in calls} == set(LIME_CALLS)
    for name, call in calls:
        known = inspect.signature(LIME_CALLS[name]).parameters
        assert {keyword.arg for keyword in call.keywords} <= set(known)
        assert len(call.args) < len(known)  # one is self


@pytest.mark.parametrize("library", N_CAPABILITIES)
def test_every_capability_has_a_row(library):
    rows = [row for row in ROWS if row.library == library]
    assert len(rows) >= N_CAPABILITIES[library]
