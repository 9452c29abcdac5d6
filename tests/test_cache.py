"""What is kept is found again, whole, and nothing else is."""

import joblib
import numpy as np
import pytest

from sklime._cache import Shelf, open_cache, read_arrays, write_arrays

KEYS = np.array([[0, 1], [0, 2], [7, 2]], dtype=np.uint8)
ROWS = np.array([[0.1, 1e300], [0.2, -0.0], [np.pi, 5e-324]])


def test_rows_are_found_by_key_bit_for_bit(tmp_path):
    shelf = Shelf(tmp_path / "a" / "b")
    assert shelf.find(KEYS) == {}
    shelf.add(KEYS[:2], ROWS[:2])
    shelf.add(KEYS[2:], ROWS[2:])
    found = Shelf(tmp_path / "a" / "b").find(KEYS[[2, 0, 1]][::-1])
    assert sorted(found) == [0, 1, 2]
    for place, index in enumerate([1, 0, 2]):
        assert found[place].tobytes() == ROWS[index].tobytes()
    assert list(shelf.find(np.array([[1, 0], [0, 2]], np.uint8))) == [1]


def test_none_keeps_nothing():
    assert open_cache(None) is None
    assert open_cache(joblib.Memory(None, verbose=0)) is None


@pytest.mark.parametrize("wrap", [str, lambda path: path, joblib.Memory])
def test_a_folder_by_any_name(tmp_path, wrap):
    memory = wrap(tmp_path / "new" / "folder")
    assert tmp_path / "new" / "folder" in open_cache(memory).parents
    assert open_cache(memory) == open_cache(memory)


def test_what_joblib_clears_is_cleared(tmp_path):
    memory = joblib.Memory(tmp_path, verbose=0)
    shelf = Shelf(open_cache(memory) / ("0" * 32))
    shelf.add(KEYS, ROWS)
    memory.clear(warn=False)
    assert shelf.find(KEYS) == {}


def test_joblib_reduces_it(tmp_path):
    """``Memory.reduce_size`` walks folders of 32 hexadecimal digits."""
    memory = joblib.Memory(tmp_path, verbose=0)
    folder = open_cache(memory)
    shelves = [Shelf(folder / "answers" / f"{i:032x}") for i in range(4)]
    for shelf in shelves:
        shelf.add(KEYS, ROWS)
    size = sum(file.stat().st_size for file in shelves[0].folder.iterdir())
    memory.reduce_size(bytes_limit=2 * size)
    assert sorted(len(shelf.find(KEYS)) for shelf in shelves) == [0, 0, 3, 3]


def test_a_folder_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"memory must be a folder .*Got .*file.*memory="):
        open_cache(str(tmp_path / "file" / "cache"))
    memory = joblib.Memory(tmp_path / "gone", verbose=0)
    (tmp_path / "gone").mkdir(exist_ok=True)
    (tmp_path / "gone" / "sklime").write_text("in the way")
    with pytest.raises(OSError, match="memory must be a folder that can be written to"):
        open_cache(memory)


def test_a_folder_without_the_right_to_write(tmp_path, monkeypatch):
    """Where tests run as root no folder is protected: the system call says no."""

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(PermissionError, match=r"memory must be .*Permission denied"):
        open_cache(tmp_path)


@pytest.mark.parametrize("wrong", [3, object(), {"location": "x"}])
def test_what_is_no_folder(wrong):
    with pytest.raises(TypeError, match=r"memory must be a folder, a joblib\.Memory"):
        open_cache(wrong)


def test_a_full_disk_leaves_no_half_file(tmp_path, monkeypatch):
    def fill_up(file, **arrays):
        file.write(b"PK half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fill_up)
    with pytest.raises(OSError, match="No space left") as raised:
        write_arrays(tmp_path, keys=KEYS)
    assert "parameter 'memory'" in raised.value.__notes__[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "others"])
def test_a_file_that_cannot_be_read_counts_as_absent(tmp_path, damage):
    """Cut off by a full disk, or written by another version."""
    shelf = Shelf(tmp_path)
    shelf.add(KEYS[:1], ROWS[:1])
    (path,) = tmp_path.glob("*.npz")
    whole = path.read_bytes()
    shelf.add(KEYS[1:], ROWS[1:])
    if damage == "others":
        np.savez(path, words=np.arange(3))
    else:
        path.write_bytes({"cut": whole[:-30], "empty": b"", "text": b"ab"}[damage])
    with pytest.warns(UserWarning, match=r"memory has a file that cannot be read, .*"):
        found = shelf.find(KEYS)
    assert sorted(found) == [1, 2]


def test_files_that_are_being_written_are_not_read(tmp_path):
    (tmp_path / "0123.part").write_bytes(b"PK half")
    assert list(read_arrays(tmp_path, ("keys",))) == []


def test_no_pickle_is_ever_loaded(tmp_path):
    np.savez(tmp_path / "evil.npz", keys=np.array([object()]), rows=ROWS)
    with pytest.warns(UserWarning, match="allow_pickle=False"):
        assert Shelf(tmp_path).find(KEYS) == {}


@pytest.mark.parametrize("rows", [ROWS[:2], ROWS[:, 0], np.float64(1.0)])
def test_a_readable_file_of_something_else(tmp_path, rows):
    np.savez(tmp_path / "other.npz", keys=KEYS, rows=rows)
    assert Shelf(tmp_path).find(KEYS) == {}


def test_a_folder_that_is_lost_on_the_way(tmp_path):
    shelf = Shelf(tmp_path / "model" / "image")
    (tmp_path / "model").write_text("in the way")
    with pytest.raises(OSError, match="model") as raised:
        shelf.add(KEYS, ROWS)
    assert "parameter 'memory'" in raised.value.__notes__[0]
