"""The suite of sessions that come again: a thousand at once, each from its position, beside live traffic."""
from . import report, servers
from .context import SERVER_CORE
from .servers import Trouble

CONF = "src/bench/conf/journal.yaml"
PAYLOAD = 250
STAYED, RATE, MISSED = 100, 100, 2000
# How they come: what each has missed, and whether each has a position of its own (0 to twice that).
SCENARIOS = {
    "first, from one position": {"events": MISSED, "spread": 0},
    "without positions": {"events": 0, "spread": 0},
    "all from one position": {"events": MISSED, "spread": 0},
    "each from its own": {"events": MISSED, "spread": 1},
}


def resume(context):
    """Live latency before, while and after many sessions resume; what a replayed event costs."""
    returned = min(context.options.subs or 1000, 2000)
    history = 20_000 if context.options.quick else 200_000
    for number in range(1, context.options.rounds + 1):
        env = {"WEIR_JOURNAL_PATH": servers.data(context.root, "resume")}
        with servers.start_weir(context.root, "weir", servers.free_port(), cores=SERVER_CORE, conf=CONF, env=env) as server:
            server.await_ready()
            common = {"port": server.port, "pids": [server.pid], "address": "kept", "payload": PAYLOAD}
            context.generate("append", proto="bridge", connections=10, inflight=1000, events=history, **common)
            for scenario, load in SCENARIOS.items():
                context.say(f"resume: round {number} of {context.options.rounds}, {scenario}")
                figures = context.generate(
                    "resume", subs=STAYED, connections=returned, rate=RATE, label=scenario, **load, **common, **context.seconds(3, 6)
                )
                if figures.get("wrong"):
                    raise Trouble(f"{scenario}: {figures['wrong']} positions were wrong: a gap, an event twice, or not recovered")
                context.record("resume", scenario, "weir", number, figures)
    yield from _report(context, returned, history)


def _report(context, returned, history):
    def figure(scenario, key):
        return context.median("resume", scenario, "weir", key)

    def share(scenario, phase):
        cpu, seconds = figure(scenario, f"{phase}_cpu_s"), figure(scenario, f"{phase}_s")
        return f"{100 * cpu / seconds:.0f} %" if cpu is not None and seconds else "-"

    rows, costs, targets = [], [], report.Targets()
    for scenario in SCENARIOS:
        for phase in ("before", "during", "after"):
            latency = report.milliseconds(*[figure(scenario, f"{phase}_{key}_us") for key in ("p50", "p99", "max")])
            returned_latency = report.milliseconds(*[figure(scenario, f"{phase}_returned_{key}_us") for key in ("p50", "p99")])
            rows.append([scenario, phase, report.number(figure(scenario, f"{phase}_s"), 2), share(scenario, phase), latency, returned_latency if phase == "after" else ""])
        before, during = figure(scenario, "before_p99_us"), figure(scenario, "during_p99_us")
        ratio = during / before if before and during else None
        replayed = figure(scenario, "during_replayed") or 0
        costs.append([
            scenario, report.number(figure(scenario, "during_s"), 2), report.number(replayed, 0), report.number(figure(scenario, "replayed_per_s"), 0),
            report.number(figure(scenario, "cpu_s_per_m"), 2), report.number(figure(scenario, "cpu_ms_per_session"), 2), report.number(ratio, 1),
        ])  # fmt: skip
        if not scenario.startswith("first"):
            targets.at_most(f"{scenario}: live p99 meanwhile", during / 1000 if during else None, 50, None, " ms")
            targets.at_most(f"{scenario}: live p99 meanwhile over before", ratio, 5)
    title = f"### {returned} sessions come at once, {STAYED} stay, {RATE} events a second, {PAYLOAD} bytes, a log of {history}\n\n"
    yield title + report.table(["how they come", "", "s", "CPU of the core", "p50 / p99 / max ms, those that stayed", "p50 / p99 ms, those that came"], rows)
    header = ["how they come", "all there after s", "replayed", "replayed/s", "CPU-s per M replayed", "CPU ms per session", "live p99 over before"]
    yield report.table(header, costs) + "\nEvery client looked at the offset of every event: no gap, none twice.\n"
    yield str(targets)
