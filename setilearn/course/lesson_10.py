"""Lesson 10: its exercises, the published tables and pictures, and what stands in for them."""

import math

import numpy as np

from setilearn.course.answers import array, describe, number
from setilearn.course.exercise import Exercise
from setilearn.course.material.pictures import N_PUBLISHED, N_VALUES, PUBLISHED_ORDER, example_picture
from setilearn.learn.four_classes import RELEASED_NAMES

TITLE = "Signals as images"

N_SAMPLES = 131_072
N_COLUMNS = 128
LARGEST_DRD = 0.01

N_FIRST = 1000
N_TRAINING = 2240
N_TITLES = 8


def _check_shape(answer, reference):
    found = [answer] if np.ndim(answer) == 0 else list(answer)
    if not all(isinstance(n, (int, float, np.number)) and n == int(n) for n in found):
        return f"Expected four whole numbers, found {describe(answer)}."
    if len(found) == 3 and math.prod(found) == math.prod(reference):
        return "Four numbers are wanted: the channel is missing. A grey picture has one."
    if len(found) != 4:
        return f"Four numbers are wanted (picture, row, column, channel), found {len(found)}."
    if found == list(reference):
        return None
    if found[1] * found[2] != N_VALUES:
        return f"A picture has {N_VALUES} numbers; height times width is {found[1] * found[2]} here."
    if found[2] != 2 * found[1]:
        return "Height times width is right, but a picture is to be twice as wide as it is high."
    return "Height and width are right. The number of the picture comes first, the one channel last."


