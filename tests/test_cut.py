"""Pictures cut out around hits: in the middle, wide enough, inside the band, in units of the noise."""

import math
from dataclasses import replace

import numpy as np
import pytest

from setilearn.errors import ImageError
from setilearn.learn.align import align_images
from setilearn.learn.cut import cut_images
from setilearn.learn.four_classes import CLASS_NAMES, simulate_images, spectra
from setilearn.learn.images import picture
from setilearn.search.drift import search_drift
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.spectrogram import SECONDS_PER_DAY, Header, Spectrogram
from setilearn.tables import HITS, table


@pytest.fixture(scope="module")
def noise():
    return simulate_noise(16, 8192, seed=5)


def hit_at(spectrogram, channel, drift_hz_s=0.0, **more):
    header = spectrogram.header
    return {
        "source_name": header.source_name,
        "scan": 0,
        "tstart_mjd": header.tstart_mjd,
        "frequency_mhz": header.frequency_mhz(channel),
        "drift_hz_s": drift_hz_s,
        "snr": 50.0,
        "width_hz": header.foff_hz,
        "channel": round(channel),
        "path": "",
    } | more


def cut(spectrogram, *rows, **options):
    return cut_images(spectrogram, table(HITS, rows), **options)


def ridge(image, rows):
    """Mean column of the darkest pixels in these rows."""
    return image[rows, :, 0].argmin(axis=1).mean()


@pytest.mark.parametrize("drift_hz_s", [0.0, 0.5, -1.5])
def test_the_middle_of_the_track_is_in_the_middle(noise, drift_hz_s):
    header = noise.header
    spectrogram = add_tone(noise, header.frequency_mhz(4000), drift_hz_s=drift_hz_s, snr=500.0)
    images = cut(spectrogram, hit_at(spectrogram, 4000, drift_hz_s))
    assert images.images.shape == (1, 64, 128, 1)
    covered = abs(drift_hz_s) * header.duration_s / header.foff_hz
    n_chan = max(128, 8 * math.ceil(covered + 1))
    middle = 4000 + drift_hz_s * header.duration_s / 2 / header.foff_hz
    [row] = images.parameters.itertuples()
    assert row.n_chan == n_chan
    assert row.first_channel == pytest.approx(middle - n_chan / 2, abs=1)
    # 128 columns hold n_chan channels, and the track a fixed share of the rows each.
    slope = drift_hz_s * header.duration_s / header.foff_hz / n_chan * 128
    top, bottom = (ridge(images.images[0], rows) for rows in (slice(8), slice(-8, None)))
    assert (top + bottom) / 2 == pytest.approx(64, abs=1)
    assert bottom - top == pytest.approx(slope * 56 / 64, abs=1.2)
    assert abs(bottom - top) < 128 / 8 + 1


def test_hits_of_the_search_are_cut_as_they_come(noise):
    spectrogram = noise
    for channel, drift_hz_s in ((1000, 0.0), (3000, 0.4), (6000, -1.0)):
        frequency_mhz = noise.header.frequency_mhz(channel)
        spectrogram = add_tone(spectrogram, frequency_mhz, drift_hz_s=drift_hz_s, snr=100.0)
    hits = search_drift(spectrogram, progress=False)
    images = cut_images(spectrogram, hits)
    assert len(images) == len(hits) == 3
    assert images.class_names == ()
    assert images.labels.shape == (3, 0)
    assert images.parameters[list(hits.columns)].equals(hits)
    for image in images.images:
        assert image[:, 56:72].min() == image.min()
        assert image[:, 48:80].mean() < image[:, :32].mean()


@pytest.mark.parametrize(("channel", "first"), [(3, 0), (8190, 8192 - 128), (64, 0), (65, 1)])
def test_near_an_edge_the_picture_is_moved_inwards(noise, channel, first):
    spectrogram = add_tone(noise, noise.header.frequency_mhz(channel), snr=500.0)
    images = cut(spectrogram, hit_at(spectrogram, channel))
    assert images.parameters["first_channel"].tolist() == [first]
    # A picture of 128 channels has one to a column.
    assert ridge(images.images[0], slice(None)) == pytest.approx(channel - first, abs=0.6)


