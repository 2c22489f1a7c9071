"""The house rules of the package: who may import whom, and what `import setilearn` may cost.

Who may import whom stands in pyproject.toml, as contracts of import-linter. What that tool does not see is
looked at here: a module named to `import_module`, and a `load_keras()` that runs when a module is imported.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import setilearn
from setilearn import errors
from setilearn.show.explorer import widget

PACKAGE = Path(setilearn.__file__).parent
CONFIGURATION = PACKAGE.parent / "pyproject.toml"

# Classes that Keras calls: importing these two modules imports Keras.
LOADS_KERAS = {"learn/batches.py", "show/live_curve.py"}
HEAVY = {"blimpy", "h5py", "hdf5plugin", "keras", "tensorflow", "sqlalchemy", "pyspark", "ipywidgets"}
HEAVY |= {"anywidget", "matplotlib", "numba", "numpy", "pandas", "requests", "pooch", "scipy", "sklearn"}


def trees(package=PACKAGE):
    """(name such as ``search/drift.py``, syntax tree) of each module."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def lint_imports(folder):
    """What import-linter says of the package in a folder, by the contracts of pyproject.toml."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    run = subprocess.run(
        [sys.executable, "-c", code, "--no-cache", str(CONFIGURATION)],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_imports_go_downwards_and_heavy_libraries_stay_at_home():
    code, said = lint_imports(PACKAGE.parent)
    assert code == 0, said
    assert "7 kept, 0 broken" in said


def test_each_kind_of_violation_is_caught(tmp_path):
    """One of each in one copy of the package: import-linter takes seconds a run."""
    package = tmp_path / "setilearn"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, source in {
        "simulate/tones.py": "def f():\n    from setilearn import search\n",
        "read/fil.py": "import setilearn.simulate.noise",
        "search/threshold.py": "import h5py",
        "store/scans.py": "from blimpy import Waterfall",
        "learn/metrics.py": "import keras",
        "events/survey.py": "import sqlalchemy",
        "search/drift.py": "import pyspark",
        "show/figure.py": "import ipywidgets",
    }.items():
        path = package / file
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{source}\n", encoding="utf-8")
    (package / "helpers.py").write_text("import math\n", encoding="utf-8")
    code, said = lint_imports(tmp_path)
    assert code != 0
    assert "0 kept, 7 broken" in said, said
    for what in ("setilearn.simulate.tones -> setilearn.search", "setilearn.read.fil -> setilearn.simulate"):
        assert what in said


def modules_named(tree):
    """(line, name) of each module that is imported by a literal name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            yield from (
                (node.lineno, str(name.value)) for name in node.args[:1] if isinstance(name, ast.Constant)
            )


def called(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def loads_keras(node):
    """Lines of the calls of `load_keras` outside of any function's body: they run at the import."""
    if isinstance(node, ast.Call) and called(node) == "load_keras":
        yield node.lineno
    is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    body = node.body if isinstance(getattr(node, "body", None), list) else [getattr(node, "body", None)]
    for child in ast.iter_child_nodes(node):
        if not (is_function and child in body):
            yield from loads_keras(child)


def test_no_module_is_imported_by_its_name_but_the_lessons():
    found = [f"{file}:{line}: {name}" for file, tree in trees() for line, name in modules_named(tree)]
    assert [name for name in found if not name.endswith(": setilearn.course")] == []


def test_only_classes_that_keras_calls_load_it_at_the_import():
    assert {file for file, tree in trees() if list(loads_keras(tree))} == LOADS_KERAS


@pytest.mark.parametrize(
    ("source", "n_loads"),
    [
        ("keras = load_keras()", 1),
        ("class A(load_keras().Model):\n    pass", 1),
        ("def f(keras=load_keras()):\n    pass", 1),
        ("@load_keras().saving.register\ndef f():\n    pass", 1),
        ("def f():\n    return load_keras().layers\ng = lambda: load_keras()", 0),
    ],
)
def test_what_runs_at_the_import_is_told_from_what_does_not(source, n_loads):
    assert len(list(loads_keras(ast.parse(source)))) == n_loads


def test_no_private_name_crosses_modules():
    found = [
        f"{file}:{node.lineno}: {alias.name}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("setilearn")
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.endswith("__")  # the blank is ____
    ]
    assert found == []


def test_every_error_is_of_the_packages_own_kind():
    defined = [
        f"{file}: {node.name}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith("Error")
    ]
    # The reader of a file turns this one into a `FilterbankError` that names the file.
    assert [name for name in defined if not name.startswith("errors.py")] == ["read/sigproc.py: SigprocError"]
    kinds = [kind for name, kind in vars(errors).items() if name.endswith("Error")]
    assert all(issubclass(kind, errors.SetilearnError) for kind in kinds)


def test_sql_stands_in_the_store_alone():
    """As a text: by SQLAlchemy the contracts keep it there."""
    sql = re.compile(r"\b(SELECT\b.*\bFROM|INSERT INTO|DELETE FROM|UPDATE \w+ SET|JOIN \w+ ON)\b", re.DOTALL)
    found = [
        f"{file}:{node.lineno}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and sql.search(node.value)
        # Exercises show it, and ask for it.
        if not file.startswith(("store/", "course/"))
    ]
    assert found == []


def test_javascript_is_sound():
    """By oxlint, a program of its own that comes as a Python package; .oxlintrc.json has the rules."""
    program = shutil.which("oxlint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("no oxlint: it comes with the extra test")
    run = subprocess.run(
        [program, "--deny-warnings", "setilearn"],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_one_script_is_made_of_the_modules():
    for names in (("widget.js", "waterfall.js"), ("widget.js", "hits.js")):
        script = widget.source(*names)
        assert not re.search(r"^import\b", script, re.MULTILINE)
        assert script.count("export default") == 1
        declared = re.findall(r"^(?:export )?(?:function|class|const) (\w+)", script, re.MULTILINE)
        assert len(declared) == len(set(declared))


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, setilearn; dir(setilearn); print(*sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("name", setilearn.__all__)
def test_every_public_name_resolves(name):
    value = getattr(setilearn, name)
    assert value.__name__ == name
    assert value.__doc__
    assert name in dir(setilearn)


def test_an_unknown_name_is_named_in_the_error():
    with pytest.raises(AttributeError, match="read_heder"):
        setilearn.read_heder  # noqa: B018
