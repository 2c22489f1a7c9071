"""Features of pictures whose lines are drawn by hand, so that what each feature has to be is known."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from setilearn.errors import ImageError
from setilearn.learn.features import FEATURES, NAMES, _count_peaks, image_features, scale_features
from setilearn.learn.followed_line import _brightest_path

N_TIME, N_CHAN = 64, 128
ROWS = np.arange(N_TIME)
TIME = (ROWS + 0.5) / N_TIME - 0.5
MIDDLE = N_CHAN // 2
STRENGTH = 12.0  # sigma in the line's channel, in each integration


def noise(seed=0):
    return np.random.default_rng(seed).normal(0, 1, (N_TIME, N_CHAN))


def line(track=0.0, *, profile=(1.0,), light=1.0, strength=STRENGTH):
    """A line around the middle; the profile's middle value lies on the track, split between two channels."""
    picture = np.zeros((N_TIME, N_CHAN))
    places = MIDDLE + np.broadcast_to(track, N_TIME)
    light = np.broadcast_to(light, N_TIME)
    for offset, share in enumerate(profile, -(len(profile) // 2)):
        low = np.floor(places + offset).astype(int)
        part = places + offset - low
        picture[ROWS, low] += strength * share * light * (1 - part)
        picture[ROWS, low + 1] += strength * share * light * part
    return picture


def measured(*lines, seed=0):
    (row,) = image_features((noise(seed) + sum(lines))[None]).itertuples(index=False)
    return row


def test_a_plain_carrier():
    found = measured(line())
    assert found.drift_chan == pytest.approx(0, abs=0.1)
    assert found.bow_chan == pytest.approx(0, abs=0.1)
    assert found.wander_chan < 0.15
    assert found.width_chan == pytest.approx(1, abs=0.1)
    assert (found.lines, found.on_fraction, found.n_on) == (1, 1, 1)
    assert found.asymmetry < 0.05
    # The noise of a single row is 1 / 12 of the line: what it adds is taken off.
    assert found.modulation < 0.08
    assert found.trend < 0.08
    assert found.change < 0.1
    assert found.rest < 0.05
    assert found.roughness > 0.8


@pytest.mark.parametrize("moved", [-90, -31.5, 12, 60])
def test_drift(moved):
    found = measured(line(moved * TIME))
    assert found.drift_chan == pytest.approx(
        moved * 63 / 64, abs=0.4
    )  # from the first row's middle to the last's
    assert found.bow_chan == pytest.approx(0, abs=0.3)
    assert found.rest < 0.1


@pytest.mark.parametrize("curvature", [-160, 80])
def test_bow(curvature):
    found = measured(line(curvature * TIME**2 + 10 * TIME))
    # Between its ends a parabola bows by an eighth of its second derivative, times the time squared.
    assert found.bow_chan == pytest.approx(-curvature / 4 * (63 / 64) ** 2, abs=0.6)
    assert found.drift_chan == pytest.approx(10, abs=1)
    assert found.wander_chan < 0.4


def test_wander_and_roughness():
    walk = np.cumsum(np.random.default_rng(4).normal(0, 1, N_TIME))
    fit = np.polynomial.Polynomial.fit(TIME, walk, 2)
    expected = np.sqrt(((walk - fit(TIME)) ** 2).mean())
    found = measured(line(walk - walk.mean()))
    assert found.wander_chan == pytest.approx(expected, rel=0.1)
    steps = np.diff(walk - fit(TIME))
    assert found.roughness == pytest.approx(np.sqrt((steps**2).mean() / 2) / expected, rel=0.25)
    sine = measured(line(10 * np.sin(4 * np.pi * TIME)))
    assert sine.roughness < 0.6 * found.roughness


def test_width():
    found = measured(line(profile=np.ones(21)))
    assert found.width_chan == pytest.approx(21, rel=0.1)
    assert found.lines == 1


def test_lines_of_a_comb():
    profile = np.zeros(49)
    profile[::8] = [0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5]
    found = measured(line(profile=profile))
    assert found.lines == 7
    assert found.width_chan == pytest.approx(4**2 / 2.5, rel=0.1)  # (sum)^2 / sum of squares
    assert found.asymmetry < 0.05
    assert found.rest < 0.05


def test_asymmetry():
    profile = np.zeros(21)
    profile[[10, 20]] = 1, 0.5
    # Best mirrored about the bright line, or half-way between both: 1 / (1 + 0.25) overlaps.
    assert measured(line(profile=profile)).asymmetry == pytest.approx(0.2, abs=0.03)


def test_light():
    found = measured(line(light=ROWS // 8 % 2 == 0))
    assert found.on_fraction == pytest.approx(0.5, abs=0.05)
    assert found.n_on == 4
    assert found.modulation < 0.15
    flicker = measured(line(light=1 + 0.5 * (-1.0) ** ROWS))
    assert flicker.modulation == pytest.approx(0.5, abs=0.05)
    assert (flicker.on_fraction, flicker.n_on) == (1, 1)
    assert measured(line(light=1 + TIME)).trend == pytest.approx(1, abs=0.06)


def test_a_burst():
    found = measured(line(profile=np.ones(25), light=(ROWS >= 20) & (ROWS < 26)))
    assert found.on_fraction == pytest.approx(6 / 64, abs=0.02)
    assert found.width_chan == pytest.approx(25, rel=0.1)
    assert (found.drift_chan, found.bow_chan, found.n_on) == (0, 0, 1)


def test_what_changes_in_time():
    second = line(10.0, light=ROWS >= 32)
    # Profiles (1, 0) and (1, 1): apart by 1, of 1 + 2 in all.
    assert measured(line(), second).change == pytest.approx(3**-0.5, abs=0.05)
    assert measured(line(profile=np.ones(21))).change < 0.1


def test_what_one_line_does_not_explain():
    cross = measured(line(40 * TIME), line(-40 * TIME))
    # Whichever is followed, the other is left: half of the energy, but for where they meet.
    assert cross.rest == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    "picture",
    [
        line(50 * TIME),
        line(profile=np.ones(15)),
        line(light=ROWS // 8 % 2 == 0),
        line(120 * TIME**2 - 15),
    ],
)
def test_strength_hardly_matters(picture):
    faint, bright = (
        scale_features(image_features((noise() + scale * picture)[None])) for scale in (0.5, 4.0)
    )
    assert (faint - bright).abs().to_numpy().max() < 1  # step


@settings(max_examples=8, deadline=None)
@given(gain=st.floats(1e-3, 1e6), offset=st.floats(-1e3, 1e3))
def test_gain_and_offset_do_not_matter(gain, offset):
    picture = noise() + line(30 * TIME)
    there = image_features(picture[None])
    again = image_features((offset + gain * picture)[None])
    np.testing.assert_allclose(again, there, rtol=1e-3, atol=1e-3)


@settings(max_examples=8, deadline=None)
@given(moved=st.floats(-60, 60), bow=st.floats(-80, 80), seed=st.integers(0, 99))
def test_mirrored_pictures(moved, bow, seed):
    picture = noise(seed) + line(moved * TIME + bow * (TIME**2 - 0.1), profile=(0.5, 1, 0.5))
    there, mirrored, backwards = (
        image_features(part[None]).iloc[0] for part in (picture, picture[:, ::-1], picture[::-1])
    )
    assert mirrored["drift_chan"] == pytest.approx(-there["drift_chan"], abs=0.3)
    assert mirrored["bow_chan"] == pytest.approx(-there["bow_chan"], abs=0.3)
    assert backwards["drift_chan"] == pytest.approx(-there["drift_chan"], abs=0.3)
    assert backwards["bow_chan"] == pytest.approx(there["bow_chan"], abs=0.3)
    steps = scale_features(image_features(np.stack([picture, picture[:, ::-1], picture[::-1]])))
    assert np.ptp(steps.to_numpy(), axis=0).max() < 1


def test_the_brightest_path_is_the_best_of_all():
    values = np.random.default_rng(1).normal(0, 1, (5, 6))
    best = max(
        (path for path in itertools.product(range(6), repeat=5) if np.abs(np.diff(path)).max() <= 2),
        key=lambda path: values[range(5), path].sum() - 0.7 * np.abs(np.diff(path)).sum(),
    )
    assert tuple(_brightest_path(values, 2, 0.7)) == best


@pytest.mark.parametrize(
    ("values", "n_peaks"),
    [
        ([0, 5, 0, 5, 0], 2),
        ([0, 5, 3, 5, 0], 1),  # the dip is not down to half
        ([0, 5, 2, 3, 0], 1),  # 3 is not twice the valley
        ([0, 5, 1, 3, 0], 2),
        ([0, 0.5, 0, 5, 0], 1),  # below the floor
        ([0, 0, 0], 1),
    ],
)
def test_peaks_are_counted(values, n_peaks):
    assert _count_peaks(np.array(values, dtype=float), 1.0) == n_peaks


def test_the_table():
    pictures = np.stack([noise(seed) + line() for seed in range(3)]).astype(np.float32)
    before = pictures.copy()
    found = image_features(pictures)
    assert list(found) == NAMES == [feature.name for feature in FEATURES]
    assert len(found) == 3
    assert np.isfinite(found).all(axis=None)
    assert found.equals(image_features(pictures[..., None]))
    np.testing.assert_array_equal(pictures, before)
    assert image_features(pictures[:0]).shape == (0, len(NAMES))


@pytest.mark.parametrize("kind", ["noise alone", "integrations of one", "one bright channel", "narrow"])
def test_any_picture_has_features(kind):
    pictures = {
        "noise alone": noise(),
        "integrations of one": np.random.default_rng(2).exponential(1, (N_TIME, N_CHAN)),
        "one bright channel": noise() + 1e6 * (np.arange(N_CHAN) == 0),
        "narrow": noise()[:16, :32],
    }
    assert np.isfinite(image_features(pictures[kind][None])).all(axis=None)


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((64, 128)), r"expected the shape \(n, rows, columns\).*found \(64, 128\)"),
        (np.zeros((2, 64, 128, 3)), r"found \(2, 64, 128, 3\)"),
        (np.zeros((2, 8, 128)), "at least 16 rows and 32 columns"),
        (np.stack([noise(), np.full((64, 128), np.nan)]), "in 1 of 2, the first in image 1"),
        (np.stack([noise(), np.ones((64, 128))]), "image 1: expected noise that scatters"),
    ],
)
def test_pictures_without_features_are_refused(images, said):
    with pytest.raises(ImageError, match=said):
        image_features(images)


def test_steps():
    features = image_features((noise() + line())[None])
    wider = features.assign(
        width_chan=features["width_chan"] * np.exp(0.5), on_fraction=0.8, drift_chan=-features["drift_chan"]
    )
    apart = (scale_features(wider) - scale_features(features)).iloc[0]
    assert apart[["width_chan", "on_fraction", "drift_chan"]].tolist() == pytest.approx([1, -1, 0])
    with pytest.raises(ImageError, match="found no rest"):
        scale_features(features.drop(columns="rest"))
    with pytest.raises(ImageError, match="NaN"):
        scale_features(features.assign(bow_chan=np.nan))


def test_the_pictures_of_an_image_set_are_no_power():
    from setilearn import simulate_images

    with pytest.raises(ImageError, match="expected an array of linear power .* found ImageSet"):
        image_features(simulate_images(4, seed=1))
