"""Lines of known kinds: their strength and shape by hand, who is where, and the truth found again by hits."""

import numpy as np
import pytest
from astropy.coordinates import SkyCoord

from setilearn.errors import SpectrogramError
from setilearn.simulate.kinds import simulate_kinds, true_lines
from setilearn.simulate.line_kinds import KINDS, LANE_CHANNELS, N_TIME, ODDITIES, SIGMA, TSAMP_S, add_line
from setilearn.simulate.noise import simulate_noise
from setilearn.tables import HITS, OBSERVATIONS, table
from setilearn.telescope import FOFF_HZ

SMALL = {"n_stars": 6, "lines_per_scan": 2}


@pytest.fixture(scope="module")
def known():
    return simulate_kinds(30, lines_per_scan=2, n_odd=20, n_bunched=5, n_beacons=4, seed=3)


@pytest.fixture
def lane():
    return simulate_noise(N_TIME, LANE_CHANNELS, tsamp_s=TSAMP_S, seed=0)


def test_noise_and_integrations():
    noise = simulate_noise(N_TIME, 4096, tsamp_s=TSAMP_S, seed=1)
    # 13 spectra a mean: 1 / sqrt(13), from 262,144 samples to about 0.2 %.
    assert noise.power.std() == pytest.approx(SIGMA, rel=0.01)
    assert noise.header.duration_s == pytest.approx(64 * 13 / FOFF_HZ)


def added(lane, *arguments, **options):
    """What is added to the noise, in sigma."""
    frequency_mhz = lane.header.frequency_mhz(100)
    return (add_line(lane, frequency_mhz, *arguments, **options).power - lane.power) / SIGMA


def test_the_strength_of_a_line_is_that_of_its_matched_sum(lane):
    before = lane.power.copy()
    still = added(lane, 80.0)
    assert np.flatnonzero(still.any(axis=0)).tolist() == [100]
    np.testing.assert_allclose(still[:, 100], 10, rtol=1e-3)  # 80 / sqrt(64)
    for options in (
        {"width": 20},
        {"light": np.arange(64) % 2},
        {"width": 3, "light": np.linspace(0, 1, 64)},
    ):
        assert np.sqrt((added(lane, 80.0, **options) ** 2).sum()) == pytest.approx(80, rel=0.05)
    # One channel an integration: each is spread over two, with shares that depend on where it begins.
    drifting = added(lane, 80.0, np.arange(65.0))
    assert 60 < np.sqrt((drifting**2).sum()) < 90
    np.testing.assert_array_equal(lane.power, before)


def test_width_may_change_with_time(lane):
    cone = added(lane, 100.0, width=np.linspace(1, 41, 64))
    n_channels = (cone > 0).sum(axis=1)
    assert n_channels[0] == 1
    assert 40 <= n_channels[-1] <= 42
    assert np.all(np.diff(n_channels) >= 0)


def test_shapes_of_what_comes_back(known):
    assert len(known.scans) == len(known.observations) == 180
    assert list(known.observations) == [column.name for column in OBSERVATIONS]
    assert {scan.power.shape for scan in known.scans} == {(64, 512)}
    for scan, row in zip(known.scans, known.observations.itertuples(), strict=True):
        header = scan.header
        assert (header.source_name, header.tstart_mjd) == (row.source_name, row.tstart_mjd)
        assert (header.ra_deg, header.dec_deg) == (row.ra_deg, row.dec_deg)
    assert len(known.truth) == 360
    counts = known.truth["kind"].value_counts()
    assert set(counts.index) == {*KINDS, *ODDITIES, "beacon"}
    assert counts[list(ODDITIES)].tolist() == [2] * 10
    assert counts["beacon"] == 12
    # 328 lines of seven kinds, 47 each, with a scatter of 6.3.
    assert counts[list(KINDS)].between(47 - 26, 47 + 26).all()
    assert known.truth["snr"][~known.truth["is_odd"]].between(30, 300).all()
    assert known.truth["is_odd"].sum() == 20


def test_each_line_is_in_its_own_lane(known):
    scan, truth = known.scans[0], known.truth[:2]
    channels = (truth["frequency_mhz"] - scan.header.fch1_mhz) * 1e6 / FOFF_HZ
    assert (channels - [128, 384]).abs().max() <= 10.5


def test_beacons_are_in_the_on_scans_of_some_stars(known):
    beacons = known.truth[known.truth["kind"] == "beacon"].merge(known.observations)
    assert set(beacons["position"]) == {"ON"}
    assert beacons["cadence"].value_counts().tolist() == [3] * 4


def test_bunched_oddities_come_from_the_stars_nearest_to_one():
    known = simulate_kinds(30, n_odd=5, n_bunched=5, seed=8)
    observations = known.observations
    cadences = known.truth[known.truth["is_odd"]].merge(observations)["cadence"]
    assert cadences.nunique() == 5
    stars = observations[observations["position"] == "ON"].drop_duplicates("cadence")
    sky = SkyCoord(stars["ra_deg"].to_numpy(), stars["dec_deg"].to_numpy(), unit="deg")
    nearest = [set(stars["cadence"].iloc[np.argsort(star.separation(sky).deg)[:5]]) for star in sky]
    assert set(cadences) in nearest


def test_a_seed_makes_the_same_sky_again():
    one, again, other = (simulate_kinds(**SMALL, n_odd=3, seed=seed) for seed in (5, 5, 6))
    assert all(np.array_equal(a.power, b.power) for a, b in zip(one.scans, again.scans, strict=True))
    assert one.truth.equals(again.truth)
    assert not one.truth.equals(other.truth)


def test_other_oddities_may_be_planted():
    def nothing(part, frequency_mhz, snr, rng):
        return part

    known = simulate_kinds(**SMALL, n_odd=2, oddities={"nothing": nothing}, seed=1)
    assert known.truth["kind"][known.truth["is_odd"]].tolist() == ["nothing"] * 2


def test_the_truth_of_hits(known):
    truth = known.truth
    rows = truth.iloc[[7, 2, 2]]
    # Found at the start of the scan with a drift: its middle is 149 s later.
    hits = table(
        HITS,
        [
            {
                "source_name": row.source_name,
                "scan": 0,
                "tstart_mjd": row.tstart_mjd,
                "frequency_mhz": row.frequency_mhz - 2.0 * 148.9 / 1e6 + 50e-6,
                "drift_hz_s": 2.0,
                "snr": 20.0,
                "width_hz": 2.8,
                "channel": 0,
                "path": "",
            }
            for row in rows.itertuples()
        ],
    )
    assert true_lines(hits, truth).index.tolist() == [7, 2, 2]
    assert true_lines(hits[:0], truth).empty


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_odd": 37}, "n_odd up to 36 scans"),
        ({"n_odd": 3, "n_bunched": 4}, "n_bunched up to n_odd"),
        ({"n_odd": 8, "n_bunched": 7}, "up to 6 stars, found 7, 8"),
        ({"n_beacons": 7}, "n_beacons up to 6 stars"),
        ({"lines_per_scan": 1}, "lines_per_scan: expected at least 2, found 1"),
    ],
)
def test_what_cannot_be_simulated_is_refused(options, said):
    with pytest.raises(SpectrogramError, match=said):
        simulate_kinds(**SMALL | options)
