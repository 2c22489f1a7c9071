"""The mystery of lesson 15."""

from setilearn.course.answers import integer
from setilearn.course.material.atlas3i.another_search import make_mystery
from setilearn.course.mystery import Mystery

MYSTERY = Mystery(
    question="Another search, another table of survivors. How many rows are in all three ONs (8 or more), "
    "how many of these are clean in the OFFs (below 4), and how many of these drift? Without the satellite "
    "downlinks, which row is left? Give its number, or -1 if none is.",
    make=make_mystery,
    checks={part: integer() for part in ("after_on", "after_off", "after_drift", "left")},
)
