"""One progress bar for all that takes long."""


def files_bar(n_files, n_found, shown):
    from tqdm.auto import tqdm

    return tqdm(
        total=n_files,
        initial=n_found,
        desc="drift search",
        bar_format="{l_bar}{bar}| {n:.1f} of {total} files [{elapsed}<{remaining}]",
        disable=not shown,
    )


def show_done(bar, n_files):
    bar.n = n_files
    bar.refresh()
