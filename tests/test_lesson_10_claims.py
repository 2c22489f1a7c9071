"""What lesson 10 says of the pictures, on other seeds than its own, and the tables that it reads."""

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier

from setilearn.archive.catalogue import DATASETS
from setilearn.course import lesson_10
from setilearn.course.material import pictures as pictures_module
from setilearn.errors import DatasetError
from setilearn.learn.four_classes import simulate_images, true_tracks
from setilearn.learn.images import straighten


@pytest.fixture(scope="module")
def train_and_test():
    return [simulate_images(120, seed=seed, progress=False) for seed in (101, 102)]


def accuracy(sets, numbers_of):
    (x, y), (x_test, y_test) = ((numbers_of(images.images[..., 0]), images.class_index) for images in sets)
    return RandomForestClassifier(200, random_state=0).fit(x, y).score(x_test, y_test)


def background(pictures):
    darkest = pictures.mean(axis=1).argmin(axis=1)
    return np.stack(
        [np.roll(p, 64 - d, axis=1)[:, np.r_[:16, 112:128]] for p, d in zip(pictures, darkest, strict=True)]
    )


def test_three_numbers_reach_three_quarters(train_and_test):
    found = accuracy(
        train_and_test, lambda p: np.stack([p.mean((1, 2)), p.std((1, 2)), p.max((1, 2))], axis=1)
    )
    # (1 + 1 + 1/2 + 1/2) / 4; the scatter of 480 test pictures is 2 %.
    assert found == pytest.approx(0.75, abs=0.05)


def test_the_background_gives_the_class_away_until_it_is_normalised(train_and_test):
    def normalised(pictures):
        away = pictures - np.median(pictures, axis=(1, 2), keepdims=True)
        return away / np.median(np.abs(away), axis=(1, 2), keepdims=True)

    leak = accuracy(train_and_test, lambda p: background(p).mean((1, 2))[:, None])
    closed = accuracy(train_and_test, lambda p: background(normalised(p)).mean((1, 2))[:, None])
    assert leak > 0.6
    assert closed < 0.33


def test_brightness_alone_tells_noise_from_lines(train_and_test):
    for images in train_and_test:
        mean = images.images.mean(axis=(1, 2, 3))
        by_class = [mean[images.class_index == place] for place in range(4)]
        assert by_class[3].max() < min(grey.min() for grey in by_class[:3])
        assert abs(by_class[1].mean() - by_class[2].mean()) < 0.3 * by_class[1].std()


def test_bows_bend_to_the_side_that_the_lesson_says(train_and_test):
    images = train_and_test[0]
    tracks, rows, offsets = true_tracks(images.parameters), np.arange(64), np.arange(-2, 2.01, 0.125)
    bend = images.parameters["drd"].to_numpy()
    for sign in (-1, 1):
        chosen = bend * sign > 0
        straight = np.array([np.polyval(np.polyfit(rows, track, 1), rows) for track in tracks[chosen]])
        stack = straighten(images.images[chosen], straight, offsets).mean(axis=0)
        depth = np.clip(np.median(stack) - stack, 0, None)
        middles = (depth * offsets).sum(axis=1) / depth.sum(axis=1)
        ends, middle = np.r_[middles[:8], middles[-8:]].mean(), middles[28:36].mean()
        assert 0.05 < sign * ends < 0.25
        assert -0.2 < sign * middle < -0.03


def test_the_bow_of_the_exercise_is_that_of_the_tracks():
    # The formula against the tracks themselves: half-way less the mean of the ends.
    parameters = simulate_images(40, seed=7, size=(1, 1), progress=False).parameters
    bent = parameters[parameters["drd"] != 0]
    tracks = true_tracks(bent, (65_536, 128))
    bows = (tracks[:, 0] + tracks[:, -1]) / 2 - tracks[:, 32_767:32_769].mean(axis=1)
    expected = [lesson_10._bow_columns(drd) for drd in bent["drd"]]
    np.testing.assert_allclose(bows, expected, rtol=1e-3)


def test_half_a_pixel_is_the_difference_of_curve_and_straight_line():
    # What L10-4 asks for, step by step.
    def shift(n):
        return 1e-6 * 0.01 * n**2 / (2 * 1024)

    bow = shift(131_072) / 2 - shift(131_072 / 2)
    assert bow / (2 * np.pi) * 128 == pytest.approx(lesson_10._bow_columns(0.01))


def test_what_stands_in_looks_like_what_is_published(mirror, monkeypatch):
    published, from_file = pictures_module.published_pictures()
    assert from_file
    monkeypatch.delenv("SETILEARN_MIRROR")
    stand_in, from_file = pictures_module.published_pictures()
    assert not from_file
    assert stand_in.shape == published.shape == (17, 64, 128)
    assert stand_in.dtype == published.dtype == np.float32
    # Three of noise, the darkest as a whole, among the published ones too.
    for pictures in (published, stand_in):
        assert (pictures.mean(axis=(1, 2)) < 0.6).sum() == 3


