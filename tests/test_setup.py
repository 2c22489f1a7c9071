"""The ways in (make, conda, Binder, Colab, CI) agree with pyproject.toml and do what they say."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import setilearn
from setilearn.archive.stand_in import make_stand_in

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
URL = PROJECT["urls"]["Homepage"]
EXTRAS = PROJECT["optional-dependencies"]
REQUIREMENTS = [Requirement(line) for line in chain(PROJECT["dependencies"], *EXTRAS.values())]
PYTHONS = ["3.11", "3.12", "3.13"]


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


# --- one version, one set of Pythons, one set of pins


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert PROJECT["version"] == setilearn.__version__ == citation["version"]
    assert citation["repository-code"] == URL


def test_the_pythons_are_the_same_everywhere():
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert [f"3.{k}" for k in range(8, 20) if f"3.{k}.1" in allowed] == PYTHONS
    classifiers = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    assert classifiers == PYTHONS
    workflow = yaml.safe_load(text(".github/workflows/test.yml"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == PYTHONS
    assert "|".join(PYTHONS) in text("Makefile")


def pins():
    """(name, version) of every line of constraints.txt; a package may have one line for each Python."""
    pin = re.compile(r"([a-z0-9._-]+)==([0-9][a-z0-9.+]*)( ; .+)?")
    for line in text("constraints.txt").splitlines():
        match = pin.fullmatch(line)
        assert match, f"constraints.txt: expected 'name==version', found {line!r}"
        yield match[1], match[2]


def test_the_pins_are_plain_and_fit_every_requirement():
    versions = {}
    for name, version in pins():
        versions.setdefault(name, []).append(version)
    for requirement in REQUIREMENTS:
        name = requirement.name.lower().replace("_", "-")
        assert name in versions, f"constraints.txt has no pin for {requirement}"
        for version in versions[name]:
            assert version in requirement.specifier, f"{name} {version} is not what {requirement} asks for"


def test_the_environment_holds_together():
    run = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_colab_need_not_replace_what_it_has():
    """Its versions of August 2026: replacing one would ask for a restart, or break its other packages."""
    colab = {"numpy": "2.1.0", "matplotlib": "3.10.0", "ipywidgets": "7.7.1", "tensorflow": "2.20.0"}
    for requirement in REQUIREMENTS:
        if requirement.name in colab:
            assert colab[requirement.name] in requirement.specifier


def test_the_wheel_holds_all_of_the_package(tmp_path):
    source = tmp_path / "source"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "setilearn", source / "setilearn", ignore=ignore)
    for name in ["pyproject.toml", "README.md", "LICENSE"]:
        shutil.copy(ROOT / name, source)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(*tmp_path.glob("*.whl")) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("setilearn/")}
    files = (source / "setilearn").rglob("*")
    assert packed == {path.relative_to(source).as_posix() for path in files if path.is_file()}


# --- conda and Binder


@pytest.mark.parametrize("path", ["environment.yml", "binder/environment.yml"])
def test_conda_brings_python_alone(path):
    """A package named here too would be a second bound to keep in step."""
    environment = yaml.safe_load(text(path))
    python, pip, *rest = environment["dependencies"]
    assert python == "python=3.12"
    assert pip == "pip"
    assert environment["channels"] == ["conda-forge"]
    assert rest == (
        [{"pip": ["-c constraints.txt", "-e .[lab,ml,spark,mysql]"]}] if path == "environment.yml" else []
    )
    assert {"lab", "ml", "spark", "mysql"} <= set(EXTRAS)


def test_binder_installs_the_package_with_the_pins():
    assert "python -m pip install --no-cache-dir -c constraints.txt -e '.[ml]'\n" in text("binder/postBuild")


def test_binder_compiles_the_search_before_anyone_waits_for_it():
    """The line of the script runs, and finds nothing in noise."""
    (line,) = re.findall(r'^python -c "(import setilearn.*)"$', text("binder/postBuild"), re.MULTILINE)
    assert "search_drift" in line
    subprocess.run([sys.executable, "-c", line], check=True, cwd=ROOT)


def test_a_devcontainer_is_set_up_by_the_makefile_with_a_python_that_the_package_allows():
    container = json.loads(text(".devcontainer/devcontainer.json"))
    version = container["image"].rpartition(":")[2]
    assert version in SpecifierSet(PROJECT["requires-python"])
    assert container["postCreateCommand"] == "make lab LAB_ARGS=--version"


def test_binder_would_do_what_its_folder_says(tmp_path):
    """repo2docker, without docker, writes the recipe of the image that Binder would build."""
    for name in ["pyproject.toml", "environment.yml"]:
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "binder", tmp_path / "binder")
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    recipe = run.stdout + run.stderr
    assert "Building conda environment for python=3.12" in recipe
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"' in recipe
    assert "binder/postBuild" in recipe
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in recipe


@pytest.mark.skipif(os.name == "nt", reason="Binder runs Linux")
def test_binder_start_hands_over_to_the_server():
    run = subprocess.run(
        [ROOT / "binder/start", "sh", "-c", 'echo "$NUMBA_NUM_THREADS" "$1"', "-", "a b"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "1 a b\n"


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
@pytest.mark.parametrize("path", ["binder/postBuild", "binder/start", ".ci/run"])
def test_scripts_are_executable_bash(path):
    assert os.access(ROOT / path, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / path], check=True)


def test_ci_runs_what_everybody_runs():
    assert text(".ci/run").rstrip().endswith("\nmake test")
    steps = yaml.safe_load(text(".github/workflows/test.yml"))["jobs"]["test"]["steps"]
    assert "make test PYTHON=python" in [step.get("run") for step in steps]


def test_pre_commit_knows_its_hooks():
    command = [sys.executable, "-m", "pre_commit", "validate-config", ".pre-commit-config.yaml"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


# --- the Makefile, with stand-ins for python that tell what they were asked

FAKE_PYTHON = """\
#!/bin/sh
echo "{name} $*" >> "{log}"
case "$*" in
  "-c import sys; print"*) echo {version};;
  "-c import ensurepip"*) exit {venv_missing};;
  "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python;;
  "-m pip install"*) test ! -e pip-fails;;
