"""Build what a machine of Colab has, set the course up there as the lessons' cell does, and run lessons.

    python tests/colab_set.py build/colab-set [05 09 ...]
    python tests/colab_set.py --here [05 09 ...]          (in Colab's own image)

Python 3.13 and the packages of Colab in August 2026 go into a folder; nothing that is there may be replaced,
and pip may not complain of anything but blimpy's pin of pyparsing, which blimpy never imports. Then the
lessons, all without a number, are run there. It wants python3.13 and some minutes; a workflow does it weekly.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COLAB = [
    "numpy==2.1.3",
    "tensorflow==2.20.0",
    "keras==3.13.2",
    "numba==0.61.2",
    "scipy==1.16.3",
    "pandas==2.2.3",
    "scikit-learn==1.6.1",
    "pyarrow==18.1.0",
    "pyspark==4.0.2",
    "anywidget==0.9.21",
    "matplotlib==3.10.0",
    "ipywidgets==7.7.1",
    "pyparsing==3.2.5",
    "setuptools==75.2.0",
    "pydot>=4",
    "httplib2>=0.31",
    "astropy",
    "h5py",
    "pillow",
    "pooch",
    "lazy_loader",
    "requests",
    "tqdm",
    "sqlalchemy",
    "platformdirs",
    "psutil",
    "ipykernel",
    "nbclient",
]
# Nothing is compiled here; pyspark has no wheel, and nothing to compile.
WHEELS = ["--only-binary", ":all:", "--no-binary", "pyspark"]
KNOWN = re.compile(r"blimpy .*pyparsing", re.IGNORECASE)
RUN = """
import sys, nbformat
from nbclient import NotebookClient
NotebookClient(nbformat.read(sys.argv[1], as_version=4), timeout=600,
               resources={"metadata": {"path": sys.argv[2]}}).execute()
"""


def main():
    folder, numbers = Path(sys.argv[1]).resolve(), sys.argv[2:]
    here = sys.argv[1] == "--here"
    python = Path(sys.executable) if here else folder / "bin" / "python"
    if not python.exists():
        made = shutil.which("python3.13") or sys.exit("expected python3.13 on the path, found none")
        subprocess.run([made, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *WHEELS, *COLAB], check=True)
    before, complaints = state(python)
    pip_line = re.search(r"%pip (install .*)", cell()).group(1)
    arguments = re.findall(r'"[^"]*"|\S+', pip_line)
    arguments = [str(ROOT) if "git+" in argument else argument for argument in arguments]
    subprocess.run([python, "-m", "pip", *arguments], check=True)
    set_up = "from setilearn.course.colab import set_up_colab; set_up_colab()"
    subprocess.run([python, "-c", set_up], check=True, cwd=ROOT.parent)
    after, new_complaints = state(python)
    replaced = {name: (old, after.get(name)) for name, old in before.items() if after.get(name) != old}
    replaced.pop("setilearn", None)
    print("came:", ", ".join(f"{name} {after[name]}" for name in sorted(after.keys() - before.keys())))
    fresh = [line for line in new_complaints - complaints if not KNOWN.search(line)]
    if replaced or fresh:
        sys.exit(f"replaced: {replaced}; pip complains: {fresh}")
    for path in sorted((ROOT / "lessons").glob("[0-9]*.ipynb")):
        if not numbers or path.name[:2] in numbers:
            run(python, path)


def cell():
    """The set-up cell, the same in every lesson."""
    first = next((ROOT / "lessons").glob("00_*.ipynb"))
    return "".join(json.loads(first.read_text(encoding="utf-8"))["cells"][2]["source"])


def state(python):
    """What is installed, by name, and the lines of pip check."""
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True
    ).stdout
    check = subprocess.run([python, "-m", "pip", "check"], check=False, capture_output=True, text=True).stdout
    complaints = {line for line in check.splitlines() if "No broken" not in line}
    return {one["name"].lower(): one["version"] for one in json.loads(listed)}, complaints


def run(python, path):
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"SETILEARN_PROGRESS": f"{scratch}/progress.jsonl"}
        shutil.copy(path, scratch)
        done = subprocess.run(
            [python, "-c", RUN, Path(scratch, path.name), scratch],
            env=environment, check=False, capture_output=True, text=True,
        )  # fmt: skip
    print(path.stem, "ok" if done.returncode == 0 else "FAILS", flush=True)
    if done.returncode:
        sys.exit(done.stderr[-3000:])


if __name__ == "__main__":
    main()
