"""The interactive waterfall without a browser: which samples, which pixels, which colours, which words."""

import base64
import io
import math
import subprocess
import sys
import tracemalloc
from types import SimpleNamespace

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import colormaps
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor

from setilearn.errors import FilterbankError, SpectrogramError
from setilearn.read import sigproc
from setilearn.read.filterbank import write_spectrogram
from setilearn.show.explorer import waterfall, widget
from setilearn.show.explorer.picture import Reading, color_levels, color_limits, picture_text, reading_text
from setilearn.show.explorer.samples import Waterfall, pool
from setilearn.show.explorer.view import Cells, View, cut_axis, cut_view
from setilearn.show.figure import decibels
from setilearn.spectrogram import Header, Spectrogram


def make_header(n_time=16, n_chan=1000, **other):
    values = {
        "source_name": "test",
        "telescope": "GBT",
        "ra_deg": 0.0,
        "dec_deg": 0.0,
        "fch1_mhz": 8000.0,
        "foff_hz": 2.0,
        "tsamp_s": 10.0,
        "tstart_mjd": 57000.0,
    }
    return Header(**(values | other), n_time=n_time, n_chan=n_chan)


def make_waterfall(power, **options):
    """Waterfall of an array, and a list of all (n_time, n_chan) that it reads."""
    reads = []

    def read(times, channels):
        reads.append((times.stop - times.start, channels.stop - channels.start))
        return power[times, channels]

    return Waterfall(read, make_header(*power.shape), **options), reads


def noise(n_time, n_chan, seed=1):
    return np.random.default_rng(seed).exponential(size=(n_time, n_chan)).astype(np.float32)


def view_of(waterfall, **other):
    header = waterfall.header
    return View(
        **({"times": (0, header.n_time), "channels": (0, header.n_chan), "pixels": (400, 100)} | other)
    )


# Cells


@pytest.mark.parametrize(
    ("limits", "size", "average", "pixels", "expected"),
    [
        ((0, 100), 100, 1, 10, Cells(0, 10, 10, 100, 10)),
        ((0, 100), 100, 1, 30, Cells(0, 4, 25, 100, 4)),
        ((12.5, 27.2), 100, 1, 50, Cells(12, 1, 16, 100, 1)),
        # Whole averages of 4, from 4 to 24, so that the edges of an average do not move with the view.
        ((5, 21), 100, 4, 50, Cells(4, 4, 5, 100, 4)),
        # 6 averages of 4, of which 2 share each of 3 pixels: 8 samples, from a multiple of 8 on.
        ((0, 24), 100, 4, 3, Cells(0, 8, 3, 100, 8)),
        # The last cell holds 99 alone.
        ((90, 100), 100, 9, 50, Cells(90, 9, 2, 100, 9)),
    ],
)
def test_an_axis_is_cut_into_cells(limits, size, average, pixels, expected):
    assert cut_axis(limits, size, average, pixels) == expected


@given(
    size=st.integers(4, 10**9),
    start=st.floats(0, 0.99),
    share=st.floats(0.001, 1),
    average=st.sampled_from([1, 2, 8, 1024]),
    pixels=st.integers(1, 4096),
)
def test_cells_cover_the_view_with_no_more_in_sight_than_pixels(size, start, share, average, pixels):
    average = min(average, size)
    limits = start * size, start * size + share * (1 - start) * size
    cells = cut_axis(limits, size, average, pixels)
    assert cells.first <= limits[0]
    assert cells.first + cells.n * cells.step >= min(limits[1], size)
    assert (limits[1] - limits[0]) / cells.step <= pixels
    assert cells.step % average == cells.first % cells.step == 0
    # The last cell begins inside the data, and none lies wholly outside the view.
    assert cells.first + (cells.n - 1) * cells.step < min(limits[1], size)
    assert cells.first + cells.step > limits[0]


