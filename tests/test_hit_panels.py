"""A hit in the scans of its cadence: what is read of each file, and where the track lies in it."""

import numpy as np
import pytest

from setilearn.errors import FilterbankError, SpectrogramError
from setilearn.read import sigproc
from setilearn.read.filterbank import write_spectrogram
from setilearn.show.explorer import hit_panels
from setilearn.show.explorer.hit_panels import part_mhz, read_panel
from setilearn.spectrogram import Header, Spectrogram
from setilearn.tracks import Track, mhz_at

# Channels of 2 Hz from 1400 MHz, 16 integrations of 10 s. A line begins in channel 400 and drifts by two
# channels an integration.
HEADER = Header("HIP 1", "GBT", 0.0, 0.0, 1400.0, 2.0, 10.0, 60000.0, 16, 1000)
TRACK = Track(60000.0, 1400.0008, 0.4)
PART = (1400.0006, 1400.001198)  # in channels 300 and 599
DAY_S = 86400


@pytest.fixture
def path(tmp_path):
    power = np.ones((16, 1000), np.float32)
    power[np.arange(16), 400 + 2 * np.arange(16)] = 100
    write_spectrogram(Spectrogram(power, HEADER), tmp_path / "scan.fil")
    return tmp_path / "scan.fil"


def test_a_track_is_a_straight_line_through_all_scans():
    track = Track(60000.0, 1400.0, -0.5)
    # 86.4 s later and earlier, at -0.5 Hz/s: 43.2 Hz.
    assert mhz_at(track, 60000.001) == pytest.approx(1400.0 - 43.2e-6, abs=1e-11)
    assert mhz_at(track, 59999.999) == pytest.approx(1400.0 + 43.2e-6, abs=1e-11)


@pytest.mark.parametrize(
    ("drift_hz_s", "width_hz", "side_hz"),
    [
        # From the first scan's start to the last one's end are 1000 + 160 s.
        (0.0, 2.0, 200.0),  # 100 channels of 2 Hz
        (0.0, 300.0, 1200.0),  # 4 widths
        (-2.0, 2.0, 348.0),  # 0.15 of 2320 Hz
    ],
)
def test_the_part_holds_the_track_and_some_more(drift_hz_s, width_hz, side_hz):
    starts_mjd = [60000 + s / DAY_S for s in (0, 500, 1000)]
    track = Track(starts_mjd[1], 1400.0, drift_hz_s)
    low, high = part_mhz(track, width_hz, starts_mjd, HEADER)
    before_hz, after_hz = -500 * drift_hz_s, 660 * drift_hz_s
    assert (low - 1400) * 1e6 == pytest.approx(min(before_hz, after_hz) - side_hz, abs=1e-3)
    assert (high - 1400) * 1e6 == pytest.approx(max(before_hz, after_hz) + side_hz, abs=1e-3)


def test_without_a_file_the_part_is_that_of_a_usual_scan():
    low, high = part_mhz(Track(60000.0, 1400.0, 1.0), 3.0, [60000.0])
    # 300 s at 1 Hz/s, and 100 channels of 2.79 Hz to either side.
    assert ((high - low) * 1e6) == pytest.approx(300 + 2 * 279.4, abs=0.1)


def test_a_panel_shows_the_line_where_the_track_is(path):
    panel = read_panel(path, TRACK, PART)
    assert panel.levels.shape == (16, 300)
    # The edges of those channels, half of one further out.
    assert panel.frequency_mhz == pytest.approx((1400.000599, 1400.001199), abs=1e-9)
    assert (panel.picture_s, panel.duration_s) == (160, 160)
    # Everything but the line is 0 dB, which is the lowest colour, and the line the highest, 20 dB.
    assert np.argmax(panel.levels, axis=1).tolist() == (100 + 2 * np.arange(16)).tolist()
    assert sorted(set(panel.levels.ravel().tolist())) == [1, 255]
    assert panel.track_mhz == pytest.approx((1400.0008, 1400.000864), abs=1e-9)


def test_panels_share_the_colours_they_are_given(path):
    panel = read_panel(path, TRACK, PART, (0.0, 40.0))
    assert panel.limits_db == (0.0, 40.0)
    # 20 of 40 dB: half way from level 1 to level 255.
    assert panel.levels.max() == 128


def test_where_the_band_ends_so_does_the_picture(path):
    low, high = read_panel(path, TRACK, (1399.9, 1400.0003)).frequency_mhz
    # The lower edge of channel 0; channel 150 holds 1400.0003.
    assert (low, high) == pytest.approx((1399.999999, 1400.000301), abs=1e-9)


def test_many_integrations_and_channels_share_pixels(tmp_path):
    header = Header("HIP 1", "GBT", 0.0, 0.0, 1400.0, 2.0, 1.0, 60000.0, 200, 4000)
    power = np.ones((200, 4000), np.float32)
    power[150, 2000] = 100
    write_spectrogram(Spectrogram(power, header), tmp_path / "scan.fil")
    panel = read_panel(tmp_path / "scan.fil", TRACK, header.band_mhz)
    # 4 integrations and 5 channels each; the strongest of them is shown.
    assert panel.levels.shape == (50, 800)
    assert np.argwhere(panel.levels == 255).tolist() == [[37, 400]]


def test_only_what_is_shown_is_read(tmp_path, monkeypatch):
    """A sparse file of a coarse channel, 64 MiB."""
    path, n_chan = tmp_path / "coarse.fil", 2**20
    start = sigproc.encode_header(
        {"fch1": 1400.0, "foff": 2e-6, "tsamp": 10.0, "nchans": n_chan, "nifs": 1, "nbits": 32}
    )
    with path.open("wb") as file:
        file.write(start)
        file.truncate(len(start) + 16 * n_chan * 4)
    read, whole = [], hit_panels.read_part

    def read_part(path, times, channels):
        read.append((times.stop - times.start) * (channels.stop - channels.start))
        return whole(path, times, channels)

    monkeypatch.setattr(hit_panels, "read_part", read_part)
    read_panel(path, Track(60000.0, 1401.0, 0.0), (1400.9998, 1401.0002))
    assert read == [16 * 201]


def test_what_cannot_be_shown_says_why(path, tmp_path):
    with pytest.raises(FilterbankError, match="expected a filterbank file, found no file of that name"):
        read_panel(tmp_path / "gone.fil", TRACK, PART)
    with pytest.raises(
        SpectrogramError, match=r"expected 1500\.0+ to 1500\.001000 MHz, found 1399\.999999 to 1400\.001999"
    ):
        read_panel(path, TRACK, (1500.0, 1500.001))
