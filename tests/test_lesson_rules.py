"""What every lesson notebook keeps to, and the README's table of lessons with it.

A rule is a function of one notebook that yields its complaints; each is also shown a notebook that breaks it.
"""

import ast
import copy
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).parents[1]
URL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Homepage"]
TAG = "v" + tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
OWNER_AND_NAME = URL.removeprefix("https://github.com/")
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))

SETUP_TAG = "colab-setup"
MAX_LINES = 10
MIN_EXERCISES = 3
BEGINNING = 5
FIGURE_CALLS = {"explore", "hist", "imshow", "pcolormesh", "scatter", "step", "subplots"}


def read(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def tags(cell):
    return cell["metadata"].get("tags", [])


def code_cells(notebook):
    """(number, cell) of each code cell that a student works with: the set-up for Colab is none."""
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code" and SETUP_TAG not in tags(cell):
            yield number, cell


def tree_of(source):
    """The cell's syntax tree, magics turned into the calls that IPython makes of them."""
    return ast.parse(TransformerManager().transform_cell(source))


def called_names(source):
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.Call):
            function = node.func
            yield function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def beginning(notebook):
    cells = notebook["cells"][:BEGINNING]
    return "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")


def title(notebook):
    """The lesson's title without its number: 'Start here' of '# Lesson 00: Start here'."""
    heading = re.search(r"^# (.+)$", beginning(notebook), re.MULTILINE)
    return re.sub(r"^(Lesson )?\d\d\W+", "", heading[1]).strip() if heading else None


def minutes(notebook):
    found = re.search(r"(\d+) minutes", beginning(notebook))
    return int(found[1]) if found else None


# --- the rules


def is_committed_clean(notebook, path):
    """No outputs, no execution counts, an id for each cell, the plain Python kernel."""
    for number, cell in enumerate(notebook["cells"]):
        if cell.get("outputs") or cell.get("execution_count"):
            yield f"cell {number} has outputs or a count: run nbstripout"
    ids = [cell.get("id") for cell in notebook["cells"]]
    if not all(ids) or len(set(ids)) < len(ids) or notebook["nbformat_minor"] < 5:
        yield "each cell needs an id of its own (notebook format 4.5)"
    if notebook["metadata"].get("kernelspec", {}).get("name") != "python3":
        yield "the kernel has to be 'python3'"


def has_badges_first(notebook, path):
    """The first cell opens this very notebook on Binder and on Colab."""
    first = unquote(notebook["cells"][0]["source"])
    for link in badge_links(f"lessons/{path.name}"):
        if link not in first:
            yield f"the first cell lacks the link {link}"


def badge_links(path):
    return (
        f"https://mybinder.org/v2/gh/{OWNER_AND_NAME}/HEAD?labpath={path}",
        f"https://colab.research.google.com/github/{OWNER_AND_NAME}/blob/{TAG}/{path}",
    )


def sets_up_colab_below_the_title(notebook, path):
    """The third cell, folded, installs the released package in Colab, and elsewhere does nothing."""
    cell = notebook["cells"][2]
    if cell["cell_type"] != "code" or SETUP_TAG not in tags(cell):
        yield f"the third cell has to be code tagged {SETUP_TAG!r}"
        return
    if not (cell["metadata"].get("cellView") == "form" and cell["metadata"]["jupyter"]["source_hidden"]):
        yield "the set-up cell is not folded"
    if f'--no-deps blimpy hdf5plugin "setilearn @ git+{URL}@{TAG}"' not in cell["source"]:
        yield f"the set-up cell does not install, without dependencies, from git+{URL}@{TAG}"
    for statement in tree_of(cell["source"]).body:
        guard = ast.unparse(statement.test) if isinstance(statement, ast.If) else None
        guarded = guard == "'google.colab' in sys.modules" and not statement.orelse
        if not guarded and ast.unparse(statement) not in ("import sys", "keep_in_my_drive = False"):
            yield f"outside Colab the set-up cell would run: {ast.unparse(statement)}"


def says_what_it_asks(notebook, path):
    """Title, goals, minutes and what one needs to know stand at the beginning."""
    text = beginning(notebook)
    if not title(notebook):
        yield "no title"
    if minutes(notebook) is None:
        yield "the beginning does not say how many minutes it takes"
    for what, words in {
        "goals": r"goal|you will",
        "prerequisites": r"need to know|prerequisite|you need",
    }.items():
        if not re.search(words, text, re.IGNORECASE):
            yield f"the beginning does not state the {what}"


def says_what_you_can_do_now(notebook, path):
    last = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"][-1]
    if not re.search(r"^#+ .*what you can do now", last, re.IGNORECASE | re.MULTILINE):
        yield "the last text cell needs a heading 'What you can do now'"


