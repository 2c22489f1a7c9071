"""Image sets: signal model and recipe against independent formulas and the published pictures; splits."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import stats

from setilearn.errors import ImageError
from setilearn.learn import four_classes
from setilearn.learn.four_classes import (
    CLASS_NAMES,
    FULL_SIZE,
    NOISE_POWER,
    PARAMETERS,
    SIGMA,
    simulate_images,
    spectra,
    true_tracks,
)
from setilearn.learn.images import ImageSet, one_hot, picture, straighten
from setilearn.learn.split import split_images

N_SAMPLES = 131_072
# The published pictures by what one sees in them: no line, a straight one, a crooked one.
NOISE, STRAIGHT, CROOKED = (4, 8, 13), (1, 3, 5, 7, 15, 16), (0, 2, 6, 9, 10, 11, 12, 14)


@pytest.fixture(scope="module")
def basic():
    return simulate_images(40, seed=11, progress=False)


# The set as a thing


def set_of(n=4, rows=2, columns=3, **more):
    fields = {"images": np.zeros((n, rows, columns, 1)), "labels": one_hot(np.arange(n) % 2, 2)}
    return ImageSet(**fields | {"class_names": ("a", "b")} | more)


def test_a_set_is_float32_and_frozen():
    images = set_of()
    assert (images.images.dtype, images.labels.dtype) == (np.float32, np.float32)
    assert len(images) == 4
    assert images.class_index.tolist() == [0, 1, 0, 1]
    with pytest.raises(dataclasses.FrozenInstanceError):
        images.class_names = ()


@pytest.mark.parametrize(
    ("key", "places"),
    [(slice(1, 3), [1, 2]), (np.array([3, 0]), [3, 0]), (np.array([True, False, False, True]), [0, 3])],
)
def test_a_part_of_a_set_keeps_its_labels_and_parameters(key, places):
    whole = set_of(
        images=np.arange(24.0).reshape(4, 2, 3, 1), parameters=pd.DataFrame({"snr": [10, 11, 12, 13]})
    )
    part = whole[key]
    assert part.images[:, 0, 0, 0].tolist() == [6.0 * place for place in places]
    assert part.class_index.tolist() == [place % 2 for place in places]
    assert part.parameters["snr"].tolist() == [10 + place for place in places]
    assert part.parameters.index.tolist() == list(range(len(places)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"images": np.zeros((4, 2, 3))},
            r"images: expected the shape \(n, rows, columns, 1\), found \(4, 2, 3",
        ),
        ({"images": np.zeros((4, 2, 3, 3))}, "images: expected the shape"),
        ({"images": 1.0}, "images: expected the shape"),
        (
            {"labels": np.zeros((3, 2))},
            r"labels: expected the shape \(4, 2\) for 4 images of the classes a, b",
        ),
        ({"labels": np.zeros(4)}, "labels: expected the shape"),
        ({"class_names": ("a",)}, r"expected the shape \(4, 1\)"),
        ({"parameters": pd.DataFrame({"snr": [1, 2]})}, "parameters: expected 4 rows, found 2"),
    ],
)
def test_what_does_not_fit_together_is_named(change, said):
    with pytest.raises(ImageError, match=said):
        set_of(**change)


def test_one_image_is_no_set_and_no_labels_no_classes():
    with pytest.raises(ImageError, match="found the number 2"):
        set_of()[2]
    unlabelled = set_of(labels=np.empty((4, 0)), class_names=())
    assert len(unlabelled[:2]) == 2
    with pytest.raises(ImageError, match="found a set without classes"):
        _ = unlabelled.class_index


# The signal model


def tone(parameters, n, seed=0):
    """Amplitude and turns of the package's tone, with what is not given 0."""
    defaults = {"snr": 1.0, "w0": 0.0, "drift": 0.0, "drd": 0.0, "jitter": 0.0}
    return four_classes._tone(defaults | parameters, n, np.random.default_rng(seed))


