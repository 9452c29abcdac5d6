"""A file gives back what was written, executes nothing, and says what it is not."""

import io
import json
import pickle
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_selection import SelectKBest, f_regression
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.tree import DecisionTreeRegressor

from sklime import ImageExplanation, ImageLimeExplainer
from sklime.locality import ImageDistance
from sklime.segmentation import GridSegmenter

ARRAYS = (
    *("image", "segments", "segment_ids", "background", "class_names", "samples"),
    *("sample_predictions", "distances", "sample_weights", "weights", "intercepts"),
    *("local_predictions", "fidelity", "predictions"),
)


def save_and_load(explanation):
    file = io.BytesIO()
    explanation.save(file)
    file.seek(0)
    return ImageExplanation.load(file)


@pytest.mark.parametrize("name", ["why.npz", "why", "why.lime"])
def test_every_array_comes_back_bit_for_bit(explanation, tmp_path, name):
    """And under the name that was given: numpy adds a suffix."""
    named = explanation.name_segments({0: "Kaffee \u2615", 3: "a,b\n"})
    named.save(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    copy = ImageExplanation.load(str(tmp_path / name))
    for attribute in ARRAYS:
        ours, theirs = getattr(named, attribute), getattr(copy, attribute)
        np.testing.assert_array_equal(theirs, ours)
        assert theirs.dtype == ours.dtype
    assert copy.labels == named.labels
    assert copy.label_indices == named.label_indices
    assert copy.segment_names == named.segment_names
    assert copy.data_range == named.data_range
    assert copy.settings == named.settings
    assert copy.surrogates is None
    assert repr(copy) == repr(named)
    np.testing.assert_array_equal(copy.mask(), named.mask())
    np.testing.assert_array_equal(copy.cutout(), named.cutout())


@pytest.mark.parametrize("dtype", ["u1", ">u2", "f2", "f4", "?", "i8"])
def test_images_of_any_type(dtype, quarters):
    image = (np.arange(64).reshape(8, 8) % 2).astype(dtype)
    explanation = ImageLimeExplainer(
        quarters, segmenter=GridSegmenter(2, 2), occluder=0, data_range=(0, 1)
    ).fit_explain(image)
    copy = save_and_load(explanation)
    assert copy.image.dtype == explanation.image.dtype
    np.testing.assert_array_equal(copy.image, image)


@pytest.mark.parametrize(
    "class_names",
    [
        ["cat", "dog", "cow", "hen"],
        [10, 20, 30, 40],
        [0.5, 1.5, 2.5, 3.5],
        ["cat", 1, 2, 3],
        np.array(["cat", "dog", "cow", "hen"], dtype=object),
    ],
    ids=str,
)
def test_class_names_of_any_kind(coffee, quarters, class_names):
    explainer = ImageLimeExplainer(
        quarters, segmenter=GridSegmenter(2, 2), occluder=0, class_names=class_names
    )
    copy = save_and_load(explainer.fit_explain(coffee, labels=[class_names[1]]))
    assert copy.class_names.tolist() == list(class_names)
    assert copy.labels == [class_names[1]]
    assert copy.refit(class_names[3]).labels == [class_names[3]]


def test_what_was_loaded_can_be_fitted_again(explanation):
    """The same answers, the same folds: the same weights."""
    copy = save_and_load(explanation)
    with pytest.raises(ValueError, match="Call refit first"):
        copy.export_text()
    again = copy.refit()
    np.testing.assert_array_equal(again.weights, explanation.weights)
    np.testing.assert_array_equal(again.fidelity, explanation.fidelity)
    assert isinstance(again.surrogates[0], Ridge)
    other = copy.refit("top right", surrogate=LinearRegression(), kernel_width=0.3)
    expected = explanation.refit(
        "top right", surrogate=LinearRegression(), kernel_width=0.3
    )
    np.testing.assert_array_equal(other.weights, expected.weights)
    subset = save_and_load(explanation.refit(segment_subset=[1, 8], max_segments=0.5))
    np.testing.assert_array_equal(subset.refit().weights, subset.weights)


def test_objects_are_not_written_and_asked_for_when_they_are_needed(explanation):
    tree = explanation.refit(surrogate=DecisionTreeRegressor(max_depth=2))
    copy = save_and_load(save_and_load(tree))
    with pytest.raises(
        ValueError,
        match=r"surrogate was DecisionTreeRegressor\(max_depth=2.*surrogate=",
    ):
        copy.refit()
    again = copy.refit(surrogate=DecisionTreeRegressor(max_depth=2))
    np.testing.assert_array_equal(again.weights, tree.weights)
    assert "class" not in again.export_text()
    mine = explanation.refit(kernel=lambda distances: 1 - distances)
    copy = save_and_load(mine)
    np.testing.assert_array_equal(copy.refit().weights, mine.weights)
    with pytest.raises(ValueError, match="kernel was <function"):
        copy.refit(kernel_width=0.1)
    chosen = save_and_load(
        explanation.refit(feature_selector=SelectKBest(f_regression, k=3))
    )
    with pytest.raises(ValueError, match=r"feature_selector was SelectKBest"):
        chosen.refit()
    kept = chosen.refit(feature_selector="highest_weights", max_segments=3)
    assert np.count_nonzero(kept.weights[0]) == 3


def test_masked_images_and_samplers_that_weigh(coffee, quarters):
    segments = np.full((64, 64), -1)
    segments[:32], segments[32:] = 0, 1
    segments[:, 50:] = -1
    explainer = ImageLimeExplainer(
        quarters,
        segmenter=lambda image: segments,
        sampler="shapley",
        surrogate=LinearRegression(),
        occluder=0,
    )
    copy = save_and_load(explainer.fit_explain(coffee))
    np.testing.assert_array_equal(copy.segments, segments)
    assert copy.settings.weighed_by == "ShapleySampler"
    with pytest.raises(ValueError, match="cannot be changed by refit"):
        copy.refit(surrogate=Ridge(), kernel_width=0.1)


def test_class_names_that_no_file_can_hold(explanation):
    explanation = save_and_load(explanation)
    explanation.class_names = np.array([b"a", b"b", b"c", b"d"])
    with pytest.raises(TypeError, match="class_names must be strings or numbers"):
        explanation.save(io.BytesIO())


# Files that are not ours


@pytest.fixture
def saved(explanation, tmp_path):
    explanation.save(tmp_path / "why.npz")
    return tmp_path / "why.npz"


def rewrite_header(path, **changes):
    """Change some entries of a saved file's header."""
    with np.load(path) as archive:
        arrays = dict(archive)
    header = json.loads(str(arrays["header"])) | changes
    np.savez(path, **{**arrays, "header": np.array(json.dumps(header))})


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        ImageExplanation.load(tmp_path / "none.npz")


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ValueError, match="save wrote, or was cut off"):
        ImageExplanation.load(saved)


