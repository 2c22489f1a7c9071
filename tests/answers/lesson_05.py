"""Lesson 05: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L05-1": [0.9503, 0.95],  # (7.29212e-5)^2 x 6.378e6 = 0.033915 m/s^2, times 28.0194
    "L05-2": [67_108_864, 67_108_864.0],  # 4 x 16 x 1,048,576
    "L05-3": [0.010204, 0.0102041],  # 2.793968 / 273.804
    "L05-4": [26.13, 26.1],  # 73.014 / 2.793968
    "L05-5": [[4, 20], (4.0, 20.0)],
}

WRONG = {
    "L05-1": [
        (13_032, "with the speed"),
        (0.02407, "2 pi a turn"),
        (0.033915, "in m/s"),
        (-0.9503, "positive"),
        (9.503e-7, "MHz/s"),
    ],
    "L05-2": [
        (251_658_240, "brute force"),  # 16 x 15 x 1,048,576
        (4_194_304, "one drift only"),
        (83_886_080, "One round too many"),
        (16_777_216, "one round"),
        (50_331_648, "last round"),
    ],
    "L05-3": [
        (0.009566, "15 steps"),
        (0.15306, "in each integration"),
        (98.0, "Upside down"),
        (0.0036523, "channels a second"),
    ],
    "L05-4": [
        (73.01, "in hertz"),
        (418.1, "16 integrations"),
        (392.0, "whole observation"),
        (1.4317, "one second"),
        (0.03827, "Upside down"),
    ],
    "L05-5": [
        ([20, 4], "wrong order"),
        ([4, 4], "all of the tone's power"),
        ([20, 20], "a 25th"),
        ([4, 100], "noise of 25"),
        ([4, 500], "cannot gain"),
        ([4], "shape"),
    ],
}
