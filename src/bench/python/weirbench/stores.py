"""A PostgreSQL server for the journal's suite, and the benchmarks in Java that run within one process."""
import json
import os
import shutil
import subprocess
import time

from . import build, servers
from .servers import Trouble

SERVER_CORES = "0,1"


def _as_nobody(command):
    """PostgreSQL refuses to run as root: then it runs in a user namespace in which nobody is root."""
    return ["unshare", "-U", *command] if os.geteuid() == 0 else command


class Postgresql:
    """A server on a port of its own with an empty database `postgres`; trusted connections from this machine only."""

    def __init__(self, root, cores=None):
        programs = build.postgresql(root)
        if programs is None:
            raise Trouble("the binaries of PostgreSQL are not in ~/.m2 (run the tests once)")
        folder = os.path.join(servers.data(root, "postgresql"), "pg")
        made = subprocess.run(
            _as_nobody([os.path.join(programs, "initdb"), "-D", folder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode != 0:
            raise Trouble(f"initdb failed: {made.stderr[-500:]}")
        self.port = servers.free_port()
        settings = [f"listen_addresses=127.0.0.1", "unix_socket_directories=", "max_wal_size=4GB"]
        words = [os.path.join(programs, "postgres"), "-D", folder, "-p", str(self.port)]
        for setting in settings:
            words += ["-c", setting]
        self.server = servers.Server(root, "postgresql", _as_nobody(words), self.port, servers.listens, cores=cores)
        self.server.await_ready()
        # It listens a moment before it lets anybody in.
        time.sleep(1)

    @property
    def uri(self):
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()


def in_process(context, seconds, *, cores, uri=None, only=".*"):
    """Runs JournalBench; answers its figures by name."""
    path = build.java(context.root)
    folder = servers.data(context.root, "process")
    command = [*servers.java("-Xms1g", "-Xmx1g"), "-Donly=" + only, "-cp", path, "dev.weir.bench.JournalBench", folder, str(seconds)]
    command += [uri] if uri else []
    result = subprocess.run(
        ["taskset", "-c", cores, *command], capture_output=True, text=True, timeout=600, check=False, cwd=context.root
    )
    shutil.rmtree(folder, ignore_errors=True)
    if result.returncode != 0:
        raise Trouble(f"JournalBench ended with {result.returncode}:\n{result.stdout[-1500:]}{result.stderr[-1500:]}")
    lines = [json.loads(line) for line in result.stdout.splitlines() if line.startswith('{"what"')]
    return {line["what"]: line for line in lines}
