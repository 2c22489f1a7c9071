"""Lesson 06: right answers, and wrong ones with words of the message that names the mistake."""

import numpy as np

import setilearn as sl


def by_loops(hit, scans, tolerance_hz):
    verdicts = {}
    for place, (since_s, frequencies_mhz) in enumerate(scans):
        there = hit[0] * 1e6 + hit[1] * since_s
        near = [abs(one * 1e6 - there) <= tolerance_hz for one in frequencies_mhz]
        verdicts[place] = True in near
    if verdicts[1] or verdicts[3] or verdicts[5]:
        return False
    return verdicts[0] and verdicts[2] and verdicts[4]


def by_counting(hit, scans, tolerance_hz):
    signs = [1, -10, 1, -10, 1, -10]
    total = 0
    for sign, (since_s, there) in zip(signs, scans, strict=True):
        total += sign * (np.abs(there - hit[0] - hit[1] * since_s / 1e6).min(initial=1) < tolerance_hz / 1e6)
    return total == 3


def rule(judge, *, drift=1, per=1e6, wide=1e6):
    def is_event(hit, scans, tolerance_hz):
        seen = []
        for since_s, there in scans:
            expected = hit[0] + drift * hit[1] * since_s / per
            seen.append(bool((abs(there - expected) * wide <= tolerance_hz).any()))
        return judge(seen)

    return is_event


def right_rule(seen):
    return all(seen[0::2]) and not any(seen[1::2])


def solve_mystery(scans):
    """By the package's search and filter, which sees what is on and where; then by hand what each is."""
    hits = [sl.search_drift(scan, max_drift_hz_s=1.0, progress=False) for scan in scans]
    groups = sl.filter_cadence(hits)
    events = groups[groups["verdict"] == "event"]
    at_rest = events["drift_hz_s"].abs() < 0.01
    return {
        "signal_mhz": events.loc[~at_rest, "frequency_mhz"].iloc[0],
        "drift_hz_s": events.loc[~at_rest, "drift_hz_s"].iloc[0],
        "impostor_mhz": events.loc[at_rest, "frequency_mhz"].iloc[0],
        "n_lines": len(groups),
    }


MYSTERY_SLIPS = [
    ("signal_mhz", lambda mhz: mhz * 1e6),
    ("drift_hz_s", lambda drift: -drift),
    ("impostor_mhz", lambda mhz: mhz + 1e-3),
    ("n_lines", lambda n: n - 1),
]

# Seen in the figure: 101 is in B and C, 104 in all; 103 and 105 stand still.
SEEN = ["interference", "signal", "impostor", "interference", "impostor", "signal"]

RIGHT = {
    "L06-6": [by_loops, by_counting],
    "L06-1": [1.41421, 1.41],
    "L06-2": [8419.542494, 8419.542493],  # 8419.542731 - 0.3725 x 636 / 1e6; the table has ...493
    "L06-3": [3.245, 3.24],  # 0.010204 / 2 x 636
    "L06-4": [SEEN, tuple(word.upper() for word in SEEN)],
    "L06-5": [-325.1, -324.0],  # 519834 - (520396 - 236.9)
}

WRONG = {
    "L06-6": [
        (rule(right_rule, drift=0), "drifted on"),
        (rule(right_rule, drift=-1), "the wrong way"),
        (rule(right_rule, per=1), "moves it in Hz"),
        (rule(right_rule, wide=1), "tolerance in Hz"),
        (rule(lambda seen: all(seen[0::2])), "any OFF"),
        (rule(lambda seen: any(seen[0::2]) and not any(seen[1::2])), "all three"),
        (rule(lambda seen: all(seen[0::2]) and not all(seen[1::2])), "any, not all"),
        (rule(lambda seen: all(seen[:3]) and not any(seen[3:])), "take turns"),
        (rule(sum), r"For \("),
        (lambda hit, scans, tolerance_hz: scans.pop(), r"For \("),
    ],
    "L06-1": [(2, "squares"), (1, "other scan"), (0, "different in each"), (0.7071, "average of two")],
    "L06-2": [
        (8419.542731, "in A1"),
        (8419.542968, "sign"),
        (8182.632731, "one unit"),
        (8419.5426125, "half-way"),
        (8419542494.1, "in Hz"),
    ],
    "L06-3": [(6.49, "half a step"), (1.1616, "in channels"), (1.490, "end of one scan"), (0.005102, "Hz/s")],
    "L06-4": [
        (["interference", "signal", "signal", "interference", "signal", "signal"], "drifts"),
        (["signal", "signal", "impostor", "signal", "impostor", "signal"], "every OFF"),
        (["signal"] * 6, "Not all"),
        (["interference", "impostor", "impostor", "interference", "impostor", "impostor"], "hopes for"),
        ([*SEEN[:5], "interference"], "1 of 6 .* cadence 106"),
        (SEEN[:5], "list of 6"),
        ([*SEEN[:5], 1], "Expected signal"),
        ("signal", "list of 6"),
    ],
    "L06-5": [(-562, "whole change"), (325.1, "sign"), (-0.0003251, "in MHz"), (-798.9, "wrong way round")],
}
