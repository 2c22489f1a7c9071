"""Run every lesson and write it as HTML, with its figures: python docs/render_lessons.py FOLDER."""

import argparse
import html
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor
from traitlets.config import Config

LESSONS = Path(__file__).parents[1] / "lessons"

# Without a running kernel a widget shows nothing; the still picture that comes with it does.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "text/plain"]

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>setilearn: the lessons</title>
<style>body {{ font: 18px/1.6 sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em }}</style></head>
<body><h1>setilearn: the lessons</h1><ul>
{items}
</ul></body></html>
"""


def render(path, folder):
    """Run the notebook at `path` in its own folder; write `folder`/<name>.html and return its title."""
    notebook = nbformat.read(path, as_version=4)
    ExecutePreprocessor(timeout=600, store_widget_state=False).preprocess(
        notebook, {"metadata": {"path": str(path.parent)}}
    )
    exporter = HTMLExporter(config=Config(NbConvertBase={"display_data_priority": SHOWN}))
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    body = body.replace('.ipynb"', '.html"')
    (folder / f"{path.stem}.html").write_text(body, encoding="utf-8")
    return path.stem


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    items = []
    with tempfile.TemporaryDirectory() as scratch:
        # The reader's own progress is none of this run's business.
        os.environ["SETILEARN_PROGRESS"] = str(Path(scratch, "progress.json"))
        for path in sorted(LESSONS.glob("[0-9][0-9]_*.ipynb")):
            print(path.stem, flush=True)
            try:
                name = render(path, folder)
            except CellExecutionError as error:
                sys.exit(f"{path}: {error}")
            items.append(f'<li><a href="{name}.html">{html.escape(name)}</a></li>')
    (folder / "index.html").write_text(PAGE.format(items="\n".join(items)), encoding="utf-8")
    print(f"Written to {folder / 'index.html'}")


if __name__ == "__main__":
    main()
