"""Peak memory of a process that a benchmark has started."""

import resource
import sys
from pathlib import Path


def peak_bytes():
    """Most memory that this process alone has held.

    What `getrusage` tells on Linux begins with the memory of the process that started it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
