package dev.weir.source;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.bus.Position;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import dev.weir.time.VirtualTime;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs an input in the test's own thread: blocking work at once, its loop's work when {@link #settle} is called. */
final class InputProbe implements InputContext {
    record Got(
            String type,
            @Nullable String key,
            @Nullable Object data,
            @Nullable Position at) {}

    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final List<Got> got = new ArrayList<>();
    final List<String> bad = new ArrayList<>();
    final Deque<Runnable> queued = new ArrayDeque<>();
    final Counters counters = new Counters();
    Consumer<Got> onEvent = event -> {};
    boolean ended;
    private @Nullable Position last;

    /** The data of all events as text. */
    List<String> texts() {
        return got.stream().map(event -> String.valueOf(event.data())).toList();
    }

    /** Behind the last event or unreadable record. */
    @Nullable
    Position last() {
        return last;
    }

    InputProbe run(Input input, @Nullable Position from) {
        input.start(this, from);
        return settle();
    }

    InputProbe settle() {
        for (Runnable next = queued.poll(); next != null; next = queued.poll()) {
            next.run();
        }
        return this;
    }

    InputProbe advance(Duration by) {
        time.advance(by);
        return settle();
    }

    @Override
    public void emit(String type, @Nullable String key, @Nullable Object data, @Nullable Position at) {
        Got event = new Got(type, key, data, at);
        got.add(event);
        last = at;
        onEvent.accept(event);
    }

    @Override
    public void bad(String place, String error, @Nullable Position at) {
        bad.add(place + " " + error);
        last = at == null ? last : at;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public Vertx vertx() {
        throw new UnsupportedOperationException("files need none");
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
        return new AccessLog();
    }

    @Override
    public String nodeId() {
        return "test";
    }

    @Override
    public void run(Runnable action) {
        queued.add(action);
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
