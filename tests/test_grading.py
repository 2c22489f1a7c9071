"""Returned notebooks are judged: what counts, what a hostile one costs, and the teacher's command."""

import csv
import math
import os
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from setilearn.course import ExerciseError, ____
from setilearn.course.__main__ import main
from setilearn.course.exercise import find_exercise, load_lesson
from setilearn.course.grading import box as boxes
from setilearn.course.grading import grade
from setilearn.course.grading.box import BoxGone, CellFailed, Limits, box, bubblewrap_works
from setilearn.course.grading.judge import Judged, judge_notebook
from setilearn.course.grading.marks import read_marks, row, write_canvas, write_marks
from setilearn.course.grading.parcel import InKernel, Other, pack, unpack
from setilearn.course.grading.returned import Student, returned_in, student_of
from setilearn.course.notebooks import CHECK, asked_in, read_notebook, write_notebook

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="boxes want Linux or macOS")
needs_bubblewrap = pytest.mark.skipif(
    not bubblewrap_works(), reason="no bubblewrap here, or it may not be used"
)
LESSONS = Path(__file__).parents[1] / "lessons"
SHORT = Limits(cell_s=10, notebook_s=60, memory_mb=2000)


def cell(source, kind="code"):
    return {"cell_type": kind, "id": "x", "metadata": {}, "source": source} | (
        {"outputs": [], "execution_count": None} if kind == "code" else {}
    )


def notebook(*sources):
    head = "from setilearn.course import ____, answer_or_reference, check, mystery"
    return {
        "cells": [cell(source) for source in (head, *sources)],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


# Parcels

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_plain_answers_come_back_as_they_were(value):
    assert unpack(pack(value)) == value


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.array([1 + 2j]),
        np.array(["a", "bc"]),
        np.zeros((0, 4)),
        np.array(True),
    ],
)
def test_arrays_come_back_as_they_were(array):
    found = unpack(pack(array))
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


def test_numbers_of_numpy_tables_and_odd_numbers_come_back():
    assert type(unpack(pack(np.float32(1.5)))) is np.float32
    assert math.isnan(unpack(pack(math.nan)))
    assert unpack(pack(-math.inf)) == -math.inf
    assert unpack(pack(2 - 3j)) == 2 - 3j
    assert unpack(pack({1, 2})) == {1, 2}
    frame = pd.DataFrame({"star": ["a", "b"], "snr": [1.5, 2.5]}, index=[7, 8])
    pd.testing.assert_frame_equal(unpack(pack(frame)), frame, check_dtype=False)
    pd.testing.assert_series_equal(unpack(pack(frame["snr"])), frame["snr"], check_names=False)


def test_blanks_functions_and_what_is_no_answer_are_told_apart():
    assert unpack(pack(____)) is ____
    assert unpack(pack([1, ____])) is ____
    assert isinstance(unpack(pack(len)), InKernel)
    assert unpack(pack(object())).type_name == "object"
    assert isinstance(unpack(pack(int)), Other)
    assert unpack(pack([1, [len]])).type_name == "list"
    assert unpack(pack(np.array([object()]))).type_name == "ndarray"
    assert unpack(pack(['{"other": 1}', "{'other': "])) == ['{"other": 1}', "{'other': "]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "7", "{}", '{"spam": 1}', '{"array": "!", "scalar": false}', '{"complex": 1}', "[" * 10_000,
     '{"frame": [[1]], "index": {"list": []}}', '{"array": "AAAA", "scalar": false}'],
)  # fmt: skip
def test_what_is_no_parcel_is_refused(text):
    with pytest.raises(ExerciseError, match="expected a packed answer"):
        unpack(text)


# Whose notebook it is


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("anna/05_drift_search.ipynb", Student("anna")),
        ("anna/05/05_drift_search.ipynb", Student("anna")),
        ("05_drift_search_anna.ipynb", Student("anna")),
        ("anna-05_drift_search.ipynb", Student("anna")),
        ("05_drift_search.ipynb", Student("05_drift_search")),
        ("doejane_12345_67890_05_drift_search.ipynb", Student("doejane", canvas_id="12345")),
        ("doejane_LATE_12345_67890_05_drift_search-2.ipynb", Student("doejane", canvas_id="12345")),
        (
            "Jane Doe_1234567_assignsubmission_file_/05_drift_search.ipynb",
            Student("Jane Doe", moodle_id="Participant 1234567"),
        ),
        (
            "Jane Doe_1234567_assignsubmission_file_05_drift_search.ipynb",
            Student("Jane Doe", moodle_id="Participant 1234567"),
        ),
    ],
)
def test_students_are_known_by_the_names_of_their_files(path, student):
    assert student_of(Path("in", path), Path("in"), "05_drift_search") == student


