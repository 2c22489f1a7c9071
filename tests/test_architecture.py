"""The house rules of the package: who may import whom, and what `import setilearn` may cost.

Every import in the source counts, at the top of a module or inside a function, absolute, relative
or by a literal `import_module("name")`; and so does a `load_keras()` that runs when a module is imported.
"""

import ast
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import setilearn
from setilearn import errors

PACKAGE = Path(setilearn.__file__).parent

# part -> the parts it may import. A part may always import itself.
DATA = {"errors", "spectrogram", "tables", "telescope", "tracks", "noise", "whole_file"}
SEARCH = DATA | {"observe", "search"}
ALLOWED = {
    "errors": set(),
    "spectrogram": {"errors"},
    "tables": set(),
    "telescope": set(),
    "tracks": {"spectrogram"},
    "noise": {"errors", "telescope"},
    "whole_file": set(),
    "observe": DATA,
    "search": DATA | {"observe"},
    "learn": SEARCH,
    "database": SEARCH,
    "distributed": SEARCH | {"database"},
    "show": SEARCH,
    "course": SEARCH | {"learn", "database", "distributed", "show"},
}
# Modules with a rule of their own, which may name modules as well.
ALLOWED_MODULES = {
    "show.figure": DATA,
    "show.waterfall_plots": DATA | {"show.figure"},
    "show.image_plots": DATA | {"show"},
    "show.survey_plots": DATA | {"show"},
    "show.training_plots": DATA | {"show"},
    "show.live_curve": DATA | {"show", "learn.keras_loader"},
    "show.explorer": DATA | {"observe", "database", "show"},
    "show.hit_explorer": DATA | {"observe", "database", "show"},
}

# heavy library -> the modules, or the parts, it may be imported in
HOMES = {
    "blimpy": {"observe.filterbank"},
    "h5py": {"observe.filterbank"},
    "hdf5plugin": {"observe.filterbank"},
    # The other two have classes that Keras calls: importing them imports Keras.
    "keras": {"learn.keras_loader", "learn.batches", "show.live_curve"},
    "tensorflow": {"learn.keras_loader"},
    "sqlalchemy": {"database"},
    "pyspark": {"distributed"},
    "ipywidgets": {"show.widget", "course"},
    "anywidget": {"show.widget", "course"},
}

HEAVY = [*HOMES, "matplotlib", "numba", "pandas", "requests", "pooch", "scipy"]


def module_name(path, package):
    """'observe.simulate' of observe/simulate.py, 'observe' of observe/__init__.py, '' of __init__.py."""
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(path, package):
    """(line, dotted name) of every import in a file; names of the package itself start with 'setilearn'."""
    here = ("setilearn", *filter(None, module_name(path, package).split(".")))
    return names_in(path.read_text(encoding="utf-8"), here, path.name == "__init__.py")


