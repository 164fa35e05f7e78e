"""The suites that measure Weir alone: http, start, loops, cluster."""
import os
import time

from . import build, report, servers
from .context import WARM_S, interleaved

# ---- http ------------------------------------------------------------------------------------------------------------


def http(context):
    names = context.names(("weir", "weir-uring", "weir-access"))
    scenarios = {
        "single events": {"connections": 32, "batch": 1, "subs": 1},
        "single events, nobody listens": {"connections": 32, "batch": 1, "subs": 0},
        "batches of 100": {"connections": 8, "batch": 100, "subs": 1},
    }

    def measure(name, server):
        for scenario, load in scenarios.items():
            timing = context.seconds(WARM_S, 8)
            yield scenario, context.generate(
                "http", port=server.port, pids=[server.pid], label=name, payload=context.options.payload or 200, **load, **timing
            )

    interleaved(context, "http", names, measure)
    rows = []
    for scenario in scenarios:
        for name in names:

            def figure(key, scenario=scenario, name=name):
                return context.median("http", scenario, name, key)

            latency = report.milliseconds(figure("p50_us"), figure("p99_us"))
            rates = [report.number(figure(key), 0) for key in ("requests_per_s", "events_per_s", "deliveries_per_s")]
            rows.append([servers.TITLES[name], scenario, *rates, report.number(figure("cpu_s_per_m"), 2), latency, report.number(figure("failed"), 0)])
    header = ["server", "load", "requests/s", "events/s", "received/s", "CPU-s per M events", "p50 / p99 ms", "failed"]
    yield "### Publishing over HTTP, keep-alive\n\n" + report.table(header, rows)
    targets = report.Targets()
    targets.at_least("HTTP, single events on one core", context.median("http", "single events", "weir", "events_per_s"), 25000, None, "/s")
    targets.at_least("HTTP, batches of 100 on one core", context.median("http", "batches of 100", "weir", "events_per_s"), 150000, None, "/s")
    yield str(targets)


# ---- start -----------------------------------------------------------------------------------------------------------


def start(context):
    archives = build.archives(context.root)
    kinds = ["clustered"] if context.options.cluster else ["alone", "clustered"]
    rounds = 2 if context.options.quick else 5
    for number in range(1, rounds + 1):
        for kind in kinds:
            for way, jvm in {"bare": [], "prepared": [f"-XX:SharedArchiveFile={archives[kind]}", *build.EAGER]}.items():
                context.say(f"start: {number} of {rounds}, {kind}, {way}")
                began = time.monotonic()
                with _node(context, "start", 0, clustered=kind == "clustered", jvm=jvm) as node:
                    node.await_ready(poll=0.005)
                    context.record("start", kind, way, number, {"seconds": time.monotonic() - began})

    def seconds(kind, way):
        return context.median("start", kind, way, "seconds")

    rows = [[kind, *(report.number(seconds(kind, way), 2) for way in ("prepared", "bare"))] for kind in kinds]
    header = ["", "with the archive of `scripts/weir`, s", "without, s"]
    yield f"### From `java -jar` to ready, median of {rounds}\n\n" + report.table(header, rows)
    targets = report.Targets()
    targets.at_most("start alone", seconds("alone", "prepared"), 1.0, None, " s")
    targets.at_most("start clustered", seconds("clustered", "prepared"), 3.0, None, " s")
    yield str(targets)


def _node(context, name, index, *, clustered, join=None, cores=None, jvm=()):
    """Starts one Weir node with ports of its own; a clustered one asks the ports in `join`."""
    port, member, bus = servers.free_port(), servers.free_port(), servers.free_port()
    conf = "src/bench/conf/bench.yaml"
    if clustered:
        with open(os.path.join(context.root, conf), encoding="utf-8") as file:
            text = file.read()
        hosts = ", ".join(f'"127.0.0.1:{other}"' for other in [*(join or []), member])
        conf = f"target/bench/{name}-{index}.yaml"
        with open(os.path.join(context.root, conf), "w", encoding="utf-8") as file:
            file.write(f"{text}cluster:\n  join: [{hosts}]\n  port: {member}\n  bus-port: {bus}\n")
    command = servers.weir_command(context.root, jvm, conf, *(["--cluster"] if clustered else []))
    env = {"WEIR_HOME": context.root, "WEIR_HTTP_PORT": str(port)}
    node = servers.Server(context.root, f"{name}-{index}", command, port, servers.weir_ready, cores=cores, env=env)
    node.member_port = member
    return node


# ---- loops -----------------------------------------------------------------------------------------------------------


