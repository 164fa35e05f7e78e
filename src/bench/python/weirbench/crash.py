"""The suite of crashes: the integration tests that kill nodes under load, with as many rounds as are asked for."""
import os
import shutil
import subprocess

from . import report
from .servers import Trouble

TESTS = {"sqlite": "CrashIT", "postgresql": "PostgresCrashIT"}
HEADER = ["nodes killed", "rounds", "acknowledged", "kept", "sent again", "resumed", "seed"]
NAMES = {"sqlite": "one, SQLite", "postgresql": "one or two of three, PostgreSQL restarted"}


def crash(context):
    """Both engines, one after the other; a round in vain is an error with the tests' own words."""
    rounds = context.options.rounds
    folder = os.path.join(context.root, "target/crash")
    shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for engine, test in TESTS.items():
        context.say(f"crash: {test}, {rounds} rounds")
        _run(context, test, rounds)
        with open(os.path.join(folder, f"{engine}.md"), encoding="utf-8") as file:
            cells = [cell.strip() for cell in file.read().strip().strip("|").split("|")]
        rows.append([NAMES[engine], *cells[1:]])
    yield "### Killed under load; what was acknowledged is there once, and who resumes saw each event once\n\n" + report.table(HEADER, rows)


def _run(context, test, rounds):
    command = ["mvn", "-o", "-B", "verify", f"-Dit.test={test}", "-Dtest=NoUnitTest", "-Dsurefire.failIfNoSpecifiedTests=false"]
    command += [f"-Dweir.crash.rounds={rounds}", "-Dspotless.check.skip=true"]
    result = subprocess.run(command, cwd=context.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if result.returncode != 0:
        raise Trouble(f"{test} failed:\n{result.stdout[-8000:]}")