esac
"""


@pytest.fixture
def checkout(tmp_path):
    """A folder, with a space in its name, that has what the Makefile reads, and no Python on its path."""
    if shutil.which("make") is None:
        pytest.skip("there is no make on this machine")
    folder = tmp_path / "a student's copy"
    folder.mkdir()
    for name in ["Makefile", "pyproject.toml", "constraints.txt"]:
        shutil.copy(ROOT / name, folder)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ["make", "sh", "cat", "cp", "echo", "find", "mkdir", "rm", "test", "touch"]:
        (tools / name).symlink_to(shutil.which(name))
    return Checkout(folder, tools, tmp_path / "log")


class Checkout:
    def __init__(self, folder, tools, log):
        self.folder, self.tools, self.log = folder, tools, log

    def add_python(self, name, version, *, venv=True):
        script = FAKE_PYTHON.format(name=name, version=version, venv_missing=int(not venv), log=self.log)
        (self.tools / name).write_text(script)
        (self.tools / name).chmod(0o755)

    def make(self, *arguments):
        """Run make; return its result and the lines that the Pythons were asked meanwhile."""
        self.log.write_text("")
        environment = {"PATH": str(self.tools), "HOME": str(self.folder)}
        run = subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return run, self.log.read_text().splitlines()

    def installs(self, *arguments):
        """Run make, which has to succeed; return what it asked pip to install."""
        run, asked = self.make(*arguments)
        assert run.returncode == 0, run.stderr
        return [line.partition(" -e ")[2] for line in asked if "-m pip install" in line]


def test_make_sets_up_once_and_again_when_the_pins_change(checkout):
    checkout.add_python("python3", "3.12")
    assert checkout.installs("test") == [".[lab,ml,spark,mysql,test]"]
    assert checkout.installs("test") == []
    assert checkout.installs("lab") == []
    pins = checkout.folder / "constraints.txt"
    later = pins.stat().st_mtime + 60
    os.utime(pins, (later, later))
    assert checkout.installs("lab") == [".[lab,ml,spark,mysql]"]


def test_make_lab_fetches_the_data_and_opens_the_first_lesson(checkout):
    checkout.add_python("python3", "3.12")
    _, asked = checkout.make("lab", "LAB_ARGS=--no-browser")
    assert [line.partition(" ")[2] for line in asked[-3:]] == [
        "data_fetch.py voyager1",
        "-m setilearn.course copies my_lessons",
        "-m jupyter lab --LabApp.default_url=/lab/tree/my_lessons/00_start_here.ipynb --no-browser",
    ]


def test_make_takes_the_newest_python_that_runs(checkout):
    checkout.add_python("python3.12", "3.12")
    checkout.add_python("python3", "3.11")
    (checkout.tools / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (checkout.tools / "python3.13").chmod(0o755)
    run, _ = checkout.make("test")
    assert "Making .venv with python3.12 (3.12)." in run.stdout


@pytest.mark.parametrize(
    ("python", "found"),
    [
        ({"version": "3.10"}, "python3 (3.10)"),
        ({"version": "3.14"}, "python3 (3.14)"),
        ({"version": "3.12", "venv": False}, "python3 (3.12, without venv: install python3.12-venv)"),
        (None, "no Python that runs"),
    ],
)
def test_make_says_which_pythons_it_found_and_needs(checkout, python, found):
    if python:
        checkout.add_python("python3", **python)
    run, _ = checkout.make("lab")
    assert run.returncode != 0
    assert f"needs Python 3.11, 3.12 or 3.13; found: {found}" in run.stderr
    assert not (checkout.folder / ".venv").exists()


def test_make_takes_the_python_it_is_told_or_none(checkout):
    checkout.add_python("python3", "3.12")
    checkout.add_python("other", "3.10")
    run, _ = checkout.make("lab", "PYTHON=other")
    assert "found: other (3.10)" in run.stderr


def test_a_failed_first_installation_is_begun_anew(checkout):
    checkout.add_python("python3", "3.12")
    (checkout.folder / "pip-fails").touch()
    assert checkout.make("test")[0].returncode != 0
    (checkout.folder / "pip-fails").unlink()
    run, _ = checkout.make("test")
    assert run.returncode == 0
    assert "Making .venv" in run.stdout


def test_a_failed_update_is_tried_again_without_losing_the_environment(checkout):
    checkout.add_python("python3", "3.12")
    checkout.installs("lab")
    (checkout.folder / "pip-fails").touch()
    assert checkout.make("test")[0].returncode != 0
    (checkout.folder / "pip-fails").unlink()
    run, asked = checkout.make("test")
    assert "Making .venv" not in run.stdout
    assert any("-m pip install" in line for line in asked)


def test_an_environment_that_was_moved_or_lost_its_python_is_made_anew(checkout):
    checkout.add_python("python3", "3.12")
    checkout.installs("lab")
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))
    assert checkout.installs("lab") == [".[lab,ml,spark,mysql]"]
    (checkout.folder / ".venv/bin/python").unlink()
    assert checkout.installs("lab") == [".[lab,ml,spark,mysql]"]


def test_make_clean_leaves_nothing_that_make_made(checkout):
    checkout.add_python("python3", "3.12")
    for name in ["setilearn", "tests", "lessons", "benchmarks", "docs"]:
        (checkout.folder / name).mkdir()
    (checkout.folder / "tests/__pycache__").mkdir()
    before = {path for path in checkout.folder.rglob("*") if path.name != "__pycache__"}
    checkout.installs("test")
    assert checkout.make("clean")[0].returncode == 0
    assert set(checkout.folder.rglob("*")) == before


# --- what is written


def test_the_readme_gives_the_commands_and_the_public_address():
    readme = text("README.md")
    name = URL.removeprefix("https://github.com/")
    assert readme.index("make lab") < readme.index("make test") < readme.index("py -3.12")
    for link in [
        f"git clone {URL} ",
        f"https://mybinder.org/v2/gh/{name}/HEAD?labpath=lessons/00_start_here.ipynb",
        f"https://colab.research.google.com/github/{name}/blob/v{PROJECT['version']}/lessons/00_start_here.ipynb",
        f"{URL}/actions/workflows/test.yml/badge.svg",
    ]:
        assert link in readme
    assert set(re.findall(r"https://github\.com/[\w-]+/[\w-]+", readme)) == {URL}


def test_every_local_link_leads_somewhere():
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text("README.md") + text("CONTRIBUTING.md"))
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_extras_named_in_the_readme_exist():
    named = re.findall(r"\.\[([a-z,]+)\]", text("README.md") + text("Makefile") + text("environment.yml"))
    assert named
    assert {extra for group in named for extra in group.split(",")} <= set(EXTRAS)


def test_the_code_of_the_readme_runs(monkeypatch):
    path = make_stand_in("voyager1", 8192)
    monkeypatch.setattr(setilearn, "fetch", {"voyager1": path}.__getitem__, raising=False)
    for block in re.findall(r"```python\n(.*?)```", text("README.md"), re.DOTALL):
        exec(compile(block, "README.md", "exec"), {})


def test_every_benchmark_is_listed():
    listed = set(re.findall(r"python (benchmarks/\w+\.py)", text("benchmarks/README.md")))
    assert listed == {path.relative_to(ROOT).as_posix() for path in ROOT.glob("benchmarks/bench_*.py")}
