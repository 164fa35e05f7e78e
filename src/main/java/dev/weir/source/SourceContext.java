package dev.weir.source;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;

/** What a source may use. */
public interface SourceContext {
    /** What time it is. */
    Clock clock();

    /** Timers on the source's event loop. */
    Timers timers();

    /** What the node counts. */
    Counters counters();

    /** How requests to this node end. */
    AccessLog accesses();

    /** This node. */
    String nodeId();

    /** Publishes one event; a refusal is logged once per reason and counted. */
    void emit(String type, JsonObject data);

    /** Runs something on the source's event loop, soon; callable from any thread. */
    void run(Runnable action);

    /** Runs something that blocks, such as reading a file, off the event loop; the result comes back on it. */
    <T> Future<T> blocking(Callable<T> work);
}
