"""Lesson 12: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L12-1": [33_554_432, 33_554_432.0],  # 32768 x 1024
    "L12-2": [2.78e-7],  # exp(240 ln 0.96) = exp(-9.797) = 5.56e-5
    "L12-3": [0.34657, 0.3466],  # 0.69315 / 2
    "L12-4": [[False, True, True, False, True, False, False, True]],
    "L12-5": [0.96575, 0.966],  # 282 of 282 + 10
    "L12-6": [3.2333e-5, 3.23e-5],  # 0.97 / 30000.94
    "L12-7": [1066.67, 1067],
}

WRONG = {
    "L12-1": [
        (32_768, "each of the 1024"),
        (8_388_608, "shrunk"),
        (524_288, "64 patterns"),
        (134_217_728, "two poolings"),
    ],
    "L12-2": [
        (0.004533, "5 epochs"),
        (0.003064, "every epoch"),
        (5.56e-5, "begins at 0.005"),
        (1.152, "a power"),
    ],
    "L12-3": [
        (0.6931, "half of the pictures"),
        (-0.3466, "minus"),
        (0.1505, "base 10"),
        (1.3863, "a quarter"),
        (0.25, "share of wrong"),
    ],
    "L12-4": [
        ([False, False, True, False, True, False, False, False], "other side"),
        ([True, False, False, True, False, True, True, False], "other way round"),
        ([False, True, False, False, False, False, False, True], "one side only"),
    ],
    "L12-5": [
        (0.94, "recall"),
        (0.0342, "wrongly"),
        (0.235, "not by all pictures"),
        (0.9733, "some of them are others"),
        (96.6, "per cent"),
    ],
    "L12-6": [
        (0.97, "an alarm is a signal"),
        (1e-6, "before the network"),
        (9.7e-7, "divide by the alarms"),
        (0.99997, "false alarms"),
        (3.233e-3, "per cent"),
    ],
    "L12-7": [(16.67, "a node has 64"), (320_000, "whole scan"), (3.84, "Upside down"), (3125, "of a MHz")],
}
