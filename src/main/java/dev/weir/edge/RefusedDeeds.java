package dev.weir.edge;

import dev.weir.bus.AuditTrail;
import dev.weir.bus.AuditTrail.Actor;
import dev.weir.bus.Publisher;
import dev.weir.time.Timers;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The record of what somebody tried without the right to. The first attempt at something is told at once; how many more the same somebody
 * made within a minute is told when it is over, in one event. So nobody can push out of the record what others did, and every attempt
 * is in it. Shared by all event loops of a node; thread-safe.
 */
public final class RefusedDeeds {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST = 10_000;
    private static final String UNTOLD = "untold";

    private record Key(@Nullable String by, String action) {}

    private final Publisher publisher;
    private final Timers timers;
    /** How many more there were since the first of each minute. */
    private final Map<Key, Integer> minutes = new ConcurrentHashMap<>();

    /** An empty one. */
    public RefusedDeeds(Publisher publisher, Timers timers) {
        this.publisher = publisher;
        this.timers = timers;
    }

    /**
     * Records an attempt. Beyond ten thousand people who try at the same time the others count together.
     *
     * @param what the details, which only the first of a minute has
     */
    public void record(Actor actor, String action, JsonObject what, Throwable why) {
        Key own = new Key(actor.by(), action);
        boolean isRoom = minutes.size() < MOST || minutes.containsKey(own);
        Actor known = isRoom ? actor : new Actor(null, null, actor.via());
        Key key = isRoom ? own : new Key(null, action);
        AtomicBoolean first = new AtomicBoolean();
        minutes.compute(key, (same, more) -> {
            first.set(more == null);
            return more == null ? 0 : more + 1;
        });
        if (first.get()) {
            AuditTrail.failed(publisher, known, action, what, why);
            timers.after(MINUTE, () -> end(key, known, why));
        }
    }

    private void end(Key key, Actor actor, Throwable why) {
        Integer more = minutes.remove(key);
        if (more != null && more > 0) {
            AuditTrail.failed(publisher, actor, key.action(), new JsonObject().put(UNTOLD, more), why);
        }
    }
}
