"""Configuration of Sphinx: how the documentation is built."""
# SPDX-License-Identifier: BSD-3-Clause
# Imports nothing of Sphinx at the top: pytest reads this file where there is none.

import importlib
import os
import pkgutil
import posixpath
import re

# sphinx-gallery looks up the names in examples before it runs them.
from sklearn.experimental import enable_halving_search_cv  # noqa: F401

import sklime

project = "sklime"
author = "The sklime developers"
copyright = "The sklime developers"
version = release = sklime.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx-mathjax-offline",  # formulas without a network
    "matplotlib.sphinxext.plot_directive",
    "matplotlib.sphinxext.figmpl_directive",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
    "sphinx_copybutton",
    "sphinx_design",
    "myst_parser",
]
exclude_patterns = ["_build"]
templates_path = ["_templates"]
# Text in single backticks is a link where it names something, else code: a parameter, a
# thing of another package. What begins like one of our names has to exist.
default_role = "py:obj"
nitpicky = True

# The pages of other projects are asked for on Read the Docs alone: a build anywhere
# else needs no network.
if os.environ.get("READTHEDOCS"):
    extensions.append("sphinx.ext.intersphinx")
    intersphinx_mapping = {
        "python": ("https://docs.python.org/3", None),
        "numpy": ("https://numpy.org/doc/stable", None),
        "skimage": ("https://scikit-image.org/docs/stable", None),
        "sklearn": ("https://scikit-learn.org/stable", None),
        "joblib": ("https://joblib.readthedocs.io/en/stable", None),
        "matplotlib": ("https://matplotlib.org/stable", None),
    }

# API
toc_object_entries_show_parents = "hide"
autosummary_generate = True
autosummary_ignore_module_all = False
autodoc_typehints = "none"  # numpydoc has types, with shapes
numpydoc_show_class_members = False  # the template lists the methods
numpydoc_xref_param_type = True
numpydoc_xref_ignore = "all"  # but what the aliases name

# Changelog
myst_heading_anchors = 3

# Pictures
plot_include_source = True
plot_html_show_source_link = False
plot_html_show_formats = False
plot_formats = [("png", 100)]
plot_srcset = ["2x"]
plot_rcparams = {"savefig.bbox": "tight", "font.size": 9}
plot_apply_rcparams = True

# Gallery
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "filename_pattern": r"/plot_",
    "ignore_pattern": r"(^|/)(?!plot_)[^/]*\.py$",  # modules that examples import
    "within_subsection_order": "FileNameSortKey",
    "doc_module": ("sklime",),
    "backreferences_dir": "api/backreferences",
    "capture_repr": ("_repr_html_", "__repr__"),
    "image_srcset": ["2x"],
    "abort_on_example_error": True,
    "reset_modules": ("matplotlib",),
    "show_memory": False,
    "write_computation_times": False,
    "min_reported_time": 5,
    "download_all_examples": False,
    "remove_config_comments": True,
}

# Pages
html_theme = "pydata_sphinx_theme"
html_title = "sklime"
html_static_path = ["_static"]
html_css_files = ["sklime.css"]
html_logo = html_favicon = "_static/logo.svg"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "sklime"},
    "header_links_before_dropdown": 8,
    "navbar_align": "left",
    "navigation_with_keys": False,
    "show_prev_next": False,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}
# Pages without a page below or beside them, where a sidebar would be empty.
LEAVES = ["index", "getting_started", "own_model", "what_lime_sees", "coming_from"]
html_sidebars = {page: [] for page in [*LEAVES, "contributing", "changelog"]}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True


def find_full_names(package):
    """Return the full name of each public name, the shortest if it has several."""
    stages = [
        m.name for m in pkgutil.iter_modules(package.__path__) if m.name[0] != "_"
    ]
    modules = [f"{package.__name__}.{stage}" for stage in stages] + [package.__name__]
    return {
        name: f"{module}.{name}"
        for module in modules
        for name in importlib.import_module(module).__all__
    }


NAME = re.compile(r"[A-Z]\w*(\.\w+)?")
FULL_NAMES = find_full_names(sklime)
numpydoc_xref_aliases = {
    name: full for name, full in FULL_NAMES.items() if name[0].isupper()
}
OURS = "|".join(["sklime", *numpydoc_xref_aliases])
nitpick_ignore_regex = [(r"py:.*", rf"(?!({OURS})(\.|$)).*")]


def link_short_names(app, env, node, contnode):
    """Link a public name that stands without its module, as in docstrings."""
    if node.get("refdomain") != "py":
        return None
    head, _, rest = node["reftarget"].partition(".")
    if head not in FULL_NAMES:
        return None
    target = FULL_NAMES[head] + (f".{rest}" if rest else "")
    domain = env.get_domain("py")
    return domain.resolve_xref(
        env, node["refdoc"], app.builder, "obj", target, node, contnode
    )


def find_page(path, docname):
    """Return the page of a file that another page names, None if it is no page.

    Examples
    --------
    >>> find_page("../metrics.rst#curves", "user_guide/fit")
    'metrics'
    >>> find_page("../examples/plot_fills.py", "index")
    'auto_examples/plot_fills'
    """
    path = posixpath.normpath(posixpath.join(posixpath.dirname(docname), path))
    path = re.sub(r"^(\.\./)?examples/", "auto_examples/", path.partition("#")[0])
    page, suffix = posixpath.splitext(path)
    return page if suffix in {".rst", ".md", ".py"} else None


def link(node, content, docname, **options):
    """Put a link in the place of a node, to be resolved when all pages are read."""
    from sphinx.addnodes import pending_xref

    node.replace_self(pending_xref("", content, refdoc=docname, **options))


def link_files(app, doctree):
    """Link pages to pages where they name the file, for those who read the source."""
    from docutils import nodes

    docname = app.env.docname
    for node in list(doctree.findall(nodes.reference)):
        uri = node.get("refuri", "")
        page = None if ":" in uri else find_page(uri, docname)
        if page is not None:
            options = {"reftype": "doc", "reftarget": f"/{page}", "refwarn": True}
            content = nodes.inline("", "", *node.children)
            link(node, content, docname, refdomain="std", refexplicit=True, **options)


def link_code(app, doctree):
    """Link the name of a class, alone or with one of its members."""
    from docutils import nodes

    for node in list(doctree.findall(nodes.literal)):
        name = node.astext()
        is_text = not node["classes"] and isinstance(node.parent, nodes.paragraph)
        head = name.partition(".")[0]
        if is_text and head in numpydoc_xref_aliases and NAME.fullmatch(name):
            options = {"reftype": "obj", "reftarget": name, "refwarn": False}
            link(node, node.deepcopy(), app.env.docname, refdomain="py", **options)


def setup(app):
    """Connect the functions above."""
    from numpydoc.xref import DEFAULT_LINKS

    DEFAULT_LINKS.clear()  # they lead to pages of others, here or not
    # It only copies files at the end, but does not say that pages can be read at once.
    app.extensions["sphinx-mathjax-offline"].parallel_read_safe = True
    app.connect("missing-reference", link_short_names)
    app.connect("doctree-read", link_files)
    app.connect("doctree-read", link_code)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