def test_the_phase_is_the_sum_of_the_frequencies_of_the_model():
    # Sample by sample, as the simulator does it: w grows by the drift, the drift by its derivative.
    parameters = {"w0": 0.7, "drift": -0.006, "drd": 0.07}
    phase, expected = 0.0, []
    for n in range(N_SAMPLES):
        phase += 0.7 - 0.006 * n / 1024 + 0.07e-6 / 1024 * n**2 / 2
        expected.append(phase)
    _, turns = tone(parameters, N_SAMPLES)
    apart = turns - np.array(expected) / (2 * np.pi)
    # A thousandth of a turn after 131,072 samples: float32 phases would be off by whole turns.
    assert np.abs(apart - np.rint(apart)).max() < 1e-3


def test_jitter_walks_at_random_from_sample_to_sample():
    _, straight = tone({"w0": 0.1}, N_SAMPLES)
    _, crooked = tone({"w0": 0.1, "jitter": 0.01}, N_SAMPLES)
    walk = np.diff((crooked.astype(np.float64) - straight) * 2 * np.pi)
    steps = np.diff((walk + np.pi) % (2 * np.pi) - np.pi)
    steps = (steps + np.pi) % (2 * np.pi) - np.pi
    # Evenly from -0.01 to 0.01: standard deviation 0.01 / sqrt(3). float32 adds some 1e-6.
    assert np.abs(steps).max() < 0.01 + 1e-5
    assert steps.std() == pytest.approx(0.01 / np.sqrt(3), rel=0.02)
    assert abs(np.corrcoef(steps[1:], steps[:-1])[0, 1]) < 0.02


def test_a_tone_is_silent_where_it_is_past_the_nyquist_frequency():
    # w = 3 + n / 1024 passes pi at n = 145.
    amplitude, _ = tone({"snr": 0.5, "w0": 3.0, "drift": 1.0}, 400)
    assert (amplitude[:145] == 0.5 * SIGMA).all()
    assert (amplitude[145:] == 0).all()


def test_noise_is_gaussian_in_both_components_before_its_digits_are_cut_off():
    _, samples = four_classes._simulate_samples(5, "noise", 0, four_classes._RANGES["basic"])
    assert samples.dtype == np.complex64
    values = np.arange(-127, 128)
    # Cut towards 0: k holds what lies from k to k + 1 above 0, 0 what lies between -1 and 1.
    edges = np.concatenate([[-np.inf], np.arange(-127, 0), np.arange(1, 128), [np.inf]])
    chances = np.diff(stats.norm.cdf(edges / SIGMA))
    for component in (samples.real, samples.imag):
        counts = np.array([(component == value).sum() for value in values])
        assert counts.sum() == N_SAMPLES
        often = chances * N_SAMPLES > 10
        found, expected = (
            np.append(array[often], array[~often].sum()) for array in (counts, chances * N_SAMPLES)
        )
        assert stats.chisquare(found, expected).pvalue > 0.001
    assert abs(np.corrcoef(samples.real, samples.imag)[0, 1]) < 0.015


def test_the_power_of_noise_is_exponential_and_that_of_a_tone_as_given():
    _, samples = four_classes._simulate_samples(6, "noise", 0, four_classes._RANGES["basic"])
    power = spectra(samples)
    assert power.shape == FULL_SIZE
    # Cutting off digits takes away some 5 % of the power.
    assert power.mean() == pytest.approx(0.95 * NOISE_POWER, rel=0.02)
    assert np.median(power) == pytest.approx(np.log(2) * power.mean(), rel=0.01)
    assert power.std() == pytest.approx(power.mean(), rel=0.02)
    # A tone of amplitude a in the middle of a point: all of it there, a^2 512^2; frequency 0 is at 256.
    wave = (2.0 * np.exp(2j * np.pi * 10 / 512 * np.arange(N_SAMPLES))).astype(np.complex64)
    row = spectra(wave)[3]
    assert row.argmax() == 256 + 10
    assert row.max() == pytest.approx(4 * 512**2, rel=1e-5)


# What is drawn


