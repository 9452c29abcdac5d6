"""Import matplotlib where something is drawn, and nowhere else."""
# SPDX-License-Identifier: BSD-3-Clause


def import_pyplot(caller):
    """Return `matplotlib.pyplot`, or say how to install it.

    Parameters
    ----------
    caller : str
        What draws.

    Returns
    -------
    module
        `matplotlib.pyplot`.

    Raises
    ------
    ImportError
        Without matplotlib.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            f"{caller} requires matplotlib. You can install it with "
            "`pip install sklime[plot]`."
        ) from error
    return plt
