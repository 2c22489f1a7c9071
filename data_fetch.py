"""Fetch the course's real data sets, verified; where Voyager 1 cannot be had, a simulated stand-in is made.

python data_fetch.py --list
python data_fetch.py voyager1
python data_fetch.py course --to FOLDER
python data_fetch.py all --mirror FOLDER_OR_ADDRESS --to FOLDER
"""

import argparse
import os
import shutil
import sys
import textwrap
import warnings

from setilearn.archive.catalogue import DATASETS, in_words, look_up
from setilearn.archive.fetch import DatasetWarning, fetch, fetch_real, find
from setilearn.errors import DatasetError


def main(arguments=None):
    """Run the command; returns its exit status, 0 where each data set asked for is there."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        names = list(dict.fromkeys(name for wish in options.names for name in names_of(wish)))
        if options.channels is not None and options.channels < 1:
            raise DatasetError(f"--channels: expected at least 1, found {options.channels}")
        if options.list:
            print_list(names or DATASETS, options)
            return 0
    except DatasetError as error:
        parser.error(str(error))
    if not names:
        parser.error("expected the name of a data set, course, all, or --list")
    if len(names) > 1:
        print(f"{len(names)} data sets, {size_of(names)} where none is here yet", flush=True)
    try:
        missing = [name for name in names if not fetch_one(name, options)]
    except KeyboardInterrupt:
        print("\nInterrupted. Nothing half-done was left behind.", file=sys.stderr)
        return 130
    if missing:
        print(f"\n{len(missing)} of {len(names)} could not be had: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def _parser():
    parser = argparse.ArgumentParser(prog="data_fetch.py", description=__doc__.split("\n")[0])
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="data sets to fetch; course: those that the lessons need; all",
    )
    parser.add_argument("--list", action="store_true", help="show the data sets and what is here already")
    parser.add_argument("--mirror", metavar="FOLDER_OR_ADDRESS", help="take the files from there")
    parser.add_argument("--to", metavar="FOLDER", help="keep the files there, not in the cache")
    parser.add_argument("--no-stand-in", action="store_true", help="only the real file will do")
    parser.add_argument("--channels", type=int, metavar="N", help="make a smaller stand-in of N channels")
    return parser


def names_of(wish):
    """Names of the data sets that a word of the command line stands for."""
    if wish == "course":
        return [name for name, dataset in DATASETS.items() if dataset.lessons]
    return list(DATASETS) if wish == "all" else [look_up(wish).name]


def size_of(names):
    """How much these data sets are together, in words."""
    sizes = [DATASETS[name].n_bytes for name in names]
    n_unknown = sizes.count(None)
    known = in_words(sum(size for size in sizes if size))
    return f"{known} and {n_unknown} of unknown size" if n_unknown else known


def fetch_one(name, options):
    """Fetch a data set and print where it is; whether it could be had."""
    print(f"{name}: {DATASETS[name].about}", flush=True)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", DatasetWarning)
            if options.no_stand_in:
                path = fetch_real(name, options.mirror, to=options.to)
            else:
                path = fetch(name, options.mirror, to=options.to, n_chan=_channels(name, options.channels))
    except DatasetError as error:
        _print_indented(error)
        return False
    for warning in told:
        _print_indented(warning.message)
        if warning.message.reason:
            _print_indented(warning.message.reason)
    print(f"  -> {path}", flush=True)
    return True


def _channels(name, wish):
    """Channels of the stand-in: a cut-out has fewer than the wish for the whole recording may be."""
    stand_in = DATASETS[name].stand_in
    return None if stand_in is None or wish is None else min(wish, stand_in.n_chan)


def _print_indented(message):
    sys.stdout.flush()
    print(textwrap.indent(str(message), "  "), file=sys.stderr, flush=True)


def print_list(names, options):
    """Print a table of the data sets ``names``; a star marks those that are on this computer, verified."""
    width = min(shutil.get_terminal_size().columns, 110)
    print(f"  {'name':<28}{'size':>10}  licence")
    for name in names:
        dataset = DATASETS[name]
        mark = "*" if find(name, options.mirror, to=options.to) else " "
        print(f"{mark} {name:<28}{dataset.size:>10}  {dataset.licence}")
        about = dataset.about + (" Offline: a simulated stand-in." if dataset.stand_in else "")
        print(textwrap.fill(about, width, initial_indent=" " * 4, subsequent_indent=" " * 4))
        # An address is not broken: it is to be copied.
        print(f"    {_place(dataset)}")
        if dataset.lessons:
            print(f"    for lesson{'s' * (len(dataset.lessons) > 1)} {', '.join(dataset.lessons)}")
    course = names_of("course")
    print(
        "\n* is here already, checked. Fetch others with: python data_fetch.py NAME\n"
        f"course: what the lessons fetch, {len(course)} of these, {size_of(course)}"
    )


def _place(dataset):
    if dataset.address:
        return f"from {dataset.address}"
    cut = f"cut out of {dataset.cut_from}, or " if dataset.cut_from else ""
    return f"{cut}from a mirror: {dataset.mirror_path}"


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