@pytest.mark.parametrize("difficulty", ["basic", "primary"])
def test_parameters_are_those_of_the_table(difficulty):
    images = simulate_images(25, seed=4, difficulty=difficulty, size=(1, 1), progress=False)
    parameters = images.parameters
    assert tuple(parameters.columns) == PARAMETERS
    assert parameters["class_name"].tolist() == list(CLASS_NAMES) * 25
    assert [CLASS_NAMES[place] for place in images.class_index] == parameters["class_name"].tolist()
    limits = {
        "basic": {"line": (0.2, 0.3), "squiggle": (0.4, 0.5), "drift": 0.004, "drd": (0.005, 0.01)},
        "primary": {"line": (0.05, 0.4), "squiggle": (0.1, 0.5), "drift": 0.0075, "drd": (0.01, 0.08)},
    }[difficulty]
    jitter = {"basic": (0.001, 0.01), "primary": (0.0001, 0.005)}[difficulty]
    by_class = dict(tuple(parameters.groupby("class_name")))
    for name in ("narrowband", "narrowbanddrd", "squiggle"):
        snr = by_class[name]["snr"]
        assert snr.between(*limits["squiggle" if name == "squiggle" else "line"]).all()
        assert by_class[name]["drift"].abs().max() <= limits["drift"]
        assert by_class[name]["w0"].abs().max() <= np.radians(120)
        # Spread over the whole range, and to both sides of 0.
        assert (by_class[name][["drift", "w0"]].min() < 0).all()
        assert (by_class[name][["drift", "w0"]].max() > 0).all()
    drd = by_class["narrowbanddrd"]["drd"]
    assert drd.abs().between(*limits["drd"]).all()
    assert 5 <= (drd > 0).sum() <= 20
    assert by_class["squiggle"]["jitter"].between(*jitter).all()
    assert (by_class["narrowband"][["drd", "jitter"]] == 0).all(axis=None)
    assert (by_class["noise"][["snr", "drift", "drd", "jitter"]] == 0).all(axis=None)
    assert by_class["noise"]["w0"].isna().all()
    # Each image is drawn for itself: those of one number have nothing in common.
    assert not np.isclose(by_class["narrowband"]["w0"], by_class["narrowbanddrd"]["w0"], rtol=1e-3).any()


def test_a_larger_set_begins_with_the_smaller_and_a_seed_makes_another():
    small, large = (simulate_images(n, seed=3, progress=False) for n in (2, 3))
    np.testing.assert_array_equal(large.images[:8], small.images)
    pd.testing.assert_frame_equal(large.parameters[:8], small.parameters)
    other = simulate_images(2, seed=4, progress=False)
    assert not any((a == b).all() for a in small.images for b in other.images)
    assert not any((a == b).all() for a in small.images for b in large.images[8:])


def test_noise_is_the_same_at_each_difficulty():
    basic, primary = (
        simulate_images(1, seed=3, difficulty=name, progress=False) for name in four_classes.DIFFICULTIES
    )
    np.testing.assert_array_equal(basic.images[3], primary.images[3])
    assert (basic.images[0] != primary.images[0]).any()


@pytest.mark.parametrize("size", [(256, 512), (32, 64), (100, 30)])
def test_another_size_shows_the_same_signals(size):
    images = simulate_images(1, seed=12, size=size, progress=False)
    assert images.images.shape == (4, *size, 1)
    assert images.images.dtype == np.float32
    assert 0 <= images.images.min() < images.images.max() <= 1
    # Whatever the size, the darkest column is where the line is on average, to a column.
    track = true_tracks(images.parameters, size)[1]
    straightened = straighten(images.images[1:2], track[None], np.arange(-8, 9))[0]
    assert abs(straightened.mean(axis=0).argmin() - 8) <= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"n_per_class": 0}, "n_per_class: expected a whole number of at least 1, found 0"),
        ({"n_per_class": 2.5}, "n_per_class: expected a whole number"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, found -1"),
        ({"seed": None}, "seed: expected a whole number"),
        ({"difficulty": "easy"}, "difficulty: expected one of basic, primary, found 'easy'"),
        ({"size": 64}, r"size: expected rows and columns such as \(64, 128\), found 64"),
        ({"size": (64, 0)}, "size: expected rows and columns"),
        ({"size": (64, 128, 1)}, "size: expected rows and columns"),
        ({"size": (64.0, 128.0)}, "size: expected rows and columns"),
    ],
)
def test_wishes_that_cannot_be_met_are_named(arguments, said):
    with pytest.raises(ImageError, match=said):
        simulate_images(**{"n_per_class": 1, "seed": 0, "progress": False} | arguments)


def test_a_progress_bar_is_shown_where_it_is_wanted(capsys):
    simulate_images(1, size=(8, 8))
    assert "images: 100%" in capsys.readouterr().err
    simulate_images(1, size=(8, 8), progress=False)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("in_thread", [True, False])
