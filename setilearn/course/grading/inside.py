"""What runs in the notebook's kernel when it is graded."""

import json

from setilearn.course.exercise import verdict
from setilearn.course.grading.parcel import pack, unpack
from setilearn.course.limits import Stopped, limited


def call(function, parcel):
    """Call a function with the packed arguments: a parcel of what it gives, and of what it made of them."""
    arguments, options = unpack(parcel)
    try:
        with limited():
            result = function(*arguments, **options)
    except (Exception, SystemExit, Stopped) as error:
        return pack(["raised", type(error).__name__, str(error)[:300]])
    return json.dumps({"list": [{"plain": "gave"}, json.loads(pack(result)), json.loads(pack(arguments))]})


def judge(task, answer):
    """The verdict on an answer that cannot leave the kernel, as a parcel."""
    found = verdict(task, answer)
    return pack([str(found.status), found.message])
