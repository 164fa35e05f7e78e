"""The suite of the journal: appends beside raw inserts, Redis Streams and NATS JetStream; replay; a long history; fan-out."""
import json
import os
import subprocess
import time

from . import report, servers, stores
from .context import GENERATOR_CORE, SERVER_CORE
from .servers import Trouble

PAYLOAD = 250
CONF = "src/bench/conf/journal.yaml"


def journal(context):
    """Every part, or those of --parts."""
    for name in context.options.parts or PARTS:
        context.say(f"journal: {name}")
        yield from PARTS[name](context)


def _weir(context, *, folder=None, uri=None, heap=servers.HEAP, cores=SERVER_CORE):
    env = {"WEIR_JOURNAL_PATH": folder or servers.data(context.root, "weir")}
    if uri:
        env = {"WEIR_JOURNAL_ENGINE": "postgresql", "WEIR_JOURNAL_URI": uri}
    return servers.start_weir(context.root, "weir", servers.free_port(), cores=cores, heap=heap, conf=CONF, env=env)


def _rounds(context):
    return range(1, context.options.rounds + 1)


# ---- within one process ----------------------------------------------------------------------------------------------


def _process(context, uri=None):
    """A node and raw inserts in one JVM: on one core as on a small machine, then on two."""
    store = "PostgreSQL" if uri else "SQLite"
    seconds = 0.5 if context.options.quick else 2
    for number in _rounds(context):
        for cores in ("0,1",) if uri else ("0", "0,1"):
            context.say(f"journal: {store} in one process, round {number}, cores {cores}")
            for name, figures in stores.in_process(context, seconds, cores=cores, uri=uri).items():
                context.record(f"journal {store} {cores}", name, "weir", number, figures)
    for cores in ("0,1",) if uri else ("0", "0,1"):
        yield from _process_report(context, f"journal {store} {cores}", f"{store}, in one process on {len(cores.split(','))} core(s)", uri)


def _process_report(context, suite, title, uri):
    def rate(name, key="events_per_s"):
        return context.median(suite, name, "weir", key)

    def share(name, base):
        return f"{100 * rate(name) / rate(base):.0f} %" if rate(name) and rate(base) else "-"

    rows = []
    for size in (100, 1000):
        raw, same = f"raw {size}", f"raw rows {size}"
        for name in (raw, same, f"raw copy {size}", f"engine {size}", f"node {size}", f"node keep 1000 {size}", f"node own ids {size}"):
            if rate(name):
                latency = report.milliseconds(rate(name, "p50_us"), rate(name, "p99_us"))
                rows.append([name, report.number(rate(name), 0), share(name, raw), share(name, same), latency])
    for name in ("raw commit", "node 1", "replay"):
        rows.append([name, report.number(rate(name), 0), "", "", report.milliseconds(rate(name, "p50_us"), rate(name, "p99_us"))])
    header = ["", "events/s", "of raw data", "of raw rows", "p50 / p99 ms"]
    yield f"### {title}\n\n" + report.table(header, rows)
    targets = report.Targets()
    if not uri:
        targets.at_least("100 in flight, durable", rate("node 100"), 60_000, None, "/s")
        for size in (100, 1000):
            targets.at_least(f"{size} in flight over raw inserts of the same bytes", _over(rate(f"node {size}"), rate(f"raw rows {size}")), 0.7)
        targets.at_least("100 in flight over raw inserts of the data alone", _over(rate("node 100"), rate("raw 100")), 0.7)
        targets.at_most("one producer waiting for each: p50 over a raw commit", _over(rate("node 1", "p50_us"), rate("raw commit", "p50_us")), 2)
        targets.at_least("replay, read", rate("replay"), 300_000, None, "/s")
        targets.at_least("keep: {events: 1000} over keeping all, 1000 in flight", _over(rate("node keep 1000 1000"), rate("node 1000")), 0.85)
    yield str(targets)


def _over(value, base):
    return value / base if value and base else None


# ---- over the wire ---------------------------------------------------------------------------------------------------

WIRE = {
    "1 waiting": {"connections": 1, "inflight": 1},
    "1 x 100": {"connections": 1, "inflight": 100},
    "100 x 1": {"connections": 100, "inflight": 100},
    "10 x 100": {"connections": 10, "inflight": 1000},
}
BATCHES = {"1 x batch of 100": 1, "10 x batch of 100": 10}
PROTOCOLS = {"weir": "bridge", "redis": "redis", "jetstream": "jetstream"}


