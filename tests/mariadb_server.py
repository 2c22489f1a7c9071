"""A MariaDB server for tests and benchmarks: a child process that ends with its block."""

import getpass
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

START_S = 60
# Debian keeps the server where an ordinary user's PATH does not look.
SEARCH_PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])


def missing():
    """What a server needs and this machine lacks, as a reason to skip a test; None where all is there."""
    for command in ("mariadb-install-db", "mariadbd"):
        if not shutil.which(command, path=SEARCH_PATH):
            return f"no {command}: Debian has it in the package mariadb-server"
    if not importlib.util.find_spec("pymysql"):
        return "no pymysql: it comes with the extra mysql"
    return None


@contextmanager
def mariadb():
    """Address of a server, ``mysql+pymysql://root@127.0.0.1:port``; see `new_database`."""
    with tempfile.TemporaryDirectory(prefix="mariadb-") as folder:
        common = ["--no-defaults", f"--user={getpass.getuser()}", f"--datadir={folder}/data"]
        install = [
            shutil.which("mariadb-install-db", path=SEARCH_PATH),
            *common,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = free_port()
        log = Path(folder, "log")
        with log.open("wb") as output:
            server = subprocess.Popen(
                [
                    shutil.which("mariadbd", path=SEARCH_PATH),
                    *common,
                    f"--socket={folder}/socket",
                    f"--port={port}",
                    "--bind-address=127.0.0.1",
                ],
                stdout=output,
                stderr=output,
            )
        try:
            wait_for(server, port, log)
            yield f"mysql+pymysql://root@127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(START_S)


def new_database(address):
    """URL of a new, empty database."""
    import sqlalchemy as sa

    name = f"survey_{uuid.uuid4().hex}"
    with sa.create_engine(address, poolclass=sa.NullPool).connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return f"{address}/{name}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(server, port, log):
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"MariaDB did not start:\n{log.read_text(errors='replace')[-2000:]}")
