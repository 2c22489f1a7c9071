"""A list that answers to the calls of Spark's RDD: for trying a line of Spark without Spark."""


class LittleRDD:
    """What `pyspark.RDD` does, with a list on one machine; nothing is done before collect or count."""

    def __init__(self, items):
        self._items = items

    def _later(self, made):
        """One whose items ``made()`` gives, when they are asked for."""
        return LittleRDD(_Later(made))

    def map(self, function):
        return self._later(lambda: [function(item) for item in self._items])

    def filter(self, keeps):
        return self._later(lambda: [item for item in self._items if keeps(item)])

    def flatMap(self, function):  # noqa: N802 (Spark's name)
        return self._later(lambda: [one for item in self._items for one in function(item)])

    def mapValues(self, function):  # noqa: N802
        return self._later(lambda: [(key, function(value)) for key, value in self._items])

    def reduceByKey(self, combine):  # noqa: N802
        def combined():
            found = {}
            for key, value in self._items:
                found[key] = combine(found[key], value) if key in found else value
            return found.items()

        return self._later(combined)

    def collect(self):
        return list(self._items)

    def count(self):
        return len(self.collect())


class _Later:
    def __init__(self, made):
        self._made = made

    def __iter__(self):
        return iter(self._made())
