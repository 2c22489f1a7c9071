"""The quiz of lesson 06: each kind is what it is said to be, votes are counted once, the figure follows."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from setilearn.course import quiz
from setilearn.course.quiz import KINDS, Quiz, cadence_quiz, draw_quiz, quiz_box, quiz_cadence


def tracks(power):
    """By a search of one's own: for each scan the best (start, drift) of a strong line, or None."""
    found = []
    for scan in power:
        best = (0, None)
        for drift in np.arange(-1.5, 1.55, 0.1):
            moved = np.rint(drift * np.arange(16)).astype(int)
            summed = sum(np.roll(row, -k) for row, k in zip(scan, moved, strict=True))
            summed[:12] = summed[-12:] = 0
            best = max(best, (summed.max(), (int(summed.argmax()), round(float(drift), 1))))
        found.append(best[1] if best[0] > 22 else None)
    return found


def test_the_kinds_are_what_they_are_said_to_be():
    counted = dict.fromkeys(KINDS, 0)
    for seed in range(60):
        power, kind = quiz_cadence(seed)
        seen = tracks(power)
        counted[kind] += 1
        assert all(seen[0::2]), (seed, kind, seen)
        assert any(seen[1::2]) == (kind == "interference"), (seed, seen)
        drifts = [track[1] for track in seen[0::2]]
        if kind == "impostor":
            assert max(np.abs(drifts)) <= 0.1
        if kind == "signal":
            assert min(np.abs(drifts)) >= 0.4
            # It goes on where it would have been: 34 integrations from one ON to the next.
            assert abs(seen[2][0] - seen[0][0] - 34 * drifts[0]) < 34 * 0.2
    assert min(counted.values()) >= 10


def test_votes_are_counted_once():
    game = Quiz([3, 4])
    right = quiz_cadence(3)[1]
    wrong = next(kind for kind in KINDS if kind != right)
    assert game.vote(wrong).startswith(f"Not {wrong}, {right}: ")
    assert "0 of 1 right" in game.vote(right)
    game.next()
    assert "1 of 2 right" in game.vote(quiz_cadence(4)[1])


def test_a_cadence_is_drawn_with_its_scans_named():
    _, ax = plt.subplots()
    draw_quiz(ax, 7)
    assert [label.get_text()[:2] for label in ax.get_yticklabels()] == ["A1", "B ", "A2", "C ", "A3", "D "]
    assert ax.images[0].get_array().shape == (6 * 16 + 5 * 4, 240)
    plt.close("all")


def test_outside_of_a_notebook_one_cadence_is_drawn():
    cadence_quiz(5)
    assert plt.gca().get_title() == "cadence 5"
    plt.close("all")


def test_the_buttons_vote_and_go_on(monkeypatch):
    monkeypatch.setattr(quiz, "html_of", lambda draw, seed: f"figure {seed}")
    box = quiz_box(Quiz([1, 2]))
    area, row, said = box.children
    buttons = {button.description: button for button in row.children}
    assert list(buttons) == [*KINDS, "next"]
    buttons[quiz_cadence(1)[1]].click()
    assert "1 of 1 right" in said.value
    buttons["next"].click()
    assert (said.value, area.value) == ("", "figure 2")


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_gives_the_same_each_time(seed):
    one, other = quiz_cadence(seed), quiz_cadence(seed)
    assert one[1] == other[1]
    np.testing.assert_array_equal(one[0], other[0])
