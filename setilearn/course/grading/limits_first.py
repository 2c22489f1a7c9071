"""Set limits to this process, then become another: ``limits_first.py MEMORY_BYTES FILE_BYTES CPU_S COMMAND``.

A script on its own, started by its path, so that nothing is imported that takes long.
"""

import os
import sys


def main():
    """Set the limits and go over to the command."""
    import resource  # not on Windows

    memory_bytes, file_bytes, cpu_s = map(int, sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvp(sys.argv[4], sys.argv[4:])


if __name__ == "__main__":
    main()
