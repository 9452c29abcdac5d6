"""Say on what sklime runs, for a report of a bug."""
# SPDX-License-Identifier: BSD-3-Clause

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from threadpoolctl import threadpool_info

import sklime

DEPENDENCIES = ("numpy", "scipy", "scikit-learn", "scikit-image", "joblib", "tqdm")
OPTIONAL = ("matplotlib", "pandas", "distributed")
# What black boxes are often made with.
FRAMEWORKS = ("torch", "tensorflow", "keras", "jax", "onnxruntime")
THREAD_FIELDS = ("user_api", "internal_api", "version", "num_threads", "filepath")


def show_versions() -> None:
    """Print the versions of sklime, of what it uses, and of the machine.

    Installed packages are not imported, their metadata is read. Paste what is printed
    into the report of a bug.

    Examples
    --------
    >>> import sklime
    >>> sklime.show_versions()
    <BLANKLINE>
    System:
    ...
    Packages:
           sklime: ...
            numpy: ...
    """
    system = {
        "python": sys.version.replace("\n", " "),
        "executable": sys.executable,
        "machine": platform.platform(),
    }
    names = (*DEPENDENCIES, *OPTIONAL, *FRAMEWORKS)
    packages = {"sklime": sklime.__version__} | {n: _find_version(n) for n in names}
    _print_table("System", system)
    _print_table("Packages", packages)
    for library in threadpool_info():
        fields = {field: library.get(field) for field in THREAD_FIELDS}
        _print_table(f"Threads of {library.get('prefix')}", fields)


def _find_version(name):
    """Return the version of an installed package, None if there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _print_table(title, rows):
    print(f"\n{title}:")
    for name, value in rows.items():
        print(f"{name:>13}: {value}")