def _labels():
    """What L10-2 asks for: the column of the 1 in each row, and how many rows of the first have it where."""
    class_of = np.repeat(PUBLISHED_ORDER, N_PUBLISHED // 4)
    return [class_of, np.bincount(class_of[:N_FIRST], minlength=4)]


def _check_labels(answer, reference):
    class_of, counts = (np.asarray(part) for part in answer)
    return _check_class_of(class_of, reference[0]) or _check_counts(counts, reference[1])


def _check_class_of(found, reference):
    if found.dtype.kind in "OUS":
        return "class_of: expected numbers, the place of each column. Their names come in the next section."
    if found.ndim == 0:
        return "class_of: without an axis, argmax takes the whole table for one long row."
    if found.shape == (4,):
        return (
            "class_of: that goes down the columns, and finds the first row with a 1 in each. "
            "Go along the rows: axis=1."
        )
    if found.ndim == 2:
        return "class_of: that has still one number for each column. One a row is wanted: where its 1 is."
    if found.shape != reference.shape:
        return f"class_of: expected {len(reference)} numbers, one for each row, found {found.shape}."
    if np.array_equal(found, reference):
        return None
    if (found == 1).all():
        return "class_of: that is the largest number itself, always 1. Wanted is its place: argmax."
    if np.array_equal(found, reference + 1):
        return "class_of: the first column has the number 0, not 1."
    if found.max() > 3:
        return "class_of: those are places in the table of the pictures. The labels are in y_train."
    wrong = int((found != reference).argmax())
    return f"class_of: the 1 of row {wrong} is not in column {found[wrong]}."


def _check_counts(found, reference):
    named = {
        (800, 200): "those two are there, but columns 1 and 3 have to be counted too, with 0.",
        (800, 0, 200): "`np.bincount` ends at the largest number that it meets: give it minlength=4.",
        (800, 200, 0, 0): "the sizes are right, the order is not: wanted is column 0 first, then 1, 2, 3.",
        (800, 800, 800, 800): f"that counts all rows, not the first {N_FIRST}.",
        (250, 250, 250, 250): "so it would be if the rows were mixed. Count them.",
        (800, 0, 201, 0): "that counts 1001 rows: `.loc` counts its end in, `y_train[:1000]` does not.",
    }
    key = tuple(np.ravel(found).tolist())
    if key == tuple(reference):
        return None
    if len(key) == N_FIRST:
        return "first_thousand: that adds up along each row. Go down the columns: axis=0."
    if key in named:
        return f"first_thousand: {named[key]}"
    if len(key) != len(reference):
        return f"first_thousand: expected four numbers, one for each column, found {len(key)}."
    return f"first_thousand: {key} are not the numbers of rows with their 1 in column 0, 1, 2, 3."


def _bow_columns(drd, n_samples=N_SAMPLES, n_columns=N_COLUMNS):
    """Distance of a bent track from the straight line through its ends, half-way, in columns."""
    return 1e-6 * drd / 1024 * n_samples**2 / 8 / (2 * math.pi) * n_columns


def _mad():
    """MAD of `example_picture`."""
    picture = example_picture()
    return np.median(np.abs(picture - np.median(picture)))


def _normalised(deviation=None, centre=np.median, scale=1.4826):
    picture = example_picture()
    middle = centre(picture)
    deviation = np.median(np.abs(picture - middle)) if deviation is None else deviation(picture)
    return (picture - middle) / (scale * deviation)


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


_NOT_MIXED = (
    "In the file the classes stand one after the other: cut like that, a part lacks whole classes. "
    "Mix the rows first."
)


def _split():
    """What L10-6 asks for, by one of many orders."""
    order, class_of = np.random.default_rng(10).permutation(N_PUBLISHED), _labels()[0]
    training, test = order[:N_TRAINING], order[N_TRAINING:]
    return [training, test, [RELEASED_NAMES[class_of[row]] for row in test[:N_TITLES]]]


def _check_split(answer, reference):
    """Any random split will do."""
    training, test = (np.asarray(part) for part in answer[:2])
    return _check_parts(training, test) or _check_titles(list(answer[2]), training, test)


def _check_parts(training, test):
    for name, part, n in (("training", training, N_TRAINING), ("test", test, N_PUBLISHED - N_TRAINING)):
        if part.ndim != 1 or part.dtype.kind not in "iu":
            return f"{name}: expected row numbers, found {describe(part)}. The pictures follow from them."
        if len(part) != n:
            return f"{name}: expected {n} rows, found {len(part)}."
        if part.min() < 0 or part.max() >= N_PUBLISHED:
            return f"{name}: expected rows from 0 to {N_PUBLISHED - 1}, found {part.min()} to {part.max()}."
    n_different = len(np.unique(training)), len(np.unique(test))
    if n_different != (len(training), len(test)):
        return "Some rows were drawn twice. `rng.permutation` has each once, as has `replace=False`."
    if n_both := len(np.intersect1d(training, test)):
        return f"{n_both} rows are in both parts: the test would ask what was taught. Cut one order in two."
    class_of = _labels()[0]
    if min(len(np.unique(class_of[part])) for part in (training, test)) < 4:
        return _NOT_MIXED
    return None


def _check_titles(titles, training, test):
    class_of = _labels()[0]

    def of(rows, names=RELEASED_NAMES):
        return [names[class_of[row]] for row in rows[:N_TITLES]]

    if titles == of(test):
        return None
    if not all(isinstance(title, str) for title in titles):
        return "titles: expected names. The class of a row is `class_of[row]`: look its name up in `names`."
    if len(titles) != N_TITLES:
        return f"titles: expected {N_TITLES}, found {len(titles)}."
    if titles == of(training):
        return "titles: those are of the first eight training pictures; the test pictures are asked for."
    if titles == of(range(N_TITLES)):
        return "titles: those are of the first eight rows of the file, not of the rows in `test`."
    return "titles: these are not the names of the first eight rows of `test`, in their order."


EXERCISES = [
    Exercise(
        id="L10-1",
        title="From rows to pictures",
        reference=(N_PUBLISHED, 64, 128, 1),
        check=_check_shape,
        mistakes=[
            (
                (N_PUBLISHED, 128, 64, 1),
                "Height comes before width: 64 rows of 128 columns. The other way round lines are torn.",
            ),
            ((N_PUBLISHED, 64, 128, 3), "The pictures are grey: one channel, not red, green and blue."),
        ],
        hints=[
            "Height times width is 8192, and the width is twice the height: height times 2 height is 8192.",
            "Half of 8192 is 4096, a square number.",
        ],
        solution="""
            n_pictures, n_values = x_train.shape
            height = round((n_values / 2) ** 0.5)
            width = n_values // height
            shape = (n_pictures, height, width, 1)
        """,
    ),
    Exercise(
        id="L10-2",
        title="One-hot and back",
        reference=_labels,
        check=_check_labels,
        mistakes=[
            (
                lambda reference: [reference[0], np.full(4, N_PUBLISHED // 4)],
                "first_thousand: that counts all rows, not the first 1000.",
            ),
            (
                lambda reference: [reference[0], np.full(4, N_FIRST // 4)],
                "first_thousand: so it would be if the rows were mixed. Count them.",
            ),
        ],
        hints=[
            "`table.argmax(axis=1)` of an array gives for each row the place of its largest number.",
            "The sum of ones and zeros is the number of ones: add up 1000 rows, down the columns.",
        ],
        solution="""
            one_hot = y_train.to_numpy()
            class_of = one_hot.argmax(axis=1)
            first_thousand = one_hot[:1000].sum(axis=0)
            labels = [class_of, first_thousand]
        """,
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
                lambda reference: example_picture() - np.median(example_picture()),
                "The background is at 0. Now divide by the noise, so that it is 1: by 1.4826 MAD.",
            ),
            (
                lambda reference: example_picture() / (1.4826 * _mad()),
                "The noise is 1, but the background is not at 0: subtract the median before you divide.",
            ),
            (
                lambda reference: example_picture() / _mad(),
                "Subtract the median before you divide; and 1.4826 MAD are a standard deviation.",
            ),
            (
                lambda reference: (example_picture() - example_picture().mean()) / (1.4826 * _mad()),
                "Nearly: the dark line pulls the mean down. Subtract the median.",
            ),
            (
                lambda reference: -reference,
                "The sign is wrong: subtract the median from the picture, so that the line stays dark.",
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
                "Four times too much: that is the shift at the end of the line, or in points (512).",
            ),
            (
                2 * _bow_columns(LARGEST_DRD),
                "Twice too much: is there a 2 below n^2? Are 128 columns 2 pi? Is the curve subtracted?",
            ),
            (
                _bow_columns(LARGEST_DRD) / 2,
                "Half of it: that is the bow of drd = 0.005, the weakest; or 4 pi in place of 2 pi.",
            ),
            (
                3 * _bow_columns(LARGEST_DRD),
                "That is how far the curve still has to go. Wanted is its distance from the straight line.",
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
            (_bow_columns(LARGEST_DRD) * 1e6, "The factor 1e-6 of the model is missing."),
        ],
        hints=[
            "`shift(n)` is the last term of the formula, with drd = 0.01.",
            "The straight line starts at 0 and ends at shift(N), so half-way it is at shift(N) / 2.",
            "The curve is at shift(N / 2) there. Divide by 2 pi and multiply by 128 to have columns.",
        ],
        solution="""
            def shift(n, drd=0.01):
                \"\"\"How far the bend has moved the line by sample n, in radians a sample.\"\"\"
                return 1e-6 * drd * n**2 / (2 * 1024)


            bow = shift(131_072) / 2 - shift(131_072 / 2)
            bow_columns = bow / (2 * np.pi) * 128
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
        title="A part for training and a part for the test",
        reference=_split,
        check=_check_split,
        mistakes=[
            (
                lambda reference: [np.arange(N_TRAINING), np.arange(N_TRAINING, N_PUBLISHED), reference[2]],
                _NOT_MIXED,
            ),
            (
                lambda reference: [reference[0], reference[0][: N_PUBLISHED - N_TRAINING], reference[2]],
                "960 rows are in both parts: the test would ask what was taught. Cut one order in two.",
            ),
        ],
        hints=[
            "`rng.permutation(n)` gives the numbers 0 to n - 1 in random order.",
            "Cut that order in two: `order[:2240]` and what follows.",
            "`[names[class_of[row]] for row in test[:8]]`",
        ],
        solution="""
            rng = np.random.default_rng(10)
            order = rng.permutation(len(pictures))
            training, test = order[:2240], order[2240:]
            titles = [names[class_of[row]] for row in test[:8]]
            parts = [training, test, titles]
        """,
    ),
]
