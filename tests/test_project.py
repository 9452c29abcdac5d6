"""What the project says of itself in several places is the same in all."""

import configparser
import re
import tomllib
from pathlib import Path

import pytest

from sklime._docs_link import DOCS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pyproject():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_python_versions(pyproject):
    """Classifiers begin where `requires-python` does and leave out no version."""
    project = pyproject["project"]
    oldest = int(re.fullmatch(r">=3\.(\d+)", project["requires-python"])[1])
    found = re.findall(r"Python :: 3\.(\d+)", "\n".join(project["classifiers"]))
    assert list(map(int, found)) == list(range(oldest, oldest + len(found)))
    assert pyproject["tool"]["ruff"]["target-version"] == f"py3{oldest}"
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    assert settings["mypy"]["python_version"] == f"3.{oldest}"


def test_every_requirement_has_a_lower_bound(pyproject):
    """`.ci/run oldest` installs exactly the lower bounds."""
    project = pyproject["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (r for group in groups for r in group):
        if not requirement.startswith("sklime["):
            assert re.fullmatch(r"[\w-]+(>=|==)[\d.]+", requirement), requirement


def test_the_citation_names_the_same_project(pyproject):
    text = (ROOT / "CITATION.cff").read_text()
    project = pyproject["project"]
    assert f"license: {project['license']}\n" in text
    assert f"- name: {project['authors'][0]['name']}\n" in text


def test_a_report_of_a_bug_asks_for_versions():
    template = ROOT / ".github" / "ISSUE_TEMPLATE" / "bug_report.yml"
    assert "import sklime; sklime.show_versions()" in template.read_text()


PAGES = {
    "docs/images/photographs.png": "_images/photographs.png",
    "docs/user_guide/index.rst": "user_guide/index.html",
    "docs/performance.rst#fewer-calls": "performance.html#fewer-calls",
    "examples/plot_photograph.py": "auto_examples/plot_photograph.html",
    "examples": "auto_examples/index.html",
    "CHANGELOG.md": "changelog.html",
}


def read_on_pypi(text, pyproject):
    """Return a text as PyPI gets it, see `.ci/check_archives.py`."""
    hook = pyproject["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    for step in hook["substitutions"]:
        text = re.sub(step["pattern"], step["replacement"], text)
    return text


@pytest.mark.parametrize("name", PAGES)
def test_a_file_is_a_page_of_the_site_on_pypi(pyproject, name):
    found = read_on_pypi(f"a [link]({name}), and [more](https://a.b/c)", pyproject)
    assert found == f"a [link]({DOCS}/{PAGES[name]}), and [more](https://a.b/c)"


def test_the_readme_has_no_other_links_on_pypi(pyproject):
    text = read_on_pypi((ROOT / "README.md").read_text(), pyproject)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 10
    assert [link for link in links if not link.startswith("https://")] == []


def test_the_site_has_one_address(pyproject):
    site = pyproject["project"]["urls"]["Documentation"]
    assert site == f"{DOCS}/"
    template = ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml"
    assert f"url: {site}\n" in template.read_text()
