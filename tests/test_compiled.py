"""Compiled functions where there is no place to keep them: a search runs all the same, and says so once."""

import subprocess
import sys

import pytest

SEARCH = """
import warnings
import numba.core.caching as caching

# Neither the package's folder nor the home can be written: numba knows no other place.
(getattr(caching, "CacheImpl", None) or caching._CacheImpl)._locator_classes = []
import setilearn as sl

with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    noise = sl.simulate_noise(16, 1024, seed=1)
    hits = sl.search_drift(sl.add_tone(noise, noise.header.frequency_mhz(500), snr=50.0), progress=False)
print([warning.category.__name__ for warning in told].count("CompiledCacheWarning"), len(hits))
"""


@pytest.mark.slow
def test_without_a_place_for_the_cache_a_search_runs_and_says_so_once():
    done = subprocess.run([sys.executable, "-c", SEARCH], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["1", "1"], done.stderr