# --- the tables


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, no mirror, no network, and tables of 8 rows."""
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    monkeypatch.delenv("SETILEARN_MIRROR", raising=False)
    monkeypatch.setattr(pictures_module, "N_PUBLISHED", 8)
    return tmp_path / "cache"


def as_published(monkeypatch, folder, n_rows=8):
    """Tables with small numbers in a mirror folder, which the registry takes for the published ones."""
    folder.mkdir()
    for name, n_columns in zip(pictures_module.TABLES, (8192, 4), strict=True):
        content = ("0.000000," * (n_columns - 1) + "1.000000\n").encode() * n_rows
        dataset = replace(
            DATASETS[name], n_bytes=len(content), sha256=hashlib.sha256(content).hexdigest(), address=None
        )
        monkeypatch.setitem(DATASETS, name, dataset)
        (folder / dataset.file_name).write_bytes(content)
    return folder


def test_simulated_tables_have_the_form_of_the_published_ones(cache):
    images_csv, labels_csv, are_published = pictures_module.course_tables(progress=False)
    assert not are_published
    assert images_csv.parent == labels_csv.parent == cache
    assert "simulated" in images_csv.name
    x, y = (pd.read_csv(path, header=None) for path in (images_csv, labels_csv))
    assert x.shape == (8, 8192)
    assert y.to_numpy().argmax(axis=1).tolist() == [0, 0, 2, 2, 3, 3, 1, 1]
    assert images_csv.stat().st_size == 8 * 8192 * 9  # as many bytes a number as in the published file
    # The pictures are those of the simulation, in their 8 bits, each at its label.
    names = ["squiggle", "narrowbanddrd", "narrowband", "noise"]
    simulated = simulate_images(2, seed=1000, progress=False)
    for row, column in enumerate(y.to_numpy().argmax(axis=1)):
        expected = simulated.images[simulated.parameters["class_name"] == names[column]][row % 2]
        np.testing.assert_allclose(x.to_numpy()[row], expected.ravel(), atol=5e-7)


def test_simulated_labels_are_the_published_ones_to_the_last_byte(tmp_path):
    column = np.repeat(pictures_module.PUBLISHED_ORDER, 800)
    pictures_module.write_numbers(tmp_path / "labels.csv", [255 * np.eye(4, dtype=np.uint8)[column]])
    found = hashlib.sha256((tmp_path / "labels.csv").read_bytes()).hexdigest()
    assert found == DATASETS["basic4_train_labels"].sha256


def test_tables_are_simulated_in_blocks_without_repetition(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures_module, "N_AT_ONCE", 2)
    pictures_module.write_tables(tmp_path / "x.csv", tmp_path / "y.csv", 3, progress=False)
    x = pd.read_csv(tmp_path / "x.csv", header=None)
    assert x.shape == (12, 8192)
    assert len(x.drop_duplicates()) == 12


def test_tables_are_written_once(cache, monkeypatch):
    first = pictures_module.course_tables(progress=False)
    monkeypatch.setattr(pictures_module, "write_tables", None)
    assert pictures_module.course_tables() == first


def test_a_table_that_is_cut_short_is_written_anew(cache):
    images_csv, _, _ = pictures_module.course_tables(progress=False)
    whole = images_csv.read_bytes()
    images_csv.write_bytes(whole[:1000])
    assert pictures_module.course_tables(progress=False)[0].read_bytes() == whole


def test_published_tables_are_taken_from_a_mirror(cache, tmp_path, monkeypatch):
    mirror = as_published(monkeypatch, tmp_path / "mirror")
    monkeypatch.setenv("SETILEARN_MIRROR", str(mirror))
    images_csv, labels_csv, are_published = pictures_module.course_tables()
    assert are_published
    assert (images_csv, labels_csv) == (mirror / "train_images.csv", mirror / "train_labels.csv")
    assert not cache.exists()


def test_labels_alone_are_not_mixed_with_simulated_pictures(cache, tmp_path, monkeypatch):
    mirror = as_published(monkeypatch, tmp_path / "mirror")
    (mirror / "train_images.csv").unlink()
    monkeypatch.setenv("SETILEARN_MIRROR", str(mirror))
    images_csv, labels_csv, are_published = pictures_module.course_tables(progress=False)
    assert not are_published
    assert images_csv.parent == labels_csv.parent == cache


def test_nothing_is_downloaded_unasked_and_a_download_that_fails_is_told(cache, monkeypatch):
    def forbidden(*args, **kwargs):
        raise AssertionError("a download")

    monkeypatch.setattr("setilearn.archive.fetch._get", forbidden)
    monkeypatch.delenv("SETILEARN_OFFLINE")
    assert not pictures_module.course_tables(progress=False)[2]
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    with pytest.raises(DatasetError, match="four_class_train_images"):
        pictures_module.course_tables(download=True)


def test_without_a_cache_the_tables_are_in_a_temporary_folder(cache, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    images_csv, _, are_published = pictures_module.course_tables(progress=False)
    assert not are_published
    assert images_csv.parent.parent == tmp_path
    assert images_csv.is_file()
