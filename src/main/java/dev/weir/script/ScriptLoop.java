package dev.weir.script;

import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The one way into a script's JavaScript, in Node's order: every entry is one macro task; after it run
 * {@code process.nextTick}, then promise jobs, until neither is left, then unhandled rejections are looked at. GraalJS runs
 * promise jobs when the outermost call returns to the host; ticks are drained within that call, and again after it when
 * promise jobs made new ones. Owned by the verticle's event loop; {@link #enter} may be called from anywhere, and from within
 * JavaScript: it then runs later.
 */
public final class ScriptLoop {
    private final ContextInternal context;
    private final Clock clock;
    private final Timers timers;
    private @Nullable Entries entries;
    private Timers.@Nullable Timer armed;
    private Consumer<ScriptEnd> ended = end -> {};
    private Runnable cancel = () -> {};
    private @Nullable Stint stint;
    private ScriptTally tally = new ScriptTally();
    private boolean inside;
    private boolean closed;
    private boolean ticks;
    private boolean rejections;
    private boolean alive;
    private boolean program;
    private boolean draining;
    private int handles;

    /** The functions of bootstrap.js that this calls. */
    record Entries(
            Value enter0,
            Value enter1,
            Value enter2,
            Value enterN,
            Value drain,
            Value rejections,
            Value timers,
            Value timer,
            Value immediates,
            Value immediate,
            Value beforeExit,
            Value exit) {
        static Entries of(Value boot) {
            return new Entries(
                    boot.getMember("enter0"),
                    boot.getMember("enter1"),
                    boot.getMember("enter2"),
                    boot.getMember("enterN"),
                    boot.getMember("drain"),
                    boot.getMember("rejections"),
                    boot.getMember("timers"),
                    boot.getMember("timer"),
                    boot.getMember("immediates"),
                    boot.getMember("immediate"),
                    boot.getMember("beforeExit"),
                    boot.getMember("exit"));
        }
    }

    ScriptLoop(Context context, Clock clock, Timers timers) {
        this.context = (ContextInternal) context;
        this.clock = clock;
        this.timers = timers;
    }

    /** Something that keeps a program running while it is open and referenced: a server, a socket, a file being read. */
    public final class Handle {
        private boolean referenced = true;
        private boolean open = true;

        private Handle() {
            handles++;
        }

        /** Counts again. */
        public void ref() {
            if (open && !referenced) {
                referenced = true;
                handles++;
            }
        }

        /** Does not keep the program running any more. */
        public void unref() {
            if (open && referenced) {
                referenced = false;
                release();
            }
        }

        /** Gone. Idempotent. */
        public void close() {
            unref();
            open = false;
        }
    }

    /** A new handle, to be closed when what it stands for is. Every wait for something outside needs one. */
    public Handle handle() {
        return new Handle();
    }

    /** Runs {@code function} as one macro task. */
    public void enter(Value function) {
        if (now()) {
            task(entries().enter0, function);
        } else {
            later(() -> enter(function));
        }
    }

    /** Runs {@code function(argument)} as one macro task. */
    public void enter(Value function, @Nullable Object argument) {
        if (now()) {
            task(entries().enter1, function, argument);
        } else {
            later(() -> enter(function, argument));
        }
    }

    /** Runs {@code function(first, second)} as one macro task. */
    public void enter(Value function, @Nullable Object first, @Nullable Object second) {
        if (now()) {
            task(entries().enter2, function, first, second);
        } else {
            later(() -> enter(function, first, second));
        }
    }

    /** Runs {@code function(...arguments)} as one macro task. */
    public void enter(Value function, @Nullable Object... arguments) {
        if (now()) {
            @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
            all[0] = function;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            task(entries().enterN, all);
        } else {
            later(() -> enter(function, arguments));
        }
    }

    /** Whether the script has ended; nothing runs any more then. */
    public boolean closed() {
        return closed;
    }

    void cancelling(Runnable action) {
        cancel = action;
    }

    /** @param asProgram whether it ends when nothing is left to wait for */
    void begin(Entries made, Stint measured, ScriptTally counted, boolean asProgram, Consumer<ScriptEnd> onEnd) {
        entries = made;
        stint = measured;
        tally = counted;
        program = asProgram;
        ended = onEnd;
    }

    void ticks() {
        ticks = true;
    }

    void rejected() {
        rejections = true;
    }

    void alive(boolean some) {
        alive = some;
    }

    void arm(long millis) {
        disarm();
        armed = timers.after(Duration.ofMillis(millis), () -> {
            armed = null;
            phase(entries().timers, entries().timer);
        });
    }

    void immediates() {
        context.runOnContext(check -> phase(entries().immediates, entries().immediate));
    }

    long millis() {
        return clock.nanos() / 1_000_000;
    }

    /** Ends the script because of an error nobody caught. */
    void fatal(String error, int code) {
        end(new ScriptEnd(code, error));
    }

    void exit(int code) {
        end(new ScriptEnd(code, null));
    }

    void close() {
        closed = true;
        disarm();
        if (stint != null) {
            stint.close();
        }
    }

    private Entries entries() {
        if (entries == null) {
            throw new IllegalStateException("the script has not begun");
        }
        return entries;
    }

    private boolean now() {
        return !inside && context.inThread();
    }

    private void later(Runnable task) {
        handles++;
        context.runOnContext(turn -> {
            handles--;
            if (!closed) {
                task.run();
                checkAlive();
            }
        });
    }

    private void release() {
        handles--;
        if (handles == 0 && !inside) {
            context.runOnContext(turn -> checkAlive());
        }
    }

    private void task(Value entry, @Nullable Object... arguments) {
        inside(() -> {
            entry.executeVoid(arguments);
            return null;
        });
    }

    /** Runs timers or immediates that are due, with ticks and promise jobs between any two. */
    private void phase(Value begin, Value step) {
        inside(() -> {
            begin.executeVoid();
            boolean more = true;
            while (more && !closed) {
                more = step.execute().asBoolean();
                settle();
            }
            return null;
        });
    }

    private <T> @Nullable T inside(Supplier<@Nullable T> action) {
        Stint measured = stint;
        if (closed || measured == null) {
            return null;
        }
        inside = true;
        long began = measured.begin();
        try {
            T result = action.get();
            settle();
            return result;
        } catch (PolyglotException failure) {
            failed(failure);
            return null;
        } finally {
            inside = false;
            tally.ran(measured.end(began));
            checkAlive();
        }
    }

    /** Ticks that promise jobs made, and the promise jobs they make; then what was rejected. */
    private void settle() {
        while (!closed && (ticks || rejections)) {
            if (ticks) {
                ticks = false;
                entries().drain.executeVoid();
            } else {
                rejections = false;
                entries().rejections.executeVoid();
            }
        }
    }

    private void failed(PolyglotException failure) {
        if (!closed) {
            String where = failure.isInterrupted() && stint != null ? stint.where() : "";
            end(new ScriptEnd(1, ScriptErrors.describe(failure, where)));
        }
    }

    private boolean idle() {
        return !closed && !inside && handles == 0 && !alive;
    }

    private void checkAlive() {
        if (program && !draining && idle()) {
            draining = true;
            task(entries().beforeExit);
            draining = false;
            if (idle()) {
                task(entries().exit);
            }
        }
    }

    private void end(ScriptEnd end) {
        if (!closed) {
            close();
            ended.accept(end);
            cancel.run();
        }
    }

    private void disarm() {
        if (armed != null) {
            armed.cancel();
            armed = null;
        }
    }
}
