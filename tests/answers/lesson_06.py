"""Lesson 06: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L06-1": [1.41421, 1.41],
    "L06-2": [8419.542494, 8419.542493],  # 8419.542731 - 0.3725 x 636 / 1e6; the table has ...493
    "L06-3": [3.245, 3.24],  # 0.010204 / 2 x 636
    "L06-4": [0.015625, 1 / 64],
    "L06-5": [-325.1, -324.0],  # 519834 - (520396 - 236.9)
}

WRONG = {
    "L06-1": [(2, "squares"), (1, "other scan"), (0, "different in each"), (0.7071, "average of two")],
    "L06-2": [
        (8419.542731, "in A1"),
        (8419.542968, "sign"),
        (8182.632731, "one unit"),
        (8419.5426125, "half-way"),
        (8419542494.1, "in Hz"),
    ],
    "L06-3": [(6.49, "half a step"), (1.1616, "in channels"), (1.490, "end of one scan"), (0.005102, "Hz/s")],
    "L06-4": [
        (0.125, "off in the three OFF"),
        (0.5, "all six"),
        (0.03125, "factor of 2 less"),
        (0.3125, "any three"),
        (0.984375, "rejected"),
        (1.5625, "per cent"),
    ],
    "L06-5": [(-562, "whole change"), (325.1, "sign"), (-0.0003251, "in MHz"), (-798.9, "wrong way round")],
}
