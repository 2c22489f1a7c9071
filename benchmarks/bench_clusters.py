"""Kinds and oddities that clustering finds in a simulated band, over several seeds, and labels for free.

    python benchmarks/bench_clusters.py

- Seven kinds of interference and ten oddities, about 840 hits a seed, through the search, the features
  and the clusters: adjusted Rand index over all hits of a kind (what is in no cluster counts as a cluster
  of its own), and how many of the ten oddities are among the first 20 outliers. One that the search
  misses counts as missed.
- The same with ten other oddities, which nobody looked at while the features were chosen.
- The same at other strengths.
- Beside it: the pixels' principal components in place of the features; an isolation forest and the local
  outlier factor on the same features in place of the distance to the sixth neighbour.
- ON against OFF: area under the curve where there is interference alone, and the place of beacons that a
  few stars have.
"""

import time

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import adjusted_rand_score, roc_auc_score
from sklearn.neighbors import LocalOutlierFactor

import setilearn as sl
from setilearn.simulate.line_kinds import EDGES, MIDDLES, N_TIME, STILL, add_line

SEEDS = range(601, 611)
N_FIRST = 20
ARI_BUDGET, ODD_BUDGET = 0.9, 9
STRENGTHS = ((15, 30), (300, 3000))


# Oddities of other shapes than those of the package


def zigzag(part, frequency_mhz, snr, rng):
    phase = (3 * EDGES + rng.uniform()) % 1
    return add_line(part, frequency_mhz, snr, 24 * np.abs(2 * phase - 1) - 12)


def s_curve(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, rng.uniform(200, 350) * (EDGES - 0.5) ** 3)


def two_tones(part, frequency_mhz, snr, rng):
    bits = np.repeat(rng.random(16) < 0.5, 4)
    part = add_line(part, frequency_mhz, 0.7 * snr, STILL - 6, light=bits)
    return add_line(part, frequency_mhz, 0.7 * snr, STILL + 6, light=~bits)


def faster_pulses(part, frequency_mhz, snr, rng):
    turns = rng.uniform(1, 3) * MIDDLES + rng.uniform(4, 7) * MIDDLES**2
    return add_line(part, frequency_mhz, snr, light=turns % 1 < 0.5)


def fading(part, frequency_mhz, snr, rng):
    track = rng.choice([-1, 1]) * rng.uniform(30, 60) * (EDGES - 0.5)
    return add_line(part, frequency_mhz, snr, track, light=np.exp(-4 * MIDDLES))


def wide_drifting(part, frequency_mhz, snr, rng):
    track = rng.choice([-1, 1]) * rng.uniform(40, 60) * (EDGES - 0.5)
    return add_line(part, frequency_mhz, snr, track, width=20)


def drifting_squiggle(part, frequency_mhz, snr, rng):
    walk = np.concatenate([[0], np.cumsum(rng.normal(0, 1.2, N_TIME))])
    drift = rng.choice([-1, 1]) * rng.uniform(50, 70)
    return add_line(part, frequency_mhz, snr, walk - walk.mean() + drift * (EDGES - 0.5))


def two_bursts(part, frequency_mhz, snr, rng):
    row = np.arange(N_TIME)
    part = add_line(part, frequency_mhz, snr, width=35, light=(row >= 10) & (row < 15))
    return add_line(part, frequency_mhz, snr, width=8, light=(row >= 45) & (row < 52))


def merging(part, frequency_mhz, snr, rng):
    track = rng.uniform(20, 30) * (1 - EDGES)
    return add_line(add_line(part, frequency_mhz, snr, track), frequency_mhz, snr, -track)


def ladder(part, frequency_mhz, snr, rng):
    return add_line(part, frequency_mhz, snr, width=25, light=np.arange(N_TIME) % 8 < 2)


OTHERS = (
    *(zigzag, s_curve, two_tones, faster_pulses, fading),
    *(wide_drifting, drifting_squiggle, two_bursts, merging, ladder),
)


class Band:
    """One simulated band, searched, and the features of its hits."""

    def __init__(self, seed, **options):
        known = sl.simulate_kinds(seed=seed, **options)
        self.hits, self.power = sl.hits_and_power(known.scans, progress=False)
        begun = time.process_time()
        self.features = sl.image_features(self.power)
        self.ms_an_image = 1e3 * (time.process_time() - begun) / len(self.features)
        self.clusters = sl.cluster_images(self.features)
        self.lines = sl.true_lines(self.hits, known.truth)
        self.is_odd = self.lines["is_odd"].to_numpy()
        self.observed = sl.join_observations(self.hits, known.observations)

    def rand_index(self, clusters):
        return adjusted_rand_score(self.lines["kind"][~self.is_odd], np.asarray(clusters)[~self.is_odd])

    def odd_among(self, places):
        """Names of the different oddities among these rows."""
        found = self.lines.iloc[places]
        return set(found["kind"][found["is_odd"]])

    def scores(self):
        first = sl.rank_outliers(self.features, self.clusters).index[:N_FIRST]
        return self.rand_index(self.clusters), self.odd_among(first)


