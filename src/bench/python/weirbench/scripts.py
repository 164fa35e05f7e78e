"""The suite of JavaScript verticles: a broadcast server on ws here and under Node, the same file; handlers of the bus; starts."""
import os

from . import build, report, servers
from .context import SERVER_CORE, WARM_S, interleaved
from .flows import JVM, run_lines

PAIR = ("ws", "weir-ws")
SCENARIOS = {"8 in flight": {"inflight": 8}, "1 in flight": {"inflight": 1}, "50 a second": {"rate": 50}}


def scripts(context):
    """Rounds of both servers, then of the handlers."""
    subs, payload = context.options.subs or 1000, context.options.payload or 200
    names = context.names(PAIR)

    def measure(name, server):
        for scenario, load in SCENARIOS.items():
            # Each scenario connects anew, after which the JIT compiler has to do the interpreter's code again.
            seconds = context.seconds(WARM_S, 6)
            yield scenario, context.generate(
                "fanout", proto=servers.protocol(name), port=server.port, pids=[server.pid], subs=subs, payload=payload, label=name, **load, **seconds
            )

    interleaved(context, "js", names, measure)
    for scenario in SCENARIOS:
        yield f"### The same broadcast server on `ws`: {subs} sockets, {payload} bytes, {scenario}\n\n" + _table(context, scenario, names)
    if not context.options.only:
        yield _handlers(context)
    yield str(_targets(context))


def _table(context, scenario, names):
    rows = []
    for name in names:
        cpu = context.median("js", scenario, name, "cpu_s_per_m")
        rows.append([
            servers.TITLES[name],
            report.number(context.median("js", scenario, name, "deliveries_per_s")),
            report.number(cpu, 2),
            report.milliseconds(context.median("js", scenario, name, "p50_us"), context.median("js", scenario, name, "p99_us")),
            report.ratio(cpu, context.median("js", scenario, "ws", "cpu_s_per_m")) if name != "ws" else "",
        ])  # fmt: skip
    return report.table(["server", "deliveries/s", "CPU-s per M", "p50 / p99 ms", "less CPU than Node"], rows)


def _handlers(context):
    """Handlers and starts in a virtual machine as `scripts/weir` starts it, and starts of a bare one."""
    warm, seconds = (5, 2) if context.options.quick else (20, 8)
    folder = os.path.join(context.root, "src", "bench", "scripts")
    prepared = [f"-XX:SharedArchiveFile={build.archives(context.root)['alone']}", "-Xlog:cds=off", "-Xlog:cds+dynamic=off", *build.EAGER]
    ways = {"weir": (prepared, seconds, warm), "bare": ([], 0.1, 0.1)}
    for number in range(1, context.options.rounds + 1):
        for way, (options, *times) in ways.items():
            context.say(f"js: handlers, round {number} of {context.options.rounds}, {way}")
            command = ["java", *JVM, *options, "-cp", build.java(context.root), "dev.weir.bench.HandlerBench", folder, *map(str, times)]
            lines = run_lines(command, context.root, SERVER_CORE)
            context.record("js", "handlers", way, number, lines if isinstance(lines, dict) else lines[-1])

    def figure(key, way="weir", digits=0):
        return report.number(context.median("js", "handlers", way, key), digits)

    rows = [["as `scripts/weir` starts it", figure("calls_per_s"), figure("cpu_s_per_m", digits=2), figure("first_ms"), figure("tenth_ms")]]
    rows.append(["a bare `java`", "", "", figure("first_ms", "bare"), figure("tenth_ms", "bare")])
    header = ["", "calls/s", "CPU-s per M", "first script ready, ms", "tenth, ms"]
    return "### Handlers of the bus, JSON in and out, one core\n\n" + report.table(header, rows)


def _targets(context):
    targets = report.Targets()

    def figure(scenario, name, key):
        return context.median("js", scenario, name, key)

    ours, theirs = (figure("8 in flight", name, "deliveries_per_s") for name in ("weir-ws", "ws"))
    targets.at_least("broadcast, 8 in flight: deliveries a second over Node's", ours / theirs if ours and theirs else None, 1.0)
    targets.at_least("handler calls a second", figure("handlers", "weir", "calls_per_s"), 300_000)
    targets.at_most("first script ready, ms", figure("handlers", "weir", "first_ms"), 1_500)
    targets.at_most("tenth script ready, ms", figure("handlers", "weir", "tenth_ms"), 50)
    return targets