def test_the_middle_of_a_cell_is_kept():
    cells = Cells(first=100, step=10, n=3, size=126, keep=4)
    # Of 100..109 the four from 103 on; the last cell is 120..125, its middle 121..124.
    assert [cells.piece(i) for i in range(3)] == [(103, 107), (113, 117), (121, 125)]
    assert cells.bounds == (100, 126)
    assert cells.n_kept == 12
    assert [cells.at(position) for position in (-5, 100, 109.9, 110, 500)] == [0, 0, 0, 1, 2]


def test_a_view_is_moved_into_the_data():
    view = View((-3, 2), (990, 1010), (400, 100), (64, 1)).within(make_header(16, 1000))
    assert view.times == (0, 5)
    assert view.channels == (980, 1000)
    assert view.average == (16, 1)


def test_a_view_is_no_narrower_than_a_few_channels():
    view = View((3.5, 3.6), (10, 10.5), (400, 100)).within(make_header())
    assert view.times == (3.5, 5.5)
    assert view.channels == (10, 14)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"times": (5, 5)}, "times: expected two ascending numbers, found 5 and 5"),
        ({"channels": (math.nan, 5)}, "channels: expected two ascending numbers, found nan and 5"),
        ({"contrast": (-1, 50)}, "contrast: expected percentiles from 0 to 100"),
        ({"pixels": (0, 100)}, "pixels: expected two whole numbers above 0"),
        ({"average": (1, 1.5)}, "average: expected two whole numbers above 0"),
        ({"pool": "min"}, "pool: expected 'max' or 'mean', found 'min'"),
    ],
)
def test_nonsense_is_not_a_view(wrong, complaint):
    with pytest.raises(ValueError, match=complaint):
        View(**({"times": (0, 16), "channels": (0, 100), "pixels": (400, 100)} | wrong))


# Pooling


def test_pooling_by_hand():
    power = np.array([[1, 5, 2, 0, 7], [3, 1, 2, 4, 1], [9, 0, 1, 1, 2]], np.float32)
    assert pool(power, 2, 2, "max").tolist() == [[5, 4, 7], [9, 1, 2]]
    assert pool(power, 2, 2, "mean").tolist() == [[2.5, 2, 4], [4.5, 1, 2]]
    assert pool(power, 1, 1, "mean").tolist() == power.tolist()


def test_a_maximum_leaves_out_what_is_not_a_number():
    power = np.array([[np.nan, 3, np.nan, np.nan]], np.float32)
    np.testing.assert_array_equal(pool(power, 1, 2, "max"), [[3, np.nan]])


@given(
    st.integers(0, 2**22 - 1),
    st.integers(0, 15),
    st.floats(0, 0.99),
    st.floats(1e-5, 1),
    st.integers(50, 2000),
)
@settings(max_examples=50, deadline=None)
def test_a_line_one_channel_wide_is_seen_at_any_zoom(channel, integration, place, span, pixels):
    size = 2**12
    channel %= size
    power = np.ones((16, size), np.float32)
    power[integration, channel] = 1000
    waterfall, _ = make_waterfall(power)
    span = max(4, span * size)
    start = min(max(channel - place * span, 0), size - span)
    picture = waterfall.picture(view_of(waterfall, channels=(start, start + span), pixels=(400, pixels)))
    row, column = np.argwhere(picture.power == 1000)[0]
    assert (picture.power == 1000).sum() == 1
    cells = picture.channels
    assert cells.first + column * cells.step <= channel < cells.first + (column + 1) * cells.step
    assert picture.times.first + row * picture.times.step == integration


def test_averages_come_before_the_maximum():
    power = np.zeros((4, 8), np.float32)
    power[0, 0] = 8  # alone in its average of 2 x 4: 8 / 8 = 1
    power[:2, 4:] = 0.5
    waterfall, _ = make_waterfall(power)
    picture = waterfall.picture(view_of(waterfall, average=(2, 4), pixels=(10, 1)))
    assert picture.power.tolist() == [[1], [0]]
    picture = waterfall.picture(view_of(waterfall, average=(2, 4), pixels=(10, 1), pool="mean"))
    assert picture.power.tolist() == [[0.75], [0]]


