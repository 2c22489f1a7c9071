"""Still pictures, looked at as pixels: where a line stands, which way it leans, what the ticks say."""

import math
import os
import pickle
import tracemalloc
from collections import namedtuple
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist

import IPython.display
import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter

from setilearn.errors import SpectrogramError
from setilearn.read.filterbank import read_spectrogram
from setilearn.show.cadence_plots import plot_cadence
from setilearn.show.figure import alt_text, block_edges, contrast_limits, decibels, pool_max
from setilearn.show.spectrum_plots import plot_bandpass, plot_spectrum
from setilearn.show.waterfall_plots import plot_waterfall
from setilearn.spectrogram import Header, Spectrogram

matplotlib.use("agg")
import matplotlib.pyplot as plt

# The two ends of viridis, as its authors published them: (0.267004, 0.004874, 0.329415) and
# (0.993248, 0.906157, 0.143936).
DARKEST, BRIGHTEST = (68, 1, 84), (253, 231, 37)
PLOTS = [plot_waterfall, plot_spectrum, plot_bandpass]


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a plotting function must not show the figure")

    monkeypatch.setattr(plt, "show", refuse)
    yield
    plt.close("all")


def spectrogram(power, fch1_mhz=8419.0, foff_hz=4.0, tsamp_s=10.0, source_name="tone (simulated)"):
    power = np.asarray(power, dtype=np.float32)
    n_time, n_chan = power.shape
    header = Header(source_name, "GBT", 0.0, 0.0, fch1_mhz, foff_hz, tsamp_s, 57650.0, n_time, n_chan)
    return Spectrogram(power, header)


def noise(n_time, n_chan, seed=7):
    """Power of mean 1 and deviation 0.14, as of 51 averaged spectra: about 0 dB, give or take 0.6."""
    return 1 + 0.14 * np.random.default_rng(seed).standard_normal((n_time, n_chan), dtype=np.float32)


def picture(ax):
    """RGB pixels inside the axes, ``(height, width, 3)``, the top row first.

    The outermost two may be tinged by the ends of the tick marks.
    """
    ax.figure.canvas.draw()
    rgb = np.asarray(ax.figure.canvas.buffer_rgba())[..., :3]
    box = ax.get_window_extent()
    top, bottom = rgb.shape[0] - round(box.y1), rgb.shape[0] - round(box.y0)
    return rgb[top:bottom, round(box.x0) : round(box.x1)].astype(int)


def is_color(pixels, color, tolerance=3):
    return np.abs(pixels - np.array(color)).max(axis=-1) <= tolerance


def ticks(ax):
    """Position and text of each tick of the frequency axis that lies inside the picture."""
    ax.figure.canvas.draw()
    assert ax.xaxis.get_offset_text().get_text() == "", "a number in the corner is misread"
    low, high = ax.get_xlim()
    return [
        (position, label.get_text().replace("\N{MINUS SIGN}", "-"))
        for position, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if low <= position <= high
    ]


# Pooling


@pytest.mark.parametrize(
    ("n", "block", "edges"),
    [
        (6, 1, [0, 1, 2, 3, 4, 5, 6]),
        (6, 2, [0, 2, 4, 6]),
        (7, 3, [0, 2, 4, 7]),
        (5, 5, [0, 5]),
        (5, 9, [0, 5]),
    ],
)
def test_blocks_worked_by_hand(n, block, edges):
    assert block_edges(n, block).tolist() == edges


@given(n=st.integers(1, 10**9), n_blocks=st.integers(1, 1024))
def test_blocks_are_full_and_alike(n, n_blocks):
    block = math.ceil(n / n_blocks)
    sizes = np.diff(block_edges(n, block))
    assert sizes.sum() == n
    assert 1 <= sizes.min() <= sizes.max() <= block
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize(
    ("times", "channels", "expected"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3], [[1, 5, 2], [4, 0, 9], [-3, -1, -2]]),
        ([0, 1, 2, 3], [0, 1, 3], [[1, 5], [4, 9], [-3, -1]]),
        ([0, 2, 3], [0, 1, 2, 3], [[4, 5, 9], [-3, -1, -2]]),
        ([0, 2, 3], [0, 2, 3], [[5, 9], [-1, -2]]),
        ([0, 3], [0, 3], [[9]]),
    ],
)
def test_pooling_worked_by_hand(times, channels, expected):
    power = np.array([[1, 5, 2], [4, 0, 9], [-3, -1, -2]], dtype=np.float32)
    pooled = pool_max(power, np.array(times), np.array(channels))
    assert pooled.tolist() == expected
    assert pooled.dtype == np.float32


