"""Lesson 00: right answers, and wrong ones with words of the message that names the mistake."""

RIGHT = {
    "L00-1": [292.0578, 292.06],
    "L00-2": [0.035608, 0.0356],  # 299792458 / 8419297028
    "L00-3": [18.85, 18.9],  # 136 x 499.005 s of light time an astronomical unit
}

WRONG = {
    "L00-1": [(34.25, "sum"), (273.8, "15 rows"), (4.868, "minutes"), (-292.06, "sign")],
    "L00-2": [
        (2 * 0.035608, "factor of 2"),
        (2.8083e-5, "other way|reverse"),
        (28.0837, "one over the wavelength"),
        (35607.6, "still in MHz"),
    ],
    "L00-3": [(67865, "seconds"), (1131, "minutes"), (37.7, "there and back"), (0.01885, "kilometres")],
}
