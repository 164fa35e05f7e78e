"""The servers that are measured: how each is started, when it is ready, how it is stopped."""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time

FANOUT = ("stock", "ws", "socketio", "nats", "weir", "weir-uring", "weir-sockjs")
NAMES = (*FANOUT, "weir-untraced", "weir-access", "weir-ws", "redis", "jetstream")
TITLES = {
    "stock": "stock Vert.x bridge",
    "ws": "Node `ws`",
    "socketio": "Socket.IO",
    "nats": "nats-server over WebSocket",
    "weir": "**Weir**, epoll",
    "weir-uring": "**Weir**, io_uring",
    "weir-sockjs": "**Weir**, SockJS frames, epoll",
    "weir-untraced": "**Weir**, epoll, `tracing: {sample: 0}`",
    "weir-access": "**Weir**, epoll, a log line per request",
    "weir-ws": "**Weir**, the same file",
    "redis": "Redis Streams, `appendfsync always`",
    "jetstream": "NATS JetStream, file, no fsync per ack",
}
PROTOCOLS = {"weir-ws": "ws", "stock": "bridge", "weir": "bridge", "weir-untraced": "bridge", "weir-uring": "bridge", "weir-sockjs": "sockjs"}
HEAP = ("-Xms512m", "-Xmx512m")
SMALL_HEAP = ("-Xms64m", "-Xmx512m")

_running = []


class Trouble(Exception):
    """Something that the user has to mend; its text says what."""


def protocol(name):
    return PROTOCOLS.get(name, name)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def http_status(port, path):
    """Status of a GET, or 0 when nobody answers."""
    try:
        return int(http_get(port, path).split(b" ", 2)[1])
    except (OSError, IndexError, ValueError):
        return 0


def http_get(port, path, timeout=2):
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def _die_with_parent():
    """A server never outlives a killed scripts/bench (Linux)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Server:
    """One running server process."""

    def __init__(self, root, name, command, port, ready, *, cores=None, env=None):
        self.name, self.port, self.ready = name, port, ready
        logs = os.path.join(root, "target/bench/logs")
        os.makedirs(logs, exist_ok=True)
        self.log = os.path.join(logs, f"{name}-{port}.log")
        pinned = ["taskset", "-c", cores, *command] if cores else command
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                pinned, cwd=root, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **(env or {})},
                preexec_fn=_die_with_parent,
            )  # fmt: skip
        _running.append(self)

    @property
    def pid(self):
        return self.process.pid

    def await_ready(self, seconds=30, poll=0.05):
        end = time.monotonic() + seconds
        while not self.ready(self.port):
            if self.process.poll() is not None:
                raise Trouble(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
            if time.monotonic() > end:
                raise Trouble(f"{self.name} was not ready within {seconds} s:\n{self.tail()}")
            time.sleep(poll)
        return self

    def tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()[-3000:]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self in _running:
            _running.remove(self)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def stop_all():
    for server in list(_running):
        server.stop()


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def weir_ready(port):
    return http_status(port, "/health/ready") == 200


def java(*options):
    return ["java", "-XX:+UseSerialGC", *options]


def weir_command(root, jvm, conf="src/bench/conf/bench.yaml", *more):
    return [*java(*jvm), "-jar", os.path.join(root, "target/weir.jar"), "run", "--conf", os.path.join(root, conf), *more]


def start(root, name, *, cores=None, heap=HEAP, loops=1):
    """Starts the named server on a free port; await_ready is the caller's."""
    from . import build

    port = free_port()
    if name == "stock":
        command = [*java(*heap), "-cp", build.java(root), "dev.weir.bench.StockBridge", str(port), str(loops)]
        return Server(root, name, command, port, listens, cores=cores)
    if name in ("ws", "socketio"):
        script = os.path.join(build.node(root), f"{name}.js")
        return Server(root, name, ["node", script, str(port)], port, listens, cores=cores)
    if name == "weir-ws":
        script = os.path.join(root, "src/bench/node/ws.js")
        command = [*java(*heap), "-jar", build.weir(root), "js", script, str(port)]
        return Server(root, name, command, port, listens, cores=cores)
    if name == "nats":
        return Server(root, name, _nats(root, port), port, listens, cores=cores)
    if name == "redis":
        keeps = ["--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", data(root, name)]
        return Server(root, name, ["redis-server", "--bind", "127.0.0.1", "--port", str(port), *keeps], port, listens, cores=cores)
    if name == "jetstream":
        command = ["nats-server", "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", data(root, name)]
        return Server(root, name, command, port, listens, cores=cores)
    return start_weir(root, name, port, cores=cores, heap=heap, loops=loops)


def start_weir(root, name, port, *, cores=None, heap=HEAP, loops=1, conf="src/bench/conf/bench.yaml", env=None):
    """Starts Weir; `env` has more of its variables."""
    from . import build

    build.weir(root)
    env = {
        "WEIR_HOME": root,
        "WEIR_HTTP_PORT": str(port),
        "WEIR_HTTP_LOOPS": str(loops),
        "WEIR_HTTP_TRANSPORT": "io-uring" if name == "weir-uring" else "epoll",
        "WEIR_LOG_ACCESS": "true" if name == "weir-access" else "false",
        **({"WEIR_TRACING_SAMPLE": "0"} if name == "weir-untraced" else {}),
        **(env or {}),
    }
    return Server(root, name, weir_command(root, heap, conf), port, weir_ready, cores=cores, env=env)


def data(root, name):
    """A new empty folder for what a server keeps; those of earlier runs are removed."""
    folder = os.path.join(root, "target/bench/data", name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def available(name):
    """Why a server cannot be measured here, or nothing."""
    if name == "redis" and shutil.which("redis-server") is None:
        return "redis-server is not installed (Debian package redis-server)"
    if name in ("nats", "jetstream") and shutil.which("nats-server") is None:
        return "nats-server is not installed (Debian package nats-server)"
    if name in ("ws", "socketio") and shutil.which("npm") is None:
        return "Node and npm are not installed"
    return None


def _nats(root, port):
    conf = os.path.join(root, f"target/bench/nats-{port}.conf")
    with open(conf, "w", encoding="utf-8") as file:
        file.write(f'host: "127.0.0.1"\nport: {free_port()}\n')
        file.write(f'websocket {{\n  host: "127.0.0.1"\n  port: {port}\n  no_tls: true\n  compression: false\n}}\n')
    return ["nats-server", "-c", conf]
