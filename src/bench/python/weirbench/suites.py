"""Every suite by its name."""
from . import crash, journal, nodes, peers
from .context import Context

__all__ = ["SUITES", "Context"]

SUITES = {
    "fanout": peers.fanout,
    "idle": peers.idle,
    "stall": peers.stall,
    "http": nodes.http,
    "start": nodes.start,
    "loops": nodes.loops,
    "cluster": nodes.cluster,
    "journal": journal.journal,
    "crash": crash.crash,
}