@cache  # the package is looked through again and again, with one file changed
def names_in(source, here, is_package):
    tree = ast.parse(source)
    found = [(line, "keras") for line in loads_keras(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            up = node.level - is_package
            base = here[: len(here) - up] if node.level else ()
            start = ".".join([*base, *filter(None, [node.module])])
            found += [(node.lineno, f"{start}.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.Call) and function_name(node) in {"import_module", "__import__"}:
            found += [
                (node.lineno, str(name.value)) for name in node.args[:1] if isinstance(name, ast.Constant)
            ]
    return found


def loads_keras(node):
    """Lines of the calls of `load_keras` outside of any function's body: they run at the import."""
    if isinstance(node, ast.Call) and function_name(node) == "load_keras":
        yield node.lineno
    is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    body = node.body if isinstance(getattr(node, "body", None), list) else [getattr(node, "body", None)]
    for child in ast.iter_child_nodes(node):
        if not (is_function and child in body):
            yield from loads_keras(child)


def function_name(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def fault(module, name):
    """What is wrong with `module` importing `name`, or None."""
    top, _, rest = name.partition(".")
    if top in HOMES:
        at_home = any(module == home or module.startswith(f"{home}.") for home in HOMES[top])
        return None if at_home else f"{top} may be imported in {sorted(HOMES[top])} only"
    if top != "setilearn" or rest == "__version__":
        return None
    part, target = module.partition(".")[0], rest.partition(".")[0]
    allowed = ALLOWED_MODULES.get(module, ALLOWED[part] | {part})
    if any(f"{rest}.".startswith(f"{name}.") for name in allowed):
        return None
    if target in ALLOWED:
        return f"{module} may import {sorted(allowed)} only, not {rest}"
    return f"import from the module that defines it, not from setilearn itself: {name}"


def violations(package):
    """One line for each import that breaks a rule, and for each file that no rule knows."""
    found = []
    for path in sorted(package.rglob("*.py")):
        module = module_name(path, package)
        if module and module.partition(".")[0] not in ALLOWED:
            found.append(f"{path.name}: the house has no place for {module}")
            continue
        for line, name in imported_names(path, package):
            wrong = (
                "the package itself imports nothing eagerly"
                if not module and name.startswith("setilearn")
                else None
            )
            wrong = wrong or (fault(module, name) if module or name.partition(".")[0] in HOMES else None)
            if wrong:
                found.append(f"{path.relative_to(package).as_posix()}:{line}: {wrong}")
    return found


def test_imports_go_downwards_and_heavy_libraries_stay_at_home():
    assert violations(PACKAGE) == []


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("observe/simulate.py", "from setilearn.show.waterfall_plots import plot_waterfall", "not show"),
        ("observe/simulate.py", "from ..course import exercises", "not course"),
        ("observe/__init__.py", "from ..show import waterfall_plots", "not show"),
        ("observe/simulate.py", "def f():\n    from setilearn import search\n", "not search"),
        ("observe/simulate.py", "import setilearn.learn.images", "not learn"),
        ("search/hits.py", "from setilearn.database import save_hits", "not database"),
        ("database.py", "from setilearn.distributed import search_files", "not distributed"),
        ("show/waterfall_plots.py", "from setilearn.observe.filterbank import read_header", "not observe"),
        ("show/explorer.py", "from setilearn.search.hits import find_hits", "not search"),
        ("spectrogram.py", "from .tables import HITS", "not tables"),
        ("course/lesson_07.py", "def check():\n    import h5py\n", "h5py may be imported in"),
        ("observe/simulate.py", "import blimpy.waterfall", "blimpy may be imported in"),
        ("learn/images.py", "from tensorflow import keras", "tensorflow may be imported in"),
        ("learn/images.py", "from importlib import import_module\nimport_module('keras')", "keras may be"),
        ("learn/networks.py", "keras = load_keras()", "keras may be imported in"),
        ("learn/metrics.py", "class A(load_keras().Model):\n    pass", "keras may be imported in"),
        ("learn/metrics.py", "def f(keras=load_keras()):\n    pass", "keras may be imported in"),
        ("show/live_curve.py", "from setilearn.learn.metrics import Evaluation", "not learn.metrics"),
        ("show/live_curve.py", "from setilearn import learn", "not learn"),
        (
            "show/live_curve.py",
            "from setilearn.learn.keras_loader_old import load_keras",
            "not learn.keras_loader_old",
        ),
        (
            "show/training_plots.py",
            "from setilearn.learn.keras_loader import load_keras",
            "not learn.keras_loader",
        ),
        ("show/waterfall_plots.py", "import ipywidgets", "ipywidgets may be imported in"),
        ("show/explorer.py", "import anywidget", "anywidget may be imported in"),
        ("search/hits.py", "from setilearn import read_header", "not from setilearn itself"),
        ("__init__.py", "from .observe.filterbank import read_header", "imports nothing eagerly"),
        ("__init__.py", "import h5py", "h5py may be imported in"),
        ("helpers.py", "import math", "no place for helpers"),
    ],
)
def test_a_violation_is_caught(tmp_path, file, source, complaint):
    package = tmp_path / "setilearn"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    path = package / file
    path.parent.mkdir(exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{source}\n", encoding="utf-8")
    (found,) = violations(package)
    assert found.startswith(file.rpartition("/")[2] if file == "helpers.py" else f"{file}:")
    assert complaint in found


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("learn/keras_loader.py", "def load_keras():\n    import keras\n"),
        ("learn/batches.py", "class Batches(load_keras().utils.PyDataset):\n    pass\n"),
        ("show/live_curve.py", "from setilearn.learn.keras_loader import load_keras\nload_keras().callbacks"),
        ("show/live_curve.py", "from setilearn.learn import keras_loader"),
        ("learn/networks.py", "def f():\n    return load_keras().layers\ng = lambda: load_keras()\n"),
        ("course/lesson_07.py", "from setilearn.search.drift import search_drift\nimport ipywidgets"),
        ("show/explorer.py", "from setilearn.observe import filterbank"),
        ("show/hit_explorer.py", "from setilearn.database import load_hits"),
        ("show/widget.py", "import anywidget"),
        ("database.py", "import sqlalchemy\nfrom .tables import HITS"),
        ("course/lesson_00.py", "from setilearn import __version__"),
    ],
)
def test_what_the_rules_allow_passes(tmp_path, file, source):
    path = tmp_path / "setilearn" / file
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert violations(tmp_path / "setilearn") == []


def test_no_private_name_crosses_modules():
    found = [
        f"{path.relative_to(PACKAGE).as_posix()}:{line}: {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, name in imported_names(path, PACKAGE)
        if name.rpartition(".")[2].startswith("_") and not name.endswith("__")  # the blank is ____
    ]
    assert found == []


def test_every_error_is_of_the_packages_own_kind():
    defined = [
        f"{path.relative_to(PACKAGE).as_posix()}: {node.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    ]
    # The reader of a file turns this one into a `FilterbankError` that names the file.
    assert [name for name in defined if not name.startswith("errors.py")] == [
        "observe/sigproc.py: SigprocError"
    ]
    kinds = [kind for name, kind in vars(errors).items() if name.endswith("Error")]
    assert all(issubclass(kind, errors.SetilearnError) for kind in kinds)


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, setilearn; dir(setilearn); print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("name", setilearn.__all__)
def test_every_public_name_resolves(name):
    value = getattr(setilearn, name)
    assert value.__name__ == name
    assert value.__doc__
    assert name in dir(setilearn)


def test_an_unknown_name_is_named_in_the_error():
    with pytest.raises(AttributeError, match="'setilearn' has no attribute 'read_heder'"):
        setilearn.read_heder  # noqa: B018
