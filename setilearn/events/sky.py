"""Whether stars stand together on the sky."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from setilearn.errors import CadenceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


class Bunching(NamedTuple):
    """Pairs of chosen stars closer than the radius, how many chance makes of them, and how often as many."""

    n_stars: int
    n_pairs: int
    expected: float
    p_value: float


def sky_bunching(
    source_names: Sequence[str],
    observations: pd.DataFrame,
    *,
    radius_deg: float = 10.0,
    n_random: int = 2000,
    seed: int = 0,
) -> Bunching:
    """Whether stars stand closer together on the sky than as many chosen by chance from all observed.

    Counts the pairs closer than ``radius_deg``, and compares with as many stars drawn at random from
    those of the ON scans, so that it does not matter how the survey covers the sky.

    Parameters
    ----------
    source_names : sequence of str
        The stars, say those of some events; a name that is there twice counts once.
    observations : DataFrame
        Columns `setilearn.tables.OBSERVATIONS`, with coordinates.
    radius_deg : float
        About the size of a bunch.
    n_random : int
        How often to draw.
    seed : int

    Returns
    -------
    Bunching
        n_stars, n_pairs, expected (mean of the draws), p_value: the share of the draws that have as many
        pairs or more, the stars themselves counted as one of them, (1 + as many or more) / (1 + n_random).

    Raises
    ------
    CadenceError
        Where a star was not observed, or a radius or number of draws makes no sense.
    """
    if not (0 < radius_deg <= 180 and n_random >= 1):
        raise CadenceError(
            f"expected radius_deg of 0 to 180 and n_random of 1 or more, found {radius_deg} and {n_random}"
        )
    stars = observations[observations["position"] == "ON"].drop_duplicates("source_name")
    chosen = stars["source_name"].isin(list(source_names)).to_numpy()
    strangers = set(source_names) - set(stars["source_name"])
    if strangers:
        raise CadenceError(f"source_names: expected stars of the ON scans, found {min(strangers)!r}")
    near = _near_pairs(stars["ra_deg"].to_numpy(), stars["dec_deg"].to_numpy(), radius_deg)
    rng = np.random.default_rng(seed)
    n_chosen = int(chosen.sum())
    draws = [rng.choice(len(stars), n_chosen, replace=False) for _ in range(n_random)]
    n_drawn = np.array([near[np.ix_(draw, draw)].sum() // 2 for draw in draws])
    n_pairs = int(near[np.ix_(chosen, chosen)].sum() // 2)
    p_value = (1 + int((n_drawn >= n_pairs).sum())) / (1 + n_random)
    return Bunching(n_chosen, n_pairs, float(n_drawn.mean()), p_value)


def _near_pairs(ra_deg, dec_deg, radius_deg):
    """Which stars are closer than the radius, bool array ``(n, n)``, False for a star and itself."""
    from astropy.coordinates import SkyCoord

    stars = SkyCoord(ra_deg, dec_deg, unit="deg")
    near = stars[:, None].separation(stars).deg <= radius_deg
    np.fill_diagonal(near, False)
    return near