def print_bands(title, bands, n_odd=10):
    """One line a set of bands: the indices, and the oddities found and those missed by search or ranking."""
    scores = [band.scores() for band in bands]
    indices = [index for index, _ in scores]
    counts = [len(found) for _, found in scores]
    searched = [len(band.odd_among(range(len(band.hits)))) for band in bands]
    n_kinds = sorted({int(band.clusters.max()) + 1 for band in bands})
    print(f"\n{title}: {len(bands)} seeds, {np.mean([len(band.hits) for band in bands]):.0f} hits each")
    print(f"  adjusted Rand index {min(indices):.3f} to {max(indices):.3f}, clusters found {n_kinds}")
    print(f"  of {n_odd} oddities among the first {N_FIRST}: {counts}; found by the search: {searched}")
    missed = [
        name
        for band, (_, found) in zip(bands, scores, strict=True)
        for name in band.odd_among(range(len(band.hits))) - found
    ]
    if missed:
        print(f"  not ranked so high: {', '.join(f'{n} ({missed.count(n)})' for n in sorted(set(missed)))}")
    return min(indices), min(counts)


def print_peers(bands):
    """Other ways to cluster and to rank, on the same hits."""
    indices, forest, factor = [], [], []
    for band in bands:
        pixels = (band.power - np.median(band.power, axis=(1, 2), keepdims=True)).reshape(len(band.power), -1)
        parts = PCA(20, random_state=0).fit_transform(pixels / pixels.std(axis=1, keepdims=True))
        size = round(0.03 * len(parts))
        indices.append(
            band.rand_index(HDBSCAN(min_cluster_size=size, min_samples=5, copy=True).fit_predict(parts))
        )
        steps = sl.scale_features(band.features).to_numpy()
        isolated = IsolationForest(random_state=0).fit(steps).score_samples(steps)
        local = LocalOutlierFactor(20).fit(steps).negative_outlier_factor_
        forest.append(len(band.odd_among(np.argsort(isolated)[:N_FIRST])))
        factor.append(len(band.odd_among(np.argsort(local)[:N_FIRST])))
    print("\nbeside it, on the same hits")
    print(
        f"  principal components of the pixels: adjusted Rand index {min(indices):.3f} to {max(indices):.3f}"
    )
    print(f"  isolation forest: oddities among the first {N_FIRST}: {forest}; local outlier factor: {factor}")


def print_labels(bands, with_beacons):
    """ON against OFF, where nothing can be told and where something can."""
    areas = []
    for band in bands:
        is_on = (band.observed["position"] == "ON").to_numpy()
        scores = sl.on_off_scores(band.features, is_on, band.observed["cadence"])
        areas.append(roc_auc_score(is_on, scores))
    print(f"\nON against OFF, interference alone: area under the curve {min(areas):.3f} to {max(areas):.3f}")
    for band in with_beacons:
        is_on = (band.observed["position"] == "ON").to_numpy()
        scores = sl.on_off_scores(band.features, is_on, band.observed["cadence"])
        is_beacon = (band.lines["kind"] == "beacon").to_numpy()
        first = np.argsort(-scores.to_numpy())[: is_beacon.sum()]
        print(
            f"  {is_beacon.sum()} beacons of 8 stars: area {roc_auc_score(is_on, scores):.3f}, and "
            f"{is_beacon[first].mean():.0%} of the first {is_beacon.sum()} are beacons"
        )


def main():
    sl.image_features(np.random.default_rng(0).normal(0, 1, (1, 64, 128)))  # compiles
    bands = [Band(seed) for seed in SEEDS]
    index, n_odd = print_bands("seven kinds, ten oddities", bands)
    kept = index >= ARI_BUDGET and n_odd >= ODD_BUDGET
    print(f"  budget: index {ARI_BUDGET}, {ODD_BUDGET} of 10: {'kept' if kept else 'NOT KEPT'}")
    print(f"  features: {np.median([band.ms_an_image for band in bands]):.1f} ms of one core an image")
    print_peers(bands[:5])
    others = {function.__name__.replace("_", " "): function for function in OTHERS}
    print_bands("ten other oddities", [Band(seed, oddities=others) for seed in SEEDS[:5]])
    for snr in STRENGTHS:
        print_bands(f"SNR {snr[0]} to {snr[1]}", [Band(seed, snr=snr) for seed in SEEDS[:2]])
    print_labels(bands[:5], [Band(seed, n_beacons=8) for seed in SEEDS[5:8]])


if __name__ == "__main__":
    main()
