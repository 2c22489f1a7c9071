"""Every lesson with its solutions in the blanks: it runs, and each of its checks passes.

The notebooks with their blanks are run by ``pytest --nbmake lessons``.
"""

import ast
import copy
import re
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import setilearn.course
from setilearn.course import logbook
from setilearn.course.exercise import lesson_numbers, load_lesson

LESSONS = sorted((Path(__file__).parents[1] / "lessons").glob("*.ipynb"))
CHECK = re.compile(r'check\("(?P<id>L\d\d-\d+)", (?P<name>\w+)\)')
TIMEOUT_S = 300


def read(path):
    return nbformat.read(path, as_version=4)


def exercises_of(path):
    """The exercises declared for a lesson's notebook, by id; none where it declares none."""
    number = path.name[:2]
    return load_lesson(number).exercises if number in lesson_numbers() else {}


def split_check(source):
    """The cell's answer part, and the match of its last line with a check, or None."""
    answer_part, _, last = source.rstrip().rpartition("\n")
    return answer_part.rstrip(), CHECK.fullmatch(last)


def has_blank(source):
    return any(isinstance(node, ast.Name) and node.id == "____" for node in ast.walk(ast.parse(source)))


def fits(answer_part, solution):
    """Whether the solution is the answer part with something put in for each blank."""
    pattern = ".+?".join(re.escape(text) for text in answer_part.split("____"))
    return re.fullmatch(pattern, solution, re.DOTALL) is not None


