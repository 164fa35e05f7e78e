package dev.weir.emitter;

import dev.weir.event.Event;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints what an emitter does while one looks for a fault: every event that is emitted here with its data and the lines of code that
 * emitted it, every one that is heard with how many heard it, and what happens locally, such as errors and listeners that come and
 * go. Adds no listener, so that it changes nothing of what it watches.
 *
 * <pre>{@code
 * EmitterTracer tracer = EmitterTracer.of(orders);
 * }</pre>
 *
 * <p>Data is printed as it is, cut off at 500 characters: do not trace what nobody may read. May be used from any thread; what it
 * prints to must be able to take that.
 */
public final class EmitterTracer {
    private static final Logger LOG = LoggerFactory.getLogger(EmitterTracer.class);
    private static final int LONGEST = 500;
    private static final int DEPTH = 5;
    private static final List<String> NOT_SHOWN =
            List.of(Emitter.class.getName(), EmitterTracer.class.getName(), "io.vertx.", "io.netty.", "java.", "jdk.");

    private final Emitter emitter;
    private volatile Consumer<String> printer = line -> LOG.info("{}", line);
    private volatile int depth = DEPTH;

    private EmitterTracer(Emitter emitter) {
        this.emitter = emitter;
    }

    /** Traces an emitter from now on, to the log; instead of what traced it before. */
    public static EmitterTracer of(Emitter emitter) {
        EmitterTracer tracer = new EmitterTracer(emitter);
        emitter.trace(tracer);
        return tracer;
    }

    /** Prints there. */
    public EmitterTracer to(Consumer<String> other) {
        printer = other;
        return this;
    }

    /** How many lines of code are printed at most; 0 is none, 5 unless said. */
    public EmitterTracer depth(int lines) {
        depth = lines;
        return this;
    }

    /** Ends it. */
    public void close() {
        emitter.trace(null);
    }

    void emitted(String type, @Nullable Object data, EmitOptions options) {
        String subject = options.subject();
        printer.accept(line("emit", type, data) + (subject == null ? "" : " key=" + subject) + stack());
    }

    void heard(Event event, int listeners) {
        String subject = event.subject();
        printer.accept(line("heard", event.type(), event.data())
                + (subject == null ? "" : " key=" + subject)
                + " id=" + event.id() + " by " + listeners + (listeners == 1 ? " listener" : " listeners"));
    }

    void local(String type, Object data) {
        printer.accept(line("local", type, data) + (data instanceof Throwable ? "" : stack()));
    }

    private String line(String what, String type, @Nullable Object data) {
        String shown = String.valueOf(data);
        return emitter.address()
                + ' '
                + what
                + ' '
                + type
                + ' '
                + (shown.length() > LONGEST ? shown.substring(0, LONGEST) + "..." : shown);
    }

    private String stack() {
        int lines = depth;
        return lines == 0
                ? ""
                : StackWalker.getInstance().walk(frames -> frames.filter(
                                frame -> NOT_SHOWN.stream().noneMatch(frame.getClassName()::startsWith))
                        .limit(lines)
                        .map(frame -> "\n    at " + frame)
                        .collect(Collectors.joining()));
    }
}
