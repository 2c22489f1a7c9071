"""Lesson 07: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L07-1": [822_069_557, 8.22e8, 2**20 * 784],  # 8 / 0.010204 = 784 drift rates
    "L07-2": [-0.37805, -0.378],  # -(3.9315 m/s / 292.0578 s) / 0.03560775 m
    "L07-3": [-1.0102e-6, -1.01e-6],  # 22500 / 8419297028 = 2.6724e-6
    "L07-4": [142.45, 142],
    "L07-5": [22.49625, 22.5],  # (8419.319526 - 8419.2745335) / 2 MHz
    "L07-6": ["a satellite", " A satellite "],
}

WRONG = {
    "L07-1": [
        (411_041_792, "half of them"),
        (784, "every channel"),
        (13_153_337_344, "summed"),
        (16_777_216, "samples"),
    ],
    "L07-2": [
        (0.37805, "does the frequency rise"),
        (-110.41, "whole scan"),
        (-0.0134614, "acceleration"),
        (-3.7805e-7, "MHz"),
        (-656_793, "the speed itself"),
        (-0.35, "."),
    ],
    "L07-3": [
        (1.0102e-6, "sign"),
        (-0.378048, "differ from the carrier"),
        (-1.0102, "MHz"),
        (-0.020409, "published"),
        (0, "not quite"),
    ],
    "L07-4": [(10.90, "other way round"), (74.91, "No root"), (185.18, "line's power")],
    "L07-5": [
        (44.9925, "half-way"),
        (22.34, "lower line of a pair"),
        (22.656, "upper line of a pair"),
        (0.02249625, "MHz"),
    ],
    "L07-6": [("noise", "chance"), ("a transmitter on the ground", "turn with"), ("a planet", "one of")],
}
