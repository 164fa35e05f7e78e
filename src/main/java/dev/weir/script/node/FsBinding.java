package dev.weir.script.node;

import dev.weir.script.ScriptHost;
import dev.weir.script.ScriptLoop;
import java.io.IOException;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** The host's half of {@code fs}: operations on the spot, or on a worker with the outcome as a macro task. Owned by the script's loop. */
public final class FsBinding {
    private final ScriptHost host;
    private final FsFiles files = new FsFiles();
    private final FsOps ops;
    private final FsWatches watches;

    FsBinding(ScriptHost host) {
        this.host = host;
        FsPaths paths = new FsPaths(host.settings().home(), host.settings().folders());
        this.ops = new FsOps(paths, files);
        this.watches = new FsWatches(paths);
        host.onClose(this::close);
    }

    /** Does it while the script waits. */
    @HostAccess.Export
    public FsOutcome now(
            String op,
            @Nullable String a,
            @Nullable String b,
            @Nullable String c,
            double n,
            @Nullable Value buffer,
            int offset,
            int length) {
        return outcome(new FsCall(op, a, b, c, (long) n, Bytes.toJava(buffer, offset, length)));
    }

    /** Does it on a worker and calls back. */
    @HostAccess.Export
    public void later(
            Value callback,
            String op,
            @Nullable String a,
            @Nullable String b,
            @Nullable String c,
            double n,
            @Nullable Value buffer,
            int offset,
            int length) {
        FsCall call = new FsCall(op, a, b, c, (long) n, Bytes.toJava(buffer, offset, length));
        ScriptLoop.Handle waiting = host.loop().handle();
        host.context().executeBlocking(() -> outcome(call), false).onComplete(done -> {
            if (done.succeeded()) {
                host.loop().enter(callback, done.result());
            } else {
                host.log().error("{}: {} was not done", host.name(), op, done.cause());
            }
            waiting.close();
        });
    }

    /** What changed since it was asked last: c or r and the name, joined by zero characters; null for nothing. */
    @HostAccess.Export
    public @Nullable String watched(int id) {
        return watches.changes(id);
    }

    /** Ends the watch. */
    @HostAccess.Export
    public void unwatch(int id) {
        watches.end(id);
    }

    private FsOutcome outcome(FsCall call) {
        try {
            return FsOutcome.of(call.op().equals("watch") ? watches.begin(call) : ops.run(call));
        } catch (FsFailure failure) {
            return FsOutcome.failed(failure);
        }
    }

    private void close() {
        watches.close();
        try {
            files.close();
        } catch (IOException failure) {
            host.log().warn("{}: a file could not be closed: {}", host.name(), failure.toString());
        }
    }
}
