"""Public functions and methods say the types of all that goes in and comes out."""

import inspect
from importlib import import_module

import pytest
from numpydoc.docscrape import FunctionDoc

import sklime

MODULES = (
    *("segmentation", "sampling", "occlusion", "perturbation", "locality"),
    *("surrogate", "metrics", "explanation", "display", "page", "explainer"),
)


def find_public(modules):
    """Yield the name and the function of each public function and method."""
    yield "show_versions", sklime.show_versions
    for name in modules:
        module = import_module(f"sklime.{name}")
        for public in module.__all__:
            value = getattr(module, public)
            if inspect.isfunction(value):
                yield f"{name}.{public}", value
            elif inspect.isclass(value):
                yield from find_methods(value)


def find_methods(cls):
    """Yield the name and the function of what classes of ours define."""
    ours = [base for base in cls.__mro__ if base.__module__.startswith("sklime.")]
    for base in ours:
        for name, value in vars(base).items():
            function = getattr(base, name) if not name.startswith("_") else None
            if isinstance(value, property):
                function = value.fget
            function = getattr(function, "__func__", function)
            if not name.startswith("_") and inspect.isfunction(function):
                yield f"{base.__name__}.{name}", inspect.unwrap(function)


PUBLIC = dict(find_public(MODULES))


def test_they_were_found():
    assert len(PUBLIC) > 150
    expected = {"ImageLimeExplainer.fit", "ImageLimeExplainer.explain", "Regions.mask"}
    expected |= {"ImageExplanation.load", "ExplanationRecord.labels", "metrics.irof"}
    expected |= {"SubsetSampler.sample_weights", "FlatOccluder.fill"}
    assert expected <= set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_all_parameters_and_the_return_are_annotated(name):
    function = PUBLIC[name]
    signature = inspect.signature(function)
    parameters = [p for p in signature.parameters.values() if p.name != "self"]
    parameters = [p for p in parameters if p.name != "cls"]
    bare = [p.name for p in parameters if p.annotation is p.empty]
    assert not bare
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("name", PUBLIC)
def test_the_docstring_names_the_same_parameters(name):
    function = PUBLIC[name]
    documented = FunctionDoc(function)["Parameters"]
    found = [n for entry in documented for n in entry.name.split(", ")]
    expected = [
        {p.VAR_KEYWORD: "**", p.VAR_POSITIONAL: "*"}.get(p.kind, "") + p.name
        for p in inspect.signature(function).parameters.values()
        if p.name not in ("self", "cls")
    ]
    if expected and found:
        assert sorted(found) == sorted(expected)
    else:  # properties, and methods whose name and types say all
        assert not found
        assert len(expected) <= 1


@pytest.mark.parametrize("name", PUBLIC)
def test_none_is_allowed_where_it_is_the_default(name):
    for parameter in inspect.signature(PUBLIC[name]).parameters.values():
        text = str(parameter.annotation)
        if parameter.default is None:
            assert any(word in text for word in ("None", "Any", "Optional")), parameter


def test_constructors_do_not_count_as_untyped():
    """Else `mypy --strict` would complain of every call in a user's script."""
    for name in MODULES:
        module = import_module(f"sklime.{name}")
        for cls in filter(inspect.isclass, map(vars(module).get, module.__all__)):
            own = vars(cls).get("__init__")
            if inspect.isfunction(own):
                assert "return" in own.__annotations__, cls
