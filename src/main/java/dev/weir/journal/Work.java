package dev.weir.journal;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a subscription, kept as a whole or not at all. Applying it twice is the same as once, so that it may be sent again
 * when the outcome of a commit is unknown.
 *
 * @param fence who may write it; null where only one process can
 * @param cursors where the subscription stands now
 * @param deferred deliveries that wait for another attempt; one that waits already is replaced
 * @param resumed deliveries that wait no more
 * @param dead events that could not be processed
 * @param edited dead letters whose data is another now; those that are gone stay so
 * @param discarded ids of dead letters that go
 */
public record Work(
        String subscription,
        @Nullable Fence fence,
        List<Cursor> cursors,
        List<Deferred> deferred,
        List<Place> resumed,
        List<DeadLetter> dead,
        List<DeadLetter> edited,
        List<String> discarded) {
    private static final Pattern HOP_DIGEST = Pattern.compile("@[0-9a-f]+$");

    private static final int ROW = 100;

    /** Copies what it is given. */
    public Work {
        cursors = List.copyOf(cursors);
        deferred = List.copyOf(deferred);
        resumed = List.copyOf(resumed);
        dead = List.copyOf(dead);
        edited = List.copyOf(edited);
        discarded = List.copyOf(discarded);
    }

    /** Roughly how many bytes it takes. */
    public int bytes() {
        int bytes = ROW * (1 + cursors.size() + resumed.size() + discarded.size());
        for (Deferred each : deferred) {
            bytes += ROW + each.event().size();
        }
        for (DeadLetter each : dead) {
            bytes += ROW + each.event().size();
        }
        return bytes;
    }

    /** What a subscription did. */
    public Work(
            String subscription,
            @Nullable Fence fence,
            List<Cursor> cursors,
            List<Deferred> deferred,
            List<Place> resumed,
            List<DeadLetter> dead,
            List<String> discarded) {
        this(subscription, fence, cursors, deferred, resumed, dead, List.of(), discarded);
    }

    /** What an operator did to dead letters, whichever subscription they are of. */
    public static Work onDeadLetters(List<DeadLetter> edited, List<String> discarded) {
        return new Work("", null, List.of(), List.of(), List.of(), List.of(), edited, discarded);
    }

    /** The claim under which work is done; a commit whose token is no longer the claim's is refused. */
    public record Fence(String name, long token) {}

    /** An event's place: the address of its log, which log that was, and the offset there. */
    public record Place(String address, String epoch, long offset) {}

    /**
     * Where a subscription stands in a log.
     *
     * @param offset everything up to here is settled or deferred
     * @param settled what is settled above it, see {@link Ranges}
     */
    public record Cursor(String address, String epoch, long offset, String settled) {}

    /**
     * A delivery that waits for another attempt, or for an earlier event of its key.
     *
     * @param dueMillis not before; 0 when it only waits for its key
     * @param attempts how often it was tried
     */
    public record Deferred(Place place, long dueMillis, int attempts, List<Failure> failures, EventRow event) {
        /** Copies what it is given. */
        public Deferred {
            failures = List.copyOf(failures);
        }
    }

    /**
     * An event that could not be processed.
     *
     * @param hop where it got stuck
     * @param reason why it is here: {@code attempts} are used up or it was {@code rejected}
     */
    public record DeadLetter(
            String id,
            String subscription,
            String hop,
            Place place,
            long atMillis,
            String reason,
            int attempts,
            List<Failure> failures,
            EventRow event) {
        /** Copies what it is given. */
        public DeadLetter {
            failures = List.copyOf(failures);
        }

        /** The same with other data, a JSON value. */
        public DeadLetter withData(@Nullable Object data) {
            return new DeadLetter(
                    id, subscription, hop, place, atMillis, reason, attempts, failures, event.withData(data));
        }
    }

    /** Where a dead letter got stuck, as it is shown: of a flow's stage without the digest that stands behind its id. */
    public static String hopName(String hop) {
        return HOP_DIGEST.matcher(hop).replaceFirst("");
    }
}
