"""Image sets as CSV: there and back, the published form, and every fault by its place."""

import gc
import os
import signal
import subprocess
import sys
import time
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as extra

from setilearn.errors import ImageError
from setilearn.learn import image_files
from setilearn.learn.four_classes import CLASS_NAMES, COURSE_NAMES, RELEASED_NAMES, simulate_images
from setilearn.learn.image_files import read_image_csv, write_image_csv
from setilearn.learn.images import ImageSet, one_hot

SMALL = (2, 3)


def paths(folder):
    return folder / "images.csv", folder / "labels.csv"


def read(folder, *, class_names=("a", "b"), size=SMALL):
    return read_image_csv(*paths(folder), class_names=class_names, size=size)


def write_text(folder, images, labels="1,0\n0,1\n"):
    for path, text in zip(paths(folder), (images, labels), strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


GOOD = "0,0.25,0.5,0.75,1,0.125\n1,1,1,1,1,0\n"


def test_what_is_read_worked_out_by_hand(tmp_path):
    write_text(tmp_path, GOOD)
    images = read(tmp_path)
    # Row by row of the picture.
    assert images.images[0, :, :, 0].tolist() == [[0, 0.25, 0.5], [0.75, 1, 0.125]]
    assert images.images.shape == (2, 2, 3, 1)
    assert images.class_index.tolist() == [0, 1]
    assert images.class_names == ("a", "b")
    assert images.parameters is None


@pytest.mark.parametrize("text", [GOOD.rstrip("\n"), GOOD.replace("\n", "\r\n"), GOOD.replace(",", " , ")])
def test_line_ends_and_spaces_do_not_matter(tmp_path, text):
    write_text(tmp_path, text)
    assert read(tmp_path).images[1].ravel().tolist() == [1, 1, 1, 1, 1, 0]


def test_a_simulated_set_comes_back_to_the_last_bit(tmp_path):
    images = simulate_images(3, seed=2, progress=False)
    write_image_csv(images, *paths(tmp_path))
    back = read_image_csv(*paths(tmp_path))
    np.testing.assert_array_equal(back.images, images.images)
    np.testing.assert_array_equal(back.labels, images.labels)
    assert back.class_names == CLASS_NAMES
    # As the course's text opens it.
    table = pd.read_csv(tmp_path / "images.csv", header=None)
    assert table.shape == (12, 8192)
    np.testing.assert_allclose(table.to_numpy().reshape(12, 64, 128, 1), images.images, rtol=0, atol=1e-7)
    assert pd.read_csv(tmp_path / "labels.csv", header=None).shape == (12, 4)


@settings(max_examples=30, deadline=None)
@given(values=extra.arrays(np.float32, (4, 2, 3, 1), elements=st.floats(0, 1, width=32)))
def test_any_values_come_back_to_the_last_bit(tmp_path_factory, values):
    folder = tmp_path_factory.mktemp("csv")
    write_image_csv(ImageSet(values, one_hot([0, 1, 1, 0], 2), ("a", "b")), *paths(folder))
    back = read(folder)
    np.testing.assert_array_equal(back.images, values)
    assert back.class_index.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        ("0,0,0,0,0\n" + GOOD, "1,0\n" * 3, "images.csv, row 1: expected 6 values, found 5"),
        (GOOD + "0,0,0,0,0,0,0\n", "1,0\n" * 3, "images.csv, row 3: expected 6 values, found 7"),
        (GOOD.replace("\n", "\n\n", 1), "1,0\n" * 2, "images.csv, row 2: expected 6 values, found 0"),
        (GOOD.replace("0.75", "1.001"), "1,0\n" * 2, "row 1, column 4: .* from 0 to 1, found '1.001'"),
        (GOOD.replace("1,0\n", "1,-0.1\n"), "1,0\n" * 2, "row 2, column 6: .* found '-0.1'"),
        (GOOD.replace("0.5", "nan"), "1,0\n" * 2, "row 1, column 3: .* found 'nan'"),
        (GOOD.replace("0.5", "inf"), "1,0\n" * 2, "row 1, column 3: .* found 'inf'"),
        (GOOD.replace("0.5", ""), "1,0\n" * 2, "row 1, column 3: .* found ''"),
        (GOOD.replace("0.5", "half"), "1,0\n" * 2, "row 1, column 3: .* found 'half'"),
        ("0,1,2,3,4,5\n" + GOOD, "1,0\n" * 3, "row 1, column 3: .* found '2'"),
        (GOOD.replace("0.5", "0_1"), "1,0\n" * 2, "row 1 and after: expected decimal numbers"),
        (GOOD.replace(",", ";"), "1,0\n" * 2, "row 1: expected 6 values, found 1"),
        (GOOD, "1,0\n" * 3, "images.csv: expected 3 rows, as in .*labels.csv, found 2"),
        (GOOD, "1,0\n", "images.csv: expected 1 rows, as in .*labels.csv, found 2"),
        ("", "1,0\n", "images.csv: expected rows of 6 numbers, found an empty file"),
        (GOOD, "", "labels.csv: expected rows of 2 numbers, found an empty file"),
        (GOOD, "1,0\n1,1\n", r"labels.csv, row 2: expected one 1 and otherwise 0, found \[1.0, 1.0\]"),
        (GOOD, "0,0\n1,0\n", r"labels.csv, row 1: expected one 1 and otherwise 0, found \[0.0, 0.0\]"),
        (GOOD, "1,0\n0.5,0.5\n", "labels.csv, row 2: expected one 1"),
        (GOOD, "1,0\n1,0,0\n", "labels.csv, row 2: expected 2 values, found 3"),
        (GOOD, "1,0\n2,0\n", "labels.csv, row 2, column 1: expected a number from 0 to 1, found '2'"),
        (GOOD, "squiggle\nnoise\n", "labels.csv, row 1: expected 2 values, found 1"),
        (b"\x89PNG\r\n\x1a\n\x00\xff\xfe\x00" * 50, "1,0\n", "images.csv, row 1: expected 6 values, found 1"),
        (b"\x00,\xff,\x80,0,0,0\n", "1,0\n", "images.csv, row 1, column 1: expected a number"),
    ],
)
def test_each_fault_is_named_by_its_place(tmp_path, images, labels, said):
    write_text(tmp_path, images, labels)
    with pytest.raises(ImageError, match=said):
        read(tmp_path)


