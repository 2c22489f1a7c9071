"""What the course needs on this computer, and what it finds there."""

import os
import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version

# What is wanted, and which lessons would miss it.
PACKAGES = {
    "numpy": "every lesson",
    "matplotlib": "every lesson",
    "blimpy": "lesson 01",
    "h5py": "lesson 01",
    "ipywidgets": "the interactive pictures",
    "anywidget": "the interactive pictures",
    "jupyterlab": "working in JupyterLab",
    "scikit-learn": "lessons 10 and 13",
    "tensorflow": "lessons 11 and 12",
    "pyspark": "lesson 14",
}


def set_up_report():
    """Table of what the course needs: name, what was found, and ``ok`` or what to do about it."""
    import pandas as pd

    rows = [("Python", platform.python_version(), "ok")]
    rows += [(name, *_look_for(name, wanted_by)) for name, wanted_by in PACKAGES.items()]
    rows.append(("Java", *_look_for_java()))
    rows.append(("Voyager 1 recording", *_look_for_voyager()))
    return pd.DataFrame(rows, columns=["what", "found", "verdict"]).set_index("what")


def _look_for(name, wanted_by):
    try:
        return version(name), "ok"
    except PackageNotFoundError:
        if name == "jupyterlab" and "google.colab" in sys.modules:
            return "not needed in Colab", "ok"
        return "nothing", f"missing for {wanted_by}: %pip install {name}"


def _look_for_java():
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return "a Java", "ok"
    return "nothing", "missing for Spark in lesson 14, which goes on without"


def _look_for_voyager():
    from setilearn.archive.fetch import find

    if find("voyager1"):
        return "the real file", "ok"
    return "a simulated stand-in will do", "ok"