@given(
    shape=st.tuples(st.integers(1, 12), st.integers(1, 40)),
    blocks=st.tuples(st.integers(1, 15), st.integers(1, 50)),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_strongest_survives_pooling_at_its_place(shape, blocks, seed):
    power = np.random.default_rng(seed).permutation(math.prod(shape)).reshape(shape)
    edges = [block_edges(n, block) for n, block in zip(shape, blocks, strict=True)]
    pooled = pool_max(power, *edges)
    ((row, column),) = np.argwhere(pooled == power.max())
    ((time, channel),) = np.argwhere(power == power.max())
    assert edges[0][row] <= time < edges[0][row + 1]
    assert edges[1][column] <= channel < edges[1][column + 1]


# Decibels and contrast


def test_decibels_worked_by_hand():
    assert decibels([1.0, 10.0, 100.0, 0.001]) == pytest.approx([0, 10, 20, -30])
    assert decibels([0.0, -1.0]).tolist() == [-np.inf, -np.inf]
    assert np.isnan(decibels([np.nan])).all()


def test_contrast_ignores_a_bright_line_and_a_dark_edge():
    # Of 100 values 94 are normally distributed (mean 100, deviation 1), 5 lie far below and 1 far above.
    values = np.random.default_rng(3).normal(100.0, 1.0, 100_000)
    values[:1000] += 500  # a bright line
    values[-5000:] -= 80  # the edge of a band
    median, low = (100 + NormalDist().inv_cdf((part - 0.05) / 0.94) for part in (0.50, 0.16))
    assert contrast_limits(values) == pytest.approx(
        (median - 3 * (median - low), median + 10 * (median - low)), abs=0.2
    )


def test_contrast_stays_within_the_values():
    # 0 to 100 in steps of 1: the median is 50, sigma 34, and both limits would lie outside.
    assert contrast_limits(np.arange(101.0)) == (0.0, 100.0)


@pytest.mark.parametrize("values", [[3.0] * 4, [1e9] * 4, [np.nan] * 4, [0.0, 0.0, 0.0, 7.0], []])
def test_contrast_of_hardly_any_values_is_a_range(values):
    low, high = contrast_limits(np.array(values))
    assert low < high
    assert all(low <= v <= high for v in values if np.isfinite(v))


# The waterfall


@pytest.mark.parametrize(
    ("channel", "inches"),
    [(0, (9, 4.5)), (333_333, (9, 4.5)), (1_048_575, (9, 4.5)), (524_288, (4, 3)), (1_000_000, (4, 3))],
)
def test_a_line_of_one_channel_in_a_million_is_seen_at_its_place(channel, inches):
    power = np.ones((16, 2**20), dtype=np.float32)
    power[:, channel] = 100
    _, ax = plt.subplots(figsize=inches, layout="constrained")
    line = is_color(picture(plot_waterfall(spectrogram(power), ax)), BRIGHTEST)
    columns = np.flatnonzero(line.any(axis=0))
    width = line.shape[1]
    # A pixel of the picture is up to two of the canvas wide.
    assert 1 <= columns.size <= 2
    assert np.abs(columns + 0.5 - (channel + 0.5) / 2**20 * width).max() <= 2
    assert line[:, columns[0]].mean() > 0.9, "the line must run from top to bottom"


def test_a_line_of_one_channel_is_seen_in_each_of_six_panels():
    power = noise(16, 2**16)
    power[:, 20_000] = 30
    _, panels = plt.subplots(2, 3, figsize=(12, 6), layout="constrained")
    for ax in panels.flat:
        plot_waterfall(spectrogram(power), ax)
    for ax in panels.flat[::5]:  # the first and the last
        assert is_color(picture(ax), BRIGHTEST).all(axis=0).any()


def test_a_pulse_in_one_of_4096_integrations_is_seen_at_its_time():
    power = np.ones((4096, 8), dtype=np.float32)
    power[3000] = 100
    line = is_color(picture(plot_waterfall(spectrogram(power))), BRIGHTEST)
    rows = np.flatnonzero(line[:, 2:-2].all(axis=1))
    assert 1 <= rows.size <= 2
    assert np.abs(rows + 0.5 - 3000.5 / 4096 * line.shape[0]).max() <= 2


@pytest.mark.parametrize("drift_channels", [40, -40])
def test_time_runs_downwards_and_a_rising_frequency_leans_right(drift_channels):
    power = noise(16, 2000)
    for integration in range(16):
        power[integration, 1000 + drift_channels * integration] = 50
    line = is_color(picture(plot_waterfall(spectrogram(power))), BRIGHTEST)
    height, width = line.shape
    top = np.flatnonzero(line[: height // 16].any(axis=0)).mean()
    bottom = np.flatnonzero(line[-height // 16 :].any(axis=0)).mean()
    assert bottom - top == pytest.approx(drift_channels * 15 / 2000 * width, abs=3)


def test_pixel_edges_lie_at_channel_edges():
    ax = plot_waterfall(spectrogram([[1, 10, 100], [1000, 10000, 100000]]))
    pixels = picture(ax)
    height, width = pixels.shape[:2]
    for column in (width / 3, 2 * width / 3):
        left, right = pixels[height // 4, int(column) - 3], pixels[height // 4, int(column) + 3]
        assert not is_color(left, right)
    assert not is_color(pixels[height // 2 - 4, 5], pixels[height // 2 + 4, 5])
    # Channel 1 stands at 8419.000004 MHz and is 4 Hz wide; its centre is the centre of the picture.
    assert ax.get_xlabel() == "frequency \N{MINUS SIGN} 8419 MHz (Hz)"
    assert ax.get_xlim() == pytest.approx((-2, 10), abs=1e-5)
    assert ax.get_ylim() == (20.0, 0.0)


def test_blocks_of_unequal_size_are_drawn_where_their_channels_are():
    # 1048 channels share pixels by threes, 2 of the 350 blocks are of two; each line keeps its place.
    lines = [0, 1, 2, 500, 1000, 1045, 1047]
    power = np.ones((2, 1048), dtype=np.float32)
    power[:, lines] = 100
    ax = plot_waterfall(spectrogram(power))
    assert ax.images[0].get_array().shape == (2, 350)
    seen = is_color(picture(ax), BRIGHTEST)[5]
    place = (np.arange(seen.size) + 0.5) / seen.size * 1048
    away = np.abs(place[:, None] - (np.array(lines) + 0.5))
    pixel = 1048 / seen.size
    assert away[seen].min(axis=1).max() < 3 + pixel, (
        "nothing may be bright that is not in a block with a line"
    )
    assert away[seen].min(axis=0).max() < 3 + pixel, "each line must be seen"
    assert seen[0]
    assert seen[-1]


def test_more_power_is_brighter():
    pixels = picture(plot_waterfall(spectrogram([[1, 2, 4, 8, 16, 32]])))
    height, width = pixels.shape[:2]
    centres = [pixels[height // 2, int((k + 0.5) * width / 6)] for k in range(6)]
    luminance = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in centres]
    assert luminance == sorted(luminance)
    assert len({round(value) for value in luminance}) == 6
    assert is_color(centres[0], DARKEST)
    assert is_color(centres[-1], BRIGHTEST)


def test_zero_and_negative_power_is_drawn_darkest():
    pixels = picture(plot_waterfall(spectrogram([[0, -5, 10, 20, 30]])))
    height, width = pixels.shape[:2]
    dark = [is_color(pixels[height // 2, int((k + 0.5) * width / 5)], DARKEST) for k in range(5)]
    assert dark == [True, True, True, False, False]


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize("db", [True, False])
@pytest.mark.parametrize(
    "power",
    [
        np.zeros((3, 4)),
        -np.ones((3, 4)),
        np.full((3, 4), 7.0),
        [[2.0]],
        noise(1, 50),
        noise(50, 1),
        noise(4, 20) - 1,
        np.ones((4, 3000)) * 1e20,
        np.ones((3000, 4)) * 1e-20,
    ],
    ids=["zeros", "negative", "flat", "one", "row", "column", "both-signs", "huge", "minute"],
)
def test_odd_spectrograms_are_drawn_without_a_warning(plot, db, power):
    figure, ax = plt.subplots(figsize=(3, 2))
    plot(spectrogram(power), ax, db=db)
    figure.canvas.draw()
    assert alt_text(figure)


def test_limits_of_the_colours_can_be_set():
    ax = plot_waterfall(spectrogram([[1, 10, 100, 1000]]), vmin=10, vmax=20)
    assert ax.images[0].get_clim() == (10, 20)
    assert ax.images[0].colorbar.extend == "both"
    ax = plot_waterfall(spectrogram([[1, 10, 100, 1000]]), vmin=-1, vmax=31)
    assert ax.images[0].colorbar.extend == "neither"
    with pytest.raises(SpectrogramError, match=r"expected vmin below vmax, found 3 and 2"):
        plot_waterfall(spectrogram([[1, 10]]), vmin=3, vmax=2)


def test_the_colour_bar_says_what_it_shows():
    ax = plot_waterfall(spectrogram(noise(4, 10)))
    assert ax.images[0].colorbar.ax.get_ylabel() == "power (dB)"
    ax = plot_waterfall(spectrogram(noise(4, 10)), db=False)
    assert ax.images[0].colorbar.ax.get_ylabel() == "power (arbitrary units)"
    ax = plot_waterfall(spectrogram(noise(4, 10_000)))
    n_chan = math.ceil(10_000 / ax.images[0].get_array().shape[1])
    assert ax.images[0].colorbar.ax.get_ylabel() == f"power (dB)\nmaximum of {n_chan} channels"


def test_a_full_coarse_channel_costs_little_memory():
    power = noise(16, 2**20)
    tracemalloc.start()
    for plot in PLOTS:
        plot(spectrogram(power)).figure.canvas.draw()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The data are 64 MiB; a mean spectrum in float64 is 8, and nothing larger need be made.
    assert peak < 48 * 2**20


# The axis of frequency


def test_a_narrow_band_is_labelled_in_hz_from_its_centre():
    data = replace_header(spectrogram(noise(4, 115)), fch1_mhz=8419.29685, foff_hz=2.7939677)
    ax = plot_waterfall(data)
    assert ax.get_xlabel() == "frequency \N{MINUS SIGN} 8419.297 MHz (Hz)"
    # Lower edge: 8419.29685 MHz less half a channel, which is 150 + 1.4 Hz below 8419.297.
    low = -150 - 2.7939677 / 2
    assert ax.get_xlim() == pytest.approx((low, low + 115 * 2.7939677), abs=1e-4)
    assert len(ticks(ax)) >= 4
    for position, text in ticks(ax):
        assert float(text) == pytest.approx(position, abs=1e-6)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_wide_band_is_labelled_in_mhz(plot):
    ax = plot(spectrogram(noise(2, 2**17), foff_hz=2.7939677))  # 0.366 MHz
    assert ax.get_xlabel() == "frequency (MHz)"
    assert len(ticks(ax)) >= 3
    for position, text in ticks(ax):
        assert 8418.9 < float(text) < 8419.4
        assert float(text) == pytest.approx(position, abs=1e-9)


@pytest.mark.parametrize(
    ("n_chan", "offset_from_mhz", "label", "limits"),
    [
        # 4 Hz channels from 8419 MHz on; half a channel, 2 Hz, is added at both ends.
        (10_000, None, "frequency \N{MINUS SIGN} 8419.02 MHz (kHz)", (-20.002, 19.998)),
        (100, 8419.0, "frequency \N{MINUS SIGN} 8419 MHz (Hz)", (-2, 398)),
        (100, 8418.5, "frequency \N{MINUS SIGN} 8418.5 MHz (kHz)", (499.998, 500.398)),
        (100, 8400.25, "frequency \N{MINUS SIGN} 8400.25 MHz (MHz)", (18.749998, 18.750398)),
        (100, 0, "frequency (MHz)", (8418.999998, 8419.000398)),
    ],
)
def test_the_offset_of_the_frequency_axis(n_chan, offset_from_mhz, label, limits):
    ax = plot_waterfall(spectrogram(noise(2, n_chan)), offset_from_mhz=offset_from_mhz)
    assert ax.get_xlabel() == label
    assert ax.get_xlim() == pytest.approx(limits, abs=1e-8 if "(MHz)" in label else 1e-4)
    for position, text in ticks(ax):
        assert float(text) == pytest.approx(position, abs=1e-9)


@pytest.mark.parametrize(
    ("n_chan", "offset_from_mhz"),
    [(3, None), (115, None), (115, 0), (10_000, None), (10_000, 0), (300_000, None)],
)
@pytest.mark.parametrize("inches", [(9, 4.5), (4, 3)])
def test_tick_labels_do_not_touch(offset_from_mhz, n_chan, inches):
    _, ax = plt.subplots(figsize=inches, layout="constrained")
    plot_waterfall(spectrogram(noise(2, n_chan)), ax, offset_from_mhz=offset_from_mhz)
    shown = dict(ticks(ax))
    boxes = [
        label.get_window_extent()
        for position, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if position in shown
    ]
    assert all(left.x1 + 3 < right.x0 for left, right in pairwise(boxes))


# Spectrum and bandpass


def test_spectrum_worked_by_hand():
    data = spectrogram([[1, 2, 3], [3, 18, 197]])  # means 2, 10, 100
    ax = plot_spectrum(data)
    values, edges, _ = ax.patches[0].get_data()
    assert values == pytest.approx([3.0103, 10, 20], abs=1e-4)
    # Channels of 4 Hz, the lowest centred on the reference of 8419 MHz.
    assert ax.get_xlabel() == "frequency \N{MINUS SIGN} 8419 MHz (Hz)"
    assert edges == pytest.approx([-2, 2, 6, 10], abs=1e-5)
    assert ax.get_ylabel() == "power (dB)\nmean of 2 integrations"


def test_spectrum_of_one_integration():
    ax = plot_spectrum(spectrogram([[1, 2, 3], [3, 18, 197]]), integration=1, db=False)
    assert ax.patches[0].get_data()[0].tolist() == [3, 18, 197]
    assert ax.get_ylabel() == "power (arbitrary units)\nintegration 1"


@pytest.mark.parametrize("integration", [2, -1])
def test_an_integration_that_is_not_there(integration):
    with pytest.raises(SpectrogramError, match=f"integration: expected 0 to 1, found {integration}"):
        plot_spectrum(spectrogram([[1, 2, 3], [3, 18, 197]]), integration=integration)
    assert plt.get_fignums() == [], "an error must not leave an empty figure behind"


def test_spectrum_shows_mean_and_range_of_the_channels_that_share_a_pixel():
    # 4 channels share a pixel. In block 100: powers 1, 1, 1, 97, of mean 25; in all others 1.
    power = np.ones((2, 4096))
    power[:, 403] = 97
    ax = plot_spectrum(spectrogram(power), db=False)
    means, edges, _ = ax.patches[0].get_data()
    assert means.size == 1024
    assert means[100] == 25
    assert np.delete(means, 100).tolist() == [1] * 1023
    assert edges[100:102] - edges[0] == pytest.approx([1.600, 1.616])  # kHz: 400 and 404 times 4 Hz
    x, levels = ax.lines[0].get_data()
    assert levels.max() == 97
    assert levels.min() == 1
    # The block's centre lies between its channels 401 and 402: 402 channels of 4 Hz above the band's edge.
    assert x[levels.argmax()] - edges[0] == pytest.approx(1.608)


@pytest.mark.parametrize("plot", [plot_spectrum, plot_bandpass])
def test_a_line_of_one_channel_in_a_million_is_seen_in_the_spectrum(plot):
    power = np.ones((4, 2**20), dtype=np.float32)
    power[:, 700_000] = 1000
    pixels = picture(plot(spectrogram(power)))
    height, width = pixels.shape[:2]
    # Well above the floor and below the legend there is nothing but the line, and the pale grid.
    band = pixels[height * 4 // 10 : height * 8 // 10, 2:-2].min(axis=-1) < 180
    columns = np.flatnonzero(band.all(axis=0))
    assert 1 <= columns.size <= 4
    assert np.abs(columns + 2.5 - 700_000.5 / 2**20 * width).max() <= 2


def test_bandpass_follows_the_band_and_passes_over_the_spike():
    power = np.ones((2, 6400))  # 64 blocks of 100 channels
    power[:, 3200:] = 0.5
    power[:, 1600] = 1000
    ax = plot_bandpass(spectrogram(power))
    spectrum, shape = ax.lines
    assert shape.get_label() == "median of 100 channels"
    x, levels = shape.get_data()
    assert levels == pytest.approx([0.0] * 33 + [-3.0103] * 33, abs=1e-4)
    # From edge to edge of the band, by way of the blocks' centres.
    low, high = ax.get_xlim()
    assert (x[0], x[-1]) == pytest.approx((low, high))
    assert (x[1:-1] - low) / (high - low) == pytest.approx((np.arange(64) + 0.5) / 64)
    assert spectrum.get_ydata().max() == pytest.approx(30)
    assert "The bandpass spans 3.0 dB." in alt_text(ax.figure)


def test_power_without_decibels_lies_at_the_lowest_level():
    values = plot_spectrum(spectrogram([[0, 10, 100, -4]])).patches[0].get_data()[0]
    assert values == pytest.approx([10, 10, 20, 10])


def test_a_legend_does_not_squeeze_the_panels():
    figure, panels = plt.subplots(1, 3, figsize=(6.4, 3), layout="constrained")
    for ax in panels:
        plot_spectrum(spectrogram(noise(4, 10_000)), ax)
    figure.canvas.draw()
    # Each panel has a third of 640 pixels, and its labels may take half of that.
    assert all(ax.get_window_extent().width > 640 / 6 for ax in panels)
    assert panels[0].get_legend().get_window_extent().width > 640 / 6


# Real data


def voyager():
    mirror = os.environ.get("SETILEARN_MIRROR")
    if not mirror:
        pytest.skip("SETILEARN_MIRROR, the folder of the real data, is not set")
    return read_spectrogram(Path(mirror) / "voyager1_2016" / "voyager1_carrier_8419.2970.fil")


def test_voyagers_carrier_lies_where_the_published_table_says():
    ax = plot_waterfall(voyager())
    assert ax.get_title() == "Voyager1"
    assert ax.get_xlabel() == "frequency \N{MINUS SIGN} 8419.297 MHz (Hz)"
    line = is_color(picture(ax), BRIGHTEST)
    height, width = line.shape
    low, high = ax.get_xlim()
    for integration in range(16):
        row = line[int((integration + 0.5) * height / 16)]
        found_hz = low + (np.flatnonzero(row).mean() + 0.5) / width * (high - low)
        # turbo_seti: 8419.297028 MHz at the start, -0.377557 Hz/s; a channel is 2.79 Hz wide.
        published_hz = 28.0 - 0.377557 * (integration + 0.5) * 18.253611
        assert found_hz == pytest.approx(published_hz, abs=2 * 2.79)


# The panels of a cadence

Track = namedtuple("Track", ["tstart_mjd", "frequency_mhz", "drift_hz_s"])
SCAN_S = 200.0


def six_scans(n_chan=400, channels=range(10, 370, 60), foff_hz=4.0):
    """Scans of 20 x 10 s one after the other, each with a line in one channel, 60 channels on in each."""
    scans = []
    for place, channel in enumerate(channels):
        power = noise(20, n_chan, seed=place)
        power[:, channel] = 100
        scan = spectrogram(power, foff_hz=foff_hz, source_name=f"source {place}")
        scans.append(replace_header(scan, tstart_mjd=57650.0 + place * SCAN_S / 86400))
    return scans


def columns_of(ax, color):
    """Middle of what has this colour in each row of pixels, as a share of the width; rows that have any."""
    pixels = is_color(picture(ax), color, tolerance=40)
    return np.array([np.flatnonzero(row).mean() / (pixels.shape[1] - 1) for row in pixels if row.any()])


def test_each_panel_shows_its_scan_on_one_axis_and_one_scale():
    axes = plot_cadence(six_scans())
    assert len(axes) == 6
    for place, ax in enumerate(axes):
        # Channel 10 + 60 place of 400: the middle of its cell.
        assert columns_of(ax, BRIGHTEST).mean() == pytest.approx((10.5 + 60 * place) / 400, abs=0.003)
        assert ax.get_xlim() == axes[0].get_xlim()
        assert ax.get_ylim() == (200.0, 0.0)
        assert ax.images[0].get_clim() == axes[0].images[0].get_clim()
    assert [ax.get_title(loc="left") for ax in axes[:2]] == ["A  ON  source 0", "B  OFF  source 1"]
    assert axes[5].get_xlabel() == "frequency \N{MINUS SIGN} 8419.001 MHz (Hz)"
    assert not axes[0].get_xlabel()


def test_the_dashed_lines_hold_the_track_between_them():
    # 60 channels of 4 Hz a scan of 200 s is 1.2 Hz/s: through the middle of each scan's line, half-way.
    start_mhz = 8419.0 + (10 * 4.0 - 1.2 * SCAN_S / 2) / 1e6
    axes = plot_cadence(six_scans(), Track(57650.0, start_mhz, 1.2), width_hz=1e4)
    for place, ax in enumerate(axes):
        left, right = (line.get_xdata() for line in ax.lines)
        low, high = ax.get_xlim()
        middle = ((left + right) / 2 - low) / (high - low)
        # The band is 400 channels wide; the track moves by 60 of them in each scan.
        expected = (10.5 + 60 * (place + np.array([-0.5, 0.5]))) / 400
        assert middle == pytest.approx(expected, abs=1e-5)
        assert (right > left).all()
        if place:  # in the first panel the left line begins outside the band
            assert columns_of(ax, (255, 255, 255)).mean() == pytest.approx(middle.mean(), abs=0.01)


def test_the_part_shown_is_around_the_track():
    scans = six_scans(n_chan=4000, channels=[2000] * 6)
    axes = plot_cadence(scans, Track(57650.0, 8419.008, 0.0))
    low, high = axes[0].get_xlim()
    assert high - low == pytest.approx(1000.0, abs=8)  # Hz
    assert columns_of(axes[3], BRIGHTEST).mean() == pytest.approx(0.5, abs=0.01)
    # 1 Hz/s in 6 x 200 s is 1200 Hz: twice as much is shown.
    low, high = plot_cadence(scans, Track(57650.0, 8419.008, 1.0))[0].get_xlim()
    assert high - low == pytest.approx(2400.0, abs=8)
    low, high = plot_cadence(scans, Track(57650.0, 8419.008, 0.0), width_hz=400)[0].get_xlim()
    assert high - low == pytest.approx(400.0, abs=8)


def test_a_line_of_one_channel_stays_visible_in_every_panel():
    scans = six_scans(n_chan=2**17, channels=[40_000 + 10_000 * place for place in range(6)])
    for place, ax in enumerate(plot_cadence(scans)):
        column = columns_of(ax, BRIGHTEST).mean()
        assert column == pytest.approx((40_000 + 10_000 * place) / 2**17, abs=0.01)


def test_the_panels_are_drawn_where_asked_and_say_what_they_show():
    figure = plt.figure()
    axes = plot_cadence(six_scans()[:2], figure=figure, pattern="AB")
    assert axes[0].figure is figure
    assert plt.get_fignums() == [figure.number]
    assert alt_text(figure) == (
        "2 waterfalls from 8418.999998 to 8419.001598 MHz, one below the other: A ON source 0, "
        "B OFF source 1."
    )
    marked = plot_cadence(six_scans(), Track(57650.0, 8419.00004, 1.25))
    assert alt_text(marked[0].figure).endswith(
        "Dashed lines mark the track from 8419.000040 MHz that drifts by 1.25 Hz/s."
    )


def test_scans_that_make_no_cadence_are_refused():
    scans = six_scans()
    with pytest.raises(SpectrogramError, match="expected 6 scans, found 5"):
        plot_cadence(scans[:5])
    shifted = replace_header(scans[3], fch1_mhz=8419.1)
    with pytest.raises(
        SpectrogramError, match="the same channels in all scans, 400 from 8419.0 MHz, found 400"
    ):
        plot_cadence([*scans[:3], shifted, *scans[4:]])
    with pytest.raises(SpectrogramError, match="frequency outside the band"):
        plot_cadence(scans, Track(57650.0, 8420.0, 0.0))


# What all of them share


@pytest.mark.parametrize("plot", PLOTS)
def test_axes_in_axes_out(plot):
    figure, axes = plt.subplots(1, 2)
    assert plot(spectrogram(noise(3, 10)), axes[1]) is axes[1]
    assert plt.get_fignums() == [figure.number], "no figure may be made where axes are given"
    assert plot(spectrogram(noise(3, 10))).figure is not figure
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("plot", PLOTS)
def test_the_title_names_the_source_and_says_simulated(plot):
    assert plot(spectrogram(noise(3, 10))).get_title() == "tone (simulated)"


@pytest.mark.parametrize("plot", PLOTS)
def test_the_data_stay_as_they_are(plot):
    power = noise(3, 3000)
    data = spectrogram(power.copy())
    plot(data).figure.canvas.draw()
    assert np.array_equal(data.power, power)


# Alternative text


class Images(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.found = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        assert tag == "img"
        self.found.append(dict(attrs))


@pytest.fixture
def displayed(monkeypatch):
    """What would be sent to the notebook."""
    bundles = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: bundles.append(data))
    return bundles


def test_alternative_text_says_what_is_seen():
    power = np.ones((4, 100))
    power[2, 25] = 100
    assert alt_text(plot_waterfall(spectrogram(power)).figure) == (
        "Waterfall of tone (simulated): power from 8418.999998 to 8419.000398 MHz over 40 s, "
        "time running downwards. The strongest point is at 8419.000100 MHz and 20 s, "
        "20.0 dB above the median."
    )
    # The mean over 4 integrations is 25.75, which is 14.1 dB.
    assert alt_text(plot_spectrum(spectrogram(power)).figure) == (
        "Spectrum of tone (simulated): power from 8418.999998 to 8419.000398 MHz. "
        "The strongest channel is at 8419.000100 MHz, 14.1 dB above the median."
    )
    assert alt_text(plt.figure()) == ""


def test_the_text_of_a_difference_has_no_decibels():
    power = np.ones((4, 100))
    power[2, 25], power[1, 3] = 100, -1
    for plot in (plot_waterfall, plot_spectrum):
        text = alt_text(plot(spectrogram(power), db=False).figure)
        assert "8419.000100 MHz" in text
        assert "dB" not in text


def test_a_notebook_shows_the_figure_with_its_text(displayed):
    source_name = 'a "quoted" <b>source</b>'
    ax = plot_waterfall(spectrogram(noise(3, 10), source_name=source_name))
    # IPython's own display of the figure stands back: there is one picture, not two.
    assert DisplayFormatter().format(ax.figure) == ({}, {})
    (bundle,) = displayed
    (image,) = Images(bundle["text/html"]).found
    assert source_name in image["alt"]
    assert image["alt"] == bundle["text/plain"] == alt_text(ax.figure)
    assert image["src"] == "data:image/png;base64," + bundle["image/png"]
    assert bundle["image/png"].startswith("iVBORw0KGgo"), "the first bytes of any PNG, in base64"


def test_the_text_of_a_figure_is_that_of_all_its_plots(displayed):
    figure, (left, right) = plt.subplots(1, 2)
    plot_spectrum(spectrogram(noise(3, 10)), left)
    plot_bandpass(spectrogram(noise(3, 10)), right)
    DisplayFormatter().format(figure)
    (image,) = Images(displayed[0]["text/html"]).found
    assert image["alt"].startswith("Spectrum of tone")
    assert "Bandpass of tone" in image["alt"]


def test_the_text_of_a_plot_in_a_subfigure(displayed):
    figure = plt.figure()
    plot_spectrum(spectrogram(noise(3, 10)), figure.subfigures(1, 2)[0].subplots())
    DisplayFormatter().format(figure)
    assert displayed[0]["text/plain"].startswith("Spectrum of tone")


def test_a_figure_keeps_its_text_when_pickled():
    figure = plot_spectrum(spectrogram(noise(3, 10))).figure
    assert alt_text(pickle.loads(pickle.dumps(figure))) == alt_text(figure)


def replace_header(data, **changes):
    return Spectrogram(data.power, replace(data.header, **changes))
