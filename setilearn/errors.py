"""Every error of the package: what was expected, what was found, and in which file, by kind of thing."""

import sys


def how_to_install(package):
    """Where a package is missing: what installs it for this very Python, to be run as it stands."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    return f"'%pip install {package}' in a cell, or '{python} -m pip install {package}' at a command line"


class SetilearnError(ValueError):
    """What all errors of the package are."""


class SpectrogramError(SetilearnError):
    """A spectrogram that contradicts its header, or the request for a part of one that it does not have."""


class FilterbankError(SetilearnError):
    """A file that cannot be read as a filterbank, or a part of it that does not exist."""


class MissingFilterbankError(FilterbankError, FileNotFoundError):
    """There is no such file."""

    def __str__(self):  # OSError's own would show an errno that there is not
        return str(self.args[0])


class VoltageError(SetilearnError):
    """Voltages, or a file of them, that cannot be used."""


class NoiseError(SetilearnError):
    """Data from which no noise can be measured."""


class DatasetError(SetilearnError):
    """A data set that does not exist or cannot be had, or a place that cannot hold it."""


class MissingDatasetError(DatasetError):
    """No place that was tried has a sound copy of the file."""


class SearchError(SetilearnError):
    """A threshold or drift rates that leave nothing to search, tones that do not fit, no record of one."""


class HitsError(SetilearnError):
    """A table or a file of hits or of observations that is none, is damaged, or contradicts itself."""


class CadenceError(SetilearnError):
    """Scans, or tables of a survey's scans, that do not belong together, or not in this order."""


class DatabaseError(SetilearnError):
    """A database that cannot be used, or what contradicts its content."""


class DistributedError(SetilearnError):
    """Spark that cannot be had, or a folder of hits that belongs to another search."""


class ImageError(SetilearnError):
    """Images, labels or features that are not what they should be, or a request that they cannot meet."""


class ClassifierError(SetilearnError):
    """A network that is no classifier, a file that holds none, or probabilities that fit no images."""


class ExerciseError(SetilearnError):
    """An exercise that does not exist, or is not declared as it must be."""


class ProgressError(SetilearnError):
    """A file of exported progress that cannot be read or written."""


class LostDataWarning(UserWarning):
    """A part of the data is missing or no measurement, and the rest is used."""


class HeaderWarning(UserWarning):
    """A header says something that is left aside, or that changes what the data mean."""


class CompiledCacheWarning(UserWarning):
    """There is no place to keep compiled functions: each process compiles them anew."""
