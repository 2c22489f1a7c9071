"""Clusters and outliers of features placed by hand, labels for free, and the whole way from the scans."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_rand_score, roc_auc_score

from setilearn.errors import ImageError, SearchError
from setilearn.events.survey import join_observations
from setilearn.learn.clusters import (
    OUTSIDE,
    _joined,
    _merged,
    cluster_images,
    on_off_scores,
    rank_outliers,
    typical_images,
)
from setilearn.learn.cut import cut_power
from setilearn.learn.features import NAMES, image_features, scale_features
from setilearn.learn.hit_power import hits_and_power, strongest_hits
from setilearn.search.drift import search_drift
from setilearn.simulate.kinds import simulate_kinds, true_lines
from setilearn.simulate.noise import simulate_noise
from setilearn.simulate.tones import add_tone
from setilearn.tables import HITS, table
from setilearn.telescope import FOFF_HZ

PLAIN = dict(zip(NAMES, [0.0, 0.0, 0.1, 1.0, 1.5, 1.0, 0.05, 0.9, 2.0, 0.1, 0.1, 0.05, 0.05], strict=True))
SIZES = (90, 60, 30)


def features_of(rows):
    return pd.DataFrame([PLAIN | row for row in rows], columns=NAMES)


@pytest.fixture(scope="module")
def blobs():
    """Plain, wide and drifting carriers, shuffled, last an oddity, counted from 100; and their kinds."""
    rng = np.random.default_rng(0)
    kinds = np.repeat([0, 1, 2], SIZES)
    rows = [{}, {"width_chan": 20.0}, {"drift_chan": 40.0}]
    features = features_of([rows[k] for k in kinds])
    features["on_fraction"] -= rng.uniform(0, 0.05, len(features))
    features["width_chan"] *= np.exp(rng.normal(0, 0.05, len(features)))
    order = rng.permutation(len(features))
    features = pd.concat([features.iloc[order], features_of([{"bow_chan": -30.0}])], ignore_index=True)
    return features.set_axis(features.index + 100), np.append(kinds[order], -1)


def test_clusters_by_size(blobs):
    features, kinds = blobs
    before = features.copy()
    clusters = cluster_images(features)
    assert clusters.tolist() == kinds.tolist()
    assert clusters.index.equals(features.index)
    assert features.equals(before)


def test_what_is_near_enough_joins():
    # Two clusters on a line, one close and one loose: their loneliest members have a fifth neighbour, they
    # themselves counted as the first, at 4 and at 8.
    places = np.array([0, 1, 2, 3, 4, 100, 102, 104, 106, 108, -4, 9, 90, 60.0])
    labels = np.array([0] * 5 + [1] * 5 + [-1] * 4)
    # Of the last four the fifth neighbours are at 8, 9, 18 and 56.
    assert _joined(places[:, None], labels)[10:].tolist() == [-1, -1, -1, -1]
    places[10:] = [2, 3, 104, 60]  # at 2, 3, 4 and 56
    assert _joined(places[:, None], labels)[10:].tolist() == [0, 0, 1, -1]
    assert _joined(places[:, None], np.full(14, -1)).tolist() == [-1] * 14


def test_clusters_less_than_a_step_apart_are_one():
    places = np.concatenate([np.arange(0, 5, 0.1), np.arange(5.5, 10, 0.1), np.arange(12.0, 15, 0.1), [11.0]])
    labels = np.repeat([0, 1, 2, -1], [50, 45, 30, 1])
    # From 4.9 to 5.5 and from 9.9 to 12; that of no cluster bridges nothing.
    merged = _merged(places[:, None], labels)
    assert merged.tolist() == np.repeat([0, 0, 1, -1], [50, 45, 30, 1]).tolist()
    # Four members within a step are stragglers.
    assert (
        _merged(np.r_[places[:50], np.arange(5.5, 10, 0.6)][:, None], np.repeat([0, 1], [50, 8])).max() == 1
    )


def test_pictures_all_alike():
    assert set(cluster_images(features_of([{}] * 60))) <= {OUTSIDE, 0}  # and no error


@pytest.mark.parametrize(
    ("options", "n", "said"),
    [
        ({}, 49, "at least 50 images to cluster, found 49"),
        ({"min_share": 0}, 100, "min_share: expected a share between 0 and 1, found 0"),
        ({"min_share": 1.0}, 100, "min_share"),
    ],
)
def test_what_cannot_be_clustered_is_refused(blobs, options, n, said):
    with pytest.raises(ImageError, match=said):
        cluster_images(blobs[0][:n], **options)


def test_outliers_and_their_reasons(blobs):
    features, kinds = blobs
    clusters = pd.Series(kinds, index=features.index)
    ranked = rank_outliers(features, clusters)
    first = ranked.iloc[0]
    assert ranked.index[0] == features.index[-1]
    assert (first["feature"], first["value"], first["typical"]) == ("bow_chan", 30, 0)
    assert first["reason"] == f"bow 30 (0 in cluster {first['cluster']})"
    assert sorted(ranked.index) == sorted(features.index)
    # The distance to the sixth nearest other, by brute force.
    steps = scale_features(features).to_numpy()
    sixth = np.sort(cdist(steps, steps), axis=1)[:, 6]
    expected = pd.Series(sixth / np.median(sixth), index=features.index)
    pd.testing.assert_series_equal(ranked["score"].sort_index(), expected, check_names=False)
    assert ranked["score"].is_monotonic_decreasing


def test_the_typical_picture(blobs):
    features, kinds = blobs
    clusters = pd.Series(kinds, index=features.index)
    typical = typical_images(features, clusters)
    assert clusters[typical].tolist() == [0, 1, 2]
    width = features["width_chan"][clusters == 1]
    assert abs(np.log(width[typical[1]] / width.median())) < 0.05


def test_clusters_of_other_features_are_refused(blobs):
    features, kinds = blobs
    for function in (rank_outliers, typical_images):
        with pytest.raises(ImageError, match="expected a Series with the 181 rows"):
            function(features, pd.Series(kinds))
        with pytest.raises(ImageError, match="expected at least one"):
            function(features, pd.Series(-1, index=features.index))
    with pytest.raises(ImageError, match="more than 6 images, .* found 6 and 6"):
        rank_outliers(features[:6], pd.Series(0, index=features.index[:6]))


# Labels for free


@pytest.fixture
def hits_of_stars():
    """Features without meaning of 20 stars, 30 hits each, half of them in ON scans."""
    rng = np.random.default_rng(2)
    star = np.repeat([f"star {k}" for k in range(20)], 30)
    is_on = np.tile(np.arange(30) % 2 == 0, 20)
    return pd.DataFrame(rng.normal(0, 1, (600, 4)), columns=list("abcd")), is_on, star


def test_interference_tells_nothing(hits_of_stars):
    features, is_on, star = hits_of_stars
    scores = on_off_scores(features, is_on, star)
    assert scores.equals(on_off_scores(features, is_on, star))
    assert scores.between(0, 1).all()
    # By chance 0.5 +- sqrt((300 + 300 + 1) / (12 x 300 x 300)) = 0.024.
    assert roc_auc_score(is_on, scores) == pytest.approx(0.5, abs=0.1)


def test_what_many_stars_have_in_their_ons_is_found(hits_of_stars):
    features, is_on, star = hits_of_stars
    has_it = is_on & (np.arange(600) % 30 < 3)
    features = features.assign(a=np.where(has_it, 6.0, features["a"]))
    first = on_off_scores(features, is_on, star).sort_values(ascending=False).index[:30]
    assert has_it[first].mean() > 0.95


def test_what_a_single_star_has_is_not(hits_of_stars):
    features, is_on, star = hits_of_stars
    has_it = is_on & (star == "star 7")
    features = features.assign(a=np.where(has_it, 6.0, features["a"]))
    scores = on_off_scores(features, is_on, star)
    # No forest that judges star 7 has seen a hit like these with its label.
    assert scores[has_it].mean() == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f, on, star: (f, on[:-1], star), "found 600 rows, 599 labels and 600 stars"),
        (lambda f, on, star: (f, on | True, star), "found 600 ON of 600 and 20 stars"),
        (lambda f, on, star: (f, on.astype(int), star), "True and False"),
        (
            lambda f, on, star: (f, on, np.repeat(["a", "b"], 300)),
            "5 stars or more, found 300 ON of 600 and 2",
        ),
        (lambda f, on, star: (f.assign(a=np.nan), on, star), "found NaN"),
    ],
)
def test_labels_without_sense_are_refused(hits_of_stars, change, said):
    with pytest.raises(ImageError, match=said):
        on_off_scores(*change(*hits_of_stars))


# Power around hits


def hit(channel, header, snr=20.0, drift_hz_s=0.0):
    return {
        "source_name": "star",
        "scan": 0,
        "tstart_mjd": header.tstart_mjd,
        "frequency_mhz": header.frequency_mhz(channel),
        "drift_hz_s": drift_hz_s,
        "snr": snr,
        "width_hz": FOFF_HZ,
        "channel": channel,
        "path": "",
    }


def test_the_strongest_hits():
    header = simulate_noise(16, 1024).header
    channels = {100: 20, 150: 30, 210: 25, 280: 10, 600: 10}
    hits = table(HITS, [hit(channel, header, snr) for channel, snr in channels.items()])
    # 150 beats 100 and 210; 280 is farther from it than 64.
    assert strongest_hits(hits, header)["channel"].tolist() == [150, 280, 600]
    assert strongest_hits(hits, header, apart_channels=1)["channel"].tolist() == list(channels)
    assert strongest_hits(hits[:0], header).empty


def test_distance_is_that_in_the_middle_of_the_scan():
    header = simulate_noise(16, 1024).header
    # Drifts away by 200 channels in the scan, 100 by its middle.
    drift_hz_s = 200 * header.foff_hz / header.duration_s
    hits = table(HITS, [hit(500, header, 30), hit(500, header, 20, drift_hz_s)])
    assert len(strongest_hits(hits, header)) == 2


def test_power_is_cut_around_the_middle_of_the_track():
    scan = simulate_noise(16, 1024, seed=1)
    drift_hz_s = 40 * scan.header.foff_hz / scan.header.duration_s
    hits = table(
        HITS, [hit(300, scan.header, drift_hz_s=drift_hz_s), hit(10, scan.header), hit(1020, scan.header)]
    )
    power = cut_power(scan, hits)
    assert power.shape == (3, 16, 128)
    assert power.dtype == np.float32
    np.testing.assert_array_equal(power[0], scan.power[:, 256:384])  # around 320
    np.testing.assert_array_equal(power[1], scan.power[:, :128])
    np.testing.assert_array_equal(power[2], scan.power[:, 896:])
    assert cut_power(scan, hits[:0]).shape == (0, 16, 128)
    with pytest.raises(ImageError, match="n_chan: expected 1 to 1024 channels, found 2000"):
        cut_power(scan, hits, n_chan=2000)
    with pytest.raises(ImageError, match="in the band of simulated noise"):
        cut_power(scan, table(HITS, [hit(1100, scan.header)]))


def test_scans_are_searched_and_cut():
    scans = [simulate_noise(16, 2048, seed=seed, source_name=f"star {seed}") for seed in range(3)]
    scans[1] = add_tone(scans[1], scans[1].header.frequency_mhz(700), snr=60)
    hits, power = hits_and_power(scans, progress=False)
    assert hits["source_name"].tolist() == ["star 1"]
    np.testing.assert_array_equal(
        power, cut_power(scans[1], search_drift(scans[1], 1.0, 10.0, progress=False))
    )
    nothing, no_power = hits_and_power(scans[:1], progress=False)
    assert nothing.empty
    assert no_power.shape == (0, 16, 128)
    with pytest.raises(ImageError, match="found none"):
        hits_and_power([])
    with pytest.raises(ImageError, match=r"the same n_time, found \[8, 16\]"):
        hits_and_power([scans[0], scans[0][:8]])
    with pytest.raises(SearchError):
        hits_and_power(scans, snr=-1, progress=False)


# The whole way


@pytest.mark.slow
@pytest.mark.parametrize("seed", [31, 32])
def test_kinds_and_oddities_of_a_simulated_band(seed):
    known = simulate_kinds(25, n_beacons=0, seed=seed)
    hits, power = hits_and_power(known.scans, progress=False)
    features = image_features(power)
    clusters = cluster_images(features)
    lines = true_lines(hits, known.truth)
    is_odd = lines["is_odd"].to_numpy()
    assert adjusted_rand_score(lines["kind"][~is_odd], clusters[~is_odd]) >= 0.9
    first = rank_outliers(features, clusters).index[:20]
    found = lines.iloc[first]
    assert found.index[found["is_odd"]].nunique() >= 9
    assert join_observations(hits, known.observations)["position"].isin(["ON", "OFF"]).all()
