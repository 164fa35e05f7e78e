"""What every suite needs: runs of the generator, interleaved rounds, and the figures so far."""
import json
import os
import subprocess
import sys
import time

from . import build, report, servers
from .servers import Trouble

SERVER_CORE, GENERATOR_CORE = "0", "1"
# The JIT compiler shares the server's core, so a JVM needs this long until its figures stand still.
WARM_S = 8


class Context:
    """The options of a run and where its figures go."""

    def __init__(self, root, options, runs):
        self.root, self.options, self.runs = root, options, runs
        if os.cpu_count() < 2:
            raise Trouble("two cores are needed: one for the server, one for the load")
        self.generator = build.generator(root)

    def say(self, text):
        print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)

    def names(self, default):
        chosen = [name for name in self.options.only or default if name in default]
        for name in chosen:
            if why := servers.available(name):
                self.say(f"{name} is left out: {why}")
        return [name for name in chosen if not servers.available(name)]

    def seconds(self, warm, run):
        """Warm-up and length of a run as the generator's arguments; --quick takes a third of each, at most 3 s and 2 s."""
        if self.options.quick:
            warm, run = min(warm / 3, 3), min(run / 3, 2)
        return {"warm": warm, "secs": run}

    def generate(self, command, *, cores=GENERATOR_CORE, pids=(), **arguments):
        """Runs the generator once; answers its figures, or only what went wrong."""
        words = [self.generator, command]
        for key, value in arguments.items():
            words += ["--" + key.replace("_", "-"), str(value)]
        for pid in pids:
            words += ["--pid", str(pid)]
        limit = 120 + float(arguments.get("warm", 0)) + float(arguments.get("secs", 0))
        pinned = ["taskset", "-c", cores, *words] if cores else words
        try:
            result = subprocess.run(pinned, capture_output=True, text=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return {"trouble": f"the generator did not end within {limit:.0f} s"}
        if not result.stdout.strip():
            return {"trouble": result.stderr.strip()[-300:]}
        return json.loads(result.stdout)

    def record(self, suite, scenario, name, number, figures):
        self.runs.append({"suite": suite, "scenario": scenario, "server": name, "round": number, **figures})
        if "trouble" in figures:
            self.say(f"{suite} {scenario} {name}: {figures['trouble']}")

    def of(self, suite, scenario, name):
        return [run for run in self.runs if (run["suite"], run["scenario"], run["server"]) == (suite, scenario, name)]

    def median(self, suite, scenario, name, key):
        return report.median(self.of(suite, scenario, name), key)


def interleaved(context, suite, names, measure, **start):
    """Rounds A B C A B C; each starts its server afresh and lets `measure` yield (scenario, figures)."""
    for number in range(1, context.options.rounds + 1):
        for name in names:
            context.say(f"{suite}: round {number} of {context.options.rounds}, {name}")
            try:
                with servers.start(context.root, name, cores=SERVER_CORE, **start) as server:
                    server.await_ready()
                    for scenario, figures in measure(name, server):
                        context.record(suite, scenario, name, number, figures)
            except (Trouble, OSError) as trouble:
                context.record(suite, "start", name, number, {"trouble": str(trouble)})
