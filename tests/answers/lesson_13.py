"""Lesson 13: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L13-1": [2.6667, 8 / 3],
    "L13-2": [4.605, 4.61],  # ln 10 = 2.3026
    "L13-3": ["on_fraction", " ON_fraction"],
    "L13-4": [0.5, 3 / 6],
    "L13-5": [0.001999, 4 / 2001],
    "L13-6": [0.6667, 6 / 9],
}

WRONG = {
    "L13-1": [
        (3, "counts all channels alike"),
        (2, "sum of the profile"),
        (1.5, "sum of the squares"),
        (4, "square of the sum"),
        (1, "half of the peak"),
        (0.375, "Upside down"),
    ],
    "L13-2": [
        (2.3026, "in steps of 0.5"),
        (1.1513, "multiplied"),
        (2, "base 10"),
        (36, "in channels"),
        (10, "ratio of the widths"),
        (-4.605, "no sign"),
    ],
    "L13-3": [
        ("drift_chan", "keep their frequency"),
        ("wander_chan", "straight line"),
        ("width_chan", "channel or two"),
        ("lines", "single line"),
        ("bow_chan", "Expected one of"),
    ],
    "L13-4": [
        (0.75, "counts pictures"),
        (3, "share of all six"),
        (0.3333, "apart in both count too"),
        (0.1667, "Only the pair"),
        (0.6667, "One too many"),
        (0, "Some pairs agree"),
    ],
    "L13-5": [
        (0.0015, "never 0"),
        (3, "as a share of all draws"),
        (0.998, "chance does worse"),
        (0.1999, "per cent"),
    ],
    "L13-6": [
        (6, "share of all nine"),
        (0.3333, "OFF scan first"),
        (0.5, "in any order"),
        (1, "last A"),
        (0.6, "Nine pairs"),
    ],
}
