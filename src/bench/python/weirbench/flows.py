"""The suite of flows: events in memory through a flow, beside Camel, Node-RED and a loop in Java, each on one core."""
import json
import os
import random
import shutil
import subprocess

from . import build, report
from .context import GENERATOR_CORE, SERVER_CORE, WARM_S
from .servers import Trouble

DATA = os.path.join("..", "shared", "data", "flights-5k.json")
JVM = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
# Names as --only takes them, and what they are.
ROWS = {
    "weir": "Weir",
    "weir-each": "Weir, every late flight emitted",
    "loop": "loop in Java, `JsonObject`",
    "camel": "Camel, `direct:`",
    "node-red": "Node-RED",
}
FLOWS = {"weir": "late-per-origin", "weir-each": "late"}


def flows(context):
    """Rounds of all rows, one after the other."""
    events = _events(context)
    commands = _commands(context, events)
    for number in range(1, context.options.rounds + 1):
        for name, (command, folder) in commands.items():
            context.say(f"flows: round {number} of {context.options.rounds}, {name}")
            context.record("flows", "flights", name, number, _run(context, command, folder))
    yield from _report(context)
    if not context.options.only:
        yield from _node(context)


def _events(context):
    """The flights as NDJSON below target/bench; answers the path."""
    path = context.options.flights or os.path.join(context.root, DATA)
    target = os.path.join(context.root, "target", "bench", "flights.ndjson")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            flights = json.load(file)
    elif context.options.flights:
        raise Trouble(f"--flights {path}: there is no such file")
    else:
        context.say("there is no flights-5k.json: a sample of the same shape is made")
        flights = _made()
    with open(target, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(flight, separators=(",", ":")) + "\n" for flight in flights)
    return target


