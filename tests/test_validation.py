"""Images come in as one or many, in every layout, type and range."""

import numpy as np
import pytest

from sklime import ImageLimeExplainer
from sklime._validation import (
    WatchedImages,
    check_all,
    check_image,
    learn_from_images,
    split_images,
    stack_images,
)


class LazyImages:
    """A sequence that makes its images when asked, as a loader of files would."""

    def __init__(self, images):
        self.images = images
        self.n_reads = 0

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        self.n_reads += 1
        return self.images[index]


@pytest.mark.parametrize(
    ("shape", "channel_axis", "single", "n_images"),
    [
        ((5, 6), -1, True, 1),
        ((5, 6, 3), -1, True, 1),
        ((5, 6, 1), -1, True, 1),
        ((5, 6, 4), -1, True, 1),
        ((2, 5, 6, 3), -1, False, 2),
        ((2, 5, 6, 7), -1, False, 2),
        ((3, 5, 6), 0, True, 1),
        ((2, 3, 5, 6), 0, False, 2),
        ((5, 6), None, True, 1),
        ((2, 5, 6), None, False, 2),
        ((3, 5, 3), None, False, 3),
    ],
)
def test_one_image_or_many(shape, channel_axis, single, n_images):
    X = np.arange(np.prod(shape), dtype=float).reshape(shape)
    images, is_single = split_images(X, channel_axis)
    assert is_single == single
    assert len(images) == n_images
    expected = X if single else X[-1]
    np.testing.assert_array_equal(images[-1], expected)


def test_a_sequence_may_hold_images_of_any_size_and_channels():
    ragged = [np.zeros((4, 5, 3)), np.zeros((6, 7, 9)), np.zeros((2, 2))]
    images, single = split_images(ragged)
    assert not single
    assert [image.shape for image in images] == [a.shape for a in ragged]


def test_an_object_array_is_a_sequence():
    ragged = np.empty(2, dtype=object)
    ragged[:] = [np.zeros((4, 5, 3)), np.zeros((6, 7, 3))]
    images, single = split_images(ragged)
    assert not single
    assert images[1].shape == (6, 7, 3)


def test_a_pil_image_is_one_image_and_a_list_of_them_are_many():
    pil = pytest.importorskip("PIL.Image")
    picture = pil.fromarray(np.arange(60, dtype=np.uint8).reshape(4, 5, 3))
    images, single = split_images(picture)
    assert single
    assert images[0].shape == (4, 5, 3)
    assert split_images([picture, picture])[1] is False


def test_lazy_images_are_read_when_needed():
    lazy = LazyImages([np.zeros((4, 5)), np.ones((4, 5))])
    images, _ = split_images(lazy)
    assert lazy.n_reads == 0
    assert images[1].max() == 1
    assert lazy.n_reads == 1


def test_a_memory_map_is_not_read_as_a_whole(tmp_path):
    path = tmp_path / "images.npy"
    np.save(path, np.ones((3, 4, 5, 3)))
    mapped = np.load(path, mmap_mode="r")
    images, _ = split_images(mapped)
    assert np.shares_memory(images[2], mapped)


def test_a_slice_is_a_list():
    images, _ = split_images(np.zeros((3, 4, 5, 3)))
    assert [image.shape for image in images[:2]] == [(4, 5, 3)] * 2
    with pytest.raises(IndexError, match="3 images"):
        images[3]


def test_greyscale_batch_is_refused_with_both_ways_out():
    with pytest.raises(ValueError, match=r"channel_axis=None.*X\[None\]"):
        split_images(np.zeros((10, 28, 28)))


def test_after_fit_the_fitted_channel_count_tells_one_image():
    assert split_images(np.zeros((5, 6, 7)), n_channels=7)[1] is True
    assert split_images(np.zeros((5, 6, 3)), n_channels=7)[1] is True
    with pytest.raises(ValueError, match="1, 3 or 4 channels"):
        split_images(np.zeros((5, 6, 8)), n_channels=7)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([], ValueError, "at least one image"),
        (np.zeros((0, 5, 6, 3)), ValueError, "at least one image"),
        (np.zeros((2, 2, 5, 6, 3)), ValueError, r"Got an array of shape \(2, 2, 5"),
        (np.float64(3), ValueError, "Got an array of shape"),
        ("picture.png", TypeError, "imread"),
        ({"a": 1}, TypeError, "dict"),
        ((i for i in range(3)), TypeError, r"list\(X\)"),
        (3, TypeError, "int"),
    ],
)
def test_what_holds_no_images(X, error, message):
    with pytest.raises(error, match=message):
        split_images(X)


@pytest.mark.parametrize(
    ("image", "error", "message"),
    [
        (np.zeros(5), ValueError, "2 or 3 dimensions"),
        (np.zeros((2, 5, 6, 3)), ValueError, r"Got shape \(2, 5, 6, 3\)"),
        (np.zeros((0, 5)), ValueError, "at least one pixel"),
        (np.array([[1.0, np.nan]]), ValueError, "NaN or infinity in 1 of 2"),
        (np.array([[1.0, np.inf]]), ValueError, "nan_to_num"),
        (np.array([["a", "b"]]), TypeError, "dtype <U1"),
        (np.array([[1j]]), ValueError, "Complex data not supported"),
        ([[1, 2], [3]], TypeError, "must be an array of numbers"),
        ([[{}]], TypeError, "must be an array of numbers"),
    ],
)
def test_what_is_no_image(image, error, message):
    with pytest.raises(error, match=message):
        check_image(image)


