"""Lesson 14: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np
import pandas as pd


def by_values(rdd):
    """A pair for each hit at once, 0 or 1, and what comes out empty left out."""
    pairs = rdd.flatMap(lambda pair: [(int(mhz), int(abs(drift) >= 0.1)) for mhz, drift, _ in pair[1]])
    return pairs.reduceByKey(lambda one, other: one + other).filter(lambda pair: pair[1] > 0)


def by_lists(rdd):
    found = {}
    for _, hits in rdd.collect():
        for mhz, drift, _ in hits:
            if not -0.1 < drift < 0.1:
                found[int(mhz)] = found.get(int(mhz), 0) + 1
    return list(found.items())


def counted(rdd, keeps=lambda hit: abs(hit[1]) >= 0.1, value=lambda hit: 1, combine=int.__add__):
    pairs = rdd.flatMap(lambda pair: pair[1]).filter(keeps).map(lambda hit: (int(hit[0]), value(hit)))
    return pairs.reduceByKey(combine)


def yielded(batches, search):
    for batch in batches:
        rows = [
            (path, hit.frequency_mhz, hit.snr) for path in batch["path"] for hit in search(path).itertuples()
        ]
        yield pd.DataFrame(rows, columns=["path", "frequency_mhz", "snr"])


def by_merging(batches, search):
    for batch in batches:
        found = pd.concat([search(path) for path in batch["path"]], keys=batch["path"], names=["path"])
        yield found.reset_index(level=0)[["path", "frequency_mhz", "snr"]]


def all_at_once(batches, search):
    yield pd.concat(yielded(batches, search))


def twice(batches, search):
    for batch in batches:
        list(map(search, batch["path"]))
        yield from yielded([batch], search)


def by_lstsq(n_cores, seconds):
    matrix = np.stack([np.ones(len(n_cores)), 1 / n_cores], axis=1)
    serial_s, parallel_s = np.linalg.lstsq(matrix, seconds, rcond=None)[0]
    return serial_s / (serial_s + parallel_s)


def solve_mystery(table):
    share = by_lstsq(table["n_cores"].to_numpy(), table["seconds"].to_numpy())
    cores = np.arange(1, 1000)
    used = 1 / (cores * share + 1 - share)
    return {
        "serial_share": share,
        "speed_up_64": 64 * used[63],
        "n_cores_half_used": cores[used >= 0.5].max(),
    }


MYSTERY_SLIPS = [
    ("serial_share", lambda share: 1 - share),
    ("speed_up_64", lambda times: 2 * times),
    ("n_cores_half_used", lambda n: 2 * n),
]

RIGHT = {
    "L14-1": [34.36, 34.4],  # 64 x 1,048,576 x 16 x 4 = 4.294967e9 bytes over 1.25e8
    "L14-2": [by_values, by_lists],
    "L14-3": [yielded, by_merging],
    "L14-4": [
        by_lstsq,
        lambda n, t: (
            np.polynomial.Polynomial.fit(1 / n, t, 1)(0.0) / np.polynomial.Polynomial.fit(1 / n, t, 1)(1.0)
        ),
    ],
    "L14-5": [5, 5.0],  # 20 / 4.5 = 4.4
    "L14-6": [[555.56, 27.78, 20_000]],  # 2e6 s / 3600
}

WRONG = {
    "L14-1": [
        (4.295, "8 of them"),
        (274.9, "came in twice"),
        (8.59, "4 bytes"),
        (2.147, "16 integrations"),
        (0.5369, "64"),
    ],
    "L14-2": [
        (lambda rdd: counted(rdd, keeps=lambda hit: True), "without drift"),
        (lambda rdd: counted(rdd, keeps=lambda hit: hit[1] >= 0.1), "absolute value"),
        (lambda rdd: counted(rdd, value=lambda hit: hit[2], combine=max), "largest SNR"),
        (lambda rdd: counted(rdd, combine=max), "add the two"),
        (lambda rdd: counted(rdd, keeps=lambda hit: abs(hit[1]) > 0.1), "exactly 0.1"),
        (lambda rdd: counted(rdd, value=lambda hit: 2), "For"),
        (lambda rdd: rdd.map(len), "stops"),
        (7, "stops|Expected a function"),
    ],
    "L14-3": [
        (lambda batches, search: list(yielded(batches, search)), "not `return`"),
        (all_at_once, "each of 2 batches"),
        (twice, "one search of each"),
        (
            lambda batches, search: (frame.assign(path="a.fil") for frame in yielded(batches, search)),
            "own file",
        ),
        (lambda batches, search: (frame[["path"]] for frame in yielded(batches, search)), "columns"),
        (lambda batches: None, "It stops"),
    ],
    "L14-4": [
        (lambda n, t: np.polyfit(1 / n, t, 1)[1], "in seconds"),
        (lambda n, t: 1 - by_lstsq(n, t), "parallel share"),
        (lambda n, t: by_lstsq(n, t) / (1 - by_lstsq(n, t)), "both, s"),
        (lambda n, t: by_lstsq(1 / n, t), "not against n"),
        (lambda n, t: 2 * by_lstsq(n, t), "For"),
        (0.2, "Expected a function"),
    ],
    "L14-5": [
        (4, "26 s"),
        (14, "slower with each file"),
        (27, "far beyond"),
        (6, "27.5 s"),
        (4.4, "whole number"),
    ],
    "L14-6": [
        ([2e6, 1e5, 20_000], "in seconds"),
        ([0.5556, 0.02778, 20], "1e15"),
        ([555.6, 27.78, 20], "not a thousand"),
        ([555.6, 27.78, 240_000], "one month"),
        ([555.6, 11.11, 50_000], "changed places"),
    ],
}
