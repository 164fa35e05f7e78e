package dev.weir.flow.stage;

import dev.weir.flow.KeyedState;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Up to when windows are over by the time of events: the latest time that an event brought, less the lateness; and which keys have
 * windows that end before it. When no event came for a while it goes on with the clock. Owned by its stage.
 *
 * <p>It is remembered through the key that brought the latest time, the leader, whose entry stays until another one leads. So it is
 * after a restart what it was, and a window that was closed stays closed.
 */
final class Watermark {
    private record Slot(long end, WindowKey key) {}

    private final WindowPlan plan;
    private final KeyedState<WindowKey> state;
    private final PriorityQueue<Slot> ends =
            new PriorityQueue<>(Comparator.comparingLong(Slot::end).thenComparing(slot -> slot.key.key));
    private long high = Long.MIN_VALUE;
    private long heardAt;
    private long wentOnAt;
    private @Nullable WindowKey leader;

    Watermark(WindowPlan plan, KeyedState<WindowKey> state, long now) {
        this.plan = plan;
        this.state = state;
        this.heardAt = now;
        this.wentOnAt = now;
    }

    /** Windows that end then or before are over; the beginning of time when nothing is known, or processing time counts. */
    long millis() {
        return high == Long.MIN_VALUE ? high : high - plan.latenessMillis();
    }

    /** An event came. */
    void heard(long now) {
        heardAt = now;
    }

    /** When to ask whether events have ceased to come; when they have, when the key's next window is over without any. */
    long askAt(WindowKey key, long now) {
        boolean isIdle = now - heardAt >= plan.idleMillis();
        return isIdle ? now + Math.max(1, key.next - millis()) : heardAt + plan.idleMillis();
    }

    /** An event of the key brought a time; whether it is later than all before. */
    boolean reach(WindowKey key, long time) {
        if (!plan.time().isEvents()) {
            return false;
        }
        boolean later = time > high;
        if (later) {
            high = time;
            lead(key);
        }
        key.high = high;
        return later;
    }

    private void lead(WindowKey key) {
        WindowKey before = leader;
        leader = key;
        if (before != null && before != key && before.panes.isEmpty() && state.get(before.key) == before) {
            state.remove(before.key);
        }
    }

    boolean isLedBy(WindowKey key) {
        return leader == key;
    }

    /** Takes up a key that was remembered. */
    void takeUp(WindowKey key) {
        if (!plan.time().isEvents()) {
            return;
        }
        if (leader == null || key.high > high) {
            high = Math.max(high, key.high);
            lead(key);
        } else if (key.panes.isEmpty()) {
            state.remove(key.key);
        }
        list(key);
    }

    /** Goes on with the clock when no event came for a while, which the key remembers when no other does; whether it did. */
    boolean goOn(WindowKey key, long now) {
        long since = Math.max(heardAt, wentOnAt);
        if (now - heardAt < plan.idleMillis() || now <= since || high == Long.MIN_VALUE) {
            return false;
        }
        wentOnAt = now;
        goTo(high + now - since, key);
        return true;
    }

    /** No event comes any more: goes on to where windows are over that end then, which the key remembers when no other does. */
    void end(WindowKey key, long lastEnd) {
        goTo(Math.max(high, lastEnd + plan.latenessMillis()), key);
    }

    private void goTo(long time, WindowKey key) {
        high = time;
        WindowKey leading = leader;
        if (leading == null || state.get(leading.key) != leading) {
            leader = key;
        } else {
            leading.high = high;
            if (leading != key && leading.panes.isEmpty()) {
                state.put(leading.key, leading);
            }
        }
        key.high = high;
    }

    /** Notes when the key's next window ends. */
    void list(WindowKey key) {
        if (plan.time().isEvents() && key.next < key.listed) {
            key.listed = key.next;
            ends.add(new Slot(key.next, key));
        }
    }

    /** A key with a window that is over, null when there is none (any more). */
    @Nullable
    WindowKey nextOver() {
        for (Slot slot = ends.peek(); slot != null && slot.end <= millis(); slot = ends.peek()) {
            ends.remove();
            WindowKey key = slot.key;
            if (key.listed == slot.end && state.get(key.key) == key) {
                key.listed = WindowKey.NEVER;
                if (key.next <= millis()) {
                    return key;
                }
                list(key);
            }
        }
        return null;
    }
}
