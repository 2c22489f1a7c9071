"""In which way a wrong number or array is wrong: usual slips by their name, else roughly by how much."""

import math

import numpy as np

# What one multiplies with by mistake, or leaves out.
_SLIPS = {
    "2": 2,
    "4": 4,
    "8": 8,
    "pi": math.pi,
    "2 pi": 2 * math.pi,
    "4 pi": 4 * math.pi,
    "the root of 2": math.sqrt(2),
    "60": 60,
    "3600": 3600,
    "24": 24,
    "86,400": 86_400,
    "365.25": 365.25,
    "1024": 1024,
}


def direction(value, reference):
    return "Too high" if value > reference else "Too low"


def number_off(value, reference, unit):
    """Say in which way a number is wrong, and roughly by how much."""
    if value == 0 or reference == 0:
        return f"{direction(value, reference)}."
    if (value > 0) != (reference > 0):
        same_size = math.isclose(-value, reference, rel_tol=0.01)
        return f"The sign is wrong{'; the size is right' if same_size else ', and the size too'}."
    ratio = value / reference
    power = round(math.log10(ratio)) if ratio > 0 and math.isfinite(ratio) else 0
    if power and math.isclose(ratio, 10.0**power, rel_tol=0.01):
        size = "large" if power > 0 else "small"
        wanted = f": the answer is wanted in {unit}" if unit else ""
        return f"Too {size} by a factor of 10^{abs(power)}. Check the units{wanted}."
    if slip := _slip(value, reference):
        return slip
    way = direction(value, reference)
    factor = max(ratio, 1 / ratio) if ratio > 0 else math.inf
    if factor < 1.001:  # of a frequency of a thousand MHz per cents say nothing
        least = 10.0 ** math.ceil(math.log10(abs(value - reference)))
        return f"{way}, by less than {least:g}{f' {unit}' if unit else ''}."
    for limit, words in [(1.01, "1 %"), (1.1, "10 %"), (2, "a factor of 2"), (10, "a factor of 10")]:
        if factor < limit:
            return f"{way}, by less than {words}."
    return f"{way}, by more than a factor of 10."


def _slip(value, reference):
    """Name a slip by which one number becomes the other, both of the same sign; empty where there is none."""

    def same(one, other):
        return math.isclose(one, other, rel_tol=2e-3)

    for name, factor in _SLIPS.items():
        if same(value, reference * factor):
            return f"Too large by a factor of {name}: is it counted in twice, or one too many?"
        if same(value * factor, reference):
            return f"Too small by a factor of {name}: is it left out, or divided by?"
    if max(value / reference, reference / value) < 1.2:  # near 1 a root or a square says nothing
        return ""
    if same(value * reference, 1):
        return "Upside down: that is one over the answer."
    if same(value, reference * reference):
        return "That is the square of the answer: is a root left out?"
    if reference > 0 and same(value, math.sqrt(reference)):
        return "That is the root of the answer: is there a root too many, or a square left out?"
    return ""


def array_off(found, reference, right):
    """Say in which way an array of the right shape is wrong."""
    n_nan = int(np.count_nonzero(np.isnan(found) & ~np.isnan(reference)))
    if n_nan:
        return f"{n_nan} of {found.size} values are NaN, not a number."
    for axis in range(found.ndim):
        if right(np.flip(found, axis)).all():
            return f"The values are right, but in reverse order along axis {axis}."
    if right(-1.0 * found).all():
        return "Every value has the wrong sign; the sizes are right."
    if found.ndim > 1 and found.shape == found.shape[::-1] and right(found.T).all():
        return "The values are right, but the axes are swapped."
    if right(
        np.sort(found, axis=None)[np.argsort(np.argsort(reference, axis=None))].reshape(found.shape)
    ).all():
        return "The numbers are right, but in another order."
    with np.errstate(all="ignore"):
        ratios = found / reference
        if found.size > 1 and np.ptp(ratios) <= 1e-3 * abs(ratios.flat[0]) and reference.flat[0] != 0:
            return f"All values alike: {number_off(float(ratios.flat[0]), 1.0, '')}"
    wrong = ~right(found)
    first = tuple(int(index) for index in np.argwhere(wrong)[0])
    place = first[0] if len(first) == 1 else first
    return (
        f"{np.count_nonzero(wrong)} of {found.size} values are not right, the first at index {place}: "
        f"{found[first]} is not right there."
    )
