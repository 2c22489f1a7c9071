"""turbo_seti in an environment of its own (it needs numpy below 2), made on first use in build/turbo_seti."""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "turbo_seti_requirements.txt"
FOLDER = HERE.parents[1] / "build" / "turbo_seti"


def environment():
    """Python of the environment, which is made if it is not there as the requirements ask."""
    python = FOLDER / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    # Written last: without it an installation was broken off, or was made for other requirements.
    made = FOLDER / "made_from.txt"
    if not made.exists() or made.read_text() != REQUIREMENTS.read_text():
        print(f"making turbo_seti's environment in {FOLDER} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", REQUIREMENTS], check=True)
        made.write_text(REQUIREMENTS.read_text())
    return python


class TurboSeti:
    """A process that searches file after file, so that what it compiles stays compiled."""

    def __init__(self, out_folder, max_drift_hz_s=4.0, snr=10.0):
        command = [environment(), HERE / "run_turbo_seti.py", out_folder, str(max_drift_hz_s), str(snr)]
        self.log = Path(out_folder, "turbo_seti.stderr")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )

    def search(self, path):
        """Search a file of one coarse channel: ``(seconds, of which on the processor, path of its .dat)``."""
        print(path, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"turbo_seti stopped: {self.log.read_text()[-2000:]}")
        found = json.loads(answer)
        return found["seconds"], found["cpu_s"], found["dat"]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()
