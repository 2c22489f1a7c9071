"""Where a signal is at another time: values worked out by hand, for one track and for a table."""

import pandas as pd
import pytest

from setilearn.spectrogram import Header
from setilearn.tracks import Track, carried_mhz, channel_in_scan, mhz_at, mhz_in_scan

# At 1400 MHz, rising by 0.5 Hz/s: 43.2 Hz in 86.4 s, which is a thousandth of a day.
TRACK = Track(60000.0, 1400.0, 0.5)


def header(tstart_mjd):
    return Header("", "", 0.0, 0.0, 1399.999, 10.0, 5.0, tstart_mjd, 4, 512)


@pytest.mark.parametrize(("since_s", "moved_hz"), [(0.0, 0.0), (86.4, 43.2), (-86.4, -43.2)])
def test_a_track_goes_on_before_and_after(since_s, moved_hz):
    assert (carried_mhz(TRACK, since_s) - 1400.0) * 1e6 == pytest.approx(moved_hz, abs=1e-6)
    assert mhz_at(TRACK, 60000.0 + since_s / 86400) == pytest.approx(1400.0 + moved_hz * 1e-6, abs=1e-11)


def test_in_a_later_scan_the_time_between_counts():
    later = header(60000.001)
    # 86.4 s to the start of the scan and 13.6 s in it: 100 s at 0.5 Hz/s.
    assert mhz_in_scan(TRACK, later, 13.6) == pytest.approx(1400.000050, abs=1e-11)
    # 1000 Hz above the centre of the lowest channel at 0 s, and 50 Hz more: channels of 10 Hz.
    assert channel_in_scan(TRACK, later, 13.6) == pytest.approx(105.0, abs=1e-4)


def test_a_table_gives_a_value_a_row():
    hits = pd.DataFrame(
        {"tstart_mjd": [60000.0, 60000.0], "frequency_mhz": [1400.0, 1400.001], "drift_hz_s": [0.5, -2.0]}
    )
    assert channel_in_scan(hits, header(60000.0), 10.0).tolist() == pytest.approx([100.5, 198.0], abs=1e-4)
    assert carried_mhz(hits[:0], 10.0).empty
