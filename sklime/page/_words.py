"""Put the numbers of an explanation into words."""
# SPDX-License-Identifier: BSD-3-Clause

import math
import re
from html import escape

import numpy as np

MINUS = "\N{MINUS SIGN}"
MAX_DECIMALS = 8
N_SUMMED_UP = 3


def escape_text(value):
    """Return any object as text that can stand in HTML and in its attributes.

    Parameters
    ----------
    value : object
        A name or a title.

    Returns
    -------
    str
        ``str(value)``, escaped. Halves of surrogate pairs, which no file can hold,
        become question marks.

    Examples
    --------
    >>> escape_text('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return escape(str(value).encode("utf-8", "replace").decode("utf-8"))


def count_decimals(weights):
    """Return how many decimals show three digits of the largest weight.

    Parameters
    ----------
    weights : ndarray of shape (d,)
        Signed.

    Returns
    -------
    int
        At least 0; -1 where powers of ten are easier to read.

    Examples
    --------
    >>> import numpy as np
    >>> count_decimals(np.array([0.0213, -0.3])), count_decimals(np.array([4e-12]))
    (3, -1)
    """
    largest = np.abs(weights).max(initial=0)
    if largest == 0:
        return 0
    decimals = 2 - math.floor(math.log10(largest))
    return -1 if decimals > MAX_DECIMALS or largest >= 1e7 else max(0, decimals)


def format_weights(weights):
    """Return weights with their signs, in decimals that suit the largest of them.

    Parameters
    ----------
    weights : ndarray of shape (d,)
        Signed.

    Returns
    -------
    list of str of length d
        See `format_weight`.

    Examples
    --------
    >>> import numpy as np
    >>> format_weights(np.array([0.0213, 0.3, 0]))
    ['+0.021', '+0.300', '0']
    """
    decimals = count_decimals(weights)
    return [format_weight(weight, decimals) for weight in weights]


def format_weight(weight, decimals):
    """Return a weight with its sign.

    Parameters
    ----------
    weight : float
        Signed.
    decimals : int
        As `count_decimals` returns.

    Returns
    -------
    str
        With a plus or a minus sign; zero has neither. Two digits where `decimals`
        would leave nothing but zeros.

    Examples
    --------
    >>> format_weight(0.0342, 3), format_weight(0, 3), format_weight(4e-12, -1)
    ('+0.034', '0', '+4.00e-12')
    >>> format_weight(4e8, -1), format_weight(0.00034, 3)
    ('+4.00e+8', '+0.00034')
    """
    if weight == 0:
        return "0"
    text = f"{weight:+.2e}" if decimals < 0 else f"{weight:+.{decimals}f}"
    if float(text) == 0:
        text = f"{weight:+.2g}"
    text = re.sub(r"(e[+-])0(?=\d)", r"\1", text)  # no leading zeros of exponents
    return text.replace("-", MINUS, 1) if weight < 0 else text


def format_score(value):
    """Return a prediction or a fidelity in three digits, words for NaN."""
    if not np.isfinite(value):
        return "not known"
    return format_weight(value, count_decimals(value)).removeprefix("+")


def format_area(share):
    """Return a share of the image in per cent."""
    return f"{100 * share:.1f} %" if share >= 0.0005 else "under 0.1 %"


def sum_up(label, prediction, fidelity, weights, order, names):
    """Return in one or two sentences what an explanation says of a label.

    Parameters
    ----------
    label : str
        What is explained.
    prediction, fidelity : str
        In words.
    weights : ndarray of shape (d,)
        Signed.
    order : sequence of int
        The segments whose weight is not zero, strongest first.
    names : list of str of length d
        What the segments are called.

    Returns
    -------
    str
        The strongest segments for and against. It is the alternative text of the
        picture too.

    Examples
    --------
    >>> import numpy as np
    >>> weights, names = np.array([0.2, 0.0, 0.1]), ["ear", "sky", "tail"]
    >>> sum_up("cat", "0.9", "0.7", weights, [0, 2], names)
    'cat: prediction 0.9, fidelity 0.7, 3 segments. Strongest for it: ear (+0.200), \
tail (+0.100).'
    """
    texts = format_weights(weights)
    n = f"{len(weights)} segment{'s' if len(weights) != 1 else ''}"
    parts = [f"{label}: prediction {prediction}, fidelity {fidelity}, {n}."]
    for lead, sign in (("Strongest for it", 1), ("Strongest against it", -1)):
        chosen = [i for i in order if np.sign(weights[i]) == sign][:N_SUMMED_UP]
        told = [f"{names[i]} ({texts[i]})" for i in chosen]
        parts += [f"{lead}: {', '.join(told)}."] if told else []
    return " ".join(parts if len(order) else [*parts, "All weights are zero."])