def test_an_interruption_stops_it(monkeypatch, in_thread):
    made = []

    def counted(power, size, picture=picture):
        made.append(size)
        if in_thread and len(made) == 3:
            raise KeyboardInterrupt
        return picture(power, size)

    def interrupted_bar(results, **options):
        yield next(results)
        raise KeyboardInterrupt

    monkeypatch.setattr(four_classes, "picture", counted)
    if not in_thread:
        monkeypatch.setattr("tqdm.auto.tqdm", interrupted_bar)
    with pytest.raises(KeyboardInterrupt):
        simulate_images(100, size=(8, 8), progress=False)
    assert len(made) < 200


# The recipe


def lanczos(n_in, n_out):
    """Matrix that resamples ``n_in`` values to ``n_out`` fewer by Lanczos' kernel of three lobes."""
    scale = n_in / n_out
    centres = (np.arange(n_out) + 0.5) * scale
    distance = (np.arange(n_in) + 0.5 - centres[:, None]) / scale
    weights = np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0)
    return weights / weights.sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def power():
    _, samples = four_classes._simulate_samples(8, "narrowband", 0, four_classes._RANGES["basic"])
    return spectra(samples)


def jet_of(power):
    """The colours of the recipe by the definition of "jet": three straight-sided hills."""
    value = np.minimum((256 * (np.log(power) / np.log(power).max())).astype(int), 255) / 255
    red = np.interp(value, [0.35, 0.66, 0.89, 1], [0, 1, 1, 0.5])
    green = np.interp(value, [0.125, 0.375, 0.64, 0.91], [0, 1, 1, 0])
    blue = np.interp(value, [0, 0.11, 0.34, 0.65], [0.5, 1, 1, 0])
    return 255 * np.stack([red, green, blue])


GREY = np.array([0.299, 0.587, 0.114])  # ITU-R 601


def test_a_picture_is_that_of_the_recipe_worked_out_by_hand(power):
    rows, columns = lanczos(256, 64), lanczos(512, 128)
    colours = [np.clip(rows @ colour @ columns.T, 0, 255) for colour in jet_of(power)]
    expected = np.tensordot(GREY, colours, axes=1)
    found = 255 * picture(power)
    # The program works with whole numbers, in each colour, along each axis and at the end.
    assert np.abs(found - expected).max() < 2
    assert abs((found - expected).mean()) < 0.5


def test_full_resolution_is_not_resampled(power):
    found = 255 * picture(power, FULL_SIZE)
    assert np.abs(found - np.tensordot(GREY, jet_of(power), axes=1)).max() < 2


def test_a_picture_is_pils_own_down_to_the_last_bit(power):
    # The published program's steps, by the published program's libraries.
    from matplotlib import colormaps

    log_power = np.log(power)
    image = Image.fromarray(colormaps["jet"](log_power / log_power.max(), bytes=True))
    image = image.resize((128, 64), Image.Resampling.LANCZOS).convert("L")
    np.testing.assert_array_equal(np.rint(255 * picture(power)), np.asarray(image))


def test_power_of_nothing_counts_as_one():
    power = np.full((4, 4), 1000.0)
    power[1, 2] = 0
    image = picture(power, (4, 4))
    assert np.isfinite(image).all()
    # The strongest value is jet's dark red, 0.5 of red: 0.299 * 127 / 255; the weakest its dark blue.
    assert image[0, 0] == pytest.approx(0.299 * 0.5, abs=0.005)
    assert image[1, 2] == pytest.approx(0.114 * 0.5, abs=0.005)


def test_a_picture_with_a_fixed_top_is_as_grey_whatever_its_maximum(power):
    assert np.array_equal(picture(power, full_power=power.max()), picture(power))
    stronger = power.copy()
    stronger[3, 5] = 1e6 * power.max()
    weak, strong = (picture(one, FULL_SIZE, full_power=power.max()) for one in (power, stronger))
    strong[3, 5] = weak[3, 5]
    assert np.array_equal(strong, weak)
    # What is beyond the top is drawn as the top is, in jet's dark red.
    assert picture(np.full((4, 4), 1e9), (4, 4), full_power=1e6)[0, 0] == pytest.approx(0.15, abs=0.005)


