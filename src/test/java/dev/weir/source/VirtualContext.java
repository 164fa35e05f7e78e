package dev.weir.source;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;

/** What a source may use, with time that moves only when told to and work for its loop that waits to be run. */
final class VirtualContext implements SourceContext {
    final VirtualTime time;
    final List<JsonObject> emitted = new ArrayList<>();
    final Counters counters = new Counters();
    final AccessLog accesses = new AccessLog();
    final Deque<Runnable> queued = new ArrayDeque<>();

    VirtualContext(String start) {
        time = new VirtualTime(Instant.parse(start));
    }

    List<String> times() {
        return emitted.stream()
                .map(data -> Instant.parse(data.getString("time")).toString())
                .toList();
    }

    @Override
    public Clock clock() {
        return time;
    }

    @Override
    public Timers timers() {
        return time;
    }

    @Override
    public Counters counters() {
        return counters;
    }

    @Override
    public AccessLog accesses() {
        return accesses;
    }

    @Override
    public String nodeId() {
        return "test";
    }

    @Override
    public void emit(String type, JsonObject data) {
        emitted.add(data);
    }

    @Override
    public void run(Runnable action) {
        queued.add(action);
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return Future.failedFuture("a timer reads nothing");
    }
}
