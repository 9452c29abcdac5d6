"""Answers are found again under all that they depend on."""

import numpy as np
import pytest

from sklime.perturbation import BlackBox, Composer, as_black_box, name_model
from sklime.perturbation._composition import RedrawingComposer, SharingComposer
from sklime.perturbation._recall import Recall, find_image, keep_image
from sklime.sampling import enumerate_samples


@pytest.fixture
def scene():
    """An image, a background and segments, one of which is never hidden."""
    rng = np.random.RandomState(0)
    image, background = rng.randint(0, 255, size=(2, 6, 5, 3)).astype(np.uint8)
    segments = np.arange(30).reshape(6, 5) % 5 - 1
    return image, background, rng.permutation(segments.ravel()).reshape(6, 5)


ROWS = enumerate_samples(4)


def test_all_that_an_answer_depends_on(scene):
    """What differs in a pixel that is shown somewhere is another scene."""
    image, background, segments = scene
    inside = tuple(np.argwhere(segments >= 0)[3])
    outside = tuple(np.argwhere(segments < 0)[0])

    def digest(image=image, background=background, segments=segments, axis=-1):
        return Composer(image, background, segments, axis).digest(ROWS)

    def change(array, place, value=1):
        array = array.copy()
        array[place] = array[place] ^ value
        return array

    digests = [
        digest(),
        digest(image=change(image, inside)),
        digest(image=change(image, outside)),
        digest(background=change(background, inside)),
        digest(segments=change(segments, inside, 3)),
        digest(axis=0),
        digest(image.astype(np.int16), background.astype(np.int16)),
        digest(background, image),
    ]
    assert len(set(digests)) == len(digests)
    # the background of a pixel that is never hidden is never seen
    assert digest(background=change(background, outside)) == digest()


def test_rows_are_told_apart_at_any_width(scene):
    for n_segments in (1, 7, 8, 9, 300):
        rows = np.random.RandomState(0).uniform(size=(40, n_segments)) < 0.5
        keys = Composer(*scene).key_rows(rows)
        assert len(np.unique(keys, axis=0)) == len(np.unique(rows, axis=0))


def test_whole_images_are_known_by_themselves(scene, tmp_path):
    """Asked in `fit`, an image is the first perturbation of `explain` too."""
    image = scene[0]
    recall = Recall(tmp_path, ROWS, Composer(*scene))
    assert recall.find() == {}
    keep_image(tmp_path, image, np.array([1.0, 2.0]))
    hidden = Composer(*scene)(~ROWS[:1])[0]
    keep_image(tmp_path, hidden, np.array([3.0, 4.0]))
    found = recall.find()
    rows = {tuple(ROWS[index]): found[index].tolist() for index in found}
    assert rows == {(True,) * 4: [1.0, 2.0], (False,) * 4: [3.0, 4.0]}


def test_what_is_kept_is_found_by_the_next(scene, tmp_path):
    answers = np.random.RandomState(0).uniform(size=(16, 2))
    recall = Recall(tmp_path, ROWS, Composer(*scene))
    recall.keep(np.array([0, 3, 15]), answers[[0, 3, 15]])
    recall.keep(np.array([7]), answers[[7]])
    for order in (slice(None), slice(None, None, -1)):
        found = Recall(tmp_path, ROWS[order], Composer(*scene)).find(n_outputs=2)
        for place, index in enumerate(np.arange(16)[order]):
            if index in (0, 3, 7, 15):
                assert found[place].tobytes() == answers[index].tobytes()
            else:
                assert place not in found
    image = find_image(tmp_path, scene[0])
    assert image.tobytes() == answers[0].tobytes()
    with pytest.raises(ValueError, match=r"answers of 2 outputs .* has 3.*memory_key"):
        recall.find(n_outputs=3)


