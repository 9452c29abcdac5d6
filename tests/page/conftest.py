"""Explanations that these tests show, and a browser."""

import os
import shutil
import warnings
from dataclasses import replace

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime.segmentation import GridSegmenter, PrecomputedSegmenter

HOSTILE = "<img src=x onerror=window.hacked=1>"
CLOSING = "</script><script>window.hacked=1</script><!-- \"\u2028' &amp; $title ${1}"
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
OPTIONS += ["--disable-background-networking", "--disable-component-update"]
OPTIONS += ["--disable-sync"]


@pytest.fixture(scope="session")
def explanation(coffee, quarters):
    """A 4x4 grid on coffee with round weights, for two labels.

    For "cup" segment 5 is the strongest, then 10, 0, 6 and 9; 9 and 10 speak against.
    """
    made = ImageLimeExplainer(
        quarters,
        segmenter=GridSegmenter(4, 4),
        occluder=128,
        n_perturbations=64,
        class_names=["cup", "spoon", "table", "floor"],
        random_state=0,
    ).fit_explain(coffee, labels=["cup", "spoon"])
    weights = np.zeros((2, 16))
    weights[0, [5, 10, 0, 6, 9]] = 0.4, -0.3, 0.2, 0.1, -0.05
    weights[1, [15, 5]] = 2.0, -1.0
    return replace(made, weights=weights)


@pytest.fixture(scope="session")
def hostile(explanation):
    """The same with names that would run as HTML or as a script."""
    names = np.array([HOSTILE, CLOSING, "table", "floor"])
    named = explanation.name_segments({5: HOSTILE, 10: CLOSING})
    return replace(named, class_names=names)


@pytest.fixture(scope="session")
def explain():
    """Explain any image by the brightness of its upper half."""

    def explain_image(image, segments=None, **params):
        def brightness(images):
            return images.reshape(len(images), -1)[:, : images[0].size // 2].mean(1)

        segmenter = None if segments is None else PrecomputedSegmenter(segments)
        defaults = {"occluder": 0, "n_perturbations": 64, "random_state": 0}
        axis = None if image.ndim == 2 else -1
        explainer = ImageLimeExplainer(
            brightness, segmenter=segmenter, channel_axis=axis, **defaults | params
        )
        with warnings.catch_warnings():  # what they say is of no concern here
            warnings.simplefilter("ignore")
            return explainer.fit(image[np.newaxis]).explain(image)

    return explain_image


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="the extra browser is not installed"
    )
    found = os.environ.get("SKLIME_CHROMIUM") or next(
        filter(None, map(shutil.which, NAMES)), None
    )
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} nor SKLIME_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield launched
        launched.close()


def complain(complaints, text):
    if "willReadFrequently" not in text:  # which these tests do, and no page
        complaints.append(text)


@pytest.fixture
def show(browser, tmp_path):
    """Open HTML as a file; nothing may be asked for or complained of."""
    opened = []

    def open_page(html, complaint=None, **options):
        path = tmp_path / f"page{len(opened)}.html"
        path.write_text(html, encoding="utf-8")
        options = {"viewport": {"width": 1200, "height": 900}} | options
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(10_000)
        asked, complaints = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complain(complaints, message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        opened.append((context, path.as_uri(), asked, complaints, complaint))
        return page

    yield open_page
    for context, address, asked, complaints, complaint in opened:
        context.close()
        others = {url for url in asked if not url.startswith("data:")}
        assert others <= {address, "about:srcdoc"}
        expected = [text for text in complaints if complaint and complaint in text]
        assert complaints == expected
        assert bool(complaints) == (complaint is not None)


@pytest.fixture
def page(show, explanation):
    """The page of two labels, enlivened."""
    opened = show(explanation.to_html())
    opened.locator("#explorer").wait_for()
    return opened
