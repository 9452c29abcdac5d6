"""What a report of a bug has to say of the machine."""

import platform
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import numpy as np

import sklime

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def shown(capsys):
    """Return what is printed as a dict of names and values."""
    sklime.show_versions()
    rows = (line.partition(": ") for line in capsys.readouterr().out.splitlines())
    return {name.strip(): value for name, _, value in rows if value}


def test_every_dependency_is_shown_with_its_version(capsys):
    project = tomllib.loads(PROJECT.read_text())["project"]
    extras = project["optional-dependencies"]
    requirements = [*project["dependencies"], *extras["plot"], *extras["pandas"]]
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in requirements]
    assert len(names) > 7
    found = shown(capsys)
    assert {name: found[name] for name in names} == {n: version(n) for n in names}
    assert found["sklime"] == sklime.__version__
    assert found["numpy"] == np.__version__


def test_the_machine_and_its_threads_are_shown(capsys):
    found = shown(capsys)
    assert found["python"].startswith(platform.python_version())
    assert found["machine"] == platform.platform()
    assert int(found["num_threads"]) >= 1


def test_what_is_not_installed_is_none(capsys, monkeypatch):
    monkeypatch.setattr("sklime._show_versions.FRAMEWORKS", ("no-such-package",))
    assert shown(capsys)["no-such-package"] == "None"


def test_nothing_is_imported_for_it():
    """A broken framework must not keep anybody from reporting a bug."""
    code = (
        "import sys, sklime; sklime.show_versions();"
        "print([m for m in ('torch', 'distributed') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "[]"