def test_of_several_notebooks_of_a_student_the_newest_of_the_lesson_counts(tmp_path):
    for k, (name, source) in enumerate(
        [("00_old.ipynb", 'check("L00-1", x)'), ("00_new.ipynb", 'check("L00-1", y)'), ("notes.ipynb", "1")]
    ):
        (tmp_path / "anna").mkdir(exist_ok=True)
        path = tmp_path / "anna" / name
        write_notebook(path, notebook(source))
        path.touch()
        os.utime(path, (1000 + k, 1000 + k))
    (found,) = returned_in(tmp_path, "00", "00_start_here")
    assert found.path.name == "00_new.ipynb"
    assert found.notes == ["2 notebooks: 00_new.ipynb is the newest"]


def test_folders_without_notebooks_are_refused(tmp_path):
    with pytest.raises(ExerciseError, match="expected returned notebooks"):
        returned_in(tmp_path, "00", "00_start_here")
    with pytest.raises(ExerciseError, match="expected a folder"):
        returned_in(tmp_path / "nowhere", "00", "00_start_here")


def test_what_is_no_file_is_left_alone(tmp_path):
    (tmp_path / "00_a.ipynb").mkdir()
    os.mkfifo(tmp_path / "00_b.ipynb")
    with pytest.raises(ExerciseError, match="expected returned notebooks"):
        returned_in(tmp_path, "00", "00_start_here")


# The table


def test_another_file_is_not_overwritten_and_a_formula_is_none(tmp_path):
    other = tmp_path / "notes.csv"
    other.write_text("my,own,notes\n1,2,3\n")
    with pytest.raises(ExerciseError, match=r"notes\.csv: expected a table of marks"):
        read_marks(other, ["L00-1"])
    assert other.read_text() == "my,own,notes\n1,2,3\n"
    write_marks(tmp_path / "none.csv", [], ["L00-1"])
    assert read_marks(tmp_path / "none.csv", ["L00-1"]) == {}
    with pytest.raises(ExerciseError, match="expected a table of marks"):
        read_marks(tmp_path / "none.csv", ["L00-1", "L00-2"])


def test_a_row_is_one_line_that_can_be_written_and_no_formula(tmp_path):
    judged = Judged({"L00-1": 0.5}, {"L00-1": "two\nlines \ud800"}, ["+1"])
    made = row(Student("=HYPERLINK(1)"), judged, ["L00-1"], [], "key")
    write_marks(tmp_path / "m.csv", [made], ["L00-1"])
    (line,) = (tmp_path / "m.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert line == "'=HYPERLINK(1),,,0.5,1,0.5,'+1,L00-1: two lines \\ud800,key"


def test_a_notebook_that_breaks_the_judge_costs_its_own_row(tmp_path, monkeypatch):
    monkeypatch.setattr(grade, "judge_notebook", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(grade, "_warm_up", lambda *_: None)
    for name in "ab":
        write_notebook(tmp_path / f"{name}.ipynb", notebook('check("L00-1", x)'))
    rows = grade.grade_folder("00", tmp_path, tmp_path / "m.csv", SHORT, progress=False)
    assert [(one["student"], one["points"], one["notes"]) for one in rows] == [
        ("a", "0", "division by zero"),
        ("b", "0", "division by zero"),
    ]


def test_canvas_finds_the_columns_that_its_gradebook_names(tmp_path):
    write_canvas(
        tmp_path / "c.csv", [{"student": "doejane", "canvas_id": "1", "points": "2"}], "Lesson 00", 3
    )
    with (tmp_path / "c.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 00"]
    assert [row["Lesson 00"] for row in rows] == ["3", "2"]


# Judged in a box

RIGHT = {key: exercise.solution for key, exercise in load_lesson("00").exercises.items()}


def name_of(task):
    """What the lesson calls the answer to a task."""
    (path,) = LESSONS.glob(f"{task[1:3]}_*.ipynb")
    return next(one.name for one in asked_in(read_notebook(path)) if one.task == task)


def answered(task):
    name = name_of(task)
    return f'{RIGHT[task]}\n\ncheck("{task}", {name})'


def test_right_answers_count_and_the_rest_of_the_lesson_does_not_make_up_for_a_blank():
    judged = judge_notebook(
        "00",
        notebook(
            answered("L00-1"),
            'mine = ____\ncheck("L00-2", mine)',
            'mine = answer_or_reference("L00-2", mine)\ncheck("L00-2", mine)',
        ),
        SHORT,
    )
    assert judged.points == {"L00-1": 1, "L00-2": 0, "L00-3": 0}
    assert "____" in judged.messages["L00-2"]
    assert judged.messages["L00-3"] == "its cell is missing"
    assert judged.notes == []


@pytest.mark.parametrize(
    ("attack", "note"),
    [
        (
            "import setilearn.course.cards as c\nc.verdict = lambda *a: True",
            "looks into the package",
        ),
        ("def check(*a):\n    print('passed')", None),
        ("import setilearn.course as course\nfor name in dir(course):\n    pass", None),
        ("get_ipython().run_cell = None", None),
        ("__builtins__.__import__ = None", None),
        ("1 / 0", None),
        ("input()", None),
        ("print('x' * 100_000_000)", None),
        ("while True:\n    pass", None),
        ("a = bytearray(5_000_000_000)", None),
        ("import pathlib\npathlib.Path('big').write_bytes(bytes(600_000_000))", None),
    ],
)
def test_attacks_win_nothing_and_cost_the_notebook_alone(attack, note):
    judged = judge_notebook("00", notebook(attack, 'x = "no"\ncheck("L00-1", x)'), SHORT)
    assert judged.points["L00-1"] == 0
    assert [one for one in judged.notes if note and note in one] == [*judged.notes[:1]] if note else True


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("import os\nos._exit(0)", "ended its kernel"),
        ("exit()", None),
        (
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass",
            "does not let itself be stopped",
        ),
    ],
)
def test_a_kernel_that_ends_or_hangs_is_told_and_what_came_before_counts(attack, said):
    judged = judge_notebook("00", notebook(answered("L00-1"), attack, answered("L00-2")), SHORT)
    assert judged.points["L00-1"] == 1
    if said:
        assert said in judged.notes[0]
        assert judged.points["L00-2"] == 0
        assert judged.messages["L00-2"].startswith("not reached: ")