def test_a_file_with_a_flipped_byte(saved):
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 255
    saved.write_bytes(content)
    with pytest.raises(ValueError, match="save wrote, or was cut off"):
        ImageExplanation.load(saved)


def test_a_file_of_a_newer_version(saved):
    rewrite_header(saved, version=99)
    with pytest.raises(ValueError, match=r"newer sklime: its format is 99.*Upgrade"):
        ImageExplanation.load(saved)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\x93NUMPY", pickle.dumps({"weights": 1})]
)
def test_a_file_of_somebody_else(tmp_path, content):
    path = tmp_path / "why.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"no explanation .*: no archive\.$") as caught:
        ImageExplanation.load(path)
    assert "pickle" not in str(caught.value)  # numpy's advice is to load unsafely


def test_other_archives(tmp_path, saved):
    other = tmp_path / "other.npz"
    np.savez(other, weights=np.ones(3))
    np.save(tmp_path / "one.npy", np.ones(3))
    with zipfile.ZipFile(tmp_path / "text.zip", "w") as archive:
        archive.writestr("a.txt", "hello")
    rewrite_header(saved, format="other.Explanation")
    for path in (other, tmp_path / "one.npy", tmp_path / "text.zip", saved):
        with pytest.raises(ValueError, match="no explanation that"):
            ImageExplanation.load(path)


def test_a_missing_array_is_named(saved):
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(saved, "w") as archive:
        for name, part in parts.items():
            if name != "weights.npy":
                archive.writestr(name, part)
    with pytest.raises(ValueError, match="weights"):
        ImageExplanation.load(saved)


class Mischief:
    """Its pickle would write a file."""

    def __reduce__(self):
        return Path.touch, (Path("mischief"),)


