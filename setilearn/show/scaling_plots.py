"""Figures of work that is shared out: which worker did what when, and speed-up against the number of cores.

As `setilearn.show.figure` says, each function makes a figure only where none is given, and gives it
alternative text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from setilearn.show.figure import LINE_COLOR, RANGE_COLOR, SHAPE_COLOR, describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

TASKS_INCHES = (9.0, 2.8)
SPEED_UP_INCHES = (9.0, 4.5)
DASHES = ("-", "--", "-.", ":")


def plot_tasks(tasks: Sequence[tuple], ax: Axes | None = None) -> Axes:
    """Draw tasks as bars over time, a row for each worker.

    Parameters
    ----------
    tasks : list of (worker, start_s, end_s)
        Worker is any label, its process id for one; times count from any moment.
    ax : Axes, optional
        Where to draw; by default in a new figure.

    Returns
    -------
    Axes
        Time counts from the beginning of the first task.
    """
    ax = plt.subplots(figsize=TASKS_INCHES, layout="constrained")[1] if ax is None else ax
    tasks = sorted(tasks, key=lambda task: task[1])
    workers = list(dict.fromkeys(worker for worker, _, _ in tasks))
    first_s, last_s = min(start for _, start, _ in tasks), max(end for _, _, end in tasks)
    for row, worker in enumerate(workers):
        starts_s, ends_s = np.array([times for who, *times in tasks if who == worker]).T
        colors = [LINE_COLOR if k % 2 else RANGE_COLOR for k in range(len(starts_s))]
        bars = {"width": ends_s - starts_s, "left": starts_s - first_s}
        ax.barh(np.full(len(starts_s), row), **bars, height=0.6, color=colors, edgecolor="black")
    ax.set_yticks(range(len(workers)), [f"worker {worker}" for worker in workers])
    ax.invert_yaxis()
    ax.set(xlabel="time since the first task began (s)", title="Each bar is a task")
    shares = [
        f"worker {worker}: {len(own)} tasks, at work {sum(own) / max(last_s - first_s, 1e-9):.0%} of the time"
        for worker in workers
        for own in [[end_s - start_s for who, start_s, end_s in tasks if who == worker]]
    ]
    describe(ax, f"{len(tasks)} tasks as bars over {last_s - first_s:.2f} s. {'; '.join(shares)}.")
    return ax


def plot_speed_up(
    seconds: dict[int, float],
    ax: Axes | None = None,
    *,
    serial_shares: Sequence[float] = (0.0, 0.01, 0.05, 0.2),
    max_cores: int = 1024,
) -> Axes:
    """Draw measured speed-ups against the number of cores, and Amdahl's law for some serial shares.

    Parameters
    ----------
    seconds : dict
        Number of cores -> seconds that the work took; one core is among them.
    ax : Axes, optional
        Where to draw; by default in a new figure.
    serial_shares : sequence of float
        Shares of the work on one core that cannot be shared out, 0 to 1.
    max_cores : int
        Where the curves end.

    Returns
    -------
    Axes

    Notes
    -----
    A serial share s limits the speed-up on n cores to 1 / (s + (1 - s) / n) (G. M. Amdahl 1967, AFIPS
    Conference Proceedings 30, 483).
    """
    ax = plt.subplots(figsize=SPEED_UP_INCHES, layout="constrained")[1] if ax is None else ax
    cores = np.geomspace(1, max_cores, 200)
    for share, dashes in zip(serial_shares, DASHES, strict=False):
        curve = 1 / (share + (1 - share) / cores)
        ax.plot(cores, curve, dashes, color=LINE_COLOR, label=f"serial share {share:.0%}")
    speed_ups = {n_cores: seconds[1] / taken_s for n_cores, taken_s in seconds.items()}
    ax.plot(list(speed_ups), list(speed_ups.values()), "o", color=SHAPE_COLOR, label="measured", zorder=3)
    ax.set(xscale="log", yscale="log", xlabel="cores", ylabel="times as fast as on one core")
    ax.grid(alpha=0.3)
    ax.legend()
    measured = ", ".join(f"{value:.2f} on {n_cores}" for n_cores, value in speed_ups.items())
    limits = ", ".join(f"{share:.0%}: {1 / (share + (1 - share) / max_cores):.0f}" for share in serial_shares)
    describe(
        ax,
        f"Speed-up against cores, both logarithmic. Measured: {measured}. Curves of Amdahl's law bend away "
        f"from the diagonal; at {max_cores} cores they reach, by serial share, {limits}.",
    )
    return ax
