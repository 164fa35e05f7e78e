package dev.weir.source;

import dev.weir.bus.AccessLog;
import dev.weir.bus.Counters;
import dev.weir.bus.Position;
import dev.weir.time.Clock;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs an input on an event loop of its own, with real time. */
final class LoopProbe extends VerticleBase implements InputContext {
    final List<InputProbe.Got> got = new CopyOnWriteArrayList<>();
    final List<String> bad = new CopyOnWriteArrayList<>();
    private final Input input;
    private final @Nullable Position from;
    private final Consumer<LoopProbe> onEvent;

    LoopProbe(Input input, @Nullable Position from, Consumer<LoopProbe> onEvent) {
        this.input = input;
        this.from = from;
        this.onEvent = onEvent;
    }

    List<String> texts() {
        return got.stream().map(event -> String.valueOf(event.data())).toList();
    }

    @Override
    public Future<?> start() {
        input.start(this, from);
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        input.stop();
        return Future.succeededFuture();
    }

    @Override
    public void emit(String type, @Nullable String key, @Nullable Object data, @Nullable Position at) {
        got.add(new InputProbe.Got(type, key, data, at));
        onEvent.accept(this);
    }

    @Override
    public void bad(String place, String error, @Nullable Position at) {
        bad.add(place + " " + error);
    }

    @Override
    public void end() {
        bad.add("it never ends");
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public Timers timers() {
        return Timers.of(vertx);
    }

    @Override
    public Counters counters() {
        return Counters.of(vertx);
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
        context.runOnContext(then -> action.run());
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work);
    }
}
