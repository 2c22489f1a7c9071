"""Lesson 13: the exercises."""

import math

from setilearn.course.answers import choice, number
from setilearn.course.exercise import Exercise

TITLE = "What is left over"

EXERCISES = [
    Exercise(
        id="L13-1",
        title="The width of a profile",
        reference=2.0**2 / 1.5,
        check=number(unit="channels", rel_tol=0.01),
        mistakes=[
            (3, "That counts all channels alike: the outer two have half the power and count for less."),
            (2, "That is the sum of the profile: square it, and divide by the sum of the squares."),
            (1.5, "That is the sum of the squares: the square of the sum is divided by it."),
            (4, "That is the square of the sum: divide it by the sum of the squares."),
            (1, "That is the width at more than half of the peak; here all channels count, by their power."),
            (0.375, "Upside down: the square of the sum comes first."),
        ],
        hints=[
            "Two numbers are needed: the sum of the profile, and the sum of its squares.",
            "`profile.sum() ** 2` is the square of the sum.",
        ],
        solution="""
            profile = np.array([0.5, 1.0, 0.5])
            width = profile.sum() ** 2 / (profile**2).sum()
        """,
    ),
    Exercise(
        id="L13-2",
        title="How many steps apart",
        reference=math.log(20.0 / 2.0) / 0.5,
        check=number(unit="steps", rel_tol=0.01),
        mistakes=[
            (math.log(10.0), "That is the natural logarithm of their ratio: in steps of 0.5 it is more."),
            (math.log(10.0) * 0.5, "Divide by the length of a step; you have multiplied."),
            (2, "A logarithm to base 10 was taken: a step is 0.5 in the natural one, np.log."),
            (36, "That is the difference in channels: the logarithms are compared."),
            (10, "That is the ratio of the widths: take its logarithm, and count in steps of 0.5."),
            (-math.log(10.0) / 0.5, "The size is right; a distance has no sign."),
        ],
        hints=[
            "The difference of two logarithms is the logarithm of the ratio.",
            "`np.log(wide / narrow)`, then count in steps of 0.5.",
        ],
        solution="""
            narrow, wide = 2.0, 20.0
            steps_apart = np.log(wide / narrow) / 0.5
        """,
    ),
    Exercise(
        id="L13-3",
        title="What tells them apart",
        reference="on_fraction",
        check=choice("drift_chan", "wander_chan", "width_chan", "lines", "on_fraction"),
        mistakes=[
            ("drift_chan", "Both kinds keep their frequency: their drift is 0."),
            ("wander_chan", "Both kinds keep to a straight line: neither wanders."),
            ("width_chan", "Both kinds are a channel or two wide, as the figure shows."),
            ("lines", "Both kinds are of a single line."),
        ],
        hints=[
            "Look at the two pictures: which of the five differs?",
            "One of the two lines has gaps.",
        ],
        solution='feature = "on_fraction"',
    ),
    Exercise(
        id="L13-4",
        title="Agreement by pairs",
        reference=0.5,
        check=number(rel_tol=0.01),
        mistakes=[
            (0.75, "That counts pictures, three of four: count the six pairs of pictures."),
            (3, "That is how many pairs agree: as a share of all six."),
            (1 / 3, "Pairs that are apart in both count too: there are two of them."),
            (
                1 / 6,
                "Only the pair that is together in both was counted; pairs that are apart in both agree too.",
            ),
            (2 / 3, "One too many: the first two are together, one carrier with one comb is not apart."),
            (0, "Some pairs agree: the two carriers are one kind and in one cluster."),
        ],
        hints=[
            "Write down the six pairs: 1-2, 1-3, 1-4, 2-3, 2-4, 3-4.",
            "1-2 agrees: together in both. 1-4 and 2-4 agree: apart in both. And the others?",
        ],
        solution="""
            n_pairs, n_agreeing = 6, 3
            rand_index = n_agreeing / n_pairs
        """,
    ),
    Exercise(
        id="L13-5",
        title="How often chance does as well",
        reference=(1 + 3) / (1 + 2000),
        check=number(rel_tol=0.01),
        mistakes=[
            (
                3 / 2000,
                "The stars themselves count as one of the draws, above and below: a p-value is never 0.",
            ),
            (3, "That is how many draws do as well: as a share of all draws."),
            (1 - 4 / 2001, "That is how often chance does worse."),
            (400 / 2001, "That is in per cent; give it as a share between 0 and 1."),
        ],
        hints=[
            "A share: as many pairs or more, of all draws.",
            "Both numbers are one larger, for the stars that were found.",
        ],
        solution="""
            n_random, n_as_many = 2000, 3
            p_value = (1 + n_as_many) / (1 + n_random)
        """,
    ),
    Exercise(
        id="L13-6",
        title="A number that only knows the time",
        reference=2 / 3,
        check=number(rel_tol=0.01),
        mistakes=[
            (6, "That is how many pairs come in this order: as a share of all nine."),
            (1 / 3, "That is the share of pairs with the OFF scan first."),
            (0.5, "That would be for scans in any order; in ABACAD each ON comes before the OFF next to it."),
            (1, "Not always: the last A comes after B and C."),
            (0.6, "Nine pairs are compared, three ON scans with three OFF scans each."),
        ],
        hints=[
            "Number the scans A B A C A D from 0 to 5: ON are 0, 2, 4, OFF are 1, 3, 5.",
            "ON 0 comes before three OFF scans, ON 2 before two, ON 4 before one.",
        ],
        solution="""
            on, off = np.array([0, 2, 4]), np.array([1, 3, 5])
            area = np.mean(on[:, None] < off)
        """,
    ),
]
