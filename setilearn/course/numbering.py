"""Exercises change places as the course grows: which of today's an id of an earlier numbering means.

A numbering begins where ids first mean something else. Each has a table to the next; an id that a table
does not name stayed what it was, and one that leads to None is no more.
"""


def _moved(lesson, **places):
    """``_moved("L01", _4=5)``: exercise 4 of lesson 01 became number 5."""
    return {f"{lesson}-{old[1:]}": place and f"{lesson}-{place}" for old, place in places.items()}


_FROM_1 = {
    "L10-2": None,  # names of the columns
    "L10-6": None,  # signs after a flip
    # 11, Train a network
    **dict.fromkeys(f"L11-{k}" for k in range(1, 100)),
    "L11-1": "L11-6",  # weights of the dense layer
    "L11-2": "L11-8",  # the learning rate that falls to nothing
    "L11-3": "L11-11",  # what a shrug costs
    "L11-4": "L12-2",  # bows
    "L11-5": "L12-5",  # precision from a confusion matrix
    "L11-6": "L12-6",  # one in a million
    "L11-7": "L12-8",  # hits a second
    # 12, What is left over, and 13, Scaling out; there was no 14
    **dict.fromkeys(f"L{lesson}-{k}" for lesson in (12, 13, 14) for k in range(1, 100)),
    **{f"L12-{k}": f"L13-{k}" for k in range(1, 7)},
    **{f"L13-{k}": f"L14-{k}" for k in range(1, 8)},
}
_FROM_2 = {
    **_moved("L01", _3=None, _4=5, _5=6),
    **_moved("L02", _1=None, _4=5, _5=6, _6=7),
    **_moved("L03", _2=3, _3=4, _4=None, _5=None, _7=None, _8=None),
    **_moved("L04", _2=None),
    **_moved("L05", _2=4, _3=5, _4=None, _5=None),
    **_moved("L06", _4=None),
    **_moved("L07", _2=4, _3=None, _4=5, _5=6, _6=7),
    **_moved("L08", _1=2, _2=3, _3=None, _4=5, _5=6),
    # Between two states of lesson 09 these ids changed their meaning: nobody knows any more which was meant.
    **_moved("L09", _2=None, _3=None, _4=None, _5=None, _6=None, _7=None),
    **_moved("L13", _5=6, _6=7),
    **_moved("L14", _2=None, _3=5, _4=None, _5=None, _7=None),
}
_TABLES = [_FROM_1, _FROM_2]
TODAY = len(_TABLES) + 1


def todays_id(exercise_id, numbering):
    """The id that an exercise of ``numbering`` (1 to `TODAY`) has today, or None where it is no more."""
    for table in _TABLES[numbering - 1 :]:
        if exercise_id is not None:
            exercise_id = table.get(exercise_id, exercise_id)
    return exercise_id