def test_a_picture_has_eight_bits_and_time_runs_downwards():
    time, channel = np.meshgrid(np.arange(256), np.arange(512), indexing="ij")
    power = np.where((time < 128) & (channel >= 384), 1e8, 1e5)
    image = picture(power)
    np.testing.assert_array_equal(np.rint(255 * image) / 255, image.astype(np.float64).round(9).astype("f4"))
    dark = image < 0.4
    assert dark[:31, 97:].all()
    assert not dark[33:].any()
    assert not dark[:, :95].any()


@pytest.mark.parametrize(
    ("group", "name"), [(NOISE, "noise"), (STRAIGHT, "narrowband"), (CROOKED, "squiggle")]
)
def test_pictures_agree_with_the_published_ones(mirror, basic, group, name):
    with np.load(mirror / "basic4/basic4_exact_uint8.npz") as file:
        published = file["images"][list(group)].astype(np.float64)
    simulated = 255.0 * basic.images[basic.class_index == CLASS_NAMES.index(name), :, :, 0]
    measures = {
        "level": lambda image: np.median(image),
        "scatter": lambda image: np.percentile(image, 75) - np.percentile(image, 25),
        "standard deviation": np.std,
        "darkest": np.min,
        "brightest": np.max,
        "contrast": lambda image: np.median(image) - np.sort(image, axis=1)[:, :2].mean(),
        "from column to column": lambda image: np.corrcoef(image[:, 1:].ravel(), image[:, :-1].ravel())[0, 1],
        "from row to row": lambda image: np.corrcoef(image[1:].ravel(), image[:-1].ravel())[0, 1],
    }
    for what, measure in measures.items():
        theirs, ours = (np.array([measure(image) for image in images]) for images in (published, simulated))
        # As the mean of so many scatters; grey values are whole, and say no more than half of one.
        tolerance = 4 * ours.std() * np.sqrt(1 / len(theirs) + 1 / len(ours)) + 0.5 * (ours.mean() > 2)
        assert abs(theirs.mean() - ours.mean()) < tolerance, what


# Tracks


def test_lines_are_where_their_parameters_say(basic):
    for name in ("narrowband", "narrowbanddrd"):
        chosen = basic[basic.class_index == CLASS_NAMES.index(name)]
        offsets = np.arange(-6, 6.01, 0.25)
        stack = straighten(chosen.images, true_tracks(chosen.parameters), offsets).mean(axis=(0, 1))
        depth = np.clip(np.median(stack) - stack - 0.02, 0, None)
        assert abs((depth * offsets).sum() / depth.sum()) < 0.06
        assert np.abs(offsets[depth > depth.max() / 2]).max() < 1.6


def test_a_track_worked_out_by_hand():
    parameters = pd.DataFrame(
        {"w0": [np.pi / 2, 0.0, 0.0], "drift": [0.0, 0.004, 0.0], "drd": [0.0, 0.0, 0.01]}
    )
    parameters["jitter"] = 0.0
    tracks = true_tracks(parameters, (2, 512))
    # Frequency 0 is point 256 of 512, a quarter of a turn a sample 128 points further on.
    assert tracks[0] == pytest.approx([384, 384])
    # The middles of the rows are samples 32,768 and 98,304: 0.128 and 0.384 radians, 512 / 2 pi points each.
    assert tracks[1] == pytest.approx(256 + np.array([0.128, 0.384]) * 512 / (2 * np.pi))
    # 1e-8 / 1024 n^2 / 2
    assert tracks[2] == pytest.approx(256 + np.array([0.00524288, 0.04718592]) * 512 / (2 * np.pi))
    parameters["jitter"] = 0.001
    assert np.isnan(true_tracks(parameters)).all()


def test_straightening_interpolates_and_goes_round_the_edge():
    image = np.arange(8.0).reshape(1, 2, 4, 1)
    found = straighten(image, np.array([[1.0, 2.5]]), [-1, 0, 1, 2])
    np.testing.assert_allclose(found, [[[0, 1, 2, 3], [5.5, 6.5, 5.5, 4.5]]])


# Splits


