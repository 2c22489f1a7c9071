"""What a student calls in a lesson: check, hint, solution, answer_or_reference, progress.

Each shows a small card (HTML in a notebook, plain text elsewhere) and returns nothing, but for
`answer_or_reference`. With ``SETILEARN_STRICT=1`` in the environment a check that does not pass
raises, so that a run of the solved lessons stops at it.
"""

import copy
import html
import os

from setilearn.course import logbook
from setilearn.course.card import LOOKS, NOTE, card, show, show_card
from setilearn.course.exercise import Status, Verdict, find_exercise, lesson_numbers, load_lesson, verdict
from setilearn.course.veil import someone_is_there, veil_rest_of_cell
from setilearn.errors import ExerciseError

_UNKNOWN = "No such exercise"
_DOTS = {logbook.PASSED: "●", logbook.ATTEMPTED: "◐", None: "○"}

_hints_shown = {}


def check(exercise_id, answer):
    """Show whether ``answer`` is right, and remember it; never raises, whatever the answer.

    In strict mode (``SETILEARN_STRICT=1``) an answer that does not pass raises `AssertionError`.
    """
    heading, judged, note = _checked(exercise_id, answer)
    show_card(heading, [judged.message, note], LOOKS[judged.status][1])
    if os.environ.get("SETILEARN_STRICT") == "1" and judged.status is not Status.PASSED:
        raise AssertionError(f"{heading}: {judged.message}")


def graded(task, answer):
    """Say in an executed notebook whether an answer counts: what nbgrader's locked cells call.

    Where a notebook is executed as a whole, an answer to an exercise that is not right raises
    `AssertionError`, and for a mystery the share of its parts that are right is returned. Where someone
    sits at the notebook it only says that this cell counts.
    """
    if someone_is_there():
        show_card(f"{task} · graded", ["What the cell above leaves is what counts."], NOTE)
        return None
    if task.endswith("-M"):
        return answer.share_right
    judged = verdict(task, answer)
    if judged.status is not Status.PASSED:
        raise AssertionError(f"{task}: {judged.message}")
    return None


def hint(exercise_id):
    """Show the next hint for an exercise, below those that were shown before."""
    try:
        exercise = find_exercise(exercise_id)
    except ExerciseError as error:
        show_card(_UNKNOWN, [str(error)], NOTE)
        return
    n_hints = len(exercise.hints)
    n_shown = min(_hints_shown.get(exercise_id, 0) + 1, n_hints)
    _hints_shown[exercise_id] = n_shown
    call = f'hint("{exercise_id}")' if n_shown < n_hints else f'solution("{exercise_id}")'
    paragraphs = [*exercise.hints[:n_shown], f"To see more, run `{call}`."]
    show_card(f"{exercise_id} · hint {n_shown} of {n_hints}", paragraphs, NOTE)


def solution(exercise_id):
    """Show code that solves an exercise: its cell with the blanks filled."""
    try:
        code = find_exercise(exercise_id).solution
    except ExerciseError as error:
        show_card(_UNKNOWN, [str(error)], NOTE)
        return
    heading = f"{exercise_id} · solution"
    style = "margin: 0.4em 0; padding: 0.3em 0.6em; overflow-x: auto;"
    body = f'<pre style="{style}"><code>{html.escape(code)}</code></pre>'
    show(card(heading, body, NOTE), f"{heading}\n{code}")


def answer_or_reference(exercise_id, answer):
    """Return ``answer`` where it is right, else a copy of the reference, with a note that says so.

    So that what follows an exercise in a lesson does not depend on it. Where it was not tried yet, what the
    rest of the cell shows waits behind a button.

    Raises `ExerciseError` where there is no such exercise.
    """
    status = verdict(exercise_id, answer).status
    if status is Status.PASSED:
        return answer
    paragraph = "The lesson goes on with the reference answer. Come back to this exercise at any time."
    show_card(f"{exercise_id} · reference answer", [paragraph], NOTE)
    if status is Status.UNATTEMPTED:
        veil_rest_of_cell(exercise_id)
    return copy.deepcopy(find_exercise(exercise_id).reference_value)


def progress():
    """Show how far you are: for each lesson its exercises, passed, tried and still open."""
    marks = logbook.read_marks()
    lessons = [load_lesson(number) for number in lesson_numbers()]
    exercise_ids = [key for lesson in lessons for key in lesson.tasks]
    n_passed = sum(marks.get(key) == logbook.PASSED for key in exercise_ids)
    heading = f"Your progress: {n_passed} of {len(exercise_ids)} exercises passed"
    legend = "● passed · ◐ tried · ○ open"
    rows = "".join(_progress_html(lesson, marks) for lesson in lessons)
    table = f'<table style="margin: 0.4em 0; font-size: inherit; color: inherit;">{rows}</table>'
    text = [heading, *(_progress_text(lesson, marks) for lesson in lessons), legend]
    show(card(heading, f"{table}<small>{legend}</small>", NOTE), "\n".join(text))


def export_progress(path="setilearn-progress.json"):
    """Write your progress to a file, to keep or to take to another machine.

    Raises `ProgressError` where the file cannot be written.
    """
    written = logbook.export_marks(path)
    show_card("Progress exported", [f"Your progress is in `{written.absolute()}`."], NOTE)


def restore_progress(path="setilearn-progress.json"):
    """Take up the progress that `export_progress` wrote; what you have reached here stays.

    Raises `ProgressError` where the file is not such a file; nothing is changed then.
    """
    n_further, note = logbook.restore_marks(path)
    show_card("Progress restored", [f"Exercises that are further than before: {n_further}.", note], NOTE)


def _checked(exercise_id, answer):
    """Heading, verdict, and the note, if any, that the progress could not be kept."""
    try:
        exercise = find_exercise(exercise_id)
    except ExerciseError as error:
        return _UNKNOWN, Verdict(Status.FAILED, str(error)), None
    judged = verdict(exercise_id, answer)
    heading = f"{LOOKS[judged.status][0]} {exercise_id} · {exercise.title}: {judged.status}"
    return heading, judged, _remember(exercise_id, judged.status)


def _remember(exercise_id, status):
    marks = {Status.PASSED: logbook.PASSED, Status.FAILED: logbook.ATTEMPTED}
    return logbook.record({exercise_id: marks[status]}) if status in marks else None


def _standing(lesson, marks):
    """One lesson's standing in words: ``"2 of 3 passed, 1 tried"``."""
    found = [marks.get(key) for key in lesson.tasks]
    n_tried = found.count(logbook.ATTEMPTED)
    passed = f"{found.count(logbook.PASSED)} of {len(found)} passed"
    return f"{passed}, {n_tried} tried" if n_tried else passed


def _progress_text(lesson, marks):
    bar = "".join(_DOTS[marks.get(key)] for key in lesson.tasks)
    return f"{bar}  {lesson.number} {lesson.title}: {_standing(lesson, marks)}"


def _progress_html(lesson, marks):
    bar = "".join(
        f'<span title="{html.escape(f"{key} {title}")}">{_DOTS[marks.get(key)]}</span>'
        for key, title in lesson.tasks.items()
    )
    # Notebooks style the cells of tables, each front end in its own way.
    style = "text-align: left; padding: 0.1em 1em 0.1em 0;"
    bar_style = f"{style} font-size: 1.4em; letter-spacing: 0.15em;"
    return (
        f'<tr style="background: none;"><td style="{style}">{lesson.number} {html.escape(lesson.title)}</td>'
        f'<td style="{bar_style}">{bar}</td><td style="{style}">{_standing(lesson, marks)}</td></tr>'
    )
