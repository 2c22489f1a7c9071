"""Errors that more than one module raises; each is also found where it is documented."""


class SearchError(ValueError):
    """A search whose drift rates or threshold leave nothing to search, or a record that is none."""
