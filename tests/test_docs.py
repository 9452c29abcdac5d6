"""The pages name what exists, and all of it."""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import sklime

ROOT = Path(__file__).parents[1]
DIRECTIVE = re.compile(r"^\.\. (currentmodule|autosummary|py:data)::(?: (\S+))?$")


def read_api():
    """Return the names on the API page, in order, without Sphinx."""
    names, module, directive = [], None, None
    for line in (ROOT / "docs" / "api" / "index.rst").read_text().splitlines():
        found = DIRECTIVE.match(line)
        entry = re.fullmatch(r"   (\w+)", line)
        if found:
            directive, argument = found.groups()
            module = argument if directive == "currentmodule" else module
            names += [f"{module}.{argument}"] if directive == "py:data" else []
        elif line and not line.startswith(" "):
            directive = None
        elif entry and directive == "autosummary":
            names.append(f"{module}.{entry[1]}")
    return names


def find_public_modules():
    """Return every module that can be imported by a name without underscores."""
    found = pkgutil.walk_packages(sklime.__path__, "sklime.")
    names = [module.name for module in found if "._" not in module.name]
    return [sklime, *map(importlib.import_module, names)]


def find_public_names():
    """Return the full name of each public name: of sklime itself where it is there."""
    return {
        f"sklime.{name}" if name in sklime.__all__ else f"{module.__name__}.{name}"
        for module in find_public_modules()
        for name in module.__all__
    }


def test_the_api_page_has_every_public_name_once():
    names = read_api()
    assert len(names) > 100
    assert sorted(names) == sorted(find_public_names())


def test_a_name_is_the_same_thing_in_every_module():
    """So that the page of `sklime.LimeDisplay` is that of `sklime.display`'s."""
    for module in find_public_modules():
        for name in set(module.__all__) & set(sklime.__all__):
            assert getattr(module, name) is getattr(sklime, name)


def test_diagrams_link_to_pages_that_exist():
    names = read_api()
    classes = [
        thing
        for module in find_public_modules()
        for thing in map(module.__dict__.get, module.__all__)
        if inspect.isclass(thing) and hasattr(thing, "_get_doc_link")
    ]
    assert len(classes) > 20
    for cls in classes:
        link = cls._get_doc_link(cls.__new__(cls))
        page = re.fullmatch(r".*/en/stable/api/generated/(.+)\.html", link)[1]
        assert page in names


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md"])
def test_links_to_files(page):
    text = (ROOT / page).read_text()
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    files = [target for target in targets if "://" not in target]
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []


ROLE = re.compile(r":(?:py:)?[a-z]+:`(?:[^`<]*<)?~?(sklime\b[\w.]*)>?`")


def is_documented(name):
    """Return whether the site has a place for a name: its page, or its class's."""
    names = read_api()
    owner, _, member = name.rpartition(".")
    if name in names or owner not in names:
        return name in names
    module, _, cls = owner.rpartition(".")
    return hasattr(getattr(importlib.import_module(module), cls), member)


def test_pages_link_to_names_that_exist():
    pages = [
        page.read_text()
        for page in (ROOT / "docs").rglob("*.rst")
        if not {"generated", "auto_examples", "_build"} & set(page.parts)
    ]
    links = {name for text in pages for name in ROLE.findall(text)}
    assert len(links) > 10
    assert [name for name in sorted(links) if not is_documented(name)] == []
