package dev.weir.journal.subscription;

import dev.weir.bus.FailureCode;
import dev.weir.bus.Refusal;
import dev.weir.time.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Consumers that wait for something to do, first come first served. Owned by the dispatcher. */
final class Pulls {
    private record Pull(@Nullable String name, int max, String to, Promise<List<Delivery>> answer) {}

    private final Deque<Pull> waiting = new ArrayDeque<>();
    private final Timers timers;

    Pulls(Timers timers) {
        this.timers = timers;
    }

    Future<List<Delivery>> add(@Nullable String name, int max, Duration wait, String to) {
        Promise<List<Delivery>> answer = Promise.promise();
        Pull pull = new Pull(name, max, to, answer);
        waiting.add(pull);
        Timers.Timer timer = timers.after(wait, () -> {
            waiting.remove(pull);
            answer.tryComplete(List.of());
        });
        return answer.future().onComplete(answered -> timer.cancel());
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    int nextMax() {
        return waiting.element().max();
    }

    String nextTo() {
        return waiting.element().to();
    }

    void answer(List<Delivery> deliveries) {
        waiting.remove().answer().complete(deliveries);
    }

    /** Whoever asked is gone. */
    void cancel(String name) {
        for (Pull pull : List.copyOf(waiting)) {
            if (name.equals(pull.name())) {
                waiting.remove(pull);
                pull.answer().complete(List.of());
            }
        }
    }

    void close() {
        while (isWaiting()) {
            waiting.remove()
                    .answer()
                    .fail(new Refusal(FailureCode.UNAVAILABLE, "the subscription moves to another node"));
        }
    }
}