def _made():
    """About a quarter is later than ten minutes, and few airports see most flights."""
    chance = random.Random(2001)
    airports = [chr(65 + i // 26) + chr(65 + i % 26) + "X" for i in range(180)]
    return [
        {
            "date": f"2001/01/{1 + i // 200:02} {i // 9 % 24:02}:{i % 60:02}",
            "delay": round(chance.gauss(-5, 25)),
            "distance": chance.randrange(100, 2600),
            "origin": airports[int(180 * chance.random() ** 2)],
            "destination": airports[int(180 * chance.random() ** 2)],
        }
        for i in range(5000)
    ]


def _commands(context, events):
    warm, seconds = (3, 2) if context.options.quick else (WARM_S, 6)
    times = [str(seconds), str(warm)]
    commands = {}
    for name in context.options.only or ROWS:
        if name not in ROWS:
            continue
        try:
            commands[name] = _command(context.root, name, events, times)
        except Trouble as trouble:
            context.say(f"{name} is left out: {trouble}")
    return commands


def _command(root, name, events, times):
    if name == "node-red":
        folder = build.node_red(root)
        return ["node", "nodered.js", events, *times], folder
    if name == "camel":
        return ["java", *JVM, "-cp", build.camel(root), "CamelFlow", events, *times], root
    java = ["java", *JVM, "-cp", build.java(root)]
    if name == "loop":
        return [*java, "dev.weir.bench.FlightLoop", events, *times], root
    flow = os.path.join(root, "src", "bench", "flows", FLOWS[name] + ".yaml")
    return [*java, "dev.weir.flow.FlowBench", events, flow, *times], root


def _run(context, command, folder, cores=SERVER_CORE):
    """The last line that it prints, or what went wrong."""
    lines = run_lines(command, folder, cores)
    return lines if isinstance(lines, dict) else lines[-1]


def run_lines(command, folder, cores):
    try:
        result = subprocess.run(["taskset", "-c", cores, *command], cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    except subprocess.TimeoutExpired:
        return {"trouble": "it did not end within 180 s"}
    lines = [line for line in result.stdout.splitlines() if line.startswith("{")]
    if result.returncode != 0 or not lines:
        return {"trouble": (result.stderr or result.stdout).strip()[:400]}
    return [json.loads(line) for line in lines]


# What has a node of its own, and the heap that it has: what RSS says of idle flows is not to be memory that was only reserved.
PARTS = {"kept": 512, "latency": 512, "keys": 512, "idle=0": 64, "idle=1000": 192}
MEGABYTES = {"sales.ndjson": 600, "sales.csv": 600}


def _node(context):
    """Flows of whole nodes, on two cores: exactly once, latency, keys of a window, a thousand of them."""
    data = os.path.join(context.root, "target", "bench", "data", "flows")
    try:
        for number in range(1, context.options.rounds + 1):
            for part, heap in PARTS.items():
                context.say(f"flows: whole nodes, round {number} of {context.options.rounds}, {part}")
                jvm = ["-Xms16m", f"-Xmx{heap}m", *JVM[2:]] if heap < 512 else JVM
                words = ["java", *jvm, "-cp", build.java(context.root), "dev.weir.bench.FlowNodeBench", data, "2" if context.options.quick else "5", part]
                _record(context, number, part, words)
                shutil.rmtree(data, ignore_errors=True)
            for name, megabytes in MEGABYTES.items():
                context.say(f"flows: files, round {number} of {context.options.rounds}, {name}")
                _file(context, number, os.path.join(data, name), megabytes // (10 if context.options.quick else 1))
    finally:
        shutil.rmtree(data, ignore_errors=True)
    yield from _node_report(context)


def _record(context, number, part, words):
    lines = run_lines(words, context.root, f"{SERVER_CORE},{GENERATOR_CORE}")
    if isinstance(lines, dict):
        context.record("flows", part, "weir", number, lines)
        return
    for figures in lines:
        context.record("flows", figures.pop("what"), "weir", number, figures)


def _file(context, number, path, megabytes):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    java = ["java", *JVM, "-cp", build.java(context.root)]
    subprocess.run([*java, "dev.weir.bench.CsvMaker", path, str(megabytes * 1_000_000)], check=True)
    _record(context, number, path, [*java, "dev.weir.bench.FileRun", path])
    os.remove(path)


def _node_report(context):
    def figure(what, key):
        return context.median("flows", what, "weir", key)

    def grown(key):
        with_flows, without = figure("1000 idle flows", key), figure("0 idle flows", key)
        return with_flows - without if with_flows is not None and without is not None else None

    without, with_flow = (figure(f"latency {word} a flow", "p99_us") for word in ("without", "with"))
    kept = "kept to kept, exactly once"
    rows = [
        [kept + ", from the node's start", report.number(figure(kept, "events_per_s"), 0) + "/s", report.number(figure(kept, "cpu_s_per_m"), 1)],
        [kept + ", second half", report.number(figure("kept to kept, second half", "events_per_s"), 0) + "/s", report.number(figure("kept to kept, second half", "cpu_s_per_m"), 1)],
        ["NDJSON, lines parsed out of memory", report.number(figure("sales.ndjson parsed", "mb_per_s"), 0) + " MB/s", ""],
        ["NDJSON, read", f"{report.number(figure('sales.ndjson read', 'mb_per_s'), 0)} MB/s, {report.number(figure('sales.ndjson read', 'events_per_s'), 0)} events/s", ""],
        ["CSV, read", f"{report.number(figure('sales.csv read', 'mb_per_s'), 0)} MB/s, {report.number(figure('sales.csv read', 'events_per_s'), 0)} events/s", ""],
        ["a node without flows, with a thousand: RSS", " MB, ".join(report.number(figure(f"{count} idle flows", "rss_mb"), 0) for count in (0, 1000)) + " MB", ""],
    ]  # fmt: skip
    yield "### Flows of whole nodes\n\n" + report.table(["", "measured", "CPU-s per M"], rows)
    targets = report.Targets()
    targets.at_least("kept to kept, exactly once, SQLite", figure(kept, "events_per_s"), 30_000, None, "/s")
    targets.at_most("p99 that a flow adds at 10000 events a second", (with_flow - without) / 1000 if with_flow and without else None, 2, None, " ms")
    targets.at_most("a node with a thousand idle flows starts", figure("1000 idle flows", "start_s"), 5, None, " s")
    targets.at_most("heap of a thousand idle flows", grown("heap_mb"), 100, None, " MB")
    targets.at_most("RSS of a thousand idle flows", grown("rss_mb"), 100, None, " MB")
    targets.at_most("heap of a window with 100000 keys", figure("a window with 100000 keys", "heap_mb"), 200, None, " MB")
    targets.at_least("NDJSON read, MB/s", figure("sales.ndjson read", "mb_per_s"), 100)
    yield str(targets)


def _report(context):
    def figure(name, key):
        return context.median("flows", "flights", name, key)

    def cost_ratio(name):
        """By processor time, which says more than rates on a machine that does other things too."""
        own, other = figure("weir", "cpu_s_per_m"), figure(name, "cpu_s_per_m")
        return other / own if own and other else None

    rows = []
    for name, title in ROWS.items():
        if figure(name, "events_per_s"):
            rate, cost = figure(name, "events_per_s"), figure(name, "cpu_s_per_m")
            rows.append([title, report.number(rate, 0), report.ratio(rate, figure("weir", "events_per_s")), report.number(cost, 2), report.number(cost_ratio(name), 2)])
    header = ["on one core", "events/s", "Weir's over its", "CPU-s per M", "its over Weir's"]
    yield "### Late flights per origin\n\n" + report.table(header, rows)
    targets = report.Targets()
    targets.at_least("events through the flow", figure("weir", "events_per_s"), 700_000, 1_000_000, "/s")
    targets.at_least("events for each second of the processor", _inverse(figure("weir", "cpu_s_per_m")), 700_000, 1_000_000)
    targets.at_least("over Camel, by processor time", cost_ratio("camel"), 1.4)
    targets.at_least("over Node-RED, by processor time", cost_ratio("node-red"), 25)
    yield str(targets)


def _inverse(cost):
    return 1e6 / cost if cost else None
