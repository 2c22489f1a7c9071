"""Write docs/GLOSSARY.md and docs/FORMULAS.md from the lessons, and the line "You are here" into each lesson.

    python docs/make_pages.py

A term is what a lesson's text has in bold inside a sentence; that sentence explains it, with the one before
where it begins with "This is". A formula is one that stands in a line of its own; what leads to it is the
sentence before.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb"))
# The whole way from the antenna to a result, and the lesson of each step.
WAY = {
    "voltage": "03",
    "filterbank": "01",
    "waterfall": "02",
    "hits": "04",
    "drift": "05",
    "cadence": "06",
    "survey": "09",
    "pictures": "10",
    "network": "11",
    "outliers": "13",
    "scale": "14",
    "search": "15",
}
# Lessons that are about a step that another lesson takes: they try the drift search, and train once more.
ALSO = {"07": "drift", "08": "drift", "12": "network"}
# In bold for weight, or for what is to be clicked on: no terms.
NO_TERMS = """
Shift + Enter | drag | wheel | + | - | narrow | slanted | 64 times narrower | each integration by itself
| refines | searches | scans | aligned | line | kinds | freezes | three quarters | real time | merged |
320 Hz apart | bows | augment | stand-in | High frequency resolution | Medium resolution | High time
resolution | A transmitter on the ground | A satellite | An intermittent transmitter | Frequency | Drift
| SNR | message | binomial | channel | snr | free labels | channel width × integration time below 1 |
Brute force | adjusted | its drift is zero | ten channels apart | outside the drifts searched |
two tones that touch | two names for the two bends | where the telescope pointed | 0.0992 W | 10 |
In Google Colab | at least 8 in every ON | below 4 in every OFF | Average | for real | actions |
the scans themselves
"""
NAMES = {"Spark", "Parquet", "Keras"}
TERM = re.compile(r"\*\*([^*\s][^*\n]{,28}[^*\s])\*\*")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*$`(])")
POINTS_BACK = re.compile(r"(This|That|Such|It|These|They)\b")
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
MAX_WORDS = 6  # of a term
SHORT = 25  # letters of a sentence that says too little by itself


def main():
    for path in LESSONS:
        write_way(path)
    (ROOT / "docs" / "GLOSSARY.md").write_text(glossary(), encoding="utf-8")
    (ROOT / "docs" / "FORMULAS.md").write_text(formulas(), encoding="utf-8")


def texts(path):
    """Texts of a lesson, without its badges, its head and its end."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    written = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return [text for text in written[2:] if not text.startswith("## What you can do now")]


def head(path):
    """The cell with the lesson's title."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return next(text for cell in cells if (text := "".join(cell["source"])).startswith("# Lesson"))


def link(path):
    return f"[{path.name[:2]}](../lessons/{path.name})"


def terms(path):
    """(term, what explains it) of a lesson, in order."""
    for text in texts(path):
        for paragraph in re.split(r"\n\s*\n|\n(?=[-*|] )", text):
            if "**" not in paragraph or paragraph.lstrip().startswith("|"):
                continue
            sentences = SENTENCE.split(re.sub(r"^[-*] ", "", " ".join(paragraph.split())))
            for number, sentence in enumerate(sentences):
                for term in TERM.findall(sentence):
                    if is_term(term):
                        back = number > 0 and POINTS_BACK.match(sentence.lstrip("*"))
                        yield term, " ".join(sentences[number - 1 if back else number : number + 1])


def is_term(term):
    return (
        term.casefold() not in " ".join(NO_TERMS.split()).casefold().split(" | ")
        and len(term.split()) <= MAX_WORDS
        and not re.match(r"Exercise|Predict|Try|Read on|Next|Time|Goals|You", term)
        and not term.endswith((".", ":", "?", "!"))
        and "_" not in term
    )


def glossary():
    found = {}
    for path in LESSONS:
        for term, text in terms(path):
            starts = text.startswith(f"**{term}") and term[1:].islower() and term not in NAMES
            key = term[0].lower() + term[1:] if starts else term
            found.setdefault(key.casefold(), (key, text, link(path)))
    rows = [f"**{key}** ({where}): {text}\n" for _, (key, text, where) in sorted(found.items())]
    head = (
        "# Glossary\n\nThe terms of the course, each with the sentence that explains it and the lesson where "
        "that stands. The formulas are on [a page of their own](FORMULAS.md).\n\n"
    )
    return head + "\n".join(rows)


def formulas():
    rows = []
    for path in LESSONS:
        for text in texts(path):
            for match in DISPLAY.finditer(text):
                before = " ".join(text[: match.start()].split())
                sentences = SENTENCE.split(before)
                leads = " ".join(sentences[-2 if len(sentences[-1]) < SHORT else -1 :])
                after = re.match(r"\s*((?:where|with)\b[^\n]*?\.)(?=\s|$)", text[match.end() :])
                rows.append(f"{leads} ({link(path)})\n\n$$\n{match[1].strip()}\n$$\n")
                rows += [after[1] + "\n"] if after else []
    head = (
        "# Formulas\n\nThe formulas of the course, each with the sentence that leads to it and its lesson. "
        "The words are in the [glossary](GLOSSARY.md).\n\n"
    )
    return head + "\n".join(rows)


def way(number):
    """The line that says where lesson ``number`` stands on the whole way."""
    names = {path.name[:2]: path.name for path in LESSONS}
    here = next((step for step, lesson in WAY.items() if lesson == number), ALSO.get(number))
    steps = [
        f"**{step}**" if step == here else f"[{step}]({names[lesson]})" if lesson in names else step
        for step, lesson in WAY.items()
    ]
    pages = "[glossary](../docs/GLOSSARY.md) · [formulas](../docs/FORMULAS.md)"
    return f"**{'You are here' if here else 'The whole way'}:** {' › '.join(steps)} &nbsp; ({pages})"


def write_way(path):
    """Put the line at the end of the cell with the lesson's title."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if "".join(cell["source"]).startswith("# Lesson"))
    lines = "".join(cell["source"]).rstrip().split("\n")
    if " › " in lines[-1]:
        lines = lines[:-2]
    cell["source"] = "\n".join([*lines, "", way(path.name[:2])]).splitlines(keepends=True)
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
