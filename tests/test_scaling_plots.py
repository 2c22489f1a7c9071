"""Figures of work that is shared out."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

import setilearn as sl
from setilearn.show.figure import alt_text


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


def test_tasks_are_bars_in_the_row_of_their_worker():
    ax = sl.plot_tasks([(71, 10.0, 13.0), (70, 9.0, 11.0), (70, 11.5, 14.0)])
    # In the order of their beginning, counted from the first one at 9 s.
    bars = [(bar.get_x(), bar.get_width(), bar.get_y() + bar.get_height() / 2) for bar in ax.patches]
    np.testing.assert_allclose(bars, [(0, 2, 0), (2.5, 2.5, 0), (1, 3, 1)])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["worker 70", "worker 71"]
    assert "(s)" in ax.get_xlabel()
    # 4.5 of 5 s, and 3 of 5 s.
    assert "worker 70: 2 tasks, at work 90% of the time; worker 71: 1 tasks, at work 60%" in alt_text(
        ax.figure
    )


def test_a_single_task_without_duration_can_be_drawn():
    assert len(sl.plot_tasks([("a", 1.0, 1.0)]).patches) == 1


def test_speed_up_is_measured_against_one_core_and_amdahl_s_law_is_drawn():
    ax = sl.plot_speed_up({1: 8.0, 2: 5.0}, serial_shares=(0.0, 0.25), max_cores=16)
    *curves, points = ax.get_lines()
    np.testing.assert_allclose(points.get_xydata(), [(1, 1), (2, 1.6)])
    # All in parallel: 16; a quarter serial: 1 / (1/4 + 3/64).
    assert [curve.get_ydata()[-1] for curve in curves] == pytest.approx([16, 64 / 19])
    assert [curve.get_ydata()[0] for curve in curves] == pytest.approx([1, 1])
    assert len({curve.get_linestyle() for curve in curves}) == 2
    assert "1.60 on 2" in alt_text(ax.figure)


def test_both_draw_into_given_axes():
    _, (left, right) = plt.subplots(1, 2)
    assert sl.plot_tasks([(1, 0.0, 1.0)], left) is left
    assert sl.plot_speed_up({1: 1.0}, right) is right
