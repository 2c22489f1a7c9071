"""numba's `njit` that keeps what it has compiled, where there is a place to keep it."""

import functools
import warnings

import numba
from numba import prange as prange

from setilearn.errors import CompiledCacheWarning


def njit(**options):
    """Decorate a function to be compiled by numba, which keeps the result on disk for the next process.

    Where neither the package's folder nor the user's home can be written, as in a shared installation on a
    cluster, every process compiles anew, which takes some seconds, and warns of it once.
    """

    def compiled(function):
        try:
            return numba.njit(cache=True, **options)(function)
        except RuntimeError:  # no place for a cache
            _tell_once()
            return numba.njit(**options)(function)

    return compiled


@functools.cache
def _tell_once():
    warnings.warn(
        "The compiled functions cannot be kept on disk, so that the first search of each process takes some "
        "seconds more: the environment variable NUMBA_CACHE_DIR may name a folder for them.",
        CompiledCacheWarning,
        stacklevel=4,
    )
