"""Six scans of a cadence to be judged by eye: signal, interference or impostor? With a score."""

import html
import itertools

import numpy as np

from setilearn.course.buttons import html_of, picture_of, show_with_controls
from setilearn.show.explorer.widget import in_notebook
from setilearn.show.figure import describe

# What each kind is, as the answer to a vote.
KINDS = {
    "signal": "A slanted line in each ON, in no OFF, and it goes on where it would have been.",
    "interference": "It is in OFF scans as well.",
    "impostor": "In the ONs alone, but it stands still: a transmitter on the ground that was off by chance.",
}
N_TIME, N_CHAN, GAP = 16, 240, 4
_SCANS_APART = 17  # from start to start, in integrations


def quiz_cadence(seed):
    """(power (6, 16, 240), kind): a line in some scans of a cadence, and faint company that is in all."""
    rng = np.random.default_rng([6, seed])
    kind = list(KINDS)[rng.integers(3)]
    power = rng.gamma(25, 1 / 25, (6, N_TIME, N_CHAN))
    drift = rng.choice([-1, 1]) * rng.uniform(0.6, 1.4)  # channels an integration
    if kind == "impostor" or (kind == "interference" and rng.random() < 0.5):
        drift = 0.0
    ons = (0, 2, 4)
    offs = rng.choice([1, 3, 5], rng.integers(1, 4), replace=False) if kind == "interference" else ()
    way = drift * 6 * _SCANS_APART
    start = rng.uniform(20 + max(0, -way), N_CHAN - 20 - max(0, way))
    for scan in (*ons, *offs):
        _draw(power[scan], start + drift * _SCANS_APART * scan, drift, rng.uniform(0.6, 1.2))
    for scan in range(6):
        _draw(power[scan], rng.choice([6, 7]), 0.0, 0.25)
    return power, kind


def _draw(power, start, drift, strength):
    channels = np.rint(start + drift * np.arange(N_TIME)).astype(int)
    inside = (channels >= 0) & (channels < N_CHAN)
    power[np.flatnonzero(inside), channels[inside]] += strength


def draw_quiz(ax, seed):
    """Draw the cadence of this seed on matplotlib axes, its six scans one below the other."""
    power, _ = quiz_cadence(seed)
    rows = np.full((6 * (N_TIME + GAP) - GAP, N_CHAN), np.nan)
    for scan in range(6):
        rows[scan * (N_TIME + GAP) : scan * (N_TIME + GAP) + N_TIME] = power[scan]
    ax.imshow(rows, aspect="auto", vmin=0.6, vmax=2.0, interpolation="nearest")
    middles = np.arange(6) * (N_TIME + GAP) + N_TIME / 2
    ax.set_yticks(middles, ["A1 ON", "B OFF", "A2 ON", "C OFF", "A3 ON", "D OFF"])
    ax.set(title=f"cadence {seed}", xlabel="channel")
    describe(ax, f"Cadence {seed}: six scans, A1 to D, one below the other, to be judged by eye.")


class Quiz:
    """The game without its widget: a seed is shown, a vote is counted, the next seed follows."""

    def __init__(self, seeds):
        self._seeds = iter(seeds)
        self.n_right = self.n_voted = 0
        self.next()

    def next(self):
        self.seed = next(self._seeds)
        self.voted = False

    def vote(self, kind):
        """What is said to a vote; only the first one for a cadence counts."""
        right = quiz_cadence(self.seed)[1]
        if not self.voted:
            self.voted = True
            self.n_voted += 1
            self.n_right += kind == right
        verdict = "Right" if kind == right else f"Not {kind}, {right}"
        return f"{verdict}: {KINDS[right]} {self.n_right} of {self.n_voted} right."


def cadence_quiz(first_seed=0):
    """Show a cadence and buttons to vote on it; outside of a notebook only the first cadence is drawn."""
    if not in_notebook():
        _draw_one(first_seed)
        return
    quiz = Quiz(itertools.count(first_seed))
    show_with_controls(
        picture_of(_draw_one, first_seed),
        quiz_box(quiz),
        f"(Here are buttons while a kernel runs: {', '.join(KINDS)}, next.)",
    )


def _draw_one(seed):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(6, 5), layout="constrained")
    draw_quiz(ax, seed)


def quiz_box(quiz):
    """Widget of the buttons, what is said to a vote, and the next cadence."""
    from ipywidgets import HTML, Button, HBox, VBox

    said, area = HTML(), HTML()

    def vote(button):
        said.value = f'<div aria-live="polite">{html.escape(quiz.vote(button.description))}</div>'

    def go_on(_):
        quiz.next()
        said.value, area.value = "", html_of(_draw_one, quiz.seed)

    buttons = [Button(description=kind, layout={"width": "max-content"}) for kind in KINDS]
    for button in buttons:
        button.on_click(vote)
    another = Button(description="next", layout={"width": "max-content"})
    another.on_click(go_on)
    return VBox([area, HBox([*buttons, another]), said])