def test_a_reference_taken_before_the_check_is_no_answer():
    early = 'mine = answer_or_reference("L00-1", ____)\ncheck("L00-1", mine)'
    judged = judge_notebook("00", notebook(early), SHORT)
    assert judged.points["L00-1"] == 0
    assert judged.messages["L00-1"] == "takes the reference answer before it is asked"


FUNCTION = find_exercise("L04-1").solution  # a function of arrays


def graded_function(source):
    asked = f'{source}\n\ncheck("L04-1", {name_of("L04-1")})'
    judged = judge_notebook("04", notebook("import numpy as np", asked), SHORT)
    return judged.points["L04-1"], judged.messages["L04-1"]


def test_functions_are_called_from_outside():
    assert graded_function(FUNCTION) == (1.0, "That is right.")
    head = FUNCTION[: FUNCTION.index(":\n") + 1]
    for body, said in [
        ("while True: pass", "loop without end"),
        ("raise ValueError('mine')", "ValueError: mine"),
        ("import sys; sys.exit()", "ends Python"),
        ("print('again')\n    return None", "gives nothing back"),
        ("return object()", "object"),
    ]:
        points, message = graded_function(f"{head}\n    {body}")
        assert points == 0
        assert said in message


class Caught(BaseHTTPRequestHandler):
    seen: ClassVar = []

    def do_GET(self):
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@needs_bubblewrap
def test_a_box_has_no_network_no_other_processes_and_sees_no_other_notebooks(tmp_path):
    server = HTTPServer(("127.0.0.1", 0), Caught)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    other = tmp_path / "returned" / "other.ipynb"
    other.parent.mkdir()
    other.write_text("the neighbour's")
    try:
        with box(SHORT, hidden=[other.parent]) as opened:
            address = f"http://127.0.0.1:{server.server_port}/x"
            with pytest.raises(CellFailed, match="Error"):
                opened.run(f"import urllib.request as u\nu.urlopen('{address}', timeout=2)")
            with pytest.raises(CellFailed, match="FileNotFoundError"):
                opened.run(f"open({str(other)!r}).read()")
            with pytest.raises(CellFailed, match="Read-only|Permission|FileNotFound"):
                opened.run(f"open({str(Path(__file__).parent / 'pwned')!r}, 'w')")
            seen = unpack(opened.pack("sum(p.isdigit() for p in __import__('os').listdir('/proc'))"))
            assert seen < 10
            assert "SETILEARN_PROGRESS" in unpack(opened.pack("dict(__import__('os').environ)"))
    finally:
        server.shutdown()
        server.server_close()
    assert Caught.seen == []


