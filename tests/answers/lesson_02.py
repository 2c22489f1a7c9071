"""Lesson 02: right answers, and wrong ones with words of the message that names the mistake."""

# turbo_seti's table has 8419.297028 MHz and -0.377557 Hz/s.
RIGHT = {
    "L02-1": [14.31, 14.3136],
    "L02-2": [8419.92, 8419.9],  # by eye
    "L02-3": [0.0124, 0.01238],  # 1 / sqrt(6528)
    "L02-4": [8419.297028, 8419.2970277],
    "L02-5": [-0.377557, -0.3877, -0.3674],  # a drift step of 0.0102 either way
    "L02-6": [-0.01344, -0.0138],
}

WRONG = {
    "L02-1": [
        (28.63, "amplitudes"),
        (32.96, "natural logarithm"),
        (1.4314, "bels"),
        (None, "a single number"),
    ],
    "L02-2": [(8419.30, "Voyager"), (8418.46, "lower edge"), (8421.39, "upper edge")],
    "L02-3": [
        (1 / 6528, "square root"),
        (0.02475, "four channels"),
        (0.0175, "one polarisation"),
        (0.125, "average of 102"),
        (0.0495, "16 inte"),
    ],
    "L02-4": [
        (8419.296925, "where the carrier ended"),
        (8419.296818, "lowest channel"),
        (8419297028, "in Hz"),
    ],
    "L02-5": [
        (0.377557, "sign"),
        (-0.35396, "15 steps"),
        (-6.8918, "one integration"),
        (-0.13513, "channels a second"),
        (-3.77557e-7, "MHz/s"),
        (-0.4, "."),
    ],
    "L02-6": [(0.01344, "sign"), (-13444.0, "million"), (-4.4844e-11, "times c")],
}
