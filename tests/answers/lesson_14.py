"""Lesson 14: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L14-1": [34.36, 34.4],  # 64 x 1,048,576 x 16 x 4 = 4.294967e9 bytes over 1.25e8
    "L14-2": [[2, 5], (2.0, 5.0)],  # 2 x 6 - 10, and 10 / 2
    "L14-3": [5, 5.0],  # 20 / 4.5 = 4.4
    "L14-4": [[4.517e-5, 1e-8]],  # exp(10,000 ln 0.999) = exp(-10.005)
    "L14-5": ["a killed worker", " A killed worker"],
    "L14-6": [[555.56, 27.78, 20_000]],  # 2e6 s / 3600
    "L14-7": [[8.59, 34.9], (8.589934592, 34.925)],
}

WRONG = {
    "L14-1": [
        (4.295, "8 of them"),
        (274.9, "came in twice"),
        (8.59, "4 bytes"),
        (2.147, "16 integrations"),
        (0.5369, "64"),
    ],
    "L14-2": [
        ([2, 4], "all of it"),
        ([4, 2.5], "half of the parallel part"),
        ([8, 1.25], "what stays is the rest"),
        ([2, 1.6667], "speed-up on two cores"),
        ([0.2, 5], "not as a share"),
        (2, "shape"),
    ],
    "L14-3": [
        (4, "26 s"),
        (14, "slower with each file"),
        (27, "far beyond"),
        (6, "27.5 s"),
        (4.4, "whole number"),
    ],
    "L14-4": [
        ([0.999, 1e-8], "all 10,000"),
        ([0.99995, 1e-8], "some fail"),
        ([10, 1e-8], "that none does"),
        ([4.517e-5, 1e-12], "for one task"),
        ([4.517e-5, 2.5], "multiply"),
        ([4.517e-5, 10], "three more"),
    ],
    "L14-5": [
        ("a file cut short", "as short"),
        ("a threshold below zero", "before anything"),
        ("a worker", "Expected one of"),
    ],
    "L14-6": [
        ([2e6, 1e5, 20_000], "in seconds"),
        ([0.5556, 0.02778, 20], "1e15"),
        ([555.6, 27.78, 20], "not a thousand"),
        ([555.6, 27.78, 240_000], "one month"),
        ([555.6, 11.11, 50_000], "changed places"),
    ],
    "L14-7": [
        ([8.59, 0.02863], "turn it round"),
        ([0.1342, 2235.2], "one coarse channel"),
        ([2.147, 139.7], "4 bytes"),
    ],
}