def test_a_band_narrower_than_the_picture_is_shown_whole(noise):
    spectrogram = add_tone(noise, noise.header.frequency_mhz(4000), snr=500.0)[:, 3990:4054]
    images = cut(spectrogram, hit_at(spectrogram, 10))
    assert images.images.shape == (1, 64, 128, 1)
    assert images.parameters[["first_channel", "n_chan"]].to_numpy().tolist() == [[0, 64]]
    assert ridge(images.images[0], slice(None)) == pytest.approx(20.5, abs=1.1)  # two columns a channel


def test_full_resolution_is_not_resampled(noise):
    rows = [hit_at(noise, 2000), hit_at(noise, 5000, 1.0)]
    spectrogram = add_tone(noise, noise.header.frequency_mhz(2000), snr=500.0)
    images = cut(spectrogram, *rows, size=None)
    needed = 8 * math.ceil(noise.header.duration_s / noise.header.foff_hz + 1)  # of the one that drifts
    assert images.images.shape == (2, 16, needed, 1)
    assert images.images[0, :, :, 0].argmin(axis=1).tolist() == [needed // 2] * 16
    assert cut(noise, hit_at(noise, 2000), size=None).images.shape == (1, 16, 128, 1)
    assert cut(noise, *rows, size=None, n_chan=200).images.shape == (2, 16, 200, 1)
    assert cut(noise, *rows, size=(32, 50), n_chan=200).parameters["n_chan"].tolist() == [200, 200]


def test_a_track_is_carried_on_into_another_scan(noise):
    later_s = 100 * noise.header.foff_hz / 0.5  # 100 channels at 0.5 Hz/s
    header = replace(noise.header, tstart_mjd=noise.header.tstart_mjd + later_s / SECONDS_PER_DAY)
    hit = hit_at(noise, 4000, 0.5)
    one, other = (
        cut(scan, hit).parameters["first_channel"][0] for scan in (noise, replace(noise, header=header))
    )
    assert other - one == pytest.approx(100, abs=1)


@pytest.mark.parametrize("n_averaged", [1, 51, 1000])
def test_noise_looks_alike_however_many_spectra_were_averaged(n_averaged):
    rng = np.random.default_rng(1)
    power = rng.gamma(n_averaged, 3e9 / n_averaged, (256, 512))
    header = Header("noise", "GBT", 0.0, 0.0, 1420.0, 1.0, 1.0, 60000.0, *power.shape)
    spectrogram = Spectrogram(power, header)
    image = 255 * cut(spectrogram, hit_at(spectrogram, 256), n_chan=512).images[0]
    published = simulate_images(8, seed=1, progress=False)
    expected = 255 * published.images[published.class_index == CLASS_NAMES.index("narrowband")]
    # Unaveraged it is the noise around a line of the set; averaged, its median lies nearer to its mean.
    tolerance = 5 if n_averaged == 1 else 25
    assert np.median(image) == pytest.approx(np.median(expected), abs=tolerance)
    of_the_set = np.mean([spread(one) for one in expected])
    assert spread(image) == pytest.approx(of_the_set, rel=0.15 if n_averaged == 1 else 0.5)


def spread(image):
    return np.median(np.abs(image - np.median(image)))


def test_the_background_does_not_tell_how_strong_the_line_is(noise):
    frequency_mhz = noise.header.frequency_mhz(4000)
    backgrounds, own = [], []
    for snr in (20.0, 200.0, 2000.0, 20_000.0):
        spectrogram = add_tone(noise, frequency_mhz, drift_hz_s=0.3, snr=snr)
        image = cut(spectrogram, hit_at(spectrogram, 4000, 0.3)).images[0, :, :, 0]
        backgrounds.append(image[:, :32])
        own.append(picture(spectrogram.power[:, 3936:4064] * 1e4)[:, :32].mean())
    for background in backgrounds[1:]:
        assert np.abs(background - backgrounds[0]).max() < 0.03
        assert background.mean() == pytest.approx(backgrounds[0].mean(), abs=0.004)
    assert max(own) - min(own) > 0.1  # by the published recipe it does


@pytest.mark.parametrize("snr", [15.0, 30.0, 60.0, 120.0])
def test_a_line_of_moderate_strength_stands_out_as_it_does_by_its_own_maximum(noise, monkeypatch, snr):
    spectrogram, hits = noise, []
    for channel, drift_hz_s in zip(range(800, 8000, 800), np.linspace(-1, 1, 9), strict=True):
        frequency_mhz = noise.header.frequency_mhz(channel)
        spectrogram = add_tone(spectrogram, frequency_mhz, drift_hz_s=drift_hz_s, snr=snr)
        hits.append(hit_at(noise, channel, drift_hz_s))
    fixed = align_images(cut(spectrogram, *hits)).strengths
    monkeypatch.setattr("setilearn.learn.cut._FULL_POWER", None)
    by_own_maximum = align_images(cut(spectrogram, *hits)).strengths
    assert fixed.mean() > by_own_maximum.mean()


@pytest.mark.parametrize("n_averaged", [1, 51])
def test_a_line_is_as_dark_as_one_of_the_set_that_is_as_many_sigma_strong(n_averaged):
    # The basic set's weakest line: amplitude 0.2 of the noise in one component, so a power of 0.2^2 / 2 of it
    # in both, times the 512 points of a spectrum: 10.24 in units of the noise, which are sigmas too.
    rng = np.random.default_rng(2)
    power = rng.gamma(n_averaged, 1 / n_averaged, (256, 512))
    power[:, 256] += 10.24 / math.sqrt(n_averaged)
    header = Header("line", "GBT", 0.0, 0.0, 1420.0, 1.0, 1.0, 60000.0, *power.shape)
    spectrogram = Spectrogram(power, header)
    image = cut(spectrogram, hit_at(spectrogram, 256), n_chan=512).images[0, :, :, 0]
    samples = 13 * (rng.standard_normal(131_072) + 1j * rng.standard_normal(131_072) + 0.2)
    expected = picture(spectra(samples))
    depths = [np.median(grey) - grey[:, 63:65].mean() for grey in (image, expected)]
    assert depths[0] == pytest.approx(depths[1], rel=0.25)


def test_missing_power_counts_as_noise(noise):
    power = noise.power.copy()
    power[3, 4000:4010] = np.nan
    image = cut(Spectrogram(power, noise.header), hit_at(noise, 4000), size=None).images[0, :, :, 0]
    assert np.isfinite(image).all()
    assert abs(image[3, 64:74].mean() - np.median(image)) < 0.15


def test_no_hits_give_no_pictures(noise):
    images = cut(noise)
    assert images.images.shape == (0, 64, 128, 1)
    assert list(images.parameters.columns) == [column.name for column in HITS] + ["first_channel", "n_chan"]
    assert cut(noise, size=None).images.shape == (0, 16, 128, 1)


def test_what_cannot_be_cut_is_named(noise):
    with pytest.raises(ImageError, match="hit 1: expected the middle of its track within 1419.9.*, found"):
        cut(noise, hit_at(noise, 10), hit_at(noise, 9000))
    with pytest.raises(ImageError, match="hit 0: expected the middle of its track"):
        cut(noise, hit_at(noise, 8190, 4.0))
    silent = Spectrogram(np.zeros_like(noise.power), noise.header)
    with pytest.raises(ImageError, match="hit 0: expected noise around it, found none"):
        cut(silent, hit_at(noise, 10))


def test_nothing_given_is_changed(noise):
    power, hits = noise.power.copy(), table(HITS, [hit_at(noise, 100)])
    before = hits.copy()
    cut_images(noise, hits)
    assert hits.equals(before)
    np.testing.assert_array_equal(noise.power, power)
