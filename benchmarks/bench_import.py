"""What `import setilearn` costs, against its budget of 0.3 s and against the libraries it puts off: seconds.

    python benchmarks/bench_import.py

Each import runs in a fresh interpreter; median of alternating runs, the bare start of Python taken off.
"""

import statistics
import subprocess
import sys
import time

RUNS = 9
BUDGET_S = 0.3
STATEMENTS = [
    "pass",
    "import setilearn",
    "import numpy",
    "import matplotlib.pyplot",
    "import h5py",
    "import blimpy",
]


def seconds(statement):
    start = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", statement], check=True, capture_output=True)
    return time.perf_counter() - start


def main():
    times = {statement: [] for statement in STATEMENTS}
    for _ in range(RUNS):
        for statement in STATEMENTS:
            times[statement].append(seconds(statement))
    medians = {statement: statistics.median(values) for statement, values in times.items()}
    for statement in STATEMENTS[1:]:
        print(f"{statement:<28}{max(0, medians[statement] - medians['pass']):6.3f} s")
    cost = medians["import setilearn"] - medians["pass"]
    print(f"Budget {BUDGET_S} s: {'kept' if cost <= BUDGET_S else 'EXCEEDED'}.")


if __name__ == "__main__":
    main()
