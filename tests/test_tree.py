"""Sums along drifting lines: worked out by hand, and the fast tree against the readable one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import setilearn as sl
from setilearn.search import tree
from setilearn.search.levels import Levels


def test_a_tree_of_two_integrations_by_hand():
    #   1 2 3      no drift: 1+4, 2+5, 3+6
    #   4 5 6      one channel up: 1+5, 2+6, 3 and nothing
    assert sl.taylor_tree(np.array([[1, 2, 3], [4, 5, 6]])).tolist() == [[5, 7, 9], [6, 8, 3]]


def test_the_lines_of_a_tree_of_four_integrations():
    """Each line through its own powers of ten, as Taylor's paper draws them: 0000, 0011, 0112, 0123."""
    for drift, channels in enumerate([(0, 0, 0, 0), (0, 0, 1, 1), (0, 1, 1, 2), (0, 1, 2, 3)]):
        power = np.zeros((4, 4), int)
        power[range(4), channels] = [1, 10, 100, 1000]
        assert sl.taylor_tree(power)[drift, 0] == 1111


def test_integrations_that_are_no_power_of_two_are_filled_up():
    power = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    filled = np.vstack([power, np.zeros((1, 3), int)])
    assert np.array_equal(sl.taylor_tree(power), sl.taylor_tree(filled))
    assert sl.taylor_tree(power).shape == (4, 3)
    assert sl.taylor_tree(power[:1]).tolist() == [[1, 2, 3]]


def test_brute_force_takes_the_nearest_channel_at_each_step():
    power = np.zeros((5, 6))
    power[range(5), [0, 1, 1, 2, 2]] = 1  # 2 channels in 4 steps: 0, 0.5, 1, 1.5, 2, halves upwards
    sums = sl.brute_force(power, 5)
    assert sums[2, 0] == 5
    assert sums.shape == (5, 6)


@settings(max_examples=50, deadline=None)
@given(log_size=st.integers(0, 4), n_chan=st.integers(1, 40), seed=st.integers(0, 1000))
def test_every_line_of_the_tree_ends_where_it_must_and_steps_as_it_may(log_size, n_chan, seed):
    size = 2**log_size
    power = np.random.default_rng(seed).integers(0, 100, (size, n_chan))
    sums = sl.taylor_tree(power)
    # Each integration of one line: feel for it with one bright channel at a time.
    for drift in range(size):
        places = []
        for row in range(size):
            bright = np.zeros((size, size + 1), int)
            bright[row] = np.arange(size + 1)
            places.append(sl.taylor_tree(bright)[drift, 0])
        steps = np.diff(places)
        assert places[0] == 0
        assert places[-1] == drift
        assert set(steps) <= {0, 1}
        line = [power[row, place] if place < n_chan else 0 for row, place in enumerate(places)]
        assert sums[drift, 0] == sum(line)


def sheared(power, step, size):
    """Each integration moved down by ``step`` channels more than the one before, room to move left above."""
    n_time, n_chan = power.shape
    moved = np.zeros((size, n_chan + size))
    for row in range(n_time):
        source = np.arange(n_chan + size) + step * row
        inside = (source >= 0) & (source < n_chan)
        moved[row, inside] = power[row, source[inside]]
    return moved


@pytest.mark.parametrize(("n_time", "size"), [(16, 16), (5, 16), (3, 4), (1, 4), (20, 64)])
def test_the_fast_tree_finds_what_the_readable_one_does(n_time, size):
    n_chan = tree.N_TILE + 777
    power = np.random.default_rng(n_time).integers(-50, 50, (n_time, n_chan)).astype(np.float32)
    one = np.ones((len(power), 1), np.float32)
    steps = np.array([[[-2, 0], [0, 3]]])
    best = np.empty((1, n_chan), np.int16)
    tree.strongest_sums(power, Levels(0 * one, one, one), 1.0, steps, size, np.array([0, 2]), best)
    trees = [sl.taylor_tree(sheared(power, step, size))[:, :n_chan] for step in range(-2, 3)]
    assert np.array_equal(best[0], np.max(trees, axis=(0, 1)))


def test_only_the_tiles_asked_for_are_worked_on():
    n_chan = 3 * tree.N_TILE
    power = np.ones((4, n_chan), np.float32)
    one = np.ones((len(power), 1), np.float32)
    best = np.full((1, n_chan), -1, np.int16)
    tree.strongest_sums(
        power, Levels(0 * one, one, one), 1.0, np.array([[[0, 0], [0, 1]]]), 4, np.array([1, 2]), best
    )
    assert set(best[0, : tree.N_TILE]) == set(best[0, 2 * tree.N_TILE :]) == {-1}
    assert set(best[0, tree.N_TILE : 2 * tree.N_TILE]) == {4}


@pytest.mark.parametrize("octave", [1, 2, 3, 4])
def test_wider_bins_are_sums_over_the_root_of_their_width(octave):
    n_chan, width, stride = tree.N_TILE, 2**octave, 2**octave // 2
    power = np.random.default_rng(1).integers(-200, 200, (4, n_chan)).astype(np.float32)
    one = np.ones((len(power), 1), np.float32)
    steps = np.zeros((octave + 1, 2, 2), np.int64)
    steps[octave] = [[-1, 0], [0, 0]]  # one channel of bins down to none, a step
    best = np.empty((octave + 1, n_chan), np.int16)
    tree.strongest_sums(power, Levels(0 * one, one, one), 1.0, steps, 4, np.array([0, 1]), best)
    bins = np.array([power[:, i : i + width].sum(axis=1) for i in range(0, n_chan - width, stride)]).T
    # Taylor's four lines, each a bin less at every step.
    lines = [(0, -1, -2, -3), (0, -1, -1, -2), (0, 0, -1, -1), (0, 0, 0, 0)]
    sums = [sum(bins[row, 100 + place] for row, place in enumerate(line)) for line in lines]
    # Rounded to whole numbers once an octave and integration.
    assert best[octave, 100] == pytest.approx(max(sums) / np.sqrt(width), abs=8, rel=2e-3)