# With few in flight two loops find fewer events to put into one write than one loop does, which is what is measured then.
LOOPS_IN_FLIGHT = (8, 32)


def loops(context):
    """Server and generator share one core, then both cores: the same mixture of work on twice the machine."""
    subs = context.options.subs or 1000
    names = context.names(("weir", "weir-uring"))
    settings = {"one loop": (1, "0"), "two loops": (2, "0,1")}
    for number in range(1, context.options.rounds + 1):
        for scenario, (count, cores) in settings.items():
            spin = context.generate("spin", cores=cores, loops=count, secs=1)
            context.record("loops", scenario, "spin", number, spin)
            for name in names:
                for inflight in LOOPS_IN_FLIGHT:
                    context.say(f"loops: round {number} of {context.options.rounds}, {name}, {scenario}, {inflight} in flight")
                    with servers.start(context.root, name, cores=cores, loops=count) as server:
                        server.await_ready()
                        figures = context.generate(
                            "fanout", cores=cores, proto="bridge", port=server.port, pids=[server.pid], subs=subs, inflight=inflight,
                            loops=count, label=name, **context.seconds(WARM_S, 8),
                        )  # fmt: skip
                        context.record("loops", f"{scenario}, {inflight}", name, number, figures)
    yield from _loops_report(context, names, subs)


def _loops_report(context, names, subs):
    def value(name, count, suffix, key):
        return context.median("loops", f"{count}{suffix}", name, key)

    def scale(name, suffix, key):
        one, two = value(name, "one loop", suffix, key), value(name, "two loops", suffix, key)
        return two / one if one and two else None

    rows = [["the machine, spinning", "", "", "", "", "", report.number(scale("spin", "", "turns_per_s"), 2)]]
    for inflight in LOOPS_IN_FLIGHT:
        suffix = f", {inflight}"
        for name in names:
            cells = []
            for key in ("deliveries_per_s", "reads_per_delivery"):
                for count in ("one loop", "two loops"):
                    found = value(name, count, suffix, key)
                    cells.append(report.number(1 / found if key == "reads_per_delivery" and found else found))
            rows.append([servers.TITLES[name], str(inflight), *cells, report.number(scale(name, suffix, "deliveries_per_s"), 2)])
    title = f"### Two event loops on two cores against one on one, generator on the same cores, {subs} subscribers\n\n"
    header = ["", "in flight", "one: deliveries/s", "two: deliveries/s", "one: events a read", "two: events a read", "times"]
    yield title + report.table(header, rows)
    targets = report.Targets()
    most = LOOPS_IN_FLIGHT[-1]
    targets.at_least(f"two event loops over one, {most} in flight", scale("weir", f", {most}", "deliveries_per_s"), 1.7)
    yield str(targets)


# ---- cluster ---------------------------------------------------------------------------------------------------------


def cluster(context):
    build.weir(context.root)
    subs = context.options.subs or 100
    rates = (1000,) if context.options.quick else (100, 1000, 2000)
    for number in range(1, context.options.rounds + 1):
        context.say(f"cluster: round {number} of {context.options.rounds}")
        with _node(context, "cluster", 0, clustered=True) as first:
            first.await_ready()
            with _node(context, "cluster", 1, clustered=True, join=[first.member_port]) as second:
                second.await_ready()
                for rate in rates:
                    figures = context.generate(
                        "fanout", cores=None, proto="bridge", port=second.port, publish_port=first.port, pids=[first.pid, second.pid],
                        subs=subs, rate=rate, label="cluster", **context.seconds(WARM_S, 8),
                    )  # fmt: skip
                    context.record("cluster", f"{rate} a second", "weir", number, figures)
    yield from _cluster_report(context, rates, subs)


def _cluster_report(context, rates, subs):
    rows = []
    for rate in rates:
        keys = ("p50_us", "p99_us", "p999_us", "max_us")
        cells = report.milliseconds(*[context.median("cluster", f"{rate} a second", "weir", key) for key in keys])
        rows.append([rate, report.number(context.median("cluster", f"{rate} a second", "weir", "deliveries_per_s"), 0), cells])
    yield f"### Published on node A, received by {subs} subscribers of node B\n\n" + report.table(
        ["publishes/s", "deliveries/s", "p50 / p99 / p99.9 / max ms"], rows
    )
    p99 = context.median("cluster", "1000 a second", "weir", "p99_us")
    targets = report.Targets()
    targets.at_most("cluster, 1000 events/s: p99", p99 / 1000 if p99 else None, 10, None, " ms")
    yield str(targets)
