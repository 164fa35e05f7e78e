package dev.weir.script;

import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What host bindings get of the script they serve. Owned by the script's event loop: used on it only, unless said otherwise.
 * What a binding opens it gives back by {@link #onClose}.
 */
public final class ScriptHost {
    private final Vertx vertx;
    private final Context context;
    private final Path file;
    private final ScriptSettings settings;
    private final JsonObject config;
    private final Logger log;
    private final ScriptConsole console;
    private final Clock clock;
    private final Timers timers;
    private final long begun;
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final List<Future<?>> starting = new ArrayList<>();
    private final ScriptLoop loop;
    private final Promise<Void> up = Promise.promise();
    private @Nullable Values values;

    ScriptHost(
            Vertx vertx,
            Context context,
            Path file,
            ScriptSettings settings,
            JsonObject config,
            Logger log,
            ScriptConsole console) {
        this.vertx = vertx;
        this.context = context;
        this.file = file;
        this.settings = settings;
        this.config = config;
        this.log = log;
        this.console = console;
        this.clock = Clock.of(vertx);
        this.begun = clock.nanos();
        this.timers = Timers.of(vertx);
        this.loop = new ScriptLoop(context, clock, timers);
    }

    /** The instance the verticle is deployed in. */
    public Vertx vertx() {
        return vertx;
    }

    /** The verticle's context: an event loop. */
    public Context context() {
        return context;
    }

    /** The way into JavaScript. */
    public ScriptLoop loop() {
        return loop;
    }

    /** Moves data between Java and JavaScript. */
    public Values values() {
        if (values == null) {
            throw new IllegalStateException("the script has not begun");
        }
        return values;
    }

    void values(Values made) {
        values = made;
    }

    /** The file's name, as messages call this verticle. */
    public String name() {
        return String.valueOf(file.getFileName());
    }

    /** The script, absolute. */
    public Path file() {
        return file;
    }

    /** What it may do. */
    public ScriptSettings settings() {
        return settings;
    }

    /** The verticle's configuration. */
    public JsonObject config() {
        return config;
    }

    /** The log under the verticle's name. */
    public Logger log() {
        return log;
    }

    /** Where {@code console} goes. */
    public ScriptConsole console() {
        return console;
    }

    /** What time it is. */
    public Clock clock() {
        return clock;
    }

    /** Timers on the verticle's context. */
    public Timers timers() {
        return timers;
    }

    /** When this script began, in {@link Clock#nanos()}. */
    public long begun() {
        return begun;
    }

    /** Runs {@code giveBack} when the script ends, the latest first. */
    public void onClose(Runnable giveBack) {
        closing.push(giveBack);
    }

    /** The verticle counts as deployed only when {@code ready} is complete, whatever it comes to. */
    public void starting(Future<?> ready) {
        starting.add(ready);
    }

    /**
     * A JavaScript {@code Error} to throw out of an exported method: {@code throw host.error(..)}.
     *
     * @param type {@code Error}, {@code TypeError}, {@code RangeError}
     * @param code its {@code code}, null for none
     */
    public RuntimeException error(String type, @Nullable String code, String message) {
        return thrown(values().error(type, code, message));
    }

    /** What throws {@code error}, a JavaScript {@code Error}, out of an exported method. */
    public static RuntimeException thrown(Value error) {
        try {
            return error.throwException();
        } catch (RuntimeException guest) {
            return guest;
        }
    }

    /** Ends this verticle; throws what unwinds the script and cannot be caught by it. */
    public void exit(int code) {
        loop.exit(code);
    }

    /** Cancels what runs in JavaScript when the script ends: no code of it runs any more, not even {@code finally}. */
    void cancelling(Runnable action) {
        loop.cancelling(action);
    }

    void up() {
        up.tryComplete();
    }

    /** Once the main module ran and what it waits for is there. */
    Future<?> started() {
        return up.future().compose(main -> Future.join(starting).otherwiseEmpty());
    }

    void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (RuntimeException failure) {
                log.warn("{}: not given back: {}", name(), failure.toString());
            }
        }
    }
}
