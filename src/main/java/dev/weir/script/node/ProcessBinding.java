package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptSignals;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** What {@code process} tells of this JVM and this verticle. Owned by the script's loop. */
public final class ProcessBinding {
    private final ScriptHost host;

    ProcessBinding(ScriptHost host) {
        this.host = host;
    }

    /** The arguments: the script's file first. */
    @HostAccess.Export
    public int argumentCount() {
        return arguments().size();
    }

    /** One of them. */
    @HostAccess.Export
    public String argument(int index) {
        return arguments().get(index);
    }

    private List<String> arguments() {
        return host.settings().arguments();
    }

    /** Names of the environment variables that the configuration lets scripts see and that are set. */
    @HostAccess.Export
    public String environmentNames() {
        return String.join("\n", environment().keySet());
    }

    /** The value of one of them. */
    @HostAccess.Export
    public String environment(String name) {
        return environment().getOrDefault(name, "");
    }

    private Map<String, String> environment() {
        return host.settings().environment();
    }

    /** The folder that relative paths resolve against. */
    @HostAccess.Export
    public String folder() {
        return host.settings().home().toString();
    }

    /** The script's file. */
    @HostAccess.Export
    public String file() {
        Path file = host.file();
        return file.toString();
    }

    /** Nanoseconds that only go forward. */
    @HostAccess.Export
    public long nanos() {
        return host.clock().nanos();
    }

    /** Nanoseconds since this script began. */
    @HostAccess.Export
    public long age() {
        return host.clock().nanos() - host.begun();
    }

    /** Bytes of heap in use. */
    @HostAccess.Export
    public long heapUsed() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Bytes of heap taken from the system. */
    @HostAccess.Export
    public long heapTotal() {
        return Runtime.getRuntime().totalMemory();
    }

    /** The number of the operating system's process. */
    @HostAccess.Export
    public long pid() {
        return ProcessHandle.current().pid();
    }

    /** {@code os.name} in Node's words. */
    @HostAccess.Export
    public String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT);
        return os.contains("mac") ? "darwin" : os.contains("win") ? "win32" : "linux";
    }

    /** The processor in Node's words. */
    @HostAccess.Export
    public String architecture() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("amd64") ? "x64" : arch.equals("aarch64") ? "arm64" : arch;
    }

    /** The version of Java. */
    @HostAccess.Export
    public String java() {
        return System.getProperty("java.version", "");
    }

    /** Whether signals of the process are this script's, rather than a node's. */
    @HostAccess.Export
    public boolean ownsSignals() {
        return host.settings().signals() != null;
    }

    /** Takes a signal, named without {@code SIG}; null when nobody can take it. */
    @HostAccess.Export
    public @Nullable Taken signal(String name, Value heard) {
        ScriptSignals signals = host.settings().signals();
        Runnable giveBack = signals == null
                ? null
                : signals.take(name, () -> host.context()
                        .runOnContext(turn -> host.loop().enter(heard)));
        return giveBack == null ? null : new Taken(giveBack);
    }

    /** A signal that was taken, until it is given back. */
    public final class Taken {
        private final AtomicBoolean closed = new AtomicBoolean();
        private final Runnable giveBack;

        private Taken(Runnable giveBack) {
            this.giveBack = giveBack;
            host.onClose(this::close);
        }

        /** Gives it back. Idempotent. */
        @HostAccess.Export
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack.run();
            }
        }
    }

    /** Sends a signal to this process. */
    @HostAccess.Export
    public void raise(String name) {
        ScriptSignals signals = host.settings().signals();
        if (signals != null) {
            signals.raise(name);
        }
    }

    /** Stops this verticle; does not return to the script. */
    @HostAccess.Export
    public void exit(int code) {
        host.exit(code);
    }
}
