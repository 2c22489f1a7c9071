"""Lesson 10: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np
import pandas as pd

from setilearn.learn.four_classes import simulate_images

# The classes of the published labels: 800 rows each of column 0, 2, 3 and 1.
CLASS_OF = np.array([0] * 800 + [2] * 800 + [3] * 800 + [1] * 800)
ONE_HOT = pd.DataFrame(np.eye(4)[CLASS_OF])
COUNTS = [800, 0, 200, 0]

PICTURE = simulate_images(1, seed=10, progress=False).images[1, :, :, 0].astype(np.float64)
MEDIAN = np.sort(PICTURE.ravel())[4095:4097].mean()
MAD = np.sort(np.abs(PICTURE - MEDIAN).ravel())[4095:4097].mean()
SIX = {
    "left and right swapped": True,
    "top and bottom swapped": True,
    "moved to the right, round the edge": True,
    "moved down, round the edge": False,
    "each row moved on, evenly": True,
    "each row moved on, more and more": False,
}

NAMES = ["squiggle", "narrowbanddrd", "narrowband", "noise"]
ORDER = np.random.default_rng(3).permutation(3200)
TRAINING, TEST = ORDER[:2240], ORDER[2240:]
RNG = np.random.default_rng(4)


def titles(rows, names=NAMES):
    return [names[CLASS_OF[row]] for row in rows[:8]]


def solve_mystery(pictures):
    """By the brightest column of each row: how bright it is, how far it jumps, how straight its way is."""
    kinds, rows = [], np.arange(64)
    for picture in pictures:
        track, brightness = picture.argmax(axis=1), np.median(picture.max(axis=1))
        jumps = np.median(np.abs(np.diff(track)))
        away = track - np.polyval(np.polyfit(rows, track, 1), rows)
        if brightness < 2.4:
            kinds.append("noise")
        elif jumps > 5:
            kinds.append("broken")
        else:
            kinds.append("line" if np.median(np.abs(away)) < 1.5 else "squiggle")
    return {
        "n_squiggles": kinds.count("squiggle"),
        "n_lines": kinds.count("line") + 1,
        "n_noise": kinds.count("noise"),
        "broken": kinds.index("broken"),
    }


MYSTERY_SLIPS = [
    ("n_squiggles", lambda n: n + 1),
    ("n_lines", lambda n: n - 1),
    ("n_noise", lambda n: n + 2),
    ("broken", lambda k: k + 1),
]

RIGHT = {
    "L10-1": [(3200, 64, 128, 1), [3200, 64.0, 128, 1], np.array([3200, 64, 128, 1])],
    "L10-2": [
        [CLASS_OF, COUNTS],
        [ONE_HOT.idxmax(axis=1), ONE_HOT[:1000].sum()],
        (CLASS_OF.tolist(), np.bincount(CLASS_OF[:1000], minlength=4)),
    ],
    "L10-3": [(PICTURE - MEDIAN) / (1.4826 * MAD), ((PICTURE - MEDIAN) / (1.4826 * MAD)).astype("f4")],
    "L10-4": [0.4272, 0.427],  # 1e-8 / 1024 x 131072^2 / 8 = 0.020972 rad; x 128 / 6.2832
    "L10-5": [SIX, {key: np.bool_(value) for key, value in SIX.items()}],
    "L10-6": [
        [TRAINING, TEST, titles(TEST)],
        (np.sort(TRAINING).tolist(), TEST[::-1].tolist(), tuple(titles(TEST[::-1]))),
    ],
}

WRONG = {
    "L10-1": [
        ((3200, 128, 64, 1), "Height comes before width"),
        ((3200, 64, 128, 3), "not red, green and blue"),
        ((3200, 64, 128), "channel is missing"),
        ((64, 128, 1), "found 3"),
        ((64, 128), "found 2"),
        (8192, "found 1"),
        ((3200, 1, 64, 128), "height times width is 64 here"),
        ((3200, 32, 256, 1), "twice as wide"),
        ((3200, 90.5, 90.5, 1), "whole numbers"),
        ((3200, 4096, 4096, 1), "8192 numbers"),
        ((1, 64, 128, 3200), "comes first"),
        ("3200 x 64 x 128 x 1", "four whole numbers|Expected four"),
    ],
    "L10-2": [
        ([ONE_HOT.to_numpy().argmax(axis=0), COUNTS], "axis=1"),
        ([ONE_HOT.to_numpy().argmax(), COUNTS], "without an axis"),
        ([ONE_HOT.to_numpy(), COUNTS], "each column"),
        ([ONE_HOT.max(axis=1), COUNTS], "always 1"),
        ([CLASS_OF + 1, COUNTS], "number 0, not 1"),
        ([CLASS_OF * 2000, COUNTS], "table of the pictures"),
        ([CLASS_OF[:1000], COUNTS], "3200 numbers"),
        ([[NAMES[k] for k in CLASS_OF], COUNTS], "expected numbers"),
        ([np.sort(CLASS_OF), COUNTS], "1 of row 800 is not in column 1"),
        ([CLASS_OF, np.bincount(CLASS_OF)], "all rows"),
        ([CLASS_OF, np.bincount(CLASS_OF[:1000])], "minlength=4"),
        ([CLASS_OF, pd.Series(CLASS_OF[:1000]).value_counts()], "counted too"),
        ([CLASS_OF, [800, 200, 0, 0]], "the order is not"),
        ([CLASS_OF, [250] * 4], "mixed"),
        ([CLASS_OF, ONE_HOT.loc[:1000].sum()], "1001 rows"),
        ([CLASS_OF, ONE_HOT[:1000].sum(axis=1)], "axis=0"),
        ([CLASS_OF, [1, 2, 3]], "four numbers"),
        ([CLASS_OF, [0, 800, 0, 200]], "are not the numbers of rows"),
        (CLASS_OF, "could not be checked"),
    ],
    "L10-3": [
        ((PICTURE - PICTURE.mean()) / PICTURE.std(), "mean and standard deviation"),
        ((PICTURE - MEDIAN) / MAD, "Nearly: 1.4826"),
        ((PICTURE - MEDIAN) / PICTURE.std(), "not the standard deviation"),
        ((PICTURE - MEDIAN) / (1.4826 * MEDIAN), "subtract the median first"),
        (PICTURE - MEDIAN, "Now divide by the noise"),
        (PICTURE / (1.4826 * MAD), "subtract the median before"),
        (PICTURE / MAD, "Subtract the median before"),
        ((PICTURE - PICTURE.mean()) / (1.4826 * MAD), "pulls the mean down"),
        ((MEDIAN - PICTURE) / (1.4826 * MAD), "sign is wrong"),
        (PICTURE / PICTURE.max(), "divides by the maximum"),
    ],
    "L10-4": [
        (0.8544, "Twice too much"),
        (1.709, "Four times"),
        (1.282, "still has to go"),
        (0.2136, "Half of it"),
        (0.961, "196,608"),
        (0.02097, "radians"),
        (0.003338, "turns"),
        (2.684, "2 pi"),
        (427_200, "1e-6"),
        (-0.4272, "sign is wrong"),
    ],
    "L10-5": [
        (SIX | {"left and right swapped": False}, "as good a line"),
        (SIX | {"top and bottom swapped": False}, "run backwards"),
        (SIX | {"moved to the right, round the edge": False}, "does go round"),
        (SIX | {"moved down, round the edge": True}, "line breaks"),
        (SIX | {"each row moved on, evenly": False}, "changes the drift"),
        (SIX | {"each row moved on, more and more": True}, "bends the line"),
        (SIX | {"moved down, round the edge": "no"}, "True or False"),
        (dict(list(SIX.items())[:5]), "six changes"),
        ([True] * 6, "six changes"),
    ],
    "L10-6": [
        ([np.arange(2240), np.arange(2240, 3200), ["narrowbanddrd"] * 8], "Mix the rows first"),
        ([RNG.permutation(3200)[:2240], TEST, titles(TEST)], "rows are in both parts"),
        ([RNG.integers(0, 3200, 2240), TEST, titles(TEST)], "drawn twice"),
        ([TEST, TRAINING, titles(TRAINING)], "training: expected 2240 rows, found 960"),
        ([TRAINING, ORDER[-961:], titles(ORDER[-961:])], "test: expected 960 rows, found 961"),
        ([TRAINING + 1, TEST, titles(TEST)], "rows from 0 to 3199"),
        ([np.zeros((2240, 64, 128, 1)), TEST, titles(TEST)], "row numbers"),
        ([TRAINING, TEST, CLASS_OF[TEST[:8]].tolist()], "expected names"),
        ([TRAINING, TEST, titles(TRAINING)], "first eight training pictures"),
        ([TRAINING, TEST, ["squiggle"] * 8], "first eight rows of the file"),
        ([TRAINING, TEST, titles(TEST)[::-1]], "in their order"),
        ([TRAINING, TEST, [NAMES[CLASS_OF[row]] for row in TEST]], "expected 8, found 960"),
    ],
}
