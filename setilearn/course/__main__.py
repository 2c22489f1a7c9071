"""For teachers ``python -m setilearn.course handout | guide | grade``; ``copies`` is for `make lab`.

docs/TEACHING.md tells how a class is taught with it.
"""

import argparse
import sys
from pathlib import Path

from setilearn.course.beliefs import class_table
from setilearn.course.copies import copy_lessons
from setilearn.course.exercise import load_lesson
from setilearn.course.grading.box import Limits, bubblewrap_works
from setilearn.course.grading.grade import grade_folder
from setilearn.course.grading.marks import write_canvas, write_moodle, write_table
from setilearn.course.guide import write_guide
from setilearn.course.handout import hand_out
from setilearn.course.notebooks import lesson_path
from setilearn.errors import SetilearnError


def main(arguments=None):
    """Run the command; returns its exit status: 0, 2 where something is wrong, 130 where it was stopped."""
    chosen = _parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (SetilearnError, OSError) as error:
        print(f"{chosen.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. What is done is kept; the same command goes on from there.", file=sys.stderr)
        return 130
    return 0


def _parser():
    parser = argparse.ArgumentParser(prog="python -m setilearn.course", description="Lessons to teach with.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run, what in (
        ("handout", _handout, "write the students' notebooks of lessons"),
        ("guide", _guide, "write the teacher's pages of lessons: timing, answers, what goes wrong"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument("lessons", nargs="+", metavar="NN", help="numbers of lessons, such as 05")
        command.add_argument("--to", type=Path, default=Path(name), help=f"folder (default: {name})")
        command.set_defaults(run=run)
    what = "copy the lessons into a folder to work in, and bring them up to date"
    copies = commands.add_parser("copies", help=what, description=what)
    copies.add_argument("folder", metavar="FOLDER", type=Path)
    copies.set_defaults(run=_copies)
    what = "what a class believed before the course and after it, by question"
    beliefs = commands.add_parser("beliefs", help=what, description=what)
    beliefs.add_argument("folder", metavar="FOLDER", type=Path, help="folder of the students' beliefs.json")
    beliefs.add_argument("--csv", type=Path, required=True, help="the table")
    beliefs.set_defaults(run=_beliefs)
    _add_grade(commands)
    return parser


def _add_grade(commands):
    limits = Limits()
    what = "judge returned notebooks, each in a kernel of its own"
    grade = commands.add_parser("grade", help=what, description=what)
    grade.add_argument("lesson", metavar="NN", help="number of the lesson, such as 05")
    grade.add_argument("folder", metavar="FOLDER", type=Path, help="folder of the returned notebooks")
    grade.add_argument("--csv", type=Path, required=True, help="the table of marks, a row a student")
    grade.add_argument("--canvas", type=Path, help="the same for Canvas's gradebook")
    grade.add_argument("--moodle", type=Path, help="the same for Moodle, as an offline grading worksheet")
    grade.add_argument("--cell-s", type=float, default=limits.cell_s, help="limit of a cell (%(default)g s)")
    grade.add_argument(
        "--notebook-s", type=float, default=limits.notebook_s, help="limit of a notebook (%(default)g s)"
    )
    grade.add_argument("--memory-mb", type=int, default=limits.memory_mb, help="limit (%(default)d MB)")
    grade.set_defaults(run=_grade)


def _handout(chosen):
    for number in chosen.lessons:
        print(hand_out(number, chosen.to))


def _guide(chosen):
    for number in chosen.lessons:
        print(write_guide(number, chosen.to))


def _copies(chosen):
    for done in copy_lessons(lesson_path("00").parent, chosen.folder):
        print(done)


def _beliefs(chosen):
    rows = class_table(chosen.folder)
    write_table(chosen.csv, list(rows[0]), [list(row.values()) for row in rows])


def _grade(chosen):
    limits = Limits(cell_s=chosen.cell_s, notebook_s=chosen.notebook_s, memory_mb=chosen.memory_mb)
    if not bubblewrap_works():
        print(
            "bubblewrap (bwrap) is not here or may not be used: limits of time and memory hold, but a "
            "notebook can reach the network and your files. Grade on a machine or in a container for this "
            "alone.",
            file=sys.stderr,
        )
    rows = grade_folder(chosen.lesson, chosen.folder, chosen.csv, limits)
    n_points = len(load_lesson(chosen.lesson).tasks)
    assignment = f"Lesson {chosen.lesson}"
    if chosen.canvas:
        write_canvas(chosen.canvas, rows, assignment, n_points)
    if chosen.moodle:
        write_moodle(chosen.moodle, rows, n_points)
    for row in rows:
        notes = f"   {row['notes']}" if row["notes"] else ""
        print(f"{row['student']:<24} {row['points']:>6} of {n_points}{notes}")


if __name__ == "__main__":
    raise SystemExit(main())