# Reading from a file: budget, sampling, parts


def test_panning_and_zooming_in_reads_nothing_again():
    waterfall, reads = make_waterfall(noise(16, 200_000), budget=2_000_000)
    for channels in ((90_000, 90_500), (90_300, 90_800), (90_400, 90_420), (80_000, 80_100)):
        waterfall.picture(view_of(waterfall, channels=channels))
    assert reads == [(16, 500 + 2 * 2**15)]
    waterfall.picture(view_of(waterfall, channels=(10_000, 10_100)))
    assert len(reads) == 2


def test_the_cached_block_shows_the_right_samples():
    power = noise(16, 200_000)
    waterfall, _ = make_waterfall(power, budget=2_000_000)
    for start in (90_000, 90_300, 10, 199_950):
        picture = waterfall.picture(view_of(waterfall, times=(3, 9), channels=(start, start + 50)))
        np.testing.assert_array_equal(picture.power, power[3:9, start : start + 50])


def test_a_view_beyond_the_budget_is_sampled_in_frequency():
    power = noise(16, 102_400)
    waterfall, reads = make_waterfall(power, budget=16 * 1024)
    picture = waterfall.picture(view_of(waterfall))
    # 100 pixels of 1024 channels, of which the budget has room for a hundredth: 10 of each, from 507 on.
    expected = [power[:, start + 507 : start + 517].max(axis=1) for start in range(0, 102_400, 1024)]
    np.testing.assert_array_equal(picture.power, np.transpose(expected))
    assert set(reads) == {(16, 10)}
    assert len(reads) == 100
    text = picture_text(picture, view_of(waterfall))
    assert "strongest of 10 samples (1 integration × 10 channels)" in text
    assert "1 channel in 102 shown: zoom in for all." in text


def test_many_short_integrations_are_sampled_in_time():
    power = noise(8000, 100)
    waterfall, reads = make_waterfall(power, budget=80_000)
    picture = waterfall.picture(view_of(waterfall, pixels=(400, 100)))
    # 400 pixels of 20 integrations, a tenth of them: the 2 in the middle of each 20.
    expected = [power[start + 9 : start + 11].max(axis=0) for start in range(0, 8000, 20)]
    np.testing.assert_array_equal(picture.power, expected)
    assert set(reads) == {(2, 100)}
    assert "1 integration in 10 shown" in picture_text(picture, view_of(waterfall))


@pytest.mark.parametrize("average", [(1, 1), (4, 8), (64, 1), (1, 1024), (1024, 1024)])
@pytest.mark.parametrize("shape", [(16, 2**26), (2**20, 1024), (279, 2**26), (5000, 2**20), (2**17, 2**17)])
def test_a_picture_of_any_file_keeps_to_its_budget(shape, average):
    budget = 20 * 2**20
    view = View((0, shape[0]), (0, shape[1]), (836, 2000), average).within(make_header(*shape))
    times, channels = cut_view(view, make_header(*shape), budget)
    assert times.n_kept * channels.n_kept <= budget
    n_reads = (times.n if times.ratio > 1 else 1) * (channels.n if channels.ratio > 1 else 1)
    assert n_reads <= 64 * 256


def test_a_sampled_picture_comes_in_parts():
    power = noise(16, 102_400)
    waterfall, reads = make_waterfall(power, budget=16 * 1024)
    first = waterfall.picture(view_of(waterfall), seconds=0)
    assert (first.done, len(reads)) == (0.01, 1)
    assert np.isfinite(first.power).sum() == 16
    assert "Reading: 1%." in picture_text(first, view_of(waterfall))
    whole = waterfall.picture(view_of(waterfall))
    assert (whole.done, len(reads)) == (1, 100)
    assert np.isfinite(whole.power).all()
    # Another look at the same samples reads nothing.
    waterfall.picture(view_of(waterfall, pool="mean", average=(4, 2)))
    assert len(reads) == 100


