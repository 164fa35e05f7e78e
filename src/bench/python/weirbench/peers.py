"""The suites that measure Weir beside other servers: fanout, idle, stall. Each yields Markdown as it goes."""
from . import report, servers
from .context import WARM_S, interleaved

# ---- fanout ----------------------------------------------------------------------------------------------------------


def fanout(context):
    subs, payload = context.options.subs or 1000, context.options.payload or 200
    names = context.names((*servers.FANOUT, "weir-untraced"))
    scenarios = {
        "8 in flight": {"inflight": 8, **context.seconds(WARM_S, 8)},
        "1 in flight": {"inflight": 1, **context.seconds(2, 6)},
        "50 a second": {"rate": 50, **context.seconds(1, 8)},
    }

    def measure(name, server):
        for scenario, load in scenarios.items():
            yield scenario, context.generate(
                "fanout", proto=servers.protocol(name), port=server.port, pids=[server.pid], subs=subs, payload=payload, label=name, **load
            )

    interleaved(context, "fanout", names, measure)
    for scenario in scenarios:
        yield f"### Fan-out: {subs} subscribers, {payload} bytes, {scenario}\n\n" + _fanout_table(context, scenario, names)
    yield _fanout_targets(context)


def _fanout_table(context, scenario, names):
    def figure(name, key):
        return context.median("fanout", scenario, name, key)

    rows, bases = [], ("stock", "ws", "socketio", "nats")
    for name in names:
        cpu = figure(name, "cpu_s_per_m")
        weir = name.startswith("weir")
        rows.append([
            servers.TITLES[name],
            report.number(figure(name, "deliveries_per_s")),
            report.number(cpu, 2),
            report.milliseconds(figure(name, "p50_us"), figure(name, "p99_us")),
            report.number(figure(name, "server_cpu_percent"), 0),
            *[report.ratio(cpu, figure(base, "cpu_s_per_m")) if weir else "" for base in bases],
        ])  # fmt: skip
    header = ["server", "deliveries/s", "CPU-s per M", "p50 / p99 ms", "CPU %"]
    return report.table(header + [f"less CPU than {base}" for base in bases], rows)


def _fanout_targets(context):
    targets = report.Targets()

    def cpu(name, scenario="8 in flight"):
        return context.median("fanout", scenario, name, "cpu_s_per_m")

    def over(value, base):
        return value / base if value and base else None

    for base, bound, aim in (("stock", 6, 10), ("ws", 6, 10), ("socketio", 6, 10), ("nats", 1.4, 2)):
        targets.at_least(f"8 in flight: times fewer CPU-s per M than {base}", over(cpu(base), cpu("weir")), bound, aim)
    targets.at_most("8 in flight: SockJS-framed over raw", over(cpu("weir-sockjs"), cpu("weir")), 1.2)
    for base in ("ws", "socketio", "nats"):
        share = over(cpu("weir", "1 in flight"), cpu(base, "1 in flight"))
        targets.at_most(f"1 in flight: CPU-s per M over that of {base}", share, 1.0)
    targets.at_most("8 in flight: CPU-s per M with tracing over without", over(cpu("weir"), cpu("weir-untraced")), 1.05)
    share = over(context.median("fanout", "50 a second", "weir", "p99_us"), context.median("fanout", "50 a second", "ws", "p99_us"))
    targets.at_most("50 a second: p99 over that of ws", share, 1.0)
    return str(targets)


# ---- idle ------------------------------------------------------------------------------------------------------------


def idle(context):
    subs = context.options.subs or 5000
    names = context.names(servers.FANOUT)

    def measure(name, server):
        settle = 2 if context.options.quick else 6
        yield "idle", context.generate(
            "idle", proto=servers.protocol(name), port=server.port, pids=[server.pid], subs=subs, prewarm=500, secs=settle, label=name
        )

    interleaved(context, "idle", names, measure, heap=servers.SMALL_HEAP)
    rows = [[servers.TITLES[name], report.number(context.median("idle", "idle", name, "kb_per_connection"))] for name in names]
    yield f"### Idle: {subs} subscribed connections\n\n" + report.table(["server", "KB RSS per connection"], rows)
    targets = report.Targets()
    targets.at_most("idle subscribed connection", context.median("idle", "idle", "weir", "kb_per_connection"), 17, 12, " KB")
    yield str(targets)