def numbered(n, class_index, **more):
    """A set in which the image of number k is filled with k."""
    images = np.tile(np.arange(n, dtype=float)[:, None, None, None], (1, 2, 2, 1))
    class_index = np.asarray(class_index)
    names = tuple("abcd"[: class_index.max() + 1])
    return ImageSet(images, one_hot(class_index, len(names)), names, **more)


def numbers_in(part):
    return part.images[:, 0, 0, 0].astype(int).tolist()


def test_each_part_gets_its_share_of_each_class():
    parts = split_images(numbered(100, np.arange(100) % 4), (0.6, 0.2, 0.2), seed=1)
    assert [part.labels.sum(axis=0).tolist() for part in parts] == [[15.0] * 4, [5.0] * 4, [5.0] * 4]
    assert sorted(number for part in parts for number in numbers_in(part)) == list(range(100))
    # In random order, not class by class or as they came.
    assert numbers_in(parts[0]) != sorted(numbers_in(parts[0]))


def test_a_split_depends_on_its_seed_alone():
    images = numbered(40, np.arange(40) % 2)
    one, again, other = (split_images(images, (0.5, 0.5), seed)[0] for seed in (1, 1, 2))
    assert numbers_in(one) == numbers_in(again) != numbers_in(other)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), seed=st.integers(0, 9))
def test_nothing_is_in_two_parts(data, seed):
    n = data.draw(st.integers(12, 60))
    groups = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    twins = data.draw(st.lists(st.integers(0, 15), min_size=n, max_size=n))
    known = pd.DataFrame({"group": groups, "twin": twins, "k": range(n)})
    images = ImageSet(np.array(twins, dtype=float)[:, None, None, None], np.ones((n, 1)), ("a",), known)
    try:
        parts = [
            part.parameters for part in split_images(images, (0.5, 0.3, 0.2), seed, groups=known["group"])
        ]
    except ImageError as error:
        assert "not the same" in str(error)  # all hang together in one or two families
        return
    assert sorted(pd.concat(parts)["k"]) == list(range(n))
    assert all(len(part) for part in parts)
    for column in ("group", "twin"):
        sets = [set(part[column]) for part in parts]
        assert not sets[0] & sets[1]
        assert not sets[0] & sets[2]
        assert not sets[1] & sets[2]


def test_a_chain_of_groups_and_twins_stays_together():
    # 0 and 1 are of one group, 1 equals 2, 2 and 3 are of one group; 4 and 5 stand alone.
    images = np.array([0, 1, 1, 3, 4, 5], dtype=float)[:, None, None, None]
    whole = ImageSet(images, np.ones((6, 1)), ("a",), pd.DataFrame({"k": range(6)}))
    parts = split_images(whole, (0.6, 0.2, 0.2), groups=list("aabbcd"))
    assert sorted(sorted(part.parameters["k"]) for part in parts) == [[0, 1, 2, 3], [4], [5]]
    assert sorted(parts[0].parameters["k"]) == [0, 1, 2, 3]


def test_a_large_group_goes_where_there_is_room():
    groups = [0] * 8 + list(range(1, 9))
    train, test = split_images(numbered(16, [0] * 16), (0.75, 0.25), groups=groups)
    assert set(range(8)) <= set(numbers_in(train))
    assert (len(train), len(test)) == (12, 4)


def test_images_without_labels_are_split_as_one_class():
    images = ImageSet(np.arange(10.0)[:, None, None, None], np.empty((10, 0)), ())
    assert [len(part) for part in split_images(images, (0.8, 0.2))] == [8, 2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"shares": (0.5, 0.6)}, r"shares: expected two or more above 0 with the sum 1, found \[0.5, 0.6\]"),
        ({"shares": (1.0,)}, "shares: expected two or more"),
        ({"shares": (1.5, -0.5)}, "shares: expected two or more"),
        ({"shares": 0.5}, "shares: expected two or more"),
        ({"groups": [1, 2]}, "groups: expected one for each of the 6 images, found 2"),
        (
            {"shares": (0.25,) * 4},
            "a: expected at least 4 images or groups .*, found 3",
        ),
        ({"groups": [0] * 6}, "found 1"),
    ],
)
def test_splits_that_make_no_sense_are_named(arguments, said):
    with pytest.raises(ImageError, match=said):
        split_images(numbered(6, [0, 1] * 3), **{"shares": (0.5, 0.5)} | arguments)
