"""The suite of presence: sessions come to one node of two and go, watchers on the other see it; then the first node is killed."""
import json
import os
import subprocess
import time

from . import build, report, servers
from .servers import Trouble

# Up to `presence.members` each change is told to watchers; above, only how many there are.
SCENARIOS = {"50 addresses of 400": (20_000, 50), "one address of 20000": (20_000, 1)}
CONF = """\
http: {host: 127.0.0.1, port: 0}
presence: {grace: 2s}
flows: {path: src/bench/conf/flows}
addresses:
  - {match: "room.{number}", publish: anyone, subscribe: anyone, presence: anyone}
cluster: {join: [%s], port: %d, bus-port: %d}
verticles:
  - {deploy: dev.weir.bench.PresenceRun}
"""
PATIENCE_S = 120


class Node:
    """A clustered node that takes commands on its standard input."""

    def __init__(self, context, name, join):
        self.root, self.port, self.member = context.root, servers.free_port(), servers.free_port()
        hosts = ", ".join(f'"127.0.0.1:{port}"' for port in [*join, self.member])
        conf = os.path.join(context.root, f"target/bench/presence-{name}.yaml")
        with open(conf, "w", encoding="utf-8") as file:
            file.write(CONF % (hosts, self.member, servers.free_port()))
        words = ["java", "-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-cp", build.java(context.root), "dev.weir.Weir", "run", "--conf", conf, "--cluster"]
        log = open(os.path.join(context.root, f"target/bench/logs/presence-{name}.log"), "w", encoding="utf-8")
        env = {**os.environ, "WEIR_HOME": context.root, "WEIR_HTTP_PORT": str(self.port)}
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=env, cwd=context.root
        )
        log.close()

    def await_ready(self):
        begun = time.monotonic()
        while not servers.weir_ready(self.port):
            if self.process.poll() is not None or time.monotonic() - begun > PATIENCE_S:
                raise Trouble("a node of the presence suite did not start; see target/bench/logs")
            time.sleep(0.05)

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def answer(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        raise Trouble("a node of the presence suite ended")

    def ask(self, command):
        self.tell(command)
        return self.answer()

    def cpu_s(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def heap_mb(self):
        subprocess.run(["jcmd", str(self.process.pid), "GC.run"], capture_output=True, check=False)
        info = subprocess.run(["jcmd", str(self.process.pid), "GC.heap_info"], capture_output=True, text=True, check=False).stdout
        used = [line.split("used ")[1].split("K")[0] for line in info.splitlines() if "generation" in line and "used " in line]
        return sum(int(kilobytes) for kilobytes in used) / 1024

    def kill(self):
        self.process.kill()
        self.process.wait()


def _loopback_bytes():
    with open("/proc/net/dev", encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.strip().startswith("lo:"))


def presence(context):
    build.java(context.root)
    os.makedirs(os.path.join(context.root, "target/bench/logs"), exist_ok=True)
    for number in range(1, context.options.rounds + 1):
        for scenario, (members, rooms) in SCENARIOS.items():
            context.say(f"presence: round {number} of {context.options.rounds}, {scenario}")
            nodes = []
            try:
                nodes.append(Node(context, "first", []))
                nodes[0].await_ready()
                nodes.append(Node(context, "second", [nodes[0].member]))
                nodes[1].await_ready()
                for phase, figures in _phases(nodes, members, rooms, 1 if context.options.quick else 3):
                    context.record("presence", f"{scenario}: {phase}", "weir", number, figures)
            except (Trouble, OSError) as trouble:
                context.record("presence", scenario, "weir", number, {"trouble": str(trouble)})
            finally:
                for node in nodes:
                    node.kill()
    yield from _report(context)


def _phases(nodes, members, rooms, rounds):
    """Comings and goings until the JIT compiler has seen them, then those that count, then a death."""
    here, there = nodes
    there.ask(f"watch {rooms}")
    empty = [node.heap_mb() for node in nodes]
    for turn in range(rounds):
        for phase, goal in (("join", members), ("leave", 0)):
            figures = _change(nodes, phase, members, rooms, goal)
            if turn == rounds - 1:
                yield phase, figures
    _change(nodes, "join", members, rooms, members)
    yield "heap", {name: (node.heap_mb() - before) * 1e6 / members for name, node, before in zip(("here", "there"), nodes, empty)}
    there.tell("await 0")
    begun = time.monotonic_ns()
    here.kill()
    seen = there.answer()
    yield "death", {"seconds": (seen["seen_ns"] - begun) / 1e9, "leaves": seen["leaves"], "wrong": seen["wrong"]}


def _change(nodes, phase, members, rooms, goal):
    here, there = nodes
    there.tell(f"await {goal}")
    before, sent = [node.cpu_s() for node in nodes], _loopback_bytes()
    begun = here.ask(f"{phase} {members} {rooms}")
    seen = there.answer()
    cpu = [(node.cpu_s() - then) * 1e6 / members for node, then in zip(nodes, before)]
    return {
        "seconds": (seen["seen_ns"] - begun["begin_ns"]) / 1e9,
        "here_us": cpu[0], "there_us": cpu[1], "bytes": (_loopback_bytes() - sent) / members,
        "told": seen["joins"] + seen["leaves"], "wrong": seen["wrong"],
    }  # fmt: skip


def _report(context):
    def figure(scenario, phase, key):
        return context.median("presence", f"{scenario}: {phase}", "weir", key)

    rows, targets = [], report.Targets()
    for scenario, (members, rooms) in SCENARIOS.items():
        for phase in ("join", "leave"):
            keys = {"here_us": 1, "there_us": 1, "bytes": 0, "seconds": 2, "told": 0}
            rows.append([scenario, phase, *(report.number(figure(scenario, phase, key), digits) for key, digits in keys.items())])
        rows.append([scenario, "node killed", "", "", "", *(report.number(figure(scenario, "death", key), digits) for key, digits in (("seconds", 1), ("leaves", 0)))])
        targets.at_most(f"{scenario}: changes that were told twice", _wrong(context, scenario), 0)
    told = [figure("50 addresses of 400", phase, key) for phase, key in (("join", "told"), ("leave", "told"), ("death", "leaves"))]
    if None not in told:
        targets.at_least("50 addresses of 400: fewest of 20000 changes told", min(told), 20_000)
    header = ["20000 members on one node, watchers on the other", "", "CPU µs per change, here", "there", "bytes on loopback", "all seen after, s", "changes told"]
    yield "### Presence over two nodes\n\n" + report.table(header, rows)
    heap = [[scenario, *(report.number(figure(scenario, "heap", key), 0) for key in ("here", "there"))] for scenario in SCENARIOS]
    yield report.table(["heap per member, bytes", "on its node", "on the other"], heap)
    yield str(targets)


def _wrong(context, scenario):
    found = [context.median("presence", f"{scenario}: {phase}", "weir", "wrong") for phase in ("join", "leave", "death")]
    return None if None in found else sum(found)
