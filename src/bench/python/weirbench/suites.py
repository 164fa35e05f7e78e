"""Every suite by its name."""
from . import crash, flows, journal, nodes, peers, presence, resume, scripts
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
    "resume": resume.resume,
    "crash": crash.crash,
    "presence": presence.presence,
    "flows": flows.flows,
    "js": scripts.scripts,
}
