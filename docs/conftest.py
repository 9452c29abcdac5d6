"""Close the pictures of each page, as matplotlib warns of more than twenty."""
# SPDX-License-Identifier: BSD-3-Clause

import pytest


@pytest.fixture(autouse=True)
def close_figures():
    """Draw without a screen, and leave no figure behind."""
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("agg")
    yield
    plt.close("all")