def test_the_parts_are_spread_over_the_picture():
    waterfall, _ = make_waterfall(noise(16, 102_400), budget=16 * 1024)
    for _ in range(4):
        picture = waterfall.picture(view_of(waterfall), seconds=0)
    columns = np.flatnonzero(np.isfinite(picture.power[0]))
    assert np.diff(columns).min() >= 20


def test_channels_that_cost_the_same_are_read_together():
    power = noise(16, 102_400)
    one_by_one, _ = make_waterfall(power, budget=16 * 2048)
    together, reads = make_waterfall(power, budget=16 * 2048, grain=2048)
    expected = one_by_one.picture(view_of(one_by_one)).power
    np.testing.assert_array_equal(together.picture(view_of(together)).power, expected)
    assert len(reads) == 50
    assert max(n_time * n_chan for n_time, n_chan in reads) <= 16 * 2048


# Reading values


def test_the_reading_is_the_strongest_sample_of_the_pixel():
    power = np.ones((16, 1000), np.float32)
    power[5, 123] = 100
    waterfall, _ = make_waterfall(power)
    view = view_of(waterfall, pixels=(16, 100))
    reading = waterfall.reading(view, (5.7, 128.9))
    assert reading == Reading(100.0, (5, 5), (123, 123), 10)
    # Channel 123 of 2 Hz lies 246 Hz above 8000 MHz, integration 5 of 10 s begins at 50 s, 100 is 20 dB.
    expected = (
        "8000.000246 MHz · channel 123 · 50.0 s · integration 5 · 20.00 dB · strongest of 10 in this pixel"
    )
    assert reading_text(reading, view, waterfall.header) == expected


def test_the_reading_of_averages_and_of_means():
    power = np.zeros((16, 1000), np.float32)
    power[4:6, 120:124] = 10
    waterfall, _ = make_waterfall(power)
    view = view_of(waterfall, average=(2, 4), pixels=(400, 1000))
    assert waterfall.reading(view, (5, 122)) == Reading(10.0, (4, 5), (120, 123), 1)
    text = reading_text(waterfall.reading(view, (5, 122)), view, waterfall.header)
    # The middle of channels 120 to 123 is 121.5: 243 Hz.
    assert text == "8000.000243 MHz · channels 120 to 123 · 40.0 s · integrations 4 to 5 · 10.00 dB"
    view = view_of(waterfall, pool="mean", pixels=(2, 125))
    reading = waterfall.reading(view, (5, 122))
    assert reading == Reading(10 * 8 / 64, (0, 7), (120, 127), 64)


def test_a_reading_without_decibels():
    waterfall, _ = make_waterfall(np.full((16, 1000), -2.5, np.float32))
    view = view_of(waterfall, pixels=(16, 1000))
    text = reading_text(waterfall.reading(view, (0, 0)), view, waterfall.header)
    assert text.endswith("power -2.5, no decibels")


