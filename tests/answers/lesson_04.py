"""Lesson 04: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L04-1": [164.91, 164.9],  # (500 - 11) / (1.4826 x 2)
    "L04-2": [4.6166, 4.617],  # 3.2 / 0.693147
    "L04-3": [[2, 9, 8.4], (2.0, 9.0, 8.4)],  # channels 1 to 3, and 7 to 9
    "L04-4": [16_701.7, 16_702, 16_700],  # 10^9 / 59874.14
    "L04-5": [30, 30.0],
}

WRONG = {
    "L04-1": [
        (244.5, "units of the MAD"),
        (168.62, "subtract the median"),
        (362.5, "wrong side"),
        (2.449, "standard deviation"),
        (2.268, "standard deviation"),  # with ddof=1
    ],
    "L04-2": [
        (3.2, "That is the median"),
        (2.2181, "other way round"),
        (4.7443, "Gaussian"),
        (6.4, "not half"),
    ],
    "L04-3": [
        ([3, 7, 2.8], "one hit"),
        ([2, 7, 8.4], "strongest"),
        ([2, 9, 5.6], "first channel to the last"),
        ([2, 10, 8.4], "from 0"),
        ([2, 9, 3], "in Hz"),
        ([2, 2, 8.4], "first hit"),
        ([2, 9], "shape"),
    ],
    "L04-4": [
        (45_399.9, "x is not 10"),
        (1.6702e-5, "share of the samples"),
        (4.54e-5, "share of the samples; besides"),
        (7.6e-15, "Gaussian's promise"),
        (1.929e-13, "belongs to the Gaussian"),
    ],
    "L04-5": [(0.9375, "square root"), (960, "Unchanged"), (30_720, "more, not less")],
}
