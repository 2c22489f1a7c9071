"""Follow the drift in a picture, to be read: what `setilearn.learn.image_lines.find_lines` does with one."""

import numpy as np


def straight_line(darkness: np.ndarray, steepest: float = 0.3) -> tuple[float, float, float]:
    """Column in the first and in the last row of the darkest straight line, and its strength in sigmas.

    ``darkness`` ``(n_rows, n_columns)`` is how much darker a pixel is than the median, in sigmas.

    1. Try all lines from one whole column to another, up to a slope of ``steepest`` widths of the picture.
    2. Move both ends of the best in steps of half a column, then of a quarter, then of an eighth. Between two
       pixels the darkness is interpolated.
    """
    n_rows, n_columns = darkness.shape
    reach = max(1, round(steepest * n_columns))
    rows = np.arange(n_rows)

    # 1. A line through column m of the middle row, which rises from m - rise / 2 to m + rise / 2.
    best = (-np.inf, 0.0, 0.0)
    for rise in range(-reach, reach + 1):
        steps = np.floor(rise * rows / (n_rows - 1) - rise / 2 + 0.5).astype(int)
        for middle in range(-reach, n_columns + reach):
            columns = middle + steps
            inside = (columns >= 0) & (columns < n_columns)
            total = darkness[rows[inside], columns[inside]].sum()
            if total > best[0]:
                best = (total, middle - rise / 2, middle + rise / 2)

    # 2.
    _, first, last = best
    total = sum_along(darkness, first, last)
    for step in (0.5, 0.25, 0.125):
        ends = [(first + i * step, last + j * step) for i in range(-2, 3) for j in range(-2, 3)]
        sums = [sum_along(darkness, *pair) for pair in ends]
        if max(sums) > total:
            total, (first, last) = max(sums), ends[int(np.argmax(sums))]
    return first, last, total / np.sqrt(n_rows)


def sum_along(darkness: np.ndarray, first: float, last: float) -> float:
    """Sum of the darkness along a line, by a cubic through four pixels of each row; zero outside."""
    n_rows, n_columns = darkness.shape
    total = 0.0
    for row, column in enumerate(np.linspace(first, last, n_rows)):
        at, part = int(np.floor(column)), column - np.floor(column)
        if 1 <= at < n_columns - 2:
            a, b, c, d = darkness[row, at - 1 : at + 3]
            cubic, square = 3 * (b - c) + d - a, 2 * a - 5 * b + 4 * c - d
            total += b + 0.5 * part * (c - a + part * (square + part * cubic))
        elif 0 <= at < n_columns - 1:  # beside the edge: a straight line between two
            total += (1 - part) * darkness[row, at] + part * darkness[row, at + 1]
    return total
