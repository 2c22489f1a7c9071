"""Rows aligned along the strongest line: against lines that were put there, and against the true tracks."""

import numpy as np
import pandas as pd
import pytest

from setilearn.errors import ImageError
from setilearn.learn.align import AlignedSet, align_images, network_input
from setilearn.learn.four_classes import simulate_images, true_tracks
from setilearn.learn.image_lines import cut_rows, find_lines, measure_bows, measure_darkness
from setilearn.learn.images import ImageSet, one_hot

SIZE = (64, 128)
ROWS = np.arange(64)


def dark_line(first, last, *, bow=0.0, sigma=0.0, seed=0, size=SIZE):
    """Darkness of a line of one column's width from ``first`` to ``last``, 10 deep, in noise of ``sigma``."""
    share = np.arange(size[0]) / (size[0] - 1)
    # A parabola that is 0 at both ends and -1 in the middle.
    column = first + (last - first) * share + bow * ((2 * share - 1) ** 2 - 1)
    away = np.arange(size[1]) - column[:, None]
    noise = sigma * np.random.default_rng(seed).normal(size=size)
    return (10 * np.exp(-(away**2) / 2 / 0.5**2) + noise).astype(np.float32)


def test_darkness_counts_in_sigmas_below_the_median():
    image = np.full((1, 4, 4), 0.5, dtype=np.float32)
    image[0] += np.linspace(-0.3, 0.3, 16, dtype=np.float32).reshape(4, 4)  # evenly, 0.04 apart
    darkness = measure_darkness(image)
    # Of 16 deviations 0.02, 0.06, ..., 0.3 (each twice) the median is 0.16.
    assert darkness[0, 0, 0] == pytest.approx(0.3 / (1.4826 * 0.16), rel=1e-5)
    assert darkness[0, 3, 3] == pytest.approx(-0.3 / (1.4826 * 0.16), rel=1e-5)


def test_brightness_and_contrast_do_not_matter():
    image = np.random.default_rng(0).uniform(0.2, 0.6, (1, 8, 8)).astype(np.float32)
    np.testing.assert_allclose(measure_darkness(0.3 * image + 0.1), measure_darkness(image), atol=1e-4)


def test_an_image_without_noise_is_not_dark_anywhere():
    assert not measure_darkness(np.full((2, 8, 8), 0.3)).any()


def test_a_line_on_an_even_ground_stands_out():
    image = np.full((1, 8, 8), 0.5, dtype=np.float32)
    image[0, :, 2] = 0.1
    darkness = measure_darkness(image)
    assert (darkness[0, :, 2] > 1).all()
    assert not darkness[0, :, 3:].any()


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((64, 128)), r"\(64, 128\)"),
        (np.zeros((2, 64, 128, 3)), r"\(2, 64, 128, 3\)"),
        (np.zeros((2, 3, 128)), r"4 x 4 pixels or more, found \(2, 3, 128\)"),
        (np.where(np.arange(2)[:, None, None] == 1, np.nan, np.zeros((2, 8, 8))), "in image 1"),
    ],
)
def test_what_is_no_image_is_refused(images, said):
    with pytest.raises(ImageError, match=said):
        measure_darkness(images)


@pytest.mark.parametrize(
    ("first", "last"), [(20, 20), (20.4, 20.4), (30, 66), (100.3, 64.6), (3, 2), (-8, 20), (112, 136)]
)
def test_a_line_is_found_where_it_is(first, last):
    lines, strengths = find_lines(dark_line(first, last, sigma=1.0)[None])
    np.testing.assert_allclose(lines[0], [first, last], atol=0.4)
    assert strengths[0] > 10


def test_strength_is_the_sum_over_the_root_of_the_rows():
    _, strengths = find_lines(dark_line(40, 40)[None])
    assert strengths[0] == pytest.approx(10 * 64 / 8, rel=1e-5)


def test_noise_alone_has_no_strong_line():
    noise = np.random.default_rng(1).normal(size=(50, *SIZE)).astype(np.float32)
    # The largest of some ten thousand normal numbers: 3.9, and more by refining.
    assert 3 < np.median(find_lines(noise)[1]) < 5


def test_cut_rows_hold_the_pixels_themselves():
    darkness = np.arange(64 * 128, dtype=np.float32).reshape(1, *SIZE)
    lines = np.array([[10.25, 41.75]], dtype=np.float32)  # 0.5 columns a row
    rows, offsets = cut_rows(darkness, lines, half_width=3)
    assert rows.shape == (1, 64, 7)
    for row in (0, 1, 31, 63):
        column = 10.25 + 0.5 * row
        nearest = int(np.floor(column + 0.5))
        np.testing.assert_array_equal(rows[0, row], darkness[0, row, nearest - 3 : nearest + 4])
        assert offsets[0, row] == pytest.approx(column - nearest, abs=1e-4)


def test_outside_the_image_there_is_nothing():
    rows, _ = cut_rows(np.ones((1, *SIZE), np.float32), np.array([[1, 300]], np.float32), half_width=3)
    np.testing.assert_array_equal(rows[0, 0], [0, 0, 1, 1, 1, 1, 1])
    assert not rows[0, -1].any()


@pytest.mark.parametrize("bow", [-3.0, -0.4, 0.4, 1.5])
def test_a_bow_is_measured_with_its_sign(bow):
    darkness = dark_line(40.2, 52.9, bow=bow)[None]
    # The mean of a parabola from 0 down to -bow and back is -2/3 bow: there lies the best straight line.
    straight = np.array([[40.2 - 2 * bow / 3, 52.9 - 2 * bow / 3]], dtype=np.float32)
    assert measure_bows(darkness, straight)[0] == pytest.approx(bow, abs=0.13)