def _wire(context):
    """The server on one core, the load generator on the other."""
    names = context.names(tuple(PROTOCOLS))
    for number in _rounds(context):
        for name in names:
            context.say(f"journal: over the wire, round {number}, {name}")
            try:
                with _weir(context) if name == "weir" else servers.start(context.root, name, cores=SERVER_CORE) as server:
                    server.await_ready()
                    for scenario, figures in _wire_loads(context, name, server):
                        context.record("journal wire", scenario, name, number, figures)
            except (Trouble, OSError) as trouble:
                context.record("journal wire", "start", name, number, {"trouble": str(trouble)})
    yield from _wire_report(context, names)


def _wire_loads(context, name, server):
    common = {"port": server.port, "pids": [server.pid], "address": "kept", "payload": PAYLOAD, "label": name}
    for index, (scenario, load) in enumerate(WIRE.items()):
        timing = context.seconds(6 if name == "weir" and index == 0 else 2, 4)
        yield scenario, context.generate("append", proto=PROTOCOLS[name], **load, **common, **timing)
    if name == "weir":
        for scenario, connections in BATCHES.items():
            yield scenario, context.generate("http", connections=connections, batch=100, **common, **context.seconds(3, 4))


def _wire_report(context, names):
    def figure(scenario, name, key="events_per_s"):
        return context.median("journal wire", scenario, name, key)

    rows = []
    for scenario in (*WIRE, *BATCHES):
        row = [scenario + (" over HTTP" if scenario in BATCHES else "")]
        for name in names:
            latency = report.milliseconds(figure(scenario, name, "p50_us"), figure(scenario, name, "p99_us"))
            rate = figure(scenario, name)
            row.append(f"{report.number(rate, 0)}, {latency}, {report.number(figure(scenario, name, 'cpu_s_per_m'), 1)}" if rate else "-")
        rows.append(row)
    header = ["connections x in flight", *(servers.TITLES[name] for name in names)]
    yield f"### Appended over the wire, {PAYLOAD} bytes, server on one core: events/s, p50 / p99 ms, CPU-s per M\n\n" + report.table(header, rows)
    targets = report.Targets()
    for scenario in WIRE:
        share = _over(figure(scenario, "weir"), figure(scenario, "redis"))
        targets.at_least(f"{scenario} over the bridge: times Redis", share, 1.0)
    for scenario, same in (("1 x batch of 100", "1 x 100"), ("10 x batch of 100", "10 x 100")):
        targets.at_least(f"{scenario} over HTTP: times Redis with as many in flight", _over(figure(scenario, "weir"), figure(same, "redis")), 1.0)
    yield str(targets)


# ---- a long history --------------------------------------------------------------------------------------------------


def _history(context):
    """Fills a log, and looks at appends, memory and the next start on the way."""
    most = 100_000 if context.options.quick else 1_000_000
    for number in _rounds(context):
        folder = servers.data(context.root, "history")
        with _weir(context, folder=folder) as server:
            server.await_ready()
            for scenario, figures in _filled(context, server, most):
                context.record("journal history", scenario, "weir", number, figures)
        began = time.monotonic()
        with _weir(context, folder=folder, cores=None) as server:
            server.await_ready(poll=0.005)
            context.record("journal history", "ready", "weir", number, {"seconds": time.monotonic() - began})
            for scenario, figures in _replayed(context, server, most):
                context.record("journal history", scenario, "weir", number, figures)
    yield from _history_report(context, most)


def _filled(context, server, most):
    load = {"proto": "bridge", "port": server.port, "pids": [server.pid], "address": "kept", "payload": PAYLOAD}
    load |= {"connections": 10, "inflight": 1000}
    # For the JIT compiler; its events are kept elsewhere.
    context.generate("append", **{**load, "address": "thousand"}, **context.seconds(8, 1))
    step = most // 10
    yield "first", context.generate("append", **load, events=step)
    yield "heap first", {"mb": _heap_mb(server)}
    context.generate("append", **load, events=most - 2 * step)
    yield "last", context.generate("append", **load, events=step)
    yield "heap last", {"mb": _heap_mb(server)}


def _heap_mb(server):
    """What lives on the heap: what is used after a full collection."""
    subprocess.run(["jcmd", str(server.pid), "GC.run"], capture_output=True, check=False)
    info = subprocess.run(["jcmd", str(server.pid), "GC.heap_info"], capture_output=True, text=True, check=False).stdout
    used = [line.split("used ")[1].split("K")[0] for line in info.splitlines() if "generation" in line and "used " in line]
    return sum(int(kilobytes) for kilobytes in used) / 1024 if used else None