def exercise_cells(notebook):
    """(cell, the next code cell or None) of each cell tagged as an exercise."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, following in zip(code, [*code[1:], None], strict=True):
        if "exercise" in cell.metadata.get("tags", []):
            yield cell, following


def complaints(notebook, exercises):
    """What is wrong between a notebook and the exercises that its lesson declares."""
    found = []
    for cell, following in exercise_cells(notebook):
        answer_part, check = split_check(cell.source)
        if not check:
            yield f'an exercise cell must end in check("LNN-k", name), found {cell.source[-60:]!r}'
            continue
        found.append(check["id"])
        if check["id"] in exercises:
            yield from cell_complaints(answer_part, check, exercises[check["id"]].solution)
        going_on = f'{check["name"]} = answer_or_reference("{check["id"]}", {check["name"]})'
        if following is None or going_on not in following.source:
            yield f"{check['id']}: the next code cell must hold {going_on}"
    if found != list(exercises):
        yield f"the notebook's exercises are {found}, those declared {list(exercises)}"


def cell_complaints(answer_part, check, solution):
    if not has_blank(answer_part):
        yield f"{check['id']}: the exercise cell has no blank"
    if has_blank(solution):
        yield f"{check['id']}: the solution has a blank"
    if not fits(answer_part, solution):
        both = f"{answer_part}\n--\n{solution}"
        yield f"{check['id']}: the solution is not the cell with its blanks filled:\n{both}"
    if not re.search(rf"\b{check['name']}\b", solution):
        yield f"{check['id']}: the solution gives no {check['name']}"


def solved(notebook, exercises):
    """A copy of the notebook with the solutions in the blanks."""
    notebook = copy.deepcopy(notebook)
    for cell, _ in exercise_cells(notebook):
        _, check = split_check(cell.source)
        cell.source = f"{exercises[check['id']].solution}\n{check[0]}"
    return notebook


def run(notebook, folder):
    NotebookClient(
        notebook, timeout=TIMEOUT_S, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()


@pytest.fixture(autouse=True)
def _a_new_student(monkeypatch, tmp_path):
    monkeypatch.setenv("SETILEARN_PROGRESS", str(tmp_path / "progress.jsonl"))
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SETILEARN_OFFLINE", "1")
    monkeypatch.setenv("SETILEARN_STRICT", "1")
    (tmp_path / "work").mkdir()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_notebook_and_declared_exercises_are_in_step(path):
    assert list(complaints(read(path), exercises_of(path))) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_solved_lesson_passes_all_its_checks(path, tmp_path):
    exercises = exercises_of(path)
    run(solved(read(path), exercises), tmp_path / "work")
    assert logbook.read_marks() == dict.fromkeys(exercises, logbook.PASSED)


def test_every_lesson_that_declares_exercises_has_a_notebook():
    assert set(lesson_numbers()) <= {path.name[:2] for path in LESSONS}


# The tools above, on a lesson of their own

LESSON_98 = '''
from setilearn.course.answers import integer
from setilearn.course.exercise import Exercise

TITLE = "Counting"
EXERCISES = [
    Exercise(
        id="L98-1",
        title="Twelve",
        reference=12,
        check=integer(),
        solution="""
            dozen = 3 * 4
            twice = 2 * dozen  # look at it
        """,
    )
]
'''
BLANK_CELL = 'dozen = 3 * ____\ntwice = 2 * dozen  # look at it\n\ncheck("L98-1", dozen)'
GOING_ON = 'dozen = answer_or_reference("L98-1", dozen)\nassert range(dozen)[-1] == 11'


@pytest.fixture
def folder_98(monkeypatch, tmp_path):
    folder = tmp_path / "lesson"
    folder.mkdir()
    (folder / "lesson_98.py").write_text(LESSON_98, encoding="utf-8")
    monkeypatch.setattr(setilearn.course, "__path__", [str(folder)])
    yield folder
    sys.modules.pop("setilearn.course.lesson_98", None)


def notebook_98(folder, blank_cell=BLANK_CELL, going_on=GOING_ON, tags=("exercise",)):
    start = f"""
        import setilearn.course
        from setilearn.course import ____, answer_or_reference, check
        setilearn.course.__path__.append({str(folder)!r})
    """
    cells = [
        nbformat.v4.new_code_cell(textwrap.dedent(start)),
        nbformat.v4.new_code_cell(blank_cell, metadata={"tags": list(tags)}),
        nbformat.v4.new_markdown_cell("Three times four."),
        nbformat.v4.new_code_cell(going_on),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def test_a_lesson_in_step_gives_no_complaint(folder_98):
    assert list(complaints(notebook_98(folder_98), load_lesson("98").exercises)) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"blank_cell": BLANK_CELL.replace("____", "4")}, "the exercise cell has no blank"),
        ({"blank_cell": BLANK_CELL.replace("____", "4  # not ____")}, "the exercise cell has no blank"),
        ({"blank_cell": BLANK_CELL.replace("2 *", "2 +")}, "the solution is not the cell"),
        ({"blank_cell": BLANK_CELL.replace("look", "Look")}, "the solution is not the cell"),
        ({"blank_cell": BLANK_CELL + "\nprint(1)"}, "must end in check"),
        ({"blank_cell": BLANK_CELL.replace(", dozen)", ", 3 * ____)")}, "must end in check"),
        ({"blank_cell": BLANK_CELL.replace("L98-1", "L98-2")}, "those declared ['L98-1']"),
        ({"blank_cell": BLANK_CELL.replace(", dozen)", ", result)")}, "the solution gives no result"),
        ({"going_on": "dozen += 1"}, "the next code cell must hold dozen = answer_or_reference("),
        ({"going_on": GOING_ON.replace("L98-1", "L98-2")}, "the next code cell must hold"),
        ({"tags": []}, "the notebook's exercises are [], those declared ['L98-1']"),
    ],
)
def test_a_lesson_out_of_step_is_complained_of(folder_98, changes, said):
    found = "\n".join(complaints(notebook_98(folder_98, **changes), load_lesson("98").exercises))
    assert said in found


def test_an_exercise_that_stands_twice_or_last_is_complained_of(folder_98):
    notebook = notebook_98(folder_98)
    notebook.cells.append(copy.deepcopy(notebook.cells[1]))
    first, second = complaints(notebook, load_lesson("98").exercises)
    assert "the next code cell must hold" in first
    assert "the notebook's exercises are ['L98-1', 'L98-1']" in second


def test_solved_and_blank_notebooks_run(folder_98, tmp_path, monkeypatch):
    notebook = notebook_98(folder_98)
    whole = solved(notebook, load_lesson("98").exercises)
    assert whole.cells[1].source == 'dozen = 3 * 4\ntwice = 2 * dozen  # look at it\ncheck("L98-1", dozen)'
    run(whole, tmp_path / "work")
    assert logbook.read_marks() == {"L98-1": "passed"}
    [card] = whole.cells[1].outputs
    assert "Twelve: passed" in card.data["text/html"]
    assert "Twelve: passed" in card.data["text/plain"]

    monkeypatch.delenv("SETILEARN_STRICT")
    run(notebook, tmp_path / "work")
    assert "not yet attempted" in notebook.cells[1].outputs[0].data["text/plain"]
    assert "goes on with the reference" in notebook.cells[3].outputs[0].data["text/plain"]


def test_a_solution_that_does_not_pass_fails_the_run(folder_98, tmp_path):
    notebook = notebook_98(folder_98, blank_cell=BLANK_CELL.replace("____", "5"))
    with pytest.raises(CellExecutionError, match="Twelve: not yet right: Too high"):
        run(notebook, tmp_path / "work")