@needs_bubblewrap
def test_what_lessons_need_is_shown_though_it_lies_where_the_box_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("SETILEARN_CACHE", str(tmp_path))
    (tmp_path / "recording.txt").write_text("Voyager")
    with box(SHORT) as opened:
        assert unpack(opened.pack(f"open({str(tmp_path / 'recording.txt')!r}).read()")) == "Voyager"


def test_without_bubblewrap_time_and_memory_are_limited_all_the_same(monkeypatch):
    monkeypatch.setattr(boxes, "bubblewrap_works", lambda: False)
    with box(Limits(cell_s=1, notebook_s=30, memory_mb=1000)) as opened:
        assert opened.try_run("while True: pass") == "stopped after 1 s"
        assert "MemoryError" in opened.try_run("a = bytearray(3_000_000_000)")
        assert opened.try_run("a = 1") is None


def test_a_notebook_has_so_much_time_in_all():
    with pytest.raises(BoxGone, match="takes more than 2 s"), box(Limits(cell_s=1, notebook_s=2)) as opened:
        for _ in range(10):
            opened.try_run("while True: pass")


# A teacher's afternoon: hand out, five come back, one of them hostile, a table


def solved(book, lesson, mystery=True):
    truth = load_lesson(lesson).mystery.make(0)[1]
    cells = []
    for one in book["cells"]:
        source = one["source"]
        if one["cell_type"] == "code" and (asked := CHECK.search(source)):
            source = f"{find_exercise(asked['id']).solution}\n\n{asked[0]}"
        elif mystery and one["cell_type"] == "code" and "case.judge(" in source:
            source = f"case.judge({', '.join(f'{part}={value!r}' for part, value in truth.items())})"
        cells.append(one | {"source": source})
    return book | {"cells": cells}


def test_a_teachers_afternoon(tmp_path, capsys):
    monday = tmp_path / "monday"
    assert main(["handout", "01", "--to", str(monday)]) == 0
    handed_out = read_notebook(capsys.readouterr().out.strip())
    returned = tmp_path / "returned"
    name = "01_reading_filterbanks.ipynb"
    hostile = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    halves = solved(handed_out, "01", mystery=False)
    books = {
        f"anna/{name}": solved(handed_out, "01"),
        f"doejane_12345_67890_{name}": halves,
        f"Bo Li_77_assignsubmission_file_/{name}": handed_out,
        f"hostile/{name}": handed_out | {"cells": [cell(hostile), *solved(handed_out, "01")["cells"]]},
    }
    for path, book in books.items():
        (returned / path).parent.mkdir(parents=True, exist_ok=True)
        write_notebook(returned / path, book)
    (returned / "broken").mkdir()
    (returned / "broken" / name).write_text('{"cells": [')
    command = ["grade", "01", str(returned), "--csv", str(tmp_path / "marks.csv"), "--cell-s", "15"]
    command += ["--canvas", str(tmp_path / "canvas.csv"), "--moodle", str(tmp_path / "moodle.csv")]
    assert main(command) == 0
    with (tmp_path / "marks.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    n_tasks = len(load_lesson("01").tasks)
    assert {name: float(row["points"]) for name, row in rows.items()} == {
        "anna": n_tasks,
        "doejane": n_tasks - 1,
        "Bo Li": 0,
        "hostile": 0,
        "broken": 0,
    }
    assert "does not let itself be stopped" in rows["hostile"]["notes"]
    assert "expected a notebook" in rows["broken"]["notes"]
    assert "not answered yet" in rows["doejane"]["said"]
    assert f"\ndoejane,12345,,,,{n_tasks - 1}\n" in (tmp_path / "canvas.csv").read_text()
    assert "Participant 77,Bo Li,0" in (tmp_path / "moodle.csv").read_text()
    # What is graded is graded: nothing runs again.
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("setilearn.course.grading.grade._judged", None)
        patch.setattr("setilearn.course.grading.grade._warm_up", None)
        assert main(command) == 0
    assert f"{n_tasks} of {n_tasks}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("handout 77 --to {tmp}", "lesson 77: expected its notebook"),
        ("guide 05x --to {tmp}", "lesson 05x: expected its notebook"),
        ("grade 00 {tmp}/nowhere --csv {tmp}/m.csv", "expected a folder"),
        ("grade 00 {tmp} --csv {tmp}/m.csv", "expected returned notebooks"),
    ],
)
def test_what_the_command_cannot_do_is_told_in_a_line(tmp_path, capsys, command, said):
    assert main(shlex.split(command.format(tmp=tmp_path))) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_runs_as_a_module():
    shown = subprocess.run(
        [sys.executable, "-m", "setilearn.course", "--help"], check=True, capture_output=True, text=True
    )
    assert "handout" in shown.stdout