def test_nothing_in_a_file_is_executed(saved, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with np.load(saved) as archive:
        arrays = dict(archive)
    arrays["weights"] = np.array([Mischief()], dtype=object)
    np.savez(saved, **arrays)
    with pytest.raises(ValueError, match="no explanation that"):
        ImageExplanation.load(saved)
    assert not (tmp_path / "mischief").exists()


def test_settings_of_numpy_types(explanation):
    copy = save_and_load(
        explanation.refit(multi_output=np.bool_(False), kernel_width=np.float32(0.5))
    )
    assert copy.settings.multi_output is False
    assert copy.refit().settings.kernel_width == 0.5


def test_a_stream_gets_what_a_path_gets(explanation, tmp_path):
    stream = io.BytesIO()
    explanation.save(stream)
    explanation.save(tmp_path / "why.npz")
    assert len(stream.getvalue()) == (tmp_path / "why.npz").stat().st_size


@pytest.mark.parametrize(
    "changes",
    [{"settings": [1]}, {"settings": {"p": 1}}, {"version": "1"}, {"data_range": 1}],
)
def test_a_header_that_makes_no_sense(saved, changes):
    rewrite_header(saved, **changes)
    with pytest.raises(ValueError, match="no explanation that"):
        ImageExplanation.load(saved)


def test_a_flipped_byte_anywhere(saved):
    content = saved.read_bytes()
    for place in range(0, len(content), 40):
        broken = bytearray(content)
        broken[place] ^= 255
        saved.write_bytes(broken)
        with suppress(ValueError):  # some bytes do not matter
            ImageExplanation.load(saved)


def test_the_format_of_somebody_else_is_named(saved):
    rewrite_header(saved, format="other.Explanation")
    with pytest.raises(ValueError, match=r"no explanation that.*'other.Explanation'"):
        ImageExplanation.load(saved)


@pytest.mark.parametrize(
    ("options", "needed", "message"),
    [
        (
            {"importance_getter": lambda model: model.coef_},
            {},
            "importance_getter was <f",
        ),
        (
            {"distance": ImageDistance()},
            {"kernel_width": 0.1},
            r"distance was ImageDis",
        ),
        ({"distance": ImageDistance()}, {"kernel": "uniform"}, r"refit\(distance="),
    ],
)
def test_what_was_lost_is_named(explanation, options, needed, message):
    copy = save_and_load(explanation.refit(**options))
    with pytest.raises(ValueError, match=message):
        copy.refit(**needed)


def test_a_newer_file_is_not_said_to_be_cut_off(explanation, tmp_path):
    path = tmp_path / "why.npz"
    explanation.save(path)
    with np.load(path) as archive:
        arrays = dict(archive)
    header = json.loads(str(arrays["header"])) | {"version": 99}
    np.savez(path, **{**arrays, "header": np.array(json.dumps(header))})
    with pytest.raises(ValueError, match=r"its format is 99.*Upgrade") as caught:
        ImageExplanation.load(path)
    assert "cut off" not in str(caught.value)


def test_a_numpy_number_among_the_settings(explanation):
    copy = save_and_load(explanation.refit(kernel_width=np.float32(0.5)))
    assert copy.settings.kernel_width == 0.5


def test_files_of_text(explanation, tmp_path):
    for call in (explanation.save, ImageExplanation.load):
        with pytest.raises(TypeError, match="file must be a path or a binary file"):
            call(io.StringIO())


def test_what_was_long_is_cut_short(explanation):
    copy = save_and_load(explanation.refit(distance=np.arange(256) / 999))
    assert len(repr(copy.settings.distance)) == 200


def test_a_file_is_whole_or_not_there(explanation, tmp_path, monkeypatch):
    """A run that is resumed skips what is there: half a file would be skipped too."""
    path = tmp_path / "0.npz"
    explanation.save(path)
    before = path.read_bytes()

    def stop(file, **arrays):
        file.write(b"PK half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez_compressed", stop)
        for name in ("0.npz", "1.npz"):
            with pytest.raises(KeyboardInterrupt):
                explanation.save(tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == ["0.npz"]
    assert path.read_bytes() == before


def test_a_device_is_written_to_not_replaced(explanation):
    explanation.save("/dev/null")
    assert not Path("/dev/null").is_file()