def test_a_reading_of_a_sampled_picture_is_from_what_is_shown():
    power = noise(16, 102_400)
    waterfall, _ = make_waterfall(power, budget=16 * 1024)
    view = view_of(waterfall)
    picture = waterfall.picture(view)
    reading = waterfall.reading(view, (7.5, 50_000))
    assert reading.power == picture.power[7, 50_000 // 1024]
    assert power[7, reading.channels[0]] == reading.power


@pytest.mark.parametrize(
    ("foff_hz", "fch1_mhz", "expected"),
    [
        (2.7939677238464355, 8419.297028, "8419.297028"),
        (390625.0, 1400.4, "1400.4"),
        (1e6, 1400.0, "1400.0"),
        (0.5, 8419.2970281, "8419.2970281"),
    ],
)
def test_frequencies_are_told_to_the_channel(foff_hz, fch1_mhz, expected):
    header = make_header(foff_hz=foff_hz, fch1_mhz=fch1_mhz)
    view = View((0, 16), (0, 100), (400, 100))
    assert reading_text(Reading(1.0, (0, 0), (0, 0), 1), view, header).startswith(f"{expected} MHz")


# Colours


def test_decibels_and_colours_by_hand():
    values_db = decibels(np.array([1, 10, 100, 1000, 0, -1, np.nan], np.float32))
    np.testing.assert_allclose(values_db[:4], [0, 10, 20, 30], rtol=1e-6)
    assert values_db[4] == values_db[5] == -np.inf
    # Lowest colour 1 at 0 dB, highest 255 at 20 dB, the middle one 128; nothing known is 0.
    assert color_levels(values_db, 0.0, 20.0).tolist() == [1, 128, 255, 255, 1, 1, 0]


def test_limits_are_percentiles_of_what_has_decibels():
    values_db = np.append(np.arange(101.0), [np.nan, -np.inf])
    assert color_limits(values_db, (10, 90)) == (10, 90)
    assert color_limits(np.full((3, 3), 7.0), (1, 99)) == (7, 7.1)
    assert color_limits(np.full(5, -np.inf), (1, 99)) == (0, 1)


def test_the_palette_is_colour_blind_safe_viridis():
    palette = np.frombuffer(widget.palette(), np.uint8).reshape(255, 3)
    assert palette[0].tolist() == [68, 1, 84]
    assert palette[-1].tolist() == [253, 231, 36]
    assert colormaps["viridis"](0.5, bytes=True)[:3] == tuple(palette[127])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pixels": (16, 1000)}, "Each pixel: one sample."),
        ({}, "Each pixel: the strongest of 10 samples (1 integration × 10 channels)."),
        ({"pool": "mean"}, "Each pixel: the mean of 10 samples (1 integration × 10 channels)."),
        ({"pixels": (16, 1000), "average": (2, 4)}, "Each pixel: the mean of 2 integrations × 4 channels."),
        (
            {"average": (2, 4)},
            "Each pixel: the strongest of 3 averages (2 integrations × 12 channels).",
        ),
    ],
)
def test_the_status_says_what_a_pixel_is(changes, expected):
    waterfall, _ = make_waterfall(noise(16, 1000))
    view = view_of(waterfall, **changes)
    assert picture_text(waterfall.picture(view), view) == expected


# explore, with and without a notebook


@pytest.fixture
def spectrogram():
    power = noise(16, 1000)
    power[:, 500] = 1e4
    return Spectrogram(power, make_header(source_name="<img src=x onerror=alert(1)>"))


@pytest.fixture
def in_notebook(monkeypatch):
    monkeypatch.setattr(widget, "in_notebook", lambda: True)


@pytest.fixture
def asked(monkeypatch):
    """Ask a widget as the browser does, and see what it sends."""

    def ask(widget, **question):
        sent = []
        monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append((content, buffers)))
        view = {
            "times": [0, 16],
            "channels": [0, 1000],
            "pixels": [400, 100],
            "average": [1, 1],
            "pool": "max",
            "contrast": [0, 100],
        }
        widget._handle_custom_msg({"client": "me", "serial": 7, "view": view} | question, [])
        ((content, buffers),) = sent
        assert (content["client"], content["serial"]) == ("me", 7)
        return content, buffers

    return ask


def test_the_widget_answers_with_a_picture(spectrogram, in_notebook, asked):
    content, (levels,) = asked(waterfall.explore(spectrogram))
    assert (content["kind"], content["shape"], content["more"]) == ("picture", [16, 100], False)
    assert content["channels"] == {"first": 0, "step": 10, "n": 100}
    assert content["limits"][1] == pytest.approx(40)
    picture = np.frombuffer(levels, np.uint8).reshape(16, 100)
    assert (picture[:, 50] == 255).all()
    assert picture.min() == 1