def test_a_fault_far_down_is_counted_from_the_top(tmp_path, monkeypatch):
    monkeypatch.setattr(image_files, "_ROWS_AT_ONCE", 7)
    rows = ["0,0,0,0,0,0\n"] * 100
    rows[64] = "0,0,0,0,0,7\n"
    write_text(tmp_path, "".join(rows), "1,0\n" * 100)
    with pytest.raises(ImageError, match="row 65, column 6: .* found '7'"):
        read(tmp_path)


def test_files_that_cannot_be_opened_are_named(tmp_path):
    write_text(tmp_path, GOOD)
    with pytest.raises(ImageError, match=r"nowhere.csv: expected a CSV file, found: No such file"):
        read_image_csv(tmp_path / "nowhere.csv", tmp_path / "labels.csv", class_names=("a", "b"), size=SMALL)
    with pytest.raises(ImageError, match="expected a CSV file, found: Is a directory"):
        read_image_csv(tmp_path / "images.csv", tmp_path, class_names=("a", "b"), size=SMALL)


def test_a_file_without_line_ends_is_not_read_as_one_row(tmp_path):
    write_text(tmp_path, b"0.123456," * 1_000_000, "1,0\n")
    tracemalloc.start()
    with pytest.raises(ImageError, match="row 1: expected 6 values, found"):
        read(tmp_path)
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def test_reading_takes_little_more_memory_than_the_images(tmp_path):
    n = 2000
    write_text(tmp_path, ("0.5," * 511 + "0.25\n") * n, "1,0\n" * n)
    gc.collect()
    tracemalloc.start()
    images = read(tmp_path, size=(16, 32))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Beside the images, of 4 MB, only the rows that are read at once.
    assert peak < images.images.nbytes + 1.5e6


# Writing


@pytest.mark.parametrize(("value", "said"), [(1.5, "1.5"), (-0.25, "-0.25"), (np.nan, "nan")])
def test_values_that_the_form_cannot_hold_are_refused(tmp_path, value, said):
    images = np.zeros((3, 2, 3, 1))
    images[1, 1, 2, 0] = value
    with pytest.raises(ImageError, match=f"image 1: expected numbers from 0 to 1, found {said}"):
        write_image_csv(ImageSet(images, one_hot([0, 0, 1], 2), ("a", "b")), *paths(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_images_without_labels_are_refused(tmp_path):
    with pytest.raises(ImageError, match="found a set without classes"):
        write_image_csv(ImageSet(np.zeros((3, 2, 3, 1)), np.empty((3, 0)), ()), *paths(tmp_path))


def test_what_stood_there_stays_where_writing_breaks_off(tmp_path, monkeypatch):
    write_text(tmp_path, "old", "old")
    rows = iter(range(5))

    def breaks_off(row, to_text=image_files._to_text):
        if next(rows) == 3:
            raise KeyboardInterrupt
        return to_text(row)

    monkeypatch.setattr(image_files, "_to_text", breaks_off)
    images = ImageSet(np.zeros((2, 2, 3, 1)), one_hot([0, 1], 2), ("a", "b"))
    with pytest.raises(KeyboardInterrupt):
        write_image_csv(images, *paths(tmp_path))
    assert [path.read_text() for path in paths(tmp_path)] == ["old", "old"]
    assert sorted(tmp_path.iterdir()) == sorted(paths(tmp_path))


def test_a_killed_writer_leaves_no_file_that_looks_whole(tmp_path):
    code = f"""
import numpy as np
from setilearn.learn.image_files import write_image_csv
from setilearn.learn.images import ImageSet, one_hot
images = np.random.default_rng(0).random((3000, 64, 128, 1))
print("begins", flush=True)
write_image_csv(ImageSet(images, one_hot([0] * 3000, 2), ("a", "b")), *{list(map(str, paths(tmp_path)))!r})
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not any(path.exists() for path in paths(tmp_path))


# The published labels


@pytest.mark.parametrize(("part", "n"), [("train", 3200), ("validation", 800)])
def test_published_labels_stand_in_the_order_in_which_the_program_wrote_its_classes(mirror, part, n):
    labels = np.concatenate(list(image_files._pieces(mirror / f"basic4/{part}_labels.csv", 4)))
    columns = labels.argmax(axis=1)
    assert len(columns) == n
    first = [int(columns[k * n // 4]) for k in range(4)]
    assert first == [0, 2, 3, 1]
    assert (columns == np.repeat(first, n // 4)).all()
    # Its notebook prints "squiggle, narrowband, noise, narrowbanddrd" as it writes them.
    written = ["squiggle", "narrowband", "noise", "narrowbanddrd"]
    assert [RELEASED_NAMES[column] for column in first] == written
    assert [COURSE_NAMES[column] for column in first] != written


def test_all_orders_name_the_same_classes():
    assert set(RELEASED_NAMES) == set(COURSE_NAMES) == set(CLASS_NAMES)