def test_a_checked_array_is_not_copied():
    image = np.zeros((4, 5, 3), dtype=np.float32)
    assert check_image(image) is image


def test_stack_only_what_has_one_shape():
    assert stack_images([np.zeros((2, 3))] * 4).shape == (4, 2, 3)
    assert isinstance(stack_images([np.zeros((2, 3)), np.zeros((3, 2))]), list)


def test_one_warning_names_data_range_where_no_convention_fits(digits):
    images, _ = split_images(digits[0][:20], None)
    with pytest.warns(UserWarning, match=r"Pass data_range=\(low, high\)") as warned:
        assert learn_from_images(images) == (None, (0, 16))
    assert len(warned) == 1


def test_range_comes_from_all_images():
    images, _ = split_images([np.full((2, 2), 0.5), np.full((2, 2), 200.0)])
    assert learn_from_images(images) == (None, (0, 255))


def test_a_given_range_is_kept_and_channels_are_counted():
    images, _ = split_images(np.full((2, 3, 4, 5), 7.0))
    assert learn_from_images(images, (0, 10)) == (5, (0, 10))


@pytest.mark.parametrize("order", [1, -1])
def test_the_wider_type_of_several_decides(order):
    images = [np.zeros((2, 2), np.uint16), np.zeros((2, 2), np.uint8)][::order]
    assert learn_from_images(split_images(images)[0]) == (None, (0, 65535))


def test_each_image_is_read_once_to_learn():
    lazy = LazyImages([np.zeros((4, 5))] * 3)
    learn_from_images(split_images(lazy)[0])
    assert lazy.n_reads == 3


def test_lazy_arrays_with_dimensions_are_read_item_by_item():
    class Dataset(LazyImages):
        """Like an HDF5 or zarr array."""

        ndim, shape = 4, (3, 4, 5, 3)

        def __array__(self, dtype=None, copy=None):
            raise AssertionError("read as a whole")

    lazy = Dataset(np.ones((3, 4, 5, 3)))
    images, single = split_images(lazy)
    assert not single
    assert images[-1].shape == (4, 5, 3)
    assert lazy.n_reads == 1


def test_images_in_memory_are_checked_before_the_first_is_explained():
    bad = [np.zeros((2, 2)), np.full((2, 2), np.nan)]
    with pytest.raises(ValueError, match=r"X\[1\] must be finite"):
        check_all(split_images(bad)[0], None)
    check_all(split_images(LazyImages(bad))[0], None)


def test_images_of_different_channels_are_refused():
    images, _ = split_images([np.zeros((4, 5, 3)), np.zeros((4, 5))])
    with pytest.raises(ValueError, match=r"X\[1\] must have the channels.*no channel"):
        learn_from_images(images)


def test_another_scale_than_in_fit_warns_once():
    images, _ = split_images([np.full((4, 5), 200.0)] * 3)
    with pytest.warns(UserWarning, match=r"X\[0\] has values in \[200") as warned:
        list(WatchedImages(images, None, (0.0, 1.0), 16))
    assert len(warned) == 1


@pytest.mark.parametrize("values", [(-0.4, 1.0), (0.0, 1.4)])
def test_somewhat_outside_the_range_is_no_surprise(values):
    images, _ = split_images([np.array([values])])
    assert len(list(WatchedImages(images, None, (0.0, 1.0), 16))) == 1


@pytest.mark.parametrize("values", [(-0.6, 1.0), (0.0, 1.6)])
def test_far_outside_on_either_side_is(values):
    images, _ = split_images([np.array([values])])
    with pytest.warns(UserWarning, match="another scale"):
        list(WatchedImages(images, None, (0.0, 1.0), 16))


def test_a_much_narrower_scale_than_in_fit_warns_unless_the_user_chose():
    images, _ = split_images([np.full((4, 5), 0.5)])
    with pytest.warns(UserWarning, match="on another scale"):
        list(WatchedImages(images, None, (0.0, 255.0), 16))
    dark, _ = split_images([np.full((4, 5), 1, dtype=np.uint8)])
    assert len(list(WatchedImages(dark, None, (0.0, 255.0), 16))) == 1
    assert len(list(WatchedImages(images, None, (0.0, 255.0), 16, learnt=False))) == 1


def test_a_large_image_warns_once_with_the_bytes():
    images, _ = split_images([np.zeros((1025, 1024, 3), dtype=np.uint8)] * 2)
    with pytest.warns(UserWarning, match=r"1000 perturbations are 3\.1 GB") as warned:
        list(WatchedImages(images, 3, (0.0, 255.0), 1000))
    assert len(warned) == 1
    small, _ = split_images([np.zeros((1000, 1000, 3), dtype=np.uint8)])
    assert len(list(WatchedImages(small, 3, (0.0, 255.0), 1000))) == 1


def test_an_error_in_reading_names_the_image():
    """In `fit`, and in `explain`, which says no more than that."""

    class BrokenImages(LazyImages):
        def __getitem__(self, index):
            if index == 1:
                raise OSError("cut off")
            return super().__getitem__(index)

    image = np.arange(64.0).reshape(8, 8) / 64
    lazy = BrokenImages([image] * 3)
    explainer = ImageLimeExplainer(
        lambda images: images.mean(axis=(1, 2)), n_perturbations=16, random_state=0
    )
    with pytest.raises(OSError, match="cut off") as caught:
        explainer.fit(lazy)
    assert caught.value.__notes__ == ["Raised when X[1] was read."]
    with pytest.raises(OSError, match="cut off") as caught:
        explainer.fit(image).explain(lazy)
    assert caught.value.__notes__ == ["Raised when X[1] was read."]
