"""Link to the page of a class, from scikit-learn's diagrams."""
# SPDX-License-Identifier: BSD-3-Clause

import sklime

DOCS = "https://sklime.readthedocs.io/en/stable"


def find_public_name(cls):
    """Return the name under which a class of ours is documented.

    Parameters
    ----------
    cls : type
        Defined in one of our modules, public or private.

    Returns
    -------
    str
        The shortest that can be imported: of sklime itself, else of the module above
        the private one.

    Examples
    --------
    >>> from sklime import ImageLimeExplainer
    >>> from sklime.segmentation import SlicSegmenter
    >>> find_public_name(SlicSegmenter)
    'sklime.segmentation.SlicSegmenter'
    >>> find_public_name(ImageLimeExplainer)
    'sklime.ImageLimeExplainer'
    """
    at_top = getattr(sklime, cls.__name__, None) is cls
    module = "sklime" if at_top else cls.__module__.partition("._")[0]
    return f"{module}.{cls.__name__}"


class DocsLink:
    """Left of `BaseEstimator`: the diagram links to our docs.

    scikit-learn documents these attributes for developers of estimators, see
    "Developer API for HTML representation" there. A subclass in a package of its own
    gets no link.
    """

    _doc_link_module = "sklime"
    _doc_link_template = f"{DOCS}/api/generated/{{public_name}}.html"

    def _doc_link_url_param_generator(self):
        return {"public_name": find_public_name(type(self))}
