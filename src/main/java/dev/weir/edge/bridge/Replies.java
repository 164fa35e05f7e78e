package dev.weir.edge.bridge;

import dev.weir.bus.FailureCode;
import dev.weir.time.Timers;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests a session received and may still answer. A reply address belongs to the session that received it: nobody else
 * finds the message here. Bounded in number and time. Owned by the session's event loop.
 */
final class Replies {
    private static final int MOST = 10_000;

    private record Awaited(Message<Object> request, Timers.Timer timeout) {}

    private final Timers timers;
    private final Duration timeout;
    private final Map<String, Awaited> awaited = new HashMap<>(0);

    Replies(Timers timers, Duration timeout) {
        this.timers = timers;
        this.timeout = timeout;
    }

    void expect(Message<Object> request) {
        String address = request.replyAddress();
        if (address == null) {
            return;
        }
        if (awaited.size() >= MOST) {
            request.fail(FailureCode.BUSY.number(), FailureCode.BUSY.word());
            return;
        }
        awaited.put(address, new Awaited(request, timers.after(timeout, () -> awaited.remove(address))));
    }

    /** The request that is answered at this address, once. */
    @Nullable
    Message<Object> take(String address) {
        Awaited found = awaited.remove(address);
        if (found == null) {
            return null;
        }
        found.timeout().cancel();
        return found.request();
    }

    /** Tells whoever waits that nobody will answer. */
    void close() {
        awaited.values().forEach(each -> {
            each.timeout().cancel();
            each.request().fail(FailureCode.NO_HANDLERS.number(), FailureCode.NO_HANDLERS.word());
        });
        awaited.clear();
    }
}