# ---- stall -----------------------------------------------------------------------------------------------------------


def stall(context):
    names = context.names(("stock", "ws", "socketio", "nats", "weir", "weir-sockjs"))
    slow = 500 if context.options.quick else 5000
    counters = {}

    def measure(name, server):
        load = context.seconds(WARM_S, 20)
        load["secs"] = max(load["secs"], 5)
        common = {"proto": servers.protocol(name), "port": server.port, "pids": [server.pid], "label": name}
        yield "one stalled", context.generate("fanout", subs=10, stalled=1, rate=8000, **load, **common)
        if name.startswith("weir"):
            counters[name] = _slow_counters(server.port)

    def measure_slow(name, server):
        load = context.seconds(2, 25)
        load["secs"] = max(load["secs"], 6)
        common = {"proto": servers.protocol(name), "port": server.port, "pids": [server.pid], "label": name}
        yield "slow", context.generate("fanout", subs=10, slow=slow, slow_rate=10000, rate=50, payload=2000, **load, **common)
        counters[name + ", slow readers"] = _slow_counters(server.port)

    interleaved(context, "stall", names, measure)
    slow_names = [name for name in names if name == "weir"]
    interleaved(context, "stall", slow_names, measure_slow)
    yield "### One reader stops, 10 others read, 8000 publishes/s\n\n" + _stall_table(context, "one stalled", names)
    if slow_names:
        yield f"### {slow} readers of 10 kB/s, 50 publishes/s of 2 kB\n\n" + _stall_table(context, "slow", slow_names)
    yield "".join(f"Counted by {name}:\n\n```\n{text}\n```\n" for name, text in counters.items())
    yield _stall_targets(context)


def _slow_counters(port):
    """What /metrics says of slow sessions, zeros left out."""
    try:
        lines = servers.http_get(port, "/metrics", timeout=15).decode(errors="replace").splitlines()
    except OSError as trouble:
        return f"/metrics did not answer: {trouble}"
    words = ("slow", "drop", "conflat", "queue")
    hits = [line for line in lines if not line.startswith("#") and any(word in line for word in words)]
    return "\n".join(line for line in hits if not line.endswith((" 0", " 0.0"))) or "nothing"


def _growth_mb_per_s(run):
    """Growth of the memory over the second half of the run."""
    samples = run.get("rss_kb", [])
    half = len(samples) // 2
    return None if half < 2 else (samples[-1] - samples[half]) / 1024 / ((len(samples) - 1 - half) * 0.5)


def _stall_table(context, scenario, names):
    rows = []
    for name in names:
        runs = context.of("stall", scenario, name)
        for run in runs:
            run["growth_mb_per_s"] = _growth_mb_per_s(run)

        def figure(key, divisor, digits=1, runs=runs):
            value = report.median(runs, key)
            return "-" if value is None else report.number(value / divisor, digits)

        memory = " / ".join(figure(key, 1024, 0) for key in ("rss_before_kb", "rss_after_kb", "rss_max_kb"))
        latency = report.milliseconds(*[report.median(runs, key) for key in ("p50_us", "p99_us", "max_us")])
        cells = [memory, figure("growth_mb_per_s", 1, 2), latency, figure("publishes_per_s", 1, 0), figure("closed", 1, 0)]
        rows.append([servers.TITLES[name], *cells])
    header = ["server", "RSS MB before / after / max", "growth MB/s, 2nd half", "others' p50 / p99 / max ms", "publishes/s", "others closed"]
    return report.table(header, rows)


def _stall_targets(context):
    targets = report.Targets()
    growth = context.median("stall", "one stalled", "weir", "growth_mb_per_s")
    targets.at_most("a stalled reader: growth of RSS in the second half", growth, 0.3, None, " MB/s")
    p99 = context.median("stall", "one stalled", "weir", "p99_us")
    targets.at_most("a stalled reader: others' p99", p99 / 1000 if p99 else None, 10, None, " ms")
    most = context.median("stall", "slow", "weir", "rss_max_kb")
    targets.at_most("slow readers: largest RSS (heap 512 MB, direct memory 512 MB)", most / 1024 if most else None, 1100, None, " MB")
    return str(targets)
