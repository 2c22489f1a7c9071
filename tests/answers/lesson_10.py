"""Lesson 10: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

from setilearn.learn.images import simulate_images

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

RIGHT = {
    "L10-1": [(40, 64, 128, 1), [40, 64, 128, 1], np.array([40, 64, 128, 1])],
    "L10-2": [
        ["squiggle", "narrowbanddrd", "narrowband", "noise"],
        ("Squiggle", "narrowbanddrd ", "narrowband", "noise"),
    ],
    "L10-3": [(PICTURE - MEDIAN) / (1.4826 * MAD), ((PICTURE - MEDIAN) / (1.4826 * MAD)).astype("f4")],
    "L10-4": [0.4272, 0.427],  # 1e-8 / 1024 x 131072^2 / 8 = 0.020972 rad; x 128 / 6.2832
    "L10-5": [SIX, {key: np.bool_(value) for key, value in SIX.items()}],
    "L10-6": [[[-1, -1], [-1, 1]], np.array([[-1.0, -1.0], [-1.0, 1.0]])],
}

WRONG = {
    "L10-1": [
        ((40, 128, 64, 1), "Rows come first"),
        ((40, 1, 64, 128), "comes last"),
        ((40, 64, 128, 3), "grey"),
        ((1, 64, 128, 40), "number of the picture"),
        ((40, 64, 128), "shape"),
    ],
    "L10-2": [
        (["squiggle", "narrowband", "noise", "narrowbanddrd"], "course's names"),
        (["squiggle", "narrowband", "narrowbanddrd", "noise"], "column 2"),
        (["narrowbanddrd", "noise", "narrowband", "squiggle"], "begins with column 0"),
        (["noise", "narrowbanddrd", "narrowband", "squiggle"], "Column 0 is not noise"),
        (["squiggle", "narrowband", "narrowband", "noise"], "once, found"),
        ("squiggle", "list of four names"),
        ([0, 2, 3, 1], "list of four names"),
    ],
    "L10-3": [
        ((PICTURE - PICTURE.mean()) / PICTURE.std(), "mean and standard deviation"),
        ((PICTURE - MEDIAN) / MAD, "Nearly"),
        ((PICTURE - MEDIAN) / PICTURE.std(), "not the standard deviation"),
        ((PICTURE - MEDIAN) / (1.4826 * MEDIAN), "subtract the median first"),
        (PICTURE / PICTURE.max(), "divides by the maximum"),
    ],
    "L10-4": [
        (1.709, "Four times"),
        (0.961, "196,608"),
        (0.02097, "radians"),
        (0.003338, "turns"),
        (2.684, "2 pi"),
        (0.2136, "smallest bow"),
        (427_200, "1e-6"),
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
        ([[-1, -1], [-1, -1]], "backwards"),
        ([[-1, 1], [-1, 1]], "mirror"),
        ([[-1, 1], [-1, -1]], "exchanged"),
        ([[1, 1], [1, 1]], "Something changes"),
        ([[-1, -1], [1, 1]], "now runs to the left"),
    ],
}
