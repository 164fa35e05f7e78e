package dev.weir.observe.tap;

import dev.weir.bus.Kept;
import dev.weir.bus.KeptEvent;
import dev.weir.expression.Expression;
import dev.weir.expression.ExpressionException;
import dev.weir.observe.tap.SightJson.Shown;
import dev.weir.time.Clock;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One tap on one node. Threads that publish only match the address, and leave the event where there is room; what there is no room
 * for is counted. The filter is asked, and JSON made, on the event loop that owns it.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** With a filter so many events may wait to be looked at, at 20 looks a second. */
    private static final int MOST_LOOKED_AT = 4_096;

    /** How much is shown at once, so that no session falls behind. */
    private static final int MOST_BYTES = 128 * 1024;

    /** How long nothing but numbers waits until it is told. */
    private static final long NUMBERS_NANOS = 500_000_000;

    private final Tap tap;
    private final Match match;
    private final Selection selection;
    private final Clock clock;
    private final Allowance allowance;
    private final Queue<Sight> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger room = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private @Nullable Expression filter;
    private int toShow;
    private long heardNanos;
    private long toldNanos;
    private Numbers numbers = new Numbers();

    /** A tap whose filter, if it has one, comes by {@link #use}. */
    Watch(Tap tap, Clock clock) {
        this.tap = tap;
        this.match = new Match(tap.pattern());
        this.selection = tap.fields().isEmpty() ? Selection.ALL : new Selection(tap.fields());
        this.clock = clock;
        this.toShow = tap.rate();
        this.allowance = new Allowance(tap.rate(), clock.nanos());
        this.heardNanos = clock.nanos();
        this.toldNanos = clock.nanos();
        room.set(tap.filter() == null ? tap.rate() : MOST_LOOKED_AT);
    }

    Tap tap() {
        return tap;
    }

    /** The filter is compiled now; null when there is none. */
    void use(@Nullable Expression compiled) {
        filter = compiled;
    }

    /** It takes the place of another version of the tap, whose time goes on. */
    Watch after(Watch before) {
        heardNanos = before.heardNanos;
        return this;
    }

    /** Somebody listens. */
    void heard(long nanos) {
        heardNanos = nanos;
    }

    /** For how long nobody has listened, in nanoseconds. */
    long unheardNanos(long nanos) {
        return nanos - heardNanos;
    }

    /** Any thread. */
    void passing(Message<?> message, @Nullable Object body) {
        if (match.matches(message.address()) && takes()) {
            waiting.add(Sight.of(message, body, clock.millis()));
        }
    }

    /** Any thread. */
    void kept(Kept kept) {
        if (!match.matches(kept.address())) {
            return;
        }
        for (KeptEvent event : kept.events()) {
            if (takes()) {
                waiting.add(Sight.of(kept.address(), event, clock.millis()));
            }
        }
    }

    private boolean takes() {
        // Where there is no room it is not even touched, so that threads do not fight over it.
        if (room.get() > 0 && room.getAndDecrement() > 0) {
            return true;
        }
        refused.increment();
        return false;
    }

    /**
     * What there is to show since the last time: events, or numbers from time to time; null when there is nothing to say.
     *
     * @param heard whether anybody listens; if not all is forgotten
     */
    @Nullable
    JsonObject take(boolean heard, long nanos) {
        if (tap.filter() != null && filter == null) {
            return null; // It is being compiled, and what came waits for it.
        }
        grant(allowance.grant(nanos));
        JsonArray events = heard ? show() : new JsonArray();
        numbers.refused += refused.sumThenReset();
        if (!heard) {
            waiting.clear();
            numbers = new Numbers();
        }
        return tell(events, nanos);
    }

    /** Without a filter what comes in is shown; with one only what it lets pass counts. */
    private void grant(int events) {
        if (filter == null) {
            room.updateAndGet(left -> Math.min(tap.rate(), Math.max(0, left) + events));
        } else {
            room.set(MOST_LOOKED_AT);
            toShow = Math.min(tap.rate(), toShow + events);
        }
    }

    private @Nullable JsonObject tell(JsonArray events, long nanos) {
        if (numbers.seen() == 0 || (events.isEmpty() && nanos - toldNanos < NUMBERS_NANOS)) {
            return null;
        }
        toldNanos = nanos;
        JsonObject told = numbers.into(new JsonObject().put("events", events));
        numbers = new Numbers();
        return told;
    }

    private JsonArray show() {
        JsonArray events = new JsonArray();
        int bytes = 0;
        for (Sight event = waiting.poll(); event != null; event = waiting.poll()) {
            numbers.looked++;
            if (!fits(event)) {
                continue;
            }
            numbers.fit++;
            if ((filter == null || events.size() < toShow) && bytes < MOST_BYTES) {
                Shown shown = SightJson.of(event, selection);
                bytes += shown.weight();
                events.add(shown.json());
            }
        }
        numbers.sent += events.size();
        toShow -= filter == null ? 0 : events.size();
        return events;
    }

    private boolean fits(Sight event) {
        Expression condition = filter;
        if (condition == null) {
            return true;
        }
        try {
            return condition.test(event);
        } catch (ExpressionException noValue) {
            failed(String.valueOf(noValue.getMessage()));
        } catch (RuntimeException bug) {
            LOG.error("the filter {} failed", condition.text(), bug);
            failed(bug.toString());
        }
        return false;
    }

    private void failed(String why) {
        numbers.failed++;
        numbers.problem = why;
    }
}
