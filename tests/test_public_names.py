"""The public names: each is used in a lesson or has a reason, and what is said of names in text is true."""

import doctest
import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path

import pytest

import setilearn

PACKAGE = Path(setilearn.__file__).parent
ROOT = PACKAGE.parent

# Public names that no lesson uses, and what they are for.
WITHOUT_A_LESSON = {
    "to catch it": """
        ClassifierError DatabaseError DatasetError HitsError ImageError NoiseError SetilearnError
        SpectrogramError VoltageError
    """,
    "to silence it": "DatasetWarning DistributedWarning HeaderWarning LostDataWarning",
    "what a function of the lessons returns or takes": "AlignedSet Evaluation Header ImageSet",
    "to make a sky of one's own, beside those of simulate_cadence and simulate_survey": """
        add_broadband_rfi add_dc_spike add_gps_band add_intermittent_tone add_pulse add_squiggle
    """,
    "a part of a file, where a range of frequencies is not enough": "read_part",
    "raw voltages of one's own; the lesson simulates them": "read_raw_header read_voltages",
    "the bandpass itself; the lessons divide by it": "bandpass",
    "hits of and for other programs": "export_hits read_hits import_dat export_events read_events",
    "events out of the database without SQL": "load_events",
    "hits by the million": "iter_hit_columns",
    "to tell pulses from steady tones": "track_kurtosis",
    "power around the hits of another scan": "cut_power",
    "a network without building it layer by layer": "build_classifier",
    "pictures of one's own, in the published form": "read_image_csv write_image_csv",
    "a test set that shares nothing with the training set": "split_images",
}


def code_of_lessons():
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "lessons").glob("*.ipynb")]
    cells = [cell for notebook in notebooks for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_a_public_name_is_used_in_a_lesson_or_has_a_reason():
    code = code_of_lessons()
    unused = {name for name in setilearn.__all__ if not re.search(rf"\bsl\.{name}\b", code)}
    explained = [name for names in WITHOUT_A_LESSON.values() for name in names.split()]
    assert unused == set(explained)
    assert len(explained) == len(set(explained))


FUNCTIONS = [name for name in setilearn.__all__ if inspect.isfunction(getattr(setilearn, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_has_type_hints(name):
    signature = inspect.signature(getattr(setilearn, name))
    bare = [
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.annotation is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
    ]
    assert bare == []
    assert signature.return_annotation is not signature.empty


def texts():
    files = [*PACKAGE.rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    files += (ROOT / "lessons").glob("*.ipynb")
    return {path: path.read_text(encoding="utf-8") for path in files}


def resolves(name):
    """Whether a dotted name is a module, or leads from one to something in it."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        for part in parts[n:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_names_in_text_exist():
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, text in texts().items()
        for name in sorted(set(re.findall(r"`(setilearn(?:\.\w+)+)`", text)))
        if not resolves(name)
    ]
    assert wrong == []


MODULES = [module.name for module in pkgutil.walk_packages(setilearn.__path__, "setilearn.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_run(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
