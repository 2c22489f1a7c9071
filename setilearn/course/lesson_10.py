"""Lesson 10: the exercises, the published labels and pictures, and what stands in for them."""

import math

import numpy as np

from setilearn.course.answers import array, describe, number
from setilearn.course.registry import Exercise
from setilearn.learn.images import CLASS_NAMES, COURSE_NAMES, RELEASED_NAMES, simulate_images
from setilearn.observe.datasets import DatasetError, fetch

TITLE = "Signals as images"

# The published files hold the classes one after the other, by the columns of their labels.
PUBLISHED_ORDER = (0, 2, 3, 1)
N_PUBLISHED = 3200
# What one sees on the 17 pictures that public notebooks show: no line on three, a straight one on six.
SEEN = ("noise",) * 3 + ("narrowband",) * 6 + ("squiggle",) * 8

N_SAMPLES = 131_072
N_COLUMNS = 128
LARGEST_DRD = 0.01


def published_labels():
    """Column of the 1 in each row of the published training labels, and whether they are from the file."""
    try:
        return np.loadtxt(fetch("basic4_train_labels"), delimiter=",").argmax(axis=1), True
    except DatasetError:
        return np.repeat(PUBLISHED_ORDER, N_PUBLISHED // len(PUBLISHED_ORDER)), False


def published_pictures():
    """17 pictures, float32 ``(17, 64, 128)`` in 0..1, and whether they are the published ones."""
    try:
        with np.load(fetch("basic4_images")) as file:
            return file["images"].astype(np.float32) / 255, True
    except DatasetError:
        images = simulate_images(SEEN.count("squiggle"), seed=17, progress=False)
        chosen = [
            np.flatnonzero(images.class_index == CLASS_NAMES.index(name))[: SEEN.count(name)]
            for name in dict.fromkeys(SEEN)
        ]
        return images.images[np.concatenate(chosen), :, :, 0], False


def example_picture():
    """A narrowband picture, float32 ``(64, 128)``: what L10-3 normalises."""
    return simulate_images(1, seed=10, progress=False).images[1, :, :, 0]


def _bow_columns(drd, n_samples=N_SAMPLES, n_columns=N_COLUMNS):
    """Distance of a bent track from the straight line through its ends, half-way, in columns."""
    return 1e-6 * drd / 1024 * n_samples**2 / 8 / (2 * math.pi) * n_columns


def _normalised(deviation=None, centre=np.median, scale=1.4826):
    picture = example_picture()
    middle = centre(picture)
    deviation = np.median(np.abs(picture - middle)) if deviation is None else deviation(picture)
    return (picture - middle) / (scale * deviation)


def _check_names(answer, reference):
    if not isinstance(answer, (list, tuple)) or not all(isinstance(name, str) for name in answer):
        return f"Expected a list of four names, one a column, found {describe(answer)}."
    names = [" ".join(name.split()).casefold() for name in answer]
    if sorted(names) != sorted(reference):
        return f"Expected each of {', '.join(sorted(reference))} once, found {', '.join(answer) or 'none'}."
    wrong = [column for column, name in enumerate(names) if name != reference[column]]
    return f"Column {wrong[0]} is not {names[wrong[0]]}." if wrong else None


KEEPS_CLASS = {
    "left and right swapped": True,
    "top and bottom swapped": True,
    "moved to the right, round the edge": True,
    "moved down, round the edge": False,
    "each row moved on, evenly": True,
    "each row moved on, more and more": False,
}
_WHY = {
    "left and right swapped": "a line that falls is as good a line as one that rises, bent or not.",
    "top and bottom swapped": "run backwards, a straight line is straight and a bent one as bent as before.",
    "moved to the right, round the edge": (
        "a transmitter may be at any frequency, and the spectrum of a sampled signal does go round."
    ),
    "moved down, round the edge": (
        "time does not go round: the line breaks where the end meets the beginning, and no class has a break."
    ),
    "each row moved on, evenly": "that changes the drift, and every drift belongs to the same class.",
    "each row moved on, more and more": (
        "that bends the line: of a narrowband picture it makes a narrowbanddrd under the wrong label."
    ),
}


def _check_keeps(answer, reference):
    if not isinstance(answer, dict) or set(answer) != set(reference):
        return f"Expected the six changes with True or False for each, found {describe(answer)}."
    for change, right in reference.items():
        if not isinstance(answer[change], (bool, np.bool_)):
            return f'Expected True or False for "{change}", found {describe(answer[change])}.'
        if bool(answer[change]) != right:
            return f'"{change}": {_WHY[change]}'
    return None


EXERCISES = [
    Exercise(
        id="L10-1",
        title="From rows to pictures",
        reference=(40, 64, 128, 1),
        check=array(),
        mistakes=[
            (
                (40, 128, 64, 1),
                "Rows come first: 64 of them, each of 128 columns. The other way round lines are torn.",
            ),
            ((40, 1, 64, 128), "The one channel, grey, comes last: that is where Keras looks for colours."),
            ((40, 64, 128, 3), "The pictures are grey: one channel, not red, green and blue."),
            ((1, 64, 128, 40), "The number of the picture comes first."),
        ],
        hints=[
            "8192 is 64 times 128: time first, then frequency. A grey picture has one channel, at the end.",
            "`(len(rows), 64, 128, 1)`",
        ],
        solution="""
            rows = x_train.to_numpy(dtype=np.float32)
            shape = (len(rows), 64, 128, 1)
        """,
    ),
    Exercise(
        id="L10-2",
        title="The names of the columns",
        reference=list(RELEASED_NAMES),
        check=_check_names,
        mistakes=[
            (
                list(COURSE_NAMES),
                "Those are the course's names. The third group in the file, column 3, is noise, not drd.",
            ),
            (
                ["squiggle", "narrowband", "noise", "narrowbanddrd"][::-1],
                "The file begins with column 0, and the program with squiggle.",
            ),
            (
                list(CLASS_NAMES),
                "Column 3 is right. But the second group in the file is column 2, and that was narrowband.",
            ),
        ],
        hints=[
            "Write the columns in the order of the file, and below them the names as the program went.",
            "Column 0 is squiggle, column 2 is narrowband, column 3 is noise. What is left for column 1?",
        ],
        solution='column_names = ["squiggle", "narrowbanddrd", "narrowband", "noise"]',
    ),
    Exercise(
        id="L10-3",
        title="Median and MAD",
        reference=_normalised,
        check=array(rel_tol=1e-3, abs_tol=1e-3),
        mistakes=[
            (
                lambda reference: _normalised(np.std, np.mean, scale=1),
                "That is by mean and standard deviation: the line itself moves both.",
            ),
            (
                lambda reference: _normalised(scale=1),
                "Nearly: 1.4826 MAD are a standard deviation.",
            ),
            (
                lambda reference: _normalised(np.std, scale=1),
                "The median is right; for the spread take the MAD, not the standard deviation.",
            ),
            (
                lambda reference: _normalised(lambda picture: np.median(np.abs(picture))),
                "The MAD is the median distance from the median: subtract the median first.",
            ),
            (
                lambda reference: example_picture() / example_picture().max(),
                "That divides by the maximum once more: one pixel again decides about all others.",
            ),
        ],
        hints=[
            "`np.median(picture)` is the level of the background: the line covers few pixels.",
            "`np.median(np.abs(picture - median))` is the MAD.",
        ],
        solution="""
            from setilearn.course.lesson_10 import example_picture

            picture = example_picture()
            median = np.median(picture)
            mad = np.median(np.abs(picture - median))
            normalised = (picture - median) / (1.4826 * mad)
        """,
    ),
    Exercise(
        id="L10-4",
        title="The bow in columns",
        reference=_bow_columns(LARGEST_DRD),
        check=number(unit="columns", rel_tol=0.02),
        mistakes=[
            (
                4 * _bow_columns(LARGEST_DRD),
                "Four times too much: the shift at the end of the line, or points (512) in place of columns.",
            ),
            (
                _bow_columns(LARGEST_DRD, 196_608),
                "That is for all 196,608 samples of a file; the picture shows the first 131,072.",
            ),
            (
                _bow_columns(LARGEST_DRD, n_columns=2 * math.pi),
                "That is in radians a sample: 2 pi are 128 columns.",
            ),
            (_bow_columns(LARGEST_DRD, n_columns=1), "That is in turns a sample: 128 columns are one turn."),
            (
                _bow_columns(LARGEST_DRD) * 2 * math.pi,
                "128 columns are 2 pi radians a sample, not one.",
            ),
            (
                _bow_columns(LARGEST_DRD / 2),
                "That is the smallest bow of the set, that of drd = 0.005; the largest is asked for.",
            ),
            (_bow_columns(LARGEST_DRD) * 1e6, "The factor 1e-6 of the model is missing."),
        ],
        hints=[
            "A parabola a n^2 / 2 has its middle a N^2 / 8 below the straight line through its ends.",
            "Here a = 1e-6 drd / 1024. Divide by 2 pi and multiply by 128 to have columns.",
        ],
        solution="""
            drd, n_samples = 0.01, 131_072
            curvature = 1e-6 * drd / 1024
            bow_radians = curvature * n_samples**2 / 8
            bow_columns = bow_radians / (2 * np.pi) * 128
        """,
    ),
    Exercise(
        id="L10-5",
        title="Changes that keep the class",
        reference=KEEPS_CLASS,
        check=_check_keeps,
        mistakes=[
            (
                dict.fromkeys(KEEPS_CLASS, True),
                "Not all six: one breaks the line, and one turns a straight line into a bent one.",
            ),
            (
                dict.fromkeys(KEEPS_CLASS, False),
                "Some of them are fair: they make what another transmitter of the class would have made.",
            ),
        ],
        hints=[
            "Ask of each: could a transmitter of the same kind have made the changed picture?",
            "Two of the six make a picture that no transmitter of its class makes.",
        ],
        solution="""
            keeps_class = {
                "left and right swapped": True,
                "top and bottom swapped": True,
                "moved to the right, round the edge": True,
                "moved down, round the edge": False,
                "each row moved on, evenly": True,
                "each row moved on, more and more": False,
            }
        """,
    ),
    Exercise(
        id="L10-6",
        title="Signs after a flip",
        reference=[[-1, -1], [-1, 1]],
        check=array(),
        mistakes=[
            (
                [[-1, -1], [-1, -1]],
                "Top and bottom: a bent road run backwards still bends to the same side.",
            ),
            (
                [[-1, 1], [-1, 1]],
                "Left and right: a bow that opened to the right opens to the left in the mirror.",
            ),
            (
                [[-1, 1], [-1, -1]],
                "The two are exchanged: a mirror turns the bow, going back does not.",
            ),
            (
                [[1, 1], [1, 1]],
                "Something changes each time: a line that ran to the right runs to the left.",
            ),
            ([[-1, -1], [1, 1]], "Top and bottom: a line that ran to the right now runs to the left."),
        ],
        hints=[
            "Left and right swapped: frequency f becomes -f, at each time.",
            "Top and bottom swapped: time t becomes T - t. The square of that still has a positive t^2.",
        ],
        solution="""
            after_left_right = [-1, -1]
            after_top_bottom = [-1, 1]
            signs = [after_left_right, after_top_bottom]
        """,
    ),
]
