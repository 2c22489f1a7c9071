"""What makes a notebook a lesson: blanks, checks, hints, solutions and progress.

A lesson's first cell says ``from setilearn.course import ____, answer_or_reference, check, hint,
progress, solution``. How exercises are declared is told in `setilearn.course.exercise`, how answers
are compared in `setilearn.course.answers`.
"""

import os

from setilearn.course.beliefs import ask_beliefs, show_beliefs
from setilearn.course.blank import ____
from setilearn.course.cards import (
    answer_or_reference,
    check,
    export_progress,
    graded,
    hint,
    progress,
    restore_progress,
    solution,
)
from setilearn.course.exercise import Status, Verdict, verdict
from setilearn.course.mishaps import watch_cells
from setilearn.course.mystery import mystery
from setilearn.course.prediction import predict
from setilearn.course.set_up import set_up_report
from setilearn.errors import ExerciseError, ProgressError

# TensorFlow, which lessons 11 and 12 import, is loud on standard error otherwise.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
watch_cells()

__all__ = [
    "ExerciseError",
    "ProgressError",
    "Status",
    "Verdict",
    "____",
    "answer_or_reference",
    "ask_beliefs",
    "check",
    "export_progress",
    "graded",
    "hint",
    "mystery",
    "predict",
    "progress",
    "restore_progress",
    "set_up_report",
    "show_beliefs",
    "solution",
    "verdict",
]