def test_the_widget_answers_with_a_value(spectrogram, in_notebook, asked):
    content, buffers = asked(waterfall.explore(spectrogram), position=[3.5, 500.5])
    assert buffers == []
    assert content["kind"] == "reading"
    assert content["text"].startswith("8000.001000 MHz · channel 500 · 30.0 s · integration 3 · 40.00 dB · ")


def test_a_nudge_is_not_answered(spectrogram, in_notebook, monkeypatch):
    widget = waterfall.explore(spectrogram)
    monkeypatch.setattr(widget, "send", lambda *_: pytest.fail("expected no answer to a nudge"))
    widget._handle_custom_msg({"kind": "nudge"}, [])


def test_an_error_reaches_the_user(spectrogram, in_notebook, asked):
    content, _ = asked(waterfall.explore(spectrogram), position=["here", 3])
    assert content["kind"] == "error"
    assert content["text"].startswith("TypeError: ")
    content, _ = asked(waterfall.explore(spectrogram), view={})
    assert content["text"] == "KeyError: 'times'"


def test_a_file_that_goes_away_is_an_error_that_reaches_the_user(spectrogram, tmp_path, in_notebook, asked):
    write_spectrogram(spectrogram, tmp_path / "a.fil")
    widget = waterfall.explore(tmp_path / "a.fil")
    (tmp_path / "a.fil").unlink()
    widget._shown._block = None
    content, _ = asked(widget)
    assert content["kind"] == "error"
    assert "a.fil: expected a filterbank file, found no file of that name" in content["text"]


def test_the_widget_carries_a_still_picture(spectrogram, in_notebook):
    data, _ = waterfall.explore(spectrogram)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"].startswith("Waterfall of <img")
    image = plt.imread(io.BytesIO(base64.b64decode(data["image/png"])))
    assert image.shape == (450, 900, 4)
    # A yellow line of the carrier: as bright as viridis gets, from top to bottom of the picture.
    yellow = np.abs(image[..., :3] - colormaps["viridis"](1.0)[:3]).max(axis=2) < 0.05
    assert yellow.sum(axis=0)[: image.shape[1] * 3 // 4].max() > 300


def test_the_first_picture_is_there_without_a_question(spectrogram, in_notebook):
    setup = waterfall.explore(spectrogram, 8000.0005, 8000.0015)._setup
    # 500 Hz and 1500 Hz above the lowest channel, 2 Hz each: channels 250 to 750.
    assert setup["channels"] == [250, 751]
    assert setup["picture"]["shape"] == [16, 501]
    assert len(setup["picture"]["levels"]) == 16 * 501
    assert setup["facts"] == "GBT · 1,000 channels of 2 Hz · 16 integrations of 10 s · from MJD 57000.00000"


def test_an_html_export_shows_the_still_picture(tmp_path, spectrogram):
    write_spectrogram(spectrogram, tmp_path / "a.fil")
    source = "import setilearn as sl\nsl.explore('a.fil')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    run = ExecutePreprocessor(store_widget_state=False)
    run.preprocess(notebook, {"metadata": {"path": tmp_path}})
    html, _ = HTMLExporter().from_notebook_node(notebook)
    assert notebook.cells[0].outputs[0].data["image/png"].strip()[:200] in html


def test_outside_a_notebook_it_is_a_still_picture(spectrogram):
    ax = waterfall.explore(spectrogram, 8000.0005, 8000.0015)
    try:
        assert isinstance(ax, plt.Axes)
        assert ax.images[0].get_array().shape == (16, 501)
    finally:
        plt.close(ax.figure)


@pytest.mark.parametrize(
    ("shell", "expected"),
    [(None, False), (SimpleNamespace(), False), (SimpleNamespace(kernel="a kernel"), True)],
    ids=["no IPython", "terminal", "notebook"],
)
def test_a_notebook_is_recognised_by_its_kernel(monkeypatch, shell, expected):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert widget.in_notebook() is expected


def test_without_anywidget_it_is_a_still_picture(tmp_path, spectrogram):
    write_spectrogram(spectrogram, tmp_path / "a.fil")
    code = (
        "import sys; sys.modules['anywidget'] = None; import matplotlib; matplotlib.use('Agg');"
        "from setilearn.show.explorer import waterfall, widget; widget.in_notebook = lambda: True;"
        f"print(type(waterfall.explore({str(tmp_path / 'a.fil')!r})).__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "Axes"


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        ((42,), TypeError, "expected a Spectrogram or the path of a file, found int"),
        (("missing.fil",), FilterbankError, "missing.fil: expected a filterbank file, found no file"),
    ],
)
def test_a_bad_source_is_named(arguments, error, complaint):
    with pytest.raises(error, match=complaint):
        waterfall.explore(*arguments)


