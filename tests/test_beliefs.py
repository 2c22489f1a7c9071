"""Twelve questions before and after: kept on this computer, shown side by side, summarised for a class."""

import csv
import json

import pytest

from setilearn.course import ExerciseError, ProgressError, ask_beliefs, beliefs, show_beliefs
from setilearn.course.__main__ import main
from setilearn.course.beliefs import BELIEFS, beliefs_path, class_table, read_beliefs
from setilearn.course.exercise import lesson_numbers

RIGHT = {k: belief.right + 1 for k, belief in enumerate(BELIEFS, 1)}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.setenv("SETILEARN_PROGRESS", str(tmp_path / "kept" / "progress.jsonl"))


def test_there_are_twelve_with_four_answers_and_a_lesson_each():
    assert len(BELIEFS) == 12
    assert {len(set(belief.answers)) for belief in BELIEFS} == {4}
    assert {belief.lesson for belief in BELIEFS} <= set(lesson_numbers())
    assert all(0 <= belief.right < 4 for belief in BELIEFS)
    # Whoever always takes the same answer, or the longest, does not pass for one who knows.
    for place in range(4):
        assert sum(belief.right == place for belief in BELIEFS) < 8
    longest = sum(max(belief.answers, key=len) == belief.answers[belief.right] for belief in BELIEFS)
    assert longest < 10


def test_what_is_answered_is_kept_and_shown_side_by_side(capsys):
    ask_beliefs("before", {1: 1, 2: 2})
    ask_beliefs("before", {1: 3})
    ask_beliefs("after", RIGHT)
    assert read_beliefs() == {"before": {1: 3, 2: 2}, "after": RIGHT}
    capsys.readouterr()
    show_beliefs()
    shown = capsys.readouterr().out
    assert "Before 1 of 12, after 12" in shown
    assert f"Before: {BELIEFS[0].answers[2]}. After: {BELIEFS[0].answers[1]}." in shown
    assert "Before: no answer." in shown


def test_before_the_course_nothing_gives_away_what_is_right(capsys):
    ask_beliefs("before")
    shown = capsys.readouterr().out
    assert "reasons" not in shown
    assert all(f"{k}. {belief.question}" in shown for k, belief in enumerate(BELIEFS, 1))
    assert not beliefs_path().exists()


@pytest.mark.parametrize(
    "answers", [{0: 1}, {13: 1}, {1: 0}, {1: 5}, {"1": 1}, {1: "2"}, {1: None}, {1: 1.5}]
)
def test_other_answers_are_refused(answers):
    with pytest.raises(ExerciseError, match="ask_beliefs: expected"):
        ask_beliefs("before", answers)
    assert not beliefs_path().exists()


@pytest.mark.parametrize("when", ["now", 1, None])
def test_other_times_are_refused(when):
    with pytest.raises(ExerciseError, match='expected "before" or "after"'):
        ask_beliefs(when)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "7", "{}", '{"before": {}}', '{"before": {"1": 9}, "after": {}}',
     '{"before": {"x": 1}, "after": {}}', '{"before": {"1": "2"}, "after": {}}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_is_told_and_stays_as_it_is(content):
    beliefs_path().parent.mkdir()
    beliefs_path().write_text(content)
    for act in (show_beliefs, lambda: ask_beliefs("before", {1: 1})):
        with pytest.raises(ProgressError, match=r"beliefs\.json: expected answers of ask_beliefs"):
            act()
    assert beliefs_path().read_text() == content


def test_in_a_notebook_there_are_buttons_that_keep_what_is_clicked():
    box = beliefs._buttons("after")
    choices = [child for child in box.children if hasattr(child, "options")]
    assert len(choices) == 12
    choices[4].value = 2
    assert read_beliefs()["after"] == {5: 2}
    assert [child.value for child in beliefs._buttons("after").children if hasattr(child, "options")][4] == 2


def test_a_class_by_hand(tmp_path, capsys):
    """Three students: before one of two is right in the first question, after two of three."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name, before, after in [("a", {1: 2}, {1: 2}), ("b", {1: 1}, {1: 2}), ("c", {}, {1: 3})]:
        (folder / f"{name}.json").write_text(json.dumps({"before": before, "after": after}))
    first = class_table(folder)[0]
    assert (first["n_before"], first["right_before"], first["n_after"], first["right_after"]) == (
        2,
        0.5,
        3,
        0.667,
    )
    assert class_table(folder)[1]["right_before"] == ""
    assert main(["beliefs", str(folder), "--csv", str(tmp_path / "out.csv")]) == 0
    with (tmp_path / "out.csv").open() as file:
        assert [row["right_after"] for row in csv.DictReader(file)][:2] == ["0.667", ""]
    (folder / "d.json").write_text("no answers")
    assert main(["beliefs", str(folder), "--csv", str(tmp_path / "out.csv")]) == 2
    assert "d.json: expected answers" in capsys.readouterr().err
    assert main(["beliefs", str(tmp_path / "empty"), "--csv", str(tmp_path / "out.csv")]) == 2
