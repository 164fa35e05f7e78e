package dev.weir.script;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One life of a script, from a new JavaScript context to its end: everything it opened is given back then. Made and used on
 * its verticle's event loop; only the context is made on a worker, since the first one takes a second.
 */
final class ScriptRun {
    private static final HostAccess ACCESS = HostAccess.newBuilder(HostAccess.EXPLICIT)
            .allowBufferAccess(true)
            .methodScoping(false)
            .build();

    private final Vertx vertx;
    private final ScriptHost host;
    private final Consumer<ScriptEnd> onEnd;
    private org.graalvm.polyglot.@Nullable Context js;
    private @Nullable ScriptEnd early;
    private boolean deployed;

    ScriptRun(
            Vertx vertx,
            Context context,
            Path file,
            ScriptSettings settings,
            JsonObject config,
            Logger log,
            ScriptConsole console,
            Consumer<ScriptEnd> onEnd) {
        this.vertx = vertx;
        this.onEnd = onEnd;
        this.host = new ScriptHost(vertx, context, file, settings, config, log, console);
    }

    /** Fails with a {@link ScriptException} that says where and why. */
    Future<Void> start() {
        if (!Files.isRegularFile(host.file())) {
            return Future.failedFuture(new ScriptException(host.file() + ": there is no such file"));
        }
        return vertx.<org.graalvm.polyglot.Context>executeBlocking(ScriptRun::newContext, false)
                .compose(made -> begin(made).compose(begun -> host.started()).compose(ready -> begun()));
    }

    private Future<Void> begin(org.graalvm.polyglot.Context made) {
        js = made;
        host.cancelling(() -> made.close(true));
        Path folder = host.file().getParent();
        Modules modules =
                new Modules(made, new Resolver(host.settings().home(), folder == null ? host.file() : folder));
        try {
            Value boot = made.eval(Library.own("bootstrap.js")).execute(new HostCalls(host, modules));
            host.values(new Values(boot));
            host.loop().begin(ScriptLoop.Entries.of(boot), host.settings().program(), this::ended);
            String main = host.file().toRealPath().toString();
            host.loop().enter(boot.getMember("main"), main);
        } catch (PolyglotException | java.io.IOException failure) {
            return Future.failedFuture(failure);
        }
        return Future.succeededFuture();
    }

    private Future<Void> begun() {
        deployed = true;
        ScriptEnd end = early;
        if (end == null) {
            return Future.succeededFuture();
        }
        if (end.error() != null) {
            close();
            return Future.failedFuture(new ScriptException(end.error()));
        }
        host.context().runOnContext(later -> onEnd.accept(end));
        return Future.succeededFuture();
    }

    private void ended(ScriptEnd end) {
        if (deployed) {
            onEnd.accept(end);
        } else {
            early = end;
        }
    }

    /** Gives everything back. Idempotent. */
    void close() {
        host.loop().close();
        host.close();
        if (js != null) {
            js.close(true);
            js = null;
        }
    }

    private static org.graalvm.polyglot.Context newContext() {
        return org.graalvm.polyglot.Context.newBuilder("js")
                .engine(Engines.shared())
                .allowHostAccess(ACCESS)
                .allowIO(IOAccess.NONE)
                .allowExperimentalOptions(true)
                .option("js.v8-compat", "true")
                .option("js.stack-trace-api", "true")
                .option("js.unhandled-rejections", "handler")
                .option("js.mle-mode", "true")
                .option("js.global-property", "true")
                .option("js.text-encoding", "true")
                .option("js.console", "false")
                .option("js.load", "false")
                .option("js.print", "false")
                .option("js.java-package-globals", "false")
                .option("js.polyglot-builtin", "false")
                .build();
    }
}
