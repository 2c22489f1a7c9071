"""One progress bar for all that takes long."""


def progress_bar(items, *, desc, unit, shown, **options):
    """``items`` again, with a bar that tells how many are done; ``options`` are tqdm's."""
    from tqdm.auto import tqdm

    return tqdm(items, desc=desc, unit=unit, disable=not shown, **options)


def files_bar(n_files, n_found, shown):
    """A bar that counts files, in parts too: `show_done` moves it."""
    return progress_bar(
        None,
        desc="drift search",
        unit="file",
        shown=shown,
        total=n_files,
        initial=n_found,
        bar_format="{l_bar}{bar}| {n:.1f} of {total} files [{elapsed}<{remaining}]",
    )


def show_done(bar, n_files):
    """Tell how many files are done, parts of one included."""
    bar.n = n_files
    bar.refresh()
