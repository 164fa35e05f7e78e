"""Medians, Markdown tables and the targets with their figures."""
import os
import statistics


def machine(options):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown CPU")
    load = os.getloadavg()[0]
    text = f"Machine: {model}, {os.cpu_count()} cores, Linux {os.uname().release}; load before the run {load:.2f}."
    if load > 0.7:
        text += " **The machine was busy: these figures are not to be trusted.**"
    if options.quick:
        text += " **Short runs (--quick): these figures are not to be trusted.**"
    return text + "\n"


def processor_times():
    """Clock ticks of all cores since boot: in all, and taken by the host of a virtual machine."""
    with open("/proc/stat", encoding="utf-8") as file:
        ticks = [int(word) for word in file.readline().split()[1:]]
    return sum(ticks[:8]), ticks[7]


def stolen(before):
    """What the host took of this machine meanwhile: it makes every CPU figure larger."""
    total, steal = (now - then for now, then in zip(processor_times(), before))
    share = steal / total * 100 if total else 0
    return f"The host took {share:.1f} % of the CPU time meanwhile" + (": too much to trust these figures.\n" if share > 2 else ".\n")


def median(runs, key):
    """Median of one figure over the rounds; nothing when no round has it."""
    values = [run[key] for run in runs if run.get(key) is not None]
    return statistics.median(values) if values else None


def number(value, digits=1):
    if value is None:
        return "-"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.2f} M"
    if abs(value) >= 10_000:
        return f"{value / 1e3:.0f} k"
    return f"{value:.{digits}f}"


def milliseconds(*microseconds):
    """Latencies side by side, `p50 / p99`."""
    return " / ".join(number(value / 1000) if value is not None else "-" for value in microseconds)


def ratio(value, base):
    return "-" if not value or not base else f"{base / value:.1f}x"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


class Targets:
    """The promises of the project's plan, each met or not met with the figure."""

    def __init__(self):
        self.lines = []

    def at_least(self, text, value, bound, aim=None, unit=""):
        self._add(text, value, value is not None and value >= bound, f"at least {bound}{unit}", aim, unit)

    def at_most(self, text, value, bound, aim=None, unit=""):
        self._add(text, value, value is not None and value <= bound, f"at most {bound}{unit}", aim, unit)

    def _add(self, text, value, met, bound, aim, unit):
        if value is None:
            return
        aim_text = f", aim {aim}{unit}" if aim is not None else ""
        self.lines.append((text, f"{value:.2f}{unit}" if abs(value) < 1000 else f"{value:.0f}{unit}", bound + aim_text, "met" if met else "**not met**"))

    def __str__(self):
        return table(["target", "measured", "bound", ""], self.lines) if self.lines else ""