def test_bad_frequencies_and_ifs_are_named(spectrogram, tmp_path):
    with pytest.raises(SpectrogramError, match="frequency outside the band"):
        waterfall.explore(spectrogram, 7000.0)
    with pytest.raises(
        SpectrogramError, match=r"expected f_start_mhz below f_stop_mhz, found 8000.001 and 8000"
    ):
        waterfall.explore(spectrogram, 8000.001, 8000.0)
    with pytest.raises(SpectrogramError, match="holds one IF, number 0, found 1"):
        waterfall.explore(spectrogram, if_index=1)
    write_spectrogram(spectrogram, tmp_path / "a.fil")
    with pytest.raises(FilterbankError, match="expected an if_index of 0 to 0, found 1"):
        waterfall.explore(tmp_path / "a.fil", if_index=1)


def test_the_readings_follow_voyagers_published_drift(mirror):
    shown = waterfall._open(mirror / "voyager1_2016" / "voyager1_carrier_8419.2970.fil", 0)
    header = shown.header
    one_pixel_a_row = View((0, header.n_time), (0, header.n_chan), (header.n_time, 1))
    for integration in range(header.n_time):
        channel = shown.reading(one_pixel_a_row, (integration + 0.5, 0)).channels[0]
        # turbo_seti's table: 8419.297028 MHz at the start, -0.377557 Hz/s; taken amid the integration.
        published_mhz = 8419.297028 - 0.377557e-6 * (integration + 0.5) * header.tsamp_s
        assert header.frequency_mhz(channel) == pytest.approx(published_mhz, abs=3e-6 * 2.8)


def test_a_file_far_larger_than_memory_needs_little(tmp_path):
    """A sparse file of 4 GiB, all zeros but for one sample of 100 in integration 3, channel 40,000,000."""
    path, n_chan = tmp_path / "large.fil", 2**26
    start = sigproc.encode_header(
        {"fch1": 8000.0, "foff": 2e-6, "tsamp": 10.0, "nchans": n_chan, "nifs": 1, "nbits": 32}
    )
    with path.open("wb") as file:
        file.write(start)
        file.truncate(len(start) + 16 * n_chan * 4)
        file.seek(len(start) + (3 * n_chan + 40_000_000) * 4)
        file.write(np.float32(100).tobytes())
    tracemalloc.start()
    try:
        shown = waterfall._open(path, 0)
        whole = View((0, 16), (0, n_chan), (400, 1000))
        picture = shown.picture(whole)
        near = View((0, 16), (39_999_000, 40_001_000), (400, 1000))
        reading = shown.reading(near, (3.5, 40_000_000.5))
        shown.picture(near)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        path.unlink()
    assert picture.done == 1
    assert "1 channel in 51 shown" in picture_text(picture, whole)
    assert (reading.power, reading.times, reading.channels) == (100, (3, 3), (40_000_000, 40_000_000))
    # Samples of two views of 80 MiB each, at the most, and what reading them takes.
    assert peak < 250e6
