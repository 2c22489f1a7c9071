"""What lesson 10 says of the pictures, on other seeds than its own; what stands in for published files."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from setilearn.course import lesson_10
from setilearn.learn.images import simulate_images, straighten, true_tracks


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


def test_what_stands_in_looks_like_what_is_published(mirror, monkeypatch):
    published, from_file = lesson_10.published_pictures()
    columns, labels_from_file = lesson_10.published_labels()
    assert from_file
    assert labels_from_file
    monkeypatch.delenv("SETILEARN_MIRROR")
    stand_in, from_file = lesson_10.published_pictures()
    copied, labels_from_file = lesson_10.published_labels()
    assert not from_file
    assert not labels_from_file
    assert stand_in.shape == published.shape == (17, 64, 128)
    assert stand_in.dtype == published.dtype == np.float32
    np.testing.assert_array_equal(copied, columns)
    # Three of noise, the darkest as a whole, among the published ones too.
    for pictures in (published, stand_in):
        assert (pictures.mean(axis=(1, 2)) < 0.6).sum() == 3