def has_short_cells(notebook, path):
    for number, cell in code_cells(notebook):
        lines = len(cell["source"].strip().splitlines())
        if lines > MAX_LINES:
            yield f"cell {number} has {lines} lines of code, at most {MAX_LINES} are allowed"


def runs_everywhere(notebook, path):
    """Nothing that nbmake, Colab or Voila cannot run."""
    for number, cell in code_cells(notebook):
        for line in cell["source"].splitlines():
            if re.match(r"\s*(!|%pip|%conda|%matplotlib\s+(widget|ipympl|notebook))", line):
                yield f"cell {number}: {line.strip()!r} does not run everywhere"
        if "input" in called_names(cell["source"]):
            yield f"cell {number} calls input(), which stops a run without a person"


def has_checked_exercises(notebook, path):
    """At least three; each has a blank and ends in its own check(...); no check stands anywhere else."""
    found = []
    for number, cell in code_cells(notebook):
        last = (tree_of(cell["source"]).body or [None])[-1]
        call = last.value if isinstance(last, ast.Expr) else None
        checks = isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "check"
        if "exercise" not in tags(cell):
            if "check" in called_names(cell["source"]):
                yield f"cell {number} calls check() and is not tagged 'exercise'"
            continue
        if not checks:
            yield f"cell {number}: an exercise ends in check(...)"
            continue
        if "____" not in cell["source"]:
            yield f"cell {number}: an exercise has a blank ____"
        found.append(call.args[0].value)
    expected = [f"L{path.name[:2]}-{k}" for k in range(1, len(found) + 1)]
    if found != expected:
        yield f"exercises are numbered in order: expected {expected}, found {found}"
    if len(found) < MIN_EXERCISES:
        yield f"{len(found)} exercises, at least {MIN_EXERCISES} are needed"


def has_prose_around_code(notebook, path):
    """Text stands before every code cell (not one that takes up an answer) and after each figure."""
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    for number, cell in code_cells(notebook):
        before = number - 2 if SETUP_TAG in tags(notebook["cells"][number - 1]) else number - 1
        takes_up = "exercise" in tags(notebook["cells"][before])
        if kinds[before] != "markdown" and not takes_up:
            yield f"cell {number} has no text before it"
        draws = any(name.startswith("plot") or name in FIGURE_CALLS for name in called_names(cell["source"]))
        if draws and kinds[number + 1 : number + 2] != ["markdown"]:
            yield f"cell {number} draws a figure that no text after it explains"


def has_alternative_text(notebook, path):
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown" and re.search(r"!\[\s*\]\(", cell["source"]):
            yield f"cell {number}: an image without alternative text"


RULES = [
    is_committed_clean,
    has_badges_first,
    sets_up_colab_below_the_title,
    says_what_it_asks,
    says_what_you_can_do_now,
    has_short_cells,
    runs_everywhere,
    has_checked_exercises,
    has_prose_around_code,
    has_alternative_text,
]


def complaints(notebook, path):
    return [f"{rule.__name__}: {line}" for rule in RULES for line in rule(notebook, path)]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_lesson_keeps_the_rule(path, rule):
    assert list(rule(read(path), path)) == []


def test_each_lesson_has_a_number_of_its_own_and_its_exercises():
    numbers = [path.name[:2] for path in LESSONS]
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= {row[0] for row in table_rows()}
    for number in numbers:
        assert (ROOT / f"setilearn/course/lesson_{number}.py").exists()


def table_rows():
    """The cells of each row of the README's table of lessons, whose first cell is the lesson's number."""
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d\d", row[0]):
            yield row


def test_the_readme_lists_every_lesson_as_it_is():
    expected = {
        path.name[:2]: (f"[{title(read(path))}](lessons/{path.name})", str(minutes(read(path))))
        for path in LESSONS
    }
    rows = list(table_rows())
    assert [row[0] for row in rows] == [f"{k:02d}" for k in range(16)]
    assert {number: (link, length) for number, link, _, length in rows if number in expected} == expected
    assert {length for number, _, _, length in rows if number not in expected} <= {"planned"}
    assert all(goal for _, _, goal, _ in rows)


# --- each rule is shown what it forbids

SETUP = (
    'import sys\n\nif "google.colab" in sys.modules:\n'
    f'    %pip install -q --no-deps blimpy hdf5plugin "setilearn @ git+{URL}@{TAG}"'
)
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}, "tags": [SETUP_TAG]}
PATH = Path("lessons/07_example.ipynb")


