package dev.weir.script;

import dev.weir.time.Clock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One life of a script, from a new JavaScript context to its end: everything it opened is given back then. Made and used on
 * its verticle's event loop; only the context is made on a worker, since the first one takes a second.
 */
final class ScriptRun {
    private final Vertx vertx;
    private final ScriptHost host;
    private final ScriptTally tally;
    private final Consumer<ScriptEnd> onEnd;
    private final Promise<Void> ended = Promise.promise();
    private @Nullable Modules modules;
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
            ScriptTally tally,
            Consumer<ScriptEnd> onEnd) {
        this.vertx = vertx;
        this.tally = tally;
        this.onEnd = onEnd;
        this.host = new ScriptHost(vertx, context, file, settings, config, log, console);
    }

    /** Fails with a {@link ScriptException} that says where and why. */
    Future<Void> start() {
        if (!Files.isRegularFile(host.file())) {
            return Future.failedFuture(new ScriptException(host.file() + ": there is no such file"));
        }
        Resolver resolver = new Resolver(host.settings().home(), folder());
        EsModules imports = new EsModules(resolver, file -> loaded().text(file));
        return vertx.<Booted>executeBlocking(() -> boot(resolver, imports), false)
                .compose(booted -> {
                    begin(booted);
                    return Future.any(ended.future(), host.started());
                })
                .compose(either -> begun());
    }

    /** Loads what the engine needs for its first script; returns at once when that was done. Blocks for a second. */
    static void warm() {
        Engines.shared();
    }

    /** A context that has run bootstrap.js and nothing of the user's. */
    private record Booted(org.graalvm.polyglot.Context js, Modules modules, Value boot) {}

    /** On a worker: the first time the engine's own code is loaded, which takes a second or two. */
    private Booted boot(Resolver resolver, EsModules imports) throws IOException {
        org.graalvm.polyglot.Context made = newContext(imports);
        Modules found = new Modules(made, resolver, imports);
        made.getBindings("js").getMember("MLE").invokeMember("registerESMLookup", (ProxyExecutable)
                // Text that was given to eval has no file.
                asked -> imports.locate(
                        asked[0].isNull() ? host.file().toString() : asked[0].asString(), asked[1].asString()));
        Value boot = made.eval(Library.own("bootstrap.js")).execute(new HostCalls(host, found));
        Value failing = boot.getMember("failing");
        imports.begin(boot.getMember("names"), said -> ScriptHost.thrown(failing.execute(said)));
        host.values(new Values(made, boot));
        // Here, where it keeps no event loop: the first time a module is loaded takes up to a second.
        boot.getMember("preload")
                .executeVoid(Mentions.modules(Files.readString(host.file())).toArray());
        return new Booted(made, found, boot);
    }

    private void begin(Booted booted) {
        js = booted.js();
        modules = booted.modules();
        host.cancelling(() -> booted.js().close(true));
        ScriptSettings settings = host.settings();
        Stint stint = new Stint(
                // Real time, also where a test's clock jumps.
                Clock.system(), booted.js(), host.log(), host.name(), settings.warnAfter(), settings.maxBlock());
        host.loop().begin(ScriptLoop.Entries.of(booted.boot()), stint, tally, settings.program(), this::ended);
        host.loop().enter(booted.boot().getMember("main"), real(host.file()));
    }

    private Path folder() {
        Path parent = host.file().getParent();
        return parent == null ? host.file() : parent;
    }

    private static String real(Path file) {
        try {
            return file.toRealPath().toString();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    private Modules loaded() {
        return Objects.requireNonNull(modules, "begun");
    }

    /** The user's files that make it up so far. */
    List<Path> files() {
        return modules == null ? List.of(host.file()) : modules.files();
    }

    private Future<Void> begun() {
        deployed = true;
        ScriptEnd end = early;
        if (end == null) {
            return Future.succeededFuture();
        }
        if (end.error() != null) {
            close();
            return Future.failedFuture(new ScriptException(end.error(), end.code()));
        }
        host.context().runOnContext(later -> onEnd.accept(end));
        return Future.succeededFuture();
    }

    private void ended(ScriptEnd end) {
        if (end.error() != null) {
            tally.error();
        }
        if (deployed) {
            onEnd.accept(end);
        } else {
            early = end;
            ended.tryComplete();
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

    private static org.graalvm.polyglot.Context newContext(EsModules imports) {
        return org.graalvm.polyglot.Context.newBuilder("js")
                .engine(Engines.shared())
                .allowHostAccess(Engines.ACCESS)
                // Modules only: scripts have no file access of the engine's.
                .allowIO(IOAccess.newBuilder()
                        .fileSystem(new ModuleFiles(imports))
                        .build())
                .allowExperimentalOptions(true)
                .option("js.v8-compat", "true")
                .option("js.stack-trace-api", "true")
                .option("js.unhandled-rejections", "handler")
                .option("js.mle-mode", "true")
                .option("js.global-property", "true")
                .option("js.text-encoding", "true")
                .option("js.import-attributes", "true")
                .option("js.json-modules", "true")
                .option("js.top-level-await", "true")
                .option("js.console", "false")
                .option("js.load", "false")
                .option("js.print", "false")
                .option("js.java-package-globals", "false")
                .option("js.polyglot-builtin", "false")
                .build();
    }
}