@pytest.fixture(scope="module")
def simulated():
    return simulate_images(60, seed=5, progress=False)


def test_lines_of_simulated_images_are_the_true_ones(simulated):
    lines_only = simulated[np.isin(simulated.class_index, (1, 2))]
    aligned = align_images(lines_only)
    tracks = true_tracks(lines_only.parameters)
    straight = np.array([np.polyval(np.polyfit(ROWS, track, 1), (0, 63)) for track in tracks])
    assert np.abs(aligned.lines - straight).max() < 0.5
    assert np.sqrt(np.mean((aligned.lines - straight) ** 2)) < 0.15


def test_signs_of_the_bows_of_simulated_images_are_the_true_ones(simulated):
    bent = simulated[simulated.class_index == 2]
    right = np.sign(align_images(bent).bows) == np.sign(bent.parameters["drd"])
    assert right.mean() > 0.93


def test_align_images_keeps_what_belongs_to_the_images(simulated):
    aligned = align_images(simulated, half_width=5)
    assert len(aligned) == len(simulated)
    assert aligned.rows.shape == (240, 64, 11)
    np.testing.assert_array_equal(aligned.class_index, simulated.class_index)
    assert aligned.parameters is simulated.parameters
    # Noise has no line that comes near those of the others.
    noise = aligned.class_index == 3
    assert aligned.strengths[noise].max() < np.median(aligned.strengths[~noise])


def test_an_aligned_set_knows_the_size_of_its_images(simulated):
    assert align_images(simulated[:4]).size == (64, 128)
    wide = ImageSet(np.zeros((1, 16, 50, 1)), np.ones((1, 1)), ("noise",))
    assert align_images(wide).size == (16, 50)
    assert align_images(wide)[:0].size == (16, 50)


@pytest.mark.parametrize("key", [slice(2, 9, 3), [7, 3, 3], np.arange(12) % 5 == 1, slice(0)])
def test_a_part_of_an_aligned_set_is_that_of_those_images(simulated, key):
    aligned = align_images(simulated[:12])
    part, places = aligned[key], np.arange(12)[key]
    assert isinstance(part, AlignedSet)
    assert len(part) == len(places)
    for name in ("rows", "offsets", "lines", "strengths", "bows", "labels", "class_index"):
        np.testing.assert_array_equal(getattr(part, name), getattr(aligned, name)[places])
    assert part.parameters["w0"].tolist() == pytest.approx(
        aligned.parameters["w0"][places].tolist(), nan_ok=True
    )
    assert part.parameters.index.tolist() == list(range(len(places)))
    assert (part.class_names, part.size) == (aligned.class_names, aligned.size)
    assert len(aligned) == 12


def test_a_part_of_an_aligned_set_without_parameters(simulated):
    bare = ImageSet(simulated.images[:3], simulated.labels[:3], simulated.class_names)
    assert align_images(bare)[1:].parameters is None


@pytest.mark.parametrize("place", [0, np.int64(1)])
def test_one_image_is_no_aligned_set(simulated, place):
    with pytest.raises(ImageError, match=f"a slice, an array of places or a mask, found the number {place}"):
        align_images(simulated[:2])[place]


def test_images_without_labels_are_aligned_and_have_no_class(simulated):
    nameless = align_images(ImageSet(simulated.images[:3], np.zeros((3, 0)), ()))
    assert nameless.rows.shape == (3, 64, 25)
    with pytest.raises(ImageError, match="expected images with labels"):
        _ = nameless.class_index


def test_aligned_rows_become_two_channels():
    rows, offsets = np.zeros((3, 4, 5), np.float32), np.array([[0.5, -0.5, 0.25, 0]] * 3, np.float32)
    rows[1, 2, 2], rows[1, 2, 3], rows[1, 2, 4] = -80.0, 2.0, 100.0
    given = network_input(rows, offsets)
    assert given.shape == (3, 4, 5, 2)
    assert given.dtype == np.float32
    # Over 4; from -5 sigmas to 10.
    assert given[1, 2, :, 0].tolist() == [0, 0, -1.25, 0.5, 2.5]
    assert not given[0, ..., 0].any()
    assert given[1, :, 0, 1].tolist() == [1.0, -1.0, 0.5, 0.0]
    assert (given[..., 1] == given[:, :, :1, 1]).all()
    assert (rows[1, 2, 4], offsets[0, 0]) == (100, 0.5)


def test_images_are_aligned_one_by_one_whatever_their_number(simulated):
    many = simulated[np.arange(600) % 240]
    aligned, once = align_images(many), align_images(simulated)
    for name in ("rows", "offsets", "lines", "strengths", "bows"):
        np.testing.assert_array_equal(getattr(aligned, name)[240:480], getattr(once, name))


def test_the_images_are_not_changed(simulated):
    before = simulated.images.copy()
    align_images(simulated)
    np.testing.assert_array_equal(simulated.images, before)


def test_no_images_give_no_rows():
    empty = ImageSet(np.zeros((0, *SIZE, 1)), one_hot([], 4), ("a", "b", "c", "d"), pd.DataFrame())
    assert align_images(empty).rows.shape == (0, 64, 25)


def test_full_resolution_lines_are_found():
    darkness = dark_line(300.3, 220.8, size=(256, 512), sigma=2.0)[None]
    np.testing.assert_allclose(find_lines(darkness)[0][0], [300.3, 220.8], atol=0.4)