def test_equal_pixels_by_other_segments_are_shared(scene, tmp_path):
    image, background, _ = scene
    halves = np.arange(6)[:, np.newaxis].repeat(5, axis=1) // 3
    thirds = np.arange(6)[:, np.newaxis].repeat(5, axis=1) // 3 + (
        np.arange(6)[:, np.newaxis] == 5
    )
    rows = np.array([[True, False]])
    first = Recall(tmp_path, rows, SharingComposer(image, background, halves))
    first.keep(np.array([0]), np.array([[0.5]]))
    rows = np.array([[True, False, False], [True, False, True]])
    second = Recall(tmp_path, rows, SharingComposer(image, background, thirds))
    assert second.find() == {0: [0.5]}


def test_fills_that_are_drawn_anew(scene, tmp_path):
    """Equal rows have different images, and other draws are another scene."""
    image, _, segments = scene

    def recall_draws(offset):
        def draw(number):
            return np.full_like(image, number + offset)

        rows = np.array([[True] * 4, [False] * 4, [False] * 4])
        compose = RedrawingComposer(image, draw, segments)
        return Recall(tmp_path, rows, compose)

    recall_draws(1).keep(np.arange(3), np.array([[0.0], [1.0], [2.0]]))
    assert recall_draws(1).find() == {0: [0.0], 1: [1.0], 2: [2.0]}
    assert recall_draws(2).find() == {0: [0.0]}  # the image itself has no fill


def test_models_have_folders_of_their_own(digit_model, quarters):
    names = [
        name_model(digit_model),
        name_model(digit_model, "predict"),
        name_model(digit_model, memory_key="mine"),
        name_model(quarters, memory_key="mine"),
        name_model(quarters, memory_key="yours"),
    ]
    assert len(set(names)) == len(names)
    assert name_model(digit_model.predict) == name_model(digit_model, "predict")
    assert name_model(digit_model, "predict_proba") == name_model(digit_model)
    with pytest.raises(TypeError, match=r"memory must know .* function cannot"):
        name_model(quarters)


@pytest.mark.parametrize("batch_size", [None, 1, 5])
def test_only_what_is_new_is_asked(scene, recorder, tmp_path, batch_size):
    box = recorder(lambda images: images.mean(axis=(1, 2)))
    black_box = BlackBox(box, batch_size=batch_size, cache=tmp_path)
    first = black_box.ask(ROWS[:9], *scene)
    assert box.n_images == 9
    second = black_box.ask(ROWS, *scene)
    assert box.n_images == 16
    assert max(map(len, box.batches)) <= (batch_size or 9)
    np.testing.assert_array_equal(second[:9], first)
    np.testing.assert_array_equal(second, BlackBox(box).ask(ROWS, *scene))
    assert black_box.ask(ROWS[[3, 3, 1]], *scene).shape == (3, 3)
    assert box.n_images == 32


def test_a_check_asks_two_rows_once(scene, recorder, tmp_path):
    box = recorder(lambda images: images.mean(axis=(1, 2)))
    black_box = BlackBox(box, cache=tmp_path)
    answer = black_box.check(scene[0])
    assert [len(batch) for batch in box.batches] == [2]
    np.testing.assert_array_equal(black_box.check(scene[0]), answer)
    assert len(box.batches) == 1
    assert black_box.ask(np.ones((1, 4), bool), *scene).tolist() == [answer.tolist()]
    assert len(box.batches) == 1


def test_anything_becomes_a_black_box(digit_model, digits, quarters):
    black_box = BlackBox(quarters)
    assert as_black_box(black_box) is black_box
    assert as_black_box(quarters).estimator is quarters
    from sklime import ImageLimeExplainer

    explainer = ImageLimeExplainer(
        digit_model, channel_axis=None, data_range=(0, 16), batch_size=3
    ).fit(digits[0])
    opened = as_black_box(explainer)
    assert (opened.estimator, opened.batch_size) == (digit_model, 3)
    assert opened.channel_axis is None
