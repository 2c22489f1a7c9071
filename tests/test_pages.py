"""The glossary, the formulas and the line "You are here" are those of the lessons as they stand."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = runpy.run_path(str(DOCS / "make_pages.py"))


@pytest.mark.parametrize("name", ["glossary", "formulas"])
def test_a_page_is_as_it_would_be_written_now(name):
    written = (DOCS / f"{name.upper()}.md").read_text(encoding="utf-8")
    assert written == PAGES[name](), "python docs/make_pages.py writes it anew"


@pytest.mark.parametrize("path", PAGES["LESSONS"], ids=lambda path: path.stem)
def test_a_lesson_says_where_on_the_way_it_is(path):
    assert PAGES["way"](path.name[:2]) in PAGES["head"](path), "python docs/make_pages.py writes it"


def test_every_step_of_the_way_has_its_lesson_and_every_lesson_but_the_first_is_on_it():
    numbers = {path.name[:2] for path in PAGES["LESSONS"]}
    assert set(PAGES["WAY"].values()) | set(PAGES["ALSO"]) == numbers - {"00"}
    assert set(PAGES["ALSO"].values()) < set(PAGES["WAY"])


def test_terms_come_with_what_explains_them(tmp_path):
    text = "It adds up. This is a **sum**, and **Doppler effect** is a name."
    text += "\n\n**Means** are sums by n. **Do it.**"
    cells = [{"cell_type": "markdown", "source": [source]} for source in ("badges", "# Lesson 07: T", text)]
    path = tmp_path / "07_t.ipynb"
    path.write_text(PAGES["json"].dumps({"cells": cells}), encoding="utf-8")
    assert list(PAGES["terms"](path)) == [
        ("sum", "It adds up. This is a **sum**, and **Doppler effect** is a name."),
        ("Doppler effect", "It adds up. This is a **sum**, and **Doppler effect** is a name."),
        ("Means", "**Means** are sums by n."),
    ]
