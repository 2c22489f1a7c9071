"""What the lessons cost, run from top to bottom as a student finds them: seconds and peak memory of each.

    python benchmarks/bench_lessons.py [lessons/01_reading_filterbanks.ipynb ...]

Each lesson runs in a process of its own, whose children are the notebook's kernel and what that starts;
the largest of them is the peak (Linux and macOS). Budgets: 60 s and 700 MB for a lesson, 120 s and 1.2 GB
where it imports TensorFlow, 9 minutes for the course.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COURSE_BUDGET_MIN = 9

RUN_ONE = """
import resource, sys
from pathlib import Path
import nbformat
from nbclient import NotebookClient
path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}}).execute()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def run(path):
    """Seconds and peak MB of one lesson."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"SETILEARN_PROGRESS": str(Path(scratch, "progress.json"))}
        command = [sys.executable, "-c", RUN_ONE, str(path)]
        output = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout
    per_mb = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux kilobytes
    return time.perf_counter() - start, int(output) / per_mb


def budget(path):
    """Seconds and MB that a lesson may take."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return (120, 1200) if "import keras" in code else (60, 700)


def main():
    named = [Path(name).resolve() for name in sys.argv[1:]]
    total_s = 0.0
    for path in named or sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb")):
        seconds, megabytes = run(path)
        total_s += seconds
        kept = seconds <= budget(path)[0] and megabytes <= budget(path)[1]
        print(f"{path.stem:<32}{seconds:7.1f} s {megabytes:7.0f} MB   {'' if kept else 'OVER ITS BUDGET'}")
    kept = total_s <= 60 * COURSE_BUDGET_MIN
    print(f"The course: {total_s / 60:.1f} of at most {COURSE_BUDGET_MIN} minutes{'' if kept else ': OVER'}.")


if __name__ == "__main__":
    main()