def cell_of(kind, source, *, tag=None):
    cell = {"cell_type": kind, "source": source, "metadata": {"tags": [tag]} if tag else {}}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def example():
    """A notebook that keeps every rule: cell 3 draws, 6, 8 and 10 are exercises, 11 takes up an answer."""
    badges = " ".join(f"[![badge](picture)]({link})" for link in badge_links("lessons/07_example.ipynb"))
    cells = [
        cell_of(
            "markdown",
            f"# 07 Example\n\n{badges}\n\n**Goals:** see. **Time:** 40 minutes. **You need to know:** 06.",
        ),
        cell_of("markdown", "A figure:"),
        cell_of("code", SETUP) | {"metadata": FOLDED},
        cell_of("code", "ax = sl.plot_waterfall(voyager)"),
        cell_of("markdown", "The slanted line is Voyager."),
    ]
    for k in (1, 2, 3):
        cells += [
            cell_of("markdown", "Your turn."),
            cell_of("code", f'a = ____\ncheck("L07-{k}", a)', tag="exercise"),
        ]
    cells += [
        cell_of("code", 'a = answer_or_reference("L07-3", a)'),
        cell_of("markdown", "## What you can do now\n\nAll."),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_a_notebook_that_keeps_the_rules_has_no_complaints():
    assert complaints(example(), PATH) == []
    assert (title(example()), minutes(example())) == ("Example", 40)


def setting(number, source, **more):
    """A change that gives a cell another source, or another of its fields."""
    return lambda cells: cells[number].update({"source": source} if source is not None else {}, **more)


def adding(number, source):
    return lambda cells: cells.insert(number, cell_of("code", source) | {"id": "new"})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (setting(3, None, outputs=[{}]), "is_committed_clean: cell 3 has outputs"),
        (setting(3, None, execution_count=1), "is_committed_clean: cell 3 has outputs"),
        (setting(3, None, id="cell-2"), "is_committed_clean: each cell needs an id"),
        (
            lambda cells: cells[0].update(source=cells[0]["source"].replace("07_example", "06_example")),
            "has_badges_first: the first cell lacks the link https://mybinder.org",
        ),
        (
            lambda cells: cells[0].update(
                source=cells[0]["source"].replace(f"github/{OWNER_AND_NAME}", "github/a/b")
            ),
            "has_badges_first: the first cell lacks the link https://colab",
        ),
        (
            setting(2, None, metadata={}),
            "sets_up_colab_below_the_title: the third cell has to be code tagged",
        ),
        (
            setting(2, None, metadata={"tags": [SETUP_TAG]}),
            "sets_up_colab_below_the_title: the set-up cell is not folded",
        ),
        (setting(2, f"{SETUP}\nelse:\n    print(1)"), "sets_up_colab_below_the_title: outside Colab"),
        (setting(2, f"{SETUP}\nimport os"), "sets_up_colab_below_the_title: outside Colab"),
        (
            setting(2, SETUP.replace(URL, "https://example.org/x")),
            "sets_up_colab_below_the_title: the set-up cell does not",
        ),
        (
            lambda cells: cells[0].update(source=cells[0]["source"].replace("40 minutes", "an hour")),
            "says_what_it_asks: the beginning does not say how many minutes",
        ),
        (
            lambda cells: cells[0].update(source=cells[0]["source"].replace("Goals", "So")),
            "says_what_it_asks: the beginning does not state the goals",
        ),
        (
            lambda cells: cells[0].update(source=cells[0]["source"].replace("You need to know", "After")),
            "says_what_it_asks: the beginning does not state the prerequisites",
        ),
        (setting(12, "Bye."), "says_what_you_can_do_now: the last text cell"),
        (setting(3, "a = 1\n" * 11), "has_short_cells: cell 3 has 11 lines of code"),
        (setting(3, "%matplotlib widget"), "runs_everywhere: cell 3: '%matplotlib widget'"),
        (setting(3, "!ls"), "runs_everywhere: cell 3: '!ls'"),
        (setting(3, "%pip install x"), "runs_everywhere: cell 3: '%pip install x'"),
        (setting(3, "name = input('?')"), "runs_everywhere: cell 3 calls input()"),
        (setting(6, None, metadata={}), "has_checked_exercises: cell 6 calls check()"),
        (
            setting(6, 'check("L07-1", ____)\nprint()'),
            "has_checked_exercises: cell 6: an exercise ends in check",
        ),
        (setting(6, 'check("L07-1", 4)'), "has_checked_exercises: cell 6: an exercise has a blank"),
        (setting(6, 'check("L06-1", ____)'), "has_checked_exercises: exercises are numbered in order"),
        (lambda cells: cells.pop(10), "has_checked_exercises: 2 exercises"),
        (adding(4, "b = 2"), "has_prose_around_code: cell 3 draws a figure"),
        (adding(4, "b = 2"), "has_prose_around_code: cell 4 has no text before it"),
        (setting(12, "## What you can do now\n\n![](picture.png)"), "has_alternative_text: cell 12"),
    ],
)
def test_a_broken_rule_is_noticed(change, complaint):
    notebook = copy.deepcopy(example())
    change(notebook["cells"])
    assert any(line.startswith(complaint) for line in complaints(notebook, PATH))