def _replayed(context, server, most):
    """One WebSocket from the beginning to the end; the first time warms the JIT compiler."""
    answer = servers.http_get(server.port, "/v1/addresses/kept/events?limit=1", timeout=15)
    epoch = json.loads(answer[answer.index(b"\r\n\r\n") + 4 :])["epoch"]
    _pin(server, SERVER_CORE)
    for scenario in ("replay cold", "replay"):
        yield scenario, context.generate("replay", port=server.port, pids=[server.pid], address="kept", since=f"{epoch}:0", events=most)
    _pin(server, "0,1")
    yield "replay, two cores", context.generate(
        "replay", cores=None, port=server.port, pids=[server.pid], address="kept", since=f"{epoch}:0", events=most
    )


def _pin(server, cores):
    subprocess.run(["taskset", "-a", "-p", "-c", cores, str(server.pid)], capture_output=True, check=False)


def _history_report(context, most):
    def figure(scenario, key="events_per_s"):
        return context.median("journal history", scenario, "weir", key)

    first, last = figure("first"), figure("last")
    heap_first, heap_last = figure("heap first", "mb"), figure("heap last", "mb")
    rows = [
        [f"appends of the first {most // 10}", report.number(first, 0) + "/s"],
        [f"appends of the last {most // 10}", report.number(last, 0) + "/s"],
        ["live heap after the first, after the last", f"{report.number(heap_first)} MB, {report.number(heap_last)} MB"],
        ["start to ready with all of them", report.number(figure("ready", "seconds"), 2) + " s"],
        ["replay to one WebSocket, server on one core: first, second time", f"{report.number(figure('replay cold'), 0)}/s, {report.number(figure('replay'), 0)}/s"],
        ["replay to one WebSocket, nothing pinned", report.number(figure("replay, two cores"), 0) + "/s"],
    ]  # fmt: skip
    yield f"### A log of {most} events\n\n" + report.table(["", "measured"], rows)
    targets = report.Targets()
    targets.at_most("ready", figure("ready", "seconds"), 2, None, " s")
    targets.at_least("appends at the end over those at first", _over(last, first), 0.95)
    targets.at_most("live heap grows", heap_last - heap_first if heap_first and heap_last else None, 10, None, " MB")
    targets.at_least("replay to one WebSocket, server on one core", figure("replay"), 150_000, None, "/s")
    yield str(targets)


# ---- fan-out ---------------------------------------------------------------------------------------------------------


def _fanout(context):
    subs = context.options.subs or 1000
    loads = {"8 in flight": 8, "1 in flight": 1}
    for number in _rounds(context):
        with _weir(context) as server:
            server.await_ready()
            for scenario, inflight in loads.items():
                for address in ("plain", "kept"):
                    figures = context.generate(
                        "fanout", proto="bridge", port=server.port, pids=[server.pid], subs=subs, inflight=inflight, address=address,
                        payload=PAYLOAD, label=address, **context.seconds(8, 6),
                    )  # fmt: skip
                    context.record("journal fanout", f"{scenario} {address}", "weir", number, figures)
    rows, targets = [], report.Targets()
    for scenario in loads:
        cpu = {}
        for address in ("plain", "kept"):
            def figure(key, name=f"{scenario} {address}"):
                return context.median("journal fanout", name, "weir", key)

            cpu[address] = figure("cpu_s_per_m")
            latency = report.milliseconds(figure("p50_us"), figure("p99_us"))
            rows.append([address, scenario, report.number(figure("deliveries_per_s")), report.number(cpu[address], 2), latency])
        targets.at_most(f"{scenario}: CPU-s per M deliveries, journaled over plain", _over(cpu["kept"], cpu["plain"]), 1.3)
    yield f"### Fan-out of a plain and a journaled address, {subs} subscribers, {PAYLOAD} bytes\n\n" + report.table(
        ["address", "load", "deliveries/s", "CPU-s per M", "p50 / p99 ms"], rows
    )
    yield str(targets)


# ---- PostgreSQL ------------------------------------------------------------------------------------------------------


def _postgresql(context):
    try:
        with stores.Postgresql(context.root) as database:
            yield from _process(context, database.uri)
    except Trouble as trouble:
        context.say(f"PostgreSQL is left out: {trouble}")
        yield f"PostgreSQL is left out: {trouble}\n"


PARTS = {"process": _process, "wire": _wire, "history": _history, "fanout": _fanout, "postgresql": _postgresql}
